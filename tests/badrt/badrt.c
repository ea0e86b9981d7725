// SPDX-License-Identifier: GPL-2.0-only
/*
 *   launcher ─fork─► builder: unshare ─fork─► first process of the box: root, command
 *       └─ writes the builder's maps
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "badrt.h"
#include "nsc/ns.h"
#include "nsc/sys.h"

enum { LINES = 2048, GIVEN = 64 };

/* What the options have gathered. */
static char uid_lines[LINES], gid_lines[LINES], offset_lines[LINES];
static char *environment[GIVEN] = { (char *)"PATH=/bin" };
static size_t variables = 1;
static gid_t groups[GIVEN];
static size_t n_groups;
static cap_value_t kept[GIVEN];
static size_t n_kept;

void die(const char *what)
{
	fprintf(stderr, "badrt: %s: %s\n", what, strerror(errno));
	exit(1);
}

const char *outside(const struct badrt *b, const char *path)
{
	char *text;

	if (asprintf(&text, "%s%s", b->rootfs, path) < 0)
		die("asprintf");
	return text;
}

static void need(bool good, const char *what)
{
	if (!good)
		die(what);
}

/* Options. */

static void add_line(char *lines, const char *format, const char *text)
{
	size_t len = strlen(lines);

	snprintf(lines + len, LINES - len, format, text);
}

static void set_uid_map(char **v) { add_line(uid_lines, "%s\n", v[0]); }
static void set_gid_map(char **v) { add_line(gid_lines, "%s\n", v[0]); }
static void set_monotonic(char **v) { add_line(offset_lines, "monotonic %s 0\n", v[0]); }
static void set_boottime(char **v) { add_line(offset_lines, "boottime %s 0\n", v[0]); }
static void set_env(char **v) { environment[variables++] = v[0]; }
static void set_hostname(char **v) { need(!sethostname(v[0], strlen(v[0])), "sethostname"); }
static void set_domainname(char **v) { need(!setdomainname(v[0], strlen(v[0])), "setdomainname"); }
static void set_cwd(char **v) { need(!chdir(v[0]), v[0]); }
static void set_umask(char **v) { umask((mode_t)strtoul(v[0], NULL, 8)); }
static void set_group(char **v) { groups[n_groups++] = (gid_t)strtoul(v[0], NULL, 10); }

static void set_uid(char **v)
{
	uid_t id = (uid_t)strtoul(v[0], NULL, 10);

	need(!setresuid(id, id, id), "setresuid");
}

static void set_gid(char **v)
{
	gid_t id = (gid_t)strtoul(v[0], NULL, 10);

	need(!setresgid(id, id, id), "setresgid");
}

static const struct {
	const char *name;
	int resource;
} limits[] = {
	{ "CORE", RLIMIT_CORE }, { "FSIZE", RLIMIT_FSIZE }, { "MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "NOFILE", RLIMIT_NOFILE }, { "NPROC", RLIMIT_NPROC },
	{ "SIGPENDING", RLIMIT_SIGPENDING }, { "STACK", RLIMIT_STACK },
};

static void set_rlimit(char **v)
{
	struct rlimit limit = { strtoul(v[1], NULL, 10), strtoul(v[2], NULL, 10) };

	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		if (!strcmp(v[0], limits[i].name)) {
			need(!setrlimit(limits[i].resource, &limit), "setrlimit");
			return;
		}
	need(0, "no such limit");
}

static void set_no_new_privs(char **v)
{
	if (!strcmp(v[0], "true"))
		need(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
}

static void set_oom_score_adj(char **v)
{
	need(sys_write_file("/proc/self/oom_score_adj", v[0]) == 0, "oom_score_adj");
}

static void keep_capability(char **v)
{
	char *name;

	need(asprintf(&name, "cap_%s", v[0]) > 0 && !cap_from_name(name, &kept[n_kept++]), v[0]);
	free(name);
}

/* In the order in which those of a stage must be done: ids last. */
static const struct option {
	const char *name;
	int words;
	enum stage stage;
	void (*set)(char **words);
	unsigned kind; /* without a new namespace of which it is refused, or 0 */
} options[] = {
	{ "uid-map", 1, STAGE_MAPS, set_uid_map, 0 },
	{ "gid-map", 1, STAGE_MAPS, set_gid_map, 0 },
	{ "monotonic", 1, STAGE_BUILDER, set_monotonic, 0 },
	{ "boottime", 1, STAGE_BUILDER, set_boottime, 0 },
	{ "hostname", 1, STAGE_BOX, set_hostname, NSM_UTS },
	{ "domainname", 1, STAGE_BOX, set_domainname, NSM_UTS },
	{ "oom-score-adj", 1, STAGE_BOX, set_oom_score_adj, 0 },
	{ "env", 1, STAGE_BOX, set_env, 0 },
	{ "group", 1, STAGE_BOX, set_group, 0 },
	{ "capability", 1, STAGE_BOX, keep_capability, 0 },
	{ "cwd", 1, STAGE_PROCESS, set_cwd, 0 },
	{ "rlimit", 3, STAGE_PROCESS, set_rlimit, 0 },
	{ "umask", 1, STAGE_PROCESS, set_umask, 0 },
	{ "gid", 1, STAGE_PROCESS, set_gid, 0 },
	{ "uid", 1, STAGE_PROCESS, set_uid, 0 },
	{ "no-new-privs", 1, STAGE_PROCESS, set_no_new_privs, 0 },
};

enum { OPTIONS = sizeof(options) / sizeof(*options) };

static struct { const struct option *option; char **words; } given[GIVEN];
static size_t n_given;

static void set_all(const struct badrt *b, enum stage stage)
{
	for (const struct option *o = options; o < options + OPTIONS; o++)
		for (size_t i = 0; i < n_given; i++) {
			char *ignored;

			need(asprintf(&ignored, "ignore-%s", o->name) > 0, "asprintf");
			if (given[i].option == o && o->stage == stage && !defect_is(b, ignored))
				o->set(given[i].words);
			free(ignored);
		}
}

/* The builder. */

static void write_maps(const struct badrt *b)
{
	const char *const names[] = { "uid_map", "gid_map" };
	const char *const lines[] = { uid_lines, gid_lines };

	set_all(b, STAGE_MAPS);
	for (size_t i = 0; i < 2; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/%d/%s", b->builder, names[i]);
		need(sys_write_file(path, *lines[i] ? lines[i] : "0 0 1\n") == 0, names[i]);
	}
}

static void make_root(const struct badrt *b)
{
	static const char *const shown[] = { "dev", "sys" };

	need(!chdir(b->rootfs), b->rootfs);
	if (!(b->kinds & NSM_MNT)) {
		need(!chroot("."), "chroot");
		return;
	}
	need(!mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private");
	need(!mount(".", ".", NULL, MS_BIND | MS_REC, NULL), "bind the root");
	need(!chdir(b->rootfs), b->rootfs);
	if (b->kinds & NSM_PID)
		need(!mount("proc", "proc", "proc", 0, NULL), "mount proc");
	else
		need(!mount("/proc", "proc", NULL, MS_BIND | MS_REC, NULL), "bind proc");
	for (size_t i = 0; i < 2; i++) {
		char from[16];

		snprintf(from, sizeof(from), "/%s", shown[i]);
		need(!mount(from, shown[i], NULL, MS_BIND | MS_REC, NULL), from);
	}
	need(!sys_pivot_root(".", ".") && !umount2(".", MNT_DETACH), "pivot_root");
}

static void drop_capabilities(void)
{
	for (cap_value_t cap = 0; n_kept && cap < cap_max_bits(); cap++) {
		bool keep = false;

		for (size_t i = 0; i < n_kept; i++)
			keep |= kept[i] == cap;
		if (!keep)
			need(!cap_drop_bound(cap) || errno == EINVAL, "drop a capability");
	}
}

/* What the caller has and nobody has asked for, but for what a defect leaves. */
static void part_with_caller(const struct badrt *b)
{
	cap_t own = cap_get_proc();

	/* Refused where the namespace denies it; then nobody has asked for groups. */
	if (n_groups || !defect_is(b, "leak-groups"))
		need(!setgroups(n_groups, groups) || !n_groups, "setgroups");
	/* A kernel without keys has none to leak. */
	if (!defect_is(b, "leak-keyring"))
		need(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 || errno == ENOSYS,
		     "join a session keyring");
	if (!defect_is(b, "leak-terminal"))
		need(setsid() > 0, "setsid");
	if (!defect_is(b, "leak-inheritable"))
		need(own && !cap_clear_flag(own, CAP_INHERITABLE) && !cap_set_proc(own),
		     "clear the inheritable capabilities");
	cap_free(own);
}

static void become_first(const struct badrt *b) __attribute__((noreturn));
static void become_first(const struct badrt *b)
{
	set_all(b, STAGE_BOX);
	make_root(b);
	need(!chdir("/work"), "/work");
	drop_capabilities();
	part_with_caller(b);
	set_all(b, STAGE_PROCESS);
	defect_act(b, STAGE_PROCESS);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!defect_is(b, "leak-descriptors"))
		need(!syscall(SYS_close_range, 3, ~0u, 0), "close_range");
	execve(b->command[0], b->command, defect_is(b, "leak-environment") ? environ : environment);
	die(b->command[0]);
}

static int status_of(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void build(const struct badrt *b, int tell, int listen) __attribute__((noreturn));
static void build(const struct badrt *b, int tell, int listen)
{
	char mapped;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	need(!unshare((int)ns_flags(b->kinds)), "unshare");
	/* The launcher maps us if we need it, and looks on. */
	need(write(tell, "", 1) == 1 && read(listen, &mapped, 1) == 1, "wait for the launcher");
	if (b->kinds & NSM_USER) {
		need(!setresgid(0, 0, 0) && !setresuid(0, 0, 0), "become root of the namespace");
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_DUMPABLE, 1);
	}
	set_all(b, STAGE_BUILDER);
	if ((b->kinds & NSM_TIME) && *offset_lines)
		need(sys_write_file("/proc/self/timens_offsets", offset_lines) == 0, "offsets");
	pid_t first = fork();

	need(first >= 0, "fork");
	if (!first)
		become_first(b);
	exit(status_of(first));
}

/* The launcher. */

static int launch(struct badrt *b)
{
	int up[2], down[2];
	char ready;

	need(!pipe2(up, O_CLOEXEC) && !pipe2(down, O_CLOEXEC), "pipe");
	defect_act(b, STAGE_LAUNCHER);
	b->builder = fork();
	need(b->builder >= 0, "fork");
	if (!b->builder)
		build(b, up[1], down[0]);
	close(up[1]);
	need(read(up[0], &ready, 1) == 1, "wait for the builder");
	if (b->kinds & NSM_USER)
		write_maps(b);
	need(write(down[1], "", 1) == 1, "tell the builder");
	defect_act(b, STAGE_STARTED);
	int status = status_of(b->builder);

	defect_act(b, STAGE_ENDED);
	return status;
}

static unsigned kind_bit(const char *name)
{
	int ns = ns_find(name);

	if (ns < 0)
		exit(fprintf(stderr, "badrt: no namespace kind %s\n", name) > 0 ? 2 : 2);
	return NS_BIT(ns);
}

static char **take_option(struct badrt *b, char **word)
{
	if (!strcmp(*word, "--new")) {
		b->kinds |= kind_bit(word[1]);
		return word + 2;
	}
	for (const struct option *o = options; o < options + OPTIONS; o++)
		if (!strcmp(*word + 2, o->name) && n_given < GIVEN) {
			given[n_given].option = o;
			given[n_given++].words = word + 1;
			return word + 1 + o->words;
		}
	exit(fprintf(stderr, "badrt: no option %s\n", *word) > 0 ? 2 : 2);
}

static bool option_defect(const char *name)
{
	for (const struct option *o = options; o < options + OPTIONS; o++)
		if (!strncmp(name, "ignore-", 7) && !strcmp(name + 7, o->name))
			return true;
	return false;
}

static void list(void)
{
	for (int ns = 0; ns < NS_COUNT; ns++)
		printf("drop-%s\nadd-%s\n", ns_kinds[ns].name, ns_kinds[ns].name);
	for (const struct option *o = options; o < options + OPTIONS; o++)
		printf("ignore-%s\n", o->name);
	defects_list();
}

int main(int argc, char **argv)
{
	struct badrt b = { .defect = argc > 3 ? argv[1] : "", .rootfs = argc > 3 ? argv[2] : "" };

	if (argc == 3 && !strcmp(argv[1], "--version")) {
		b.defect = argv[2];
		defect_act(&b, STAGE_LAUNCHER);
		return puts("badrt 1.0") < 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--list")) {
		list();
		return 0;
	}
	char **word = argv + 3;

	while (argc > 3 && *word && strcmp(*word, "--"))
		word = take_option(&b, word);
	if (argc <= 3 || !*word || !word[1])
		return fprintf(stderr, "usage: badrt DEFECT ROOTFS [OPTION...] -- COMMAND...\n"), 2;
	b.command = word + 1;
	for (size_t i = 0; i < n_given; i++)
		if (given[i].option->kind & ~b.kinds)
			die(given[i].option->name);
	if (!strncmp(b.defect, "drop-", 5))
		b.kinds &= ~kind_bit(b.defect + 5);
	else if (!strncmp(b.defect, "add-", 4))
		b.kinds |= kind_bit(b.defect + 4);
	else if (!option_defect(b.defect) && !defect_known(b.defect))
		return fprintf(stderr, "badrt: no defect %s\n", b.defect), 2;
	return launch(&b);
}
