// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trying things in a throw-away child.
 */
#define _GNU_SOURCE
/* First: the kernel's headers leave out what those of musl have defined, and not conversely. */
#include <netinet/in.h>

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <linux/xfrm.h>
#include <netlink/netlink.h>
#include <netlink/msg.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/begin.h"
#include "nsc/ns.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "machine/machine.h"
#include "machine/probe.h"

/* True when it went well; else T says what did not. */
static bool went(struct tried *t, const char *call, int error)
{
	*t = (struct tried){ .call = error ? call : NULL, .error = error };
	return !error;
}

static void wait_for(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/*
 * Go on as a child that is born in new namespaces of these kinds, as actors are; believed only
 * when seen. The process itself waits for that child and is gone.
 */
static bool be_born(struct tried *t, unsigned kinds)
{
	struct clone_request req = { .flags = ns_flags(kinds), .exit_signal = SIGCHLD };
	struct ns_id host[NS_COUNT] = { 0 }, now;

	*t = (struct tried){ .call = "clone3", .kinds = kinds, .died = true };
	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((kinds & NS_BIT(ns)) && ns_self(ns, &host[ns]) < 0)
			host[ns] = (struct ns_id){ 0 };
	pid_t pid = sys_clone3(&req);

	if (pid > 0) {
		wait_for(pid);
		_exit(0);
	}
	t->died = false;
	t->error = -pid;
	for (int ns = 0; ns < NS_COUNT && !pid; ns++)
		if ((kinds & NS_BIT(ns)) && ns_self(ns, &now) == 0 && ns_same(&host[ns], &now))
			t->lied = true;
	if (!pid && !t->lied)
		t->call = NULL;
	return !t->call;
}

static bool map_root(struct tried *t, const char *file, unsigned id)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", id);
	return went(t, file, -sys_write_file(file, map));
}

static bool become(struct tried *t, int id)
{
	if (!went(t, "setresgid", sys_call(ID_CALL(setresgid), id, id, id) < 0 ? errno : 0) ||
	    !went(t, "setresuid", sys_call(ID_CALL(setresuid), id, id, id) < 0 ? errno : 0))
		return false;
	return went(t, "prctl", prctl(PR_SET_DUMPABLE, 1) < 0 ? errno : 0);
}

static bool enter(const struct trial *trial, struct tried *t)
{
	unsigned kinds = 0, uid, gid;
	struct machine m;

	for (int ns = 0; ns < NS_COUNT; ns++)
		kinds |= trial->flags & ns_kinds[ns].flag ? NS_BIT(ns) : 0;
	*t = (struct tried){ .call = "setresuid", .died = true };
	if (trial->become && !become(t, trial->become))
		return false;
	machine_read(&m);
	if (kinds && !m.admin)
		kinds |= NSM_USER;
	uid = geteuid();
	gid = getegid();
	if (kinds & NSM_USER) {
		if (!be_born(t, NSM_USER))
			return false;
		/* Absent before 3.19, where nothing is to be denied. */
		sys_write_file("/proc/self/setgroups", "deny");
		if (!map_root(t, "/proc/self/uid_map", uid) ||
		    !map_root(t, "/proc/self/gid_map", gid))
			return false;
	}
	kinds &= ~NSM_USER;
	return !kinds || be_born(t, kinds);
}

static void child(const struct trial *trial, struct tried *t)
{
	if (enter(trial, t)) {
		*t = (struct tried){ .call = trial->call, .died = trial->try != NULL };
		went(t, trial->call, trial->try ? trial->try(trial->argument) : 0);
	}
	_exit(0);
}

struct tried probe_in(const struct trial *trial)
{
	/* Shared with the child, whose texts are where ours are. */
	struct tried *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);
	struct tried result;
	pid_t pid;

	if (t == MAP_FAILED)
		return (struct tried){ .call = "mmap", .error = errno };
	pid = fork();
	if (pid == 0) {
		/* In the state in which a worker is. */
		begin_set(BEGIN_WORKER);
		child(trial, t);
	}
	if (pid < 0)
		went(t, "fork", errno);
	if (pid > 0)
		wait_for(pid);
	result = *t;
	munmap(t, sizeof(*t));
	return result;
}

static struct nl_msg *link_request(const char *kind)
{
	struct nl_msg *msg =
		nlmsg_alloc_simple(RTM_NEWLINK,
				   NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	nla_put_string(msg, IFLA_IFNAME, "probe0");
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO);

	nla_put_string(msg, IFLA_INFO_KIND, kind);
	nla_nest_end(msg, info);
	return msg;
}

/* Send MSG and read the first answer: 0, or an errno. */
static int ask(int protocol, struct nl_msg *msg)
{
	struct nl_sock *sock = nl_socket_alloc();

	if (nl_connect(sock, protocol) < 0)
		return EPROTONOSUPPORT;
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512];
	} reply;

	nl_complete_msg(sock, msg);
	if (send(nl_socket_get_fd(sock), nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len, 0) < 0)
		return errno;
	if (recv(nl_socket_get_fd(sock), &reply, sizeof(reply), 0) < (ssize_t)sizeof(reply.header))
		return errno;
	return reply.header.nlmsg_type == NLMSG_ERROR ? -reply.error.error : 0;
}

int probe_link(const void *kind)
{
	return ask(NETLINK_ROUTE, link_request(kind));
}

int probe_ipsec(const void *unused)
{
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_GETSPDINFO, NLM_F_REQUEST);
	uint32_t flags = 0;

	(void)unused;
	nlmsg_append(msg, &flags, sizeof(flags), NLMSG_ALIGNTO);
	return ask(NETLINK_XFRM, msg);
}
