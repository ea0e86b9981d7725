// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID 1 of a virtual machine: mounts what suites need, loads modules, leaves rootfs behind
 * (pivot_root is refused in it), runs the job in a child and gives signs of life.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "report/exit_status.h"
#include "vm/guest.h"

enum { ALIVE_EVERY_MS = 1000 };

static const struct mount_row {
	const char *type, *where, *options;
} mounts[] = {
	{ "proc", "/proc", NULL },
	{ "sysfs", "/sys", NULL },
	{ "devtmpfs", "/dev", NULL },
	{ "devpts", "/dev/pts", "ptmxmode=666,mode=620" },
	{ "tmpfs", "/dev/shm", "mode=1777" },
	{ "mqueue", "/dev/mqueue", NULL },
	{ "tmpfs", "/tmp", "mode=1777" },
	{ "tmpfs", "/run", "mode=755" },
	{ "tmpfs", "/sys/fs/cgroup", "mode=755" },
	/* The layout of hybrid hosts: every v1 controller that the kernel has, v2 without any. */
	{ "cgroup2", "/sys/fs/cgroup/unified", NULL },
	{ "cgroup", "/sys/fs/cgroup/systemd", "none,name=systemd" },
	{ "cgroup", "/sys/fs/cgroup/cpu", "cpu" },
	{ "cgroup", "/sys/fs/cgroup/cpuacct", "cpuacct" },
	{ "cgroup", "/sys/fs/cgroup/cpuset", "cpuset" },
	{ "cgroup", "/sys/fs/cgroup/memory", "memory" },
	{ "cgroup", "/sys/fs/cgroup/devices", "devices" },
	{ "cgroup", "/sys/fs/cgroup/freezer", "freezer" },
	{ "cgroup", "/sys/fs/cgroup/blkio", "blkio" },
	{ "cgroup", "/sys/fs/cgroup/pids", "pids" },
};

/* Goes to the console, which the host keeps. */
static void say(const char *what, const char *name, int error)
{
	dprintf(2, "nsconform: %s %s: %s\n", what, name, strerror(error));
}

/* Whether the job begins with that word. */
static bool job_says(const char *word)
{
	char text[64] = "";
	AUTO_FD fd = open("/job", O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 &&
	       !strncmp(text, word, strlen(word));
}

static void mount_all(void)
{
	bool delegate = job_says("nsdelegate\n");

	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		const struct mount_row *m = &mounts[i];
		bool v2 = !strcmp(m->type, "cgroup2");
		const char *options = v2 && delegate ? "nsdelegate" : m->options;

		mkdir(m->where, 0755);
		/* File systems that cannot be mounted are no error: cells that need them skip. */
		if (mount(m->type, m->where, m->type, 0, options) < 0) {
			say("no", m->where, errno);
			rmdir(m->where);
		}
	}
}

/*
 * devtmpfs has not the links that every init makes. The kernel itself looks at one: TOMOYO resolves
 * /dev/fd/N when a program is executed by descriptor (tomoyo_find_next_domain()).
 */
static void link_descriptors(void)
{
	static const char *const links[][2] = {
		{ "/proc/self/fd", "/dev/fd" },
		{ "/proc/self/fd/0", "/dev/stdin" },
		{ "/proc/self/fd/1", "/dev/stdout" },
		{ "/proc/self/fd/2", "/dev/stderr" },
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (symlink(links[i][0], links[i][1]) < 0)
			say("no", links[i][1], errno);
}

/* Load the modules: a line NAME ERROR (from POOL) for each that failed. */
static char *load_modules(struct pool *pool)
{
	char *text, *unloaded = pool_strdup(pool, "");

	if (sys_read_file(pool, "/modules.order", 64 * 1024, &text, NULL) < 0)
		return unloaded;
	for (char *name; (name = strsep(&text, "\n"));) {
		const char *path = pool_printf(pool, "/modules/%s", name);
		AUTO_FD fd = *name ? open(path, O_RDONLY | O_CLOEXEC) : -1;

		if (fd >= 0 && sys_call(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST)
			unloaded = pool_printf(pool, "%s%s %s\n", unloaded, name, strerror(errno));
		/* It is memory. */
		unlink(path);
	}
	return unloaded;
}

/*
 * pivot_root(2) refuses rootfs, so /root is mounted over it and becomes the root directory. It is
 * the same file system, so nothing is copied.
 */
static int leave_rootfs(void)
{
	if (rename("/init", "/root/init") < 0 || mount("/root", "/root", NULL, MS_BIND, NULL) < 0 ||
	    chdir("/root") < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0)
		return -1;
	return chdir("/");
}

static void name_config(void)
{
	struct utsname uts;
	char path[128];

	uname(&uts);
	snprintf(path, sizeof(path), "/boot/config-%s", uts.release);
	rename("/boot/config", path);
}

static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR | O_CLOEXEC);

	for (int i = 0; fd >= 0 && i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

/*
 * From here on the console shows warnings and worse: each character costs an emulator as much as
 * a system call. Marks and the rest are in the kernel's log all the same.
 */
static void quieten_console(void)
{
	int rc = sys_write_file("/proc/sys/kernel/printk", "5\n");

	if (rc < 0)
		say("cannot quieten", "the console", -rc);
}

/* Wait for the job and return its wait status; all other children are orphans, which are reaped. */
static int attend(struct lines *lines, pid_t job)
{
	AUTO_FD pidfd = sys_pidfd_open(job, 0);

	for (;;) {
		struct pollfd p = { .fd = pidfd, .events = POLLIN };
		int status;
		pid_t pid;

		poll(&p, 1, ALIVE_EVERY_MS);
		lines_alive(lines);
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == job)
				return status;
	}
}

static _Noreturn void halt(void)
{
	lines_exit();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static _Noreturn void second_stage(char *unloaded)
{
	const struct rlimit files = { 1024, 524288 };
	struct lines lines;

	mount_all();
	link_descriptors();
	open_console();
	quieten_console();
	name_config();
	setrlimit(RLIMIT_NOFILE, &files);
	if (lines_open(&lines) < 0) {
		say("no", "second serial port", errno);
		halt();
	}
	pid_t job = fork();

	if (job == 0) {
		/* A session of its own, so that signals to the job's process group do not reach
		 * PID 1. */
		setsid();
		_exit(guest_run(&lines, unloaded) < 0 ? EXIT_BROKEN : EXIT_GOOD);
	}
	int status = attend(&lines, job);

	if (WIFSIGNALED(status))
		lines_put(&lines, "broken the guest's runner was killed by signal %d",
			  WTERMSIG(status));
	else if (WEXITSTATUS(status) != EXIT_GOOD)
		lines_put(&lines, "broken the guest's runner could not go on (status %d)",
			  WEXITSTATUS(status));
	halt();
}

int guest_main(int argc, char **argv)
{
	char *const environment[] = { "NSCONFORM_DATA=", "PATH=/bin", NULL };
	AUTO_POOL pool = { 0 };

	if (getpid() != 1) {
		fprintf(stderr,
			"nsconform: guest is for virtual machines, see nsconform vm\n");
		return EXIT_USAGE;
	}
	/* The program executes itself below; the list of modules that could not be loaded is an
	 * argument. */
	if (argc > 1)
		second_stage(argv[1]);
	char *const again[] = { "nsconform", "guest", load_modules(&pool), NULL };

	if (leave_rootfs() < 0)
		say("cannot leave", "rootfs", errno);
	execve("/init", again, environment);
	say("cannot execute", "/init", errno);
	halt();
}
