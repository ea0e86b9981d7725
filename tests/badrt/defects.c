// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime can do wrong, each by name and at its stage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "badrt.h"
#include "nsc/cgroup.h"
#include "nsc/sys.h"
#include "nsc/wire.h"

static void stay(void) __attribute__((noreturn));
static void stay(void)
{
	for (;;)
		pause();
}

static void need(bool good, const char *what)
{
	if (!good)
		die(what);
}

/* What is done to the host. */

static void rename_host(const struct badrt *b)
{
	(void)b;
	need(!sethostname("renamed", 7), "sethostname");
}

static void leave_mount(const struct badrt *b)
{
	(void)b;
	need(!mount("bad", "/mnt", "tmpfs", 0, NULL), "mount /mnt");
}

static void leave_cgroup(const struct badrt *b)
{
	(void)b;
	need(!mkdir("/sys/fs/cgroup/bad", 0755), "mkdir in the cgroup");
}

/* The last of /proc/self/cgroup, by a mount of our own. */
static void leave_v1_cgroup(const struct badrt *b)
{
	struct cgroup_place places[CGROUP_HIERARCHIES];
	AUTO_POOL pool = { 0 };
	char *text;

	(void)b;
	need(!sys_read_file(&pool, "/proc/self/cgroup", 1 << 16, &text, NULL), "/proc/self/cgroup");
	size_t n = cgroup_hierarchies(&pool, text, places);

	need(n && !mount("bad", "/mnt", "cgroup", 0, cgroup_mount_options(&pool, &places[n - 1])),
	     "mount a v1 hierarchy");
	need(!mkdir("/mnt/bad", 0755) && !umount2("/mnt", MNT_DETACH), "mkdir in it");
}

static void leave_file(const struct badrt *b)
{
	int fd = open("/run/bad", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	(void)b;
	need(fd >= 0, "/run/bad");
	close(fd);
}

static void leave_process(const struct badrt *b)
{
	pid_t pid = fork();

	(void)b;
	need(pid >= 0, "fork");
	if (pid)
		return;
	setsid();
	stay();
}

/* ... that hides behind the harness's name. */
static void leave_disguised(const struct badrt *b)
{
	prctl(PR_SET_NAME, "nsconform");
	leave_process(b);
	prctl(PR_SET_NAME, "badrt");
}

static void set_sysctl(const struct badrt *b)
{
	(void)b;
	need(!sys_write_file("/proc/sys/kernel/msgmax", "4096"), "kernel.msgmax");
}

static void bring_link_up(const struct badrt *b)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)b;
	need(sock >= 0 && !ioctl(sock, SIOCSIFFLAGS, &request), "set lo up");
	close(sock);
}

static void make_link(const struct badrt *b)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct nl_sock *sock = nl_socket_alloc();
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);

	(void)b;
	need(sock && msg, "memory for a link");
	nlmsg_append(msg, &head, sizeof(head), NLMSG_ALIGNTO);
	nla_put_string(msg, IFLA_IFNAME, "bad0");
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO);

	nla_put_string(msg, IFLA_INFO_KIND, "veth");
	nla_nest_end(msg, info);
	need(!nl_connect(sock, NETLINK_ROUTE) && !nl_send_sync(sock, msg), "make a link");
	nl_socket_free(sock);
}

static void kill_stranger(const struct badrt *b)
{
	(void)b;
	need(!kill(2, SIGKILL), "kill process 2");
}

/* Instead of a box. */

static void hang(const struct badrt *b)
{
	(void)b;
	stay();
}

static void fail(const struct badrt *b)
{
	(void)b;
	fprintf(stderr, "badrt: no box today\nok 1 as if\n");
	exit(1);
}

static void do_nothing(const struct badrt *b)
{
	(void)b;
	exit(0);
}

static int reach_socket(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	need(sock >= 0 && !connect(sock, (struct sockaddr *)&to, sizeof(to)), "connect");
	return sock;
}

static void answer_with_garbage(const struct badrt *b)
{
	int sock = reach_socket(outside(b, b->command[2]));

	need(write(sock, "not ok 1 what is this", 21) == 21, "answer");
	stay();
}

static void say_hello(int sock, const char *nonce)
{
	AUTO_POOL pool = { 0 };
	struct value *hello = value_map(&pool);

	value_put(&pool, hello, "hello", value_str(&pool, nonce));
	value_put(&pool, hello, "pid", value_int(&pool, getpid()));
	need(!wire_send(sock, 0, hello), "say hello");
}

static void answer_with_another_nonce(const struct badrt *b)
{
	say_hello(reach_socket(outside(b, b->command[2])), "0123456789abcdef");
	stay();
}

static void say_nothing(const struct badrt *b)
{
	reach_socket(outside(b, b->command[2]));
	stay();
}

/* The nonce is right, and then nothing comes. */
static void answer_once(const struct badrt *b)
{
	say_hello(reach_socket(outside(b, b->command[2])), b->command[3]);
	stay();
}

/* The agent itself says hello, but never hears what it is to be. */
static void deafen(const struct badrt *b)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_recvmsg, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

	(void)b;
	need(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
}

/* In the box: says what a good agent would say, and calls itself so, but is none. */
static void impersonate(const struct badrt *b)
{
	int sock = reach_socket(b->command[2]);

	prctl(PR_SET_NAME, "nsconform");
	say_hello(sock, b->command[3]);
	for (;;) {
		AUTO_POOL pool = { 0 };
		struct value *call, *reply = value_map(&pool);
		struct wire_fds fds;
		uint32_t seq;

		if (wire_recv(sock, &pool, &seq, &call, &fds) != 1)
			exit(0);
		wire_fds_close(&fds);
		value_put(&pool, reply, "errno", value_int(&pool, 0));
		value_put(&pool, reply, "out", value_map(&pool));
		wire_send(sock, seq, reply);
	}
}

/* As proot: a process that traces what it starts, which is none of ours. */
static void trace(const struct badrt *b)
{
	pid_t pid = fork();

	need(pid >= 0, "fork");
	if (pid) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		exit(0);
	}
	need(!ptrace(PTRACE_TRACEME, 0, NULL, NULL), "ptrace");
	impersonate(b);
}

/* The agent itself, but not in a box. */
static void start_agent_outside(const struct badrt *b)
{
	char *argv[] = { b->command[0], b->command[1], (char *)outside(b, b->command[2]),
			 b->command[3], NULL };

	execv(outside(b, b->command[0]), argv);
	die("exec of the agent");
}

/* Beside a box. */

static void start_agent_twice(const struct badrt *b)
{
	int ends[2];
	char end;

	need(!pipe2(ends, O_CLOEXEC), "pipe");
	pid_t pid = fork();

	need(pid >= 0, "fork");
	if (!pid)
		execv(b->command[0], b->command);
	/* Until it executes: it must have reported before this one, PID 1, takes it along. */
	close(ends[1]);
	need(!read(ends[0], &end, 1), "wait for the other agent");
}

/* Once the actor has left its mark in /work. */
static void kill_agent(const struct badrt *b)
{
	int watch = inotify_init1(IN_CLOEXEC);
	char event[4096];

	need(watch >= 0 && inotify_add_watch(watch, "/work", IN_CREATE) >= 0, "inotify");
	need(read(watch, event, sizeof(event)) > 0, "wait for the mark");
	kill(b->builder, SIGKILL);
}

static void make_noise(const struct badrt *b)
{
	static const char noise[] = "TAP version 13\n1..1\nok 1 fake\nBail out! fake\n\033[2J\xff\xfe"
				    "---\n  message: \"quoted\"\n...\nnot ok 2 - fake # TODO\n";
	(void)b;
	for (int fd = 1; fd <= 2; fd++)
		need(write(fd, noise, sizeof(noise)) == sizeof(noise), "write");
}

/* Much more than anybody reads: at some time it must not be taken any more. */
static void flood(const struct badrt *b)
{
	static char text[1 << 20];
	int refused = 0;

	(void)b;
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 16; i++)
		refused += write(1, text, sizeof(text)) < 0;
	need(refused > 0, "sixteen megabytes were taken");
}

static void linger(const struct badrt *b)
{
	(void)b;
	stay();
}

static const struct {
	const char *name;
	enum stage stage;
	void (*act)(const struct badrt *b);
} defects[] = {
	{ "honest", STAGE_LAUNCHER, NULL },
	/* The code that would do it looks for their names. */
	{ "leak-descriptors", STAGE_LAUNCHER, NULL },
	{ "leak-environment", STAGE_LAUNCHER, NULL },
	{ "leak-groups", STAGE_LAUNCHER, NULL },
	{ "leak-keyring", STAGE_LAUNCHER, NULL },
	{ "leak-terminal", STAGE_LAUNCHER, NULL },
	{ "leak-inheritable", STAGE_LAUNCHER, NULL },
	{ "rename-host", STAGE_LAUNCHER, rename_host },
	{ "leave-mount", STAGE_LAUNCHER, leave_mount },
	{ "leave-cgroup", STAGE_LAUNCHER, leave_cgroup },
	{ "leave-v1-cgroup", STAGE_LAUNCHER, leave_v1_cgroup },
	{ "leave-file", STAGE_LAUNCHER, leave_file },
	{ "leave-process", STAGE_LAUNCHER, leave_process },
	{ "leave-disguised-process", STAGE_LAUNCHER, leave_disguised },
	{ "set-sysctl", STAGE_LAUNCHER, set_sysctl },
	{ "bring-link-up", STAGE_LAUNCHER, bring_link_up },
	{ "make-link", STAGE_LAUNCHER, make_link },
	{ "kill-stranger", STAGE_LAUNCHER, kill_stranger },
	{ "hang", STAGE_LAUNCHER, hang },
	{ "fail", STAGE_LAUNCHER, fail },
	{ "do-nothing", STAGE_LAUNCHER, do_nothing },
	{ "answer-with-garbage", STAGE_LAUNCHER, answer_with_garbage },
	{ "answer-with-another-nonce", STAGE_LAUNCHER, answer_with_another_nonce },
	{ "say-nothing", STAGE_LAUNCHER, say_nothing },
	{ "answer-once", STAGE_LAUNCHER, answer_once },
	{ "deafen-agent", STAGE_PROCESS, deafen },
	{ "impersonate", STAGE_PROCESS, impersonate },
	{ "trace", STAGE_PROCESS, trace },
	{ "start-agent-outside", STAGE_LAUNCHER, start_agent_outside },
	{ "start-agent-twice", STAGE_PROCESS, start_agent_twice },
	{ "kill-agent", STAGE_STARTED, kill_agent },
	{ "make-noise", STAGE_LAUNCHER, make_noise },
	{ "flood", STAGE_LAUNCHER, flood },
	{ "linger", STAGE_ENDED, linger },
	{ "rename-host-later", STAGE_ENDED, rename_host },
	{ "make-link-later", STAGE_ENDED, make_link },
};

enum { DEFECTS = sizeof(defects) / sizeof(*defects) };

bool defect_is(const struct badrt *b, const char *name)
{
	return !strcmp(b->defect, name);
}

bool defect_known(const char *name)
{
	for (size_t i = 0; i < DEFECTS; i++)
		if (!strcmp(defects[i].name, name))
			return true;
	return false;
}

void defects_list(void)
{
	for (size_t i = 0; i < DEFECTS; i++)
		puts(defects[i].name);
}

void defect_act(const struct badrt *b, enum stage stage)
{
	for (size_t i = 0; i < DEFECTS; i++)
		if (defects[i].stage == stage && defects[i].act && defect_is(b, defects[i].name))
			defects[i].act(b);
}
