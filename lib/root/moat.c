// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making the moat: what a runtime takes for its host, and of which it can change nothing for good.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "nsc/box.h"
#include "nsc/sys.h"
#include "moat.h"

#define OLD "run/nsconform-old"

/* Paths are relative to the new root until pivot_root(2). */
static const struct moat_mount {
	const char *at, *type, *options;
	mode_t mode;
} mounts[] = {
	{ "proc", "proc", NULL, 0755 },
	{ "sys", "sysfs", NULL, 0755 },
	{ "sys/fs/cgroup", "cgroup2", NULL, 0 },
	{ "dev", "tmpfs", "mode=755", 0755 },
	{ "dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=620", 0755 },
	{ "dev/shm", "tmpfs", "mode=1777", 0755 },
	{ "dev/mqueue", "mqueue", NULL, 0755 },
	{ "run", "tmpfs", "mode=755", 0755 },
	{ "tmp", "tmpfs", "mode=1777", 0755 },
	{ "work", "tmpfs", "mode=777", 0755 },
};

static const struct moat_device {
	const char *path;
	unsigned major, minor;
} devices[] = {
	{ "dev/null", 1, 3 },	{ "dev/zero", 1, 5 },	 { "dev/full", 1, 7 },
	{ "dev/random", 1, 8 },	{ "dev/urandom", 1, 9 }, { "dev/tty", 5, 0 },
	{ "dev/fuse", 10, 229 }, { "dev/net/tun", 10, 200 },
	/* These are never opened here; scenarios check that boxes do not have them. */
	{ "dev/kmsg", 1, 11 },	{ "dev/mem", 1, 1 },	 { "dev/port", 1, 4 },
};

static const struct {
	const char *path, *target;
} links[] = {
	{ "dev/ptmx", "pts/ptmx" },	   { "dev/fd", "/proc/self/fd" },
	{ "dev/stdin", "/proc/self/fd/0" }, { "dev/stdout", "/proc/self/fd/1" },
	{ "dev/stderr", "/proc/self/fd/2" },
};

/* In a user namespace mknod(2) of devices is refused: those of the old /dev are bound, where
 * there are any. */
static int make_device(const struct moat_device *d)
{
	char old[64];

	if (mknod(d->path, S_IFCHR | 0666, makedev(d->major, d->minor)) == 0)
		return chmod(d->path, 0666);
	AUTO_FD fd = open(d->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	snprintf(old, sizeof(old), "/%s", d->path);
	if (fd < 0)
		return -1;
	return mount(old, d->path, NULL, MS_BIND, NULL) < 0 && errno != ENOENT ? -1 : 0;
}

static const char *furnish(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		const struct moat_mount *m = &mounts[i];

		if (m->mode && mkdir(m->at, m->mode) < 0 && errno != EEXIST)
			return m->at;
		if (mount(m->type, m->at, m->type, 0, m->options) < 0)
			return m->at;
	}
	if (mkdir("dev/net", 0755) < 0)
		return "dev/net";
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (make_device(&devices[i]) < 0)
			return devices[i].path;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (symlink(links[i].target, links[i].path) < 0)
			return links[i].path;
	return NULL;
}

/* The file systems of the machine below its root, but the kernel's own: readable, no more. */
static const char *bind_others(void)
{
	static const char *const skip[] = { "/proc", "/sys", "/dev", "/run", "/tmp", "/work" };
	AUTO_POOL pool = { 0 };
	char *text;

	/* The /proc of the new root, as the old one is covered. */
	if (sys_read_file(&pool, "proc/self/mountinfo", 4 << 20, &text, NULL) < 0)
		return "read mountinfo";
	for (char *line; (line = strsep(&text, "\n"));) {
		char at[4096];
		bool other = true;

		if (sscanf(line, "%*d %*d %*s %*s %4095s", at) != 1 || !strcmp(at, "/"))
			continue;
		for (size_t i = 0; i < sizeof(skip) / sizeof(*skip); i++) {
			size_t len = strlen(skip[i]);

			other &= strncmp(at, skip[i], len) || (at[len] && at[len] != '/');
		}
		/* An entry that cannot be bound is missing in the moat; a program that needs it
		 * reports that. */
		if (!other || mount(at, at + 1, NULL, MS_BIND, NULL) < 0)
			continue;
		mount(NULL, at + 1, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL);
	}
	return NULL;
}

/* Root may map all ids, but newuidmap(1) allows only what this file lists, to root as well. */
static const char *allow_maps(void)
{
	static const char *const files[] = { "etc/subuid", "etc/subgid" };

	for (size_t i = 0; i < 2; i++) {
		AUTO_FD fd = open(files[i], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

		if (fd < 0 || dprintf(fd, "root:0:4294967295\n") < 0)
			return files[i];
	}
	return NULL;
}

/* The harness's processes leave the root of the hierarchy, so that controllers can be enabled
 * below. */
static const char *leave_cgroup_root(void)
{
	if (mkdir("/sys/fs/cgroup/moat", 0755) < 0)
		return "mkdir in the cgroup";
	int rc = sys_write_file("/sys/fs/cgroup/moat/cgroup.procs", "0");

	errno = -rc;
	return rc < 0 ? "move to another cgroup" : NULL;
}

/* The canaries get numbers 2, 3 and 4 in the moat, so that a runtime which kills a wrong small
 * number is seen. */
static const char *leave_canaries(void)
{
	/* The name is set before fork, so that the canaries never have another one. */
	prctl(PR_SET_NAME, MOAT_CANARY);
	for (int i = 0; i < MOAT_CANARIES; i++) {
		struct clone_request req = { .exit_signal = SIGCHLD };
		pid_t pid = sys_clone3(&req);

		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			sys_close_all_but((const int[]){ 0, 1, 2 }, 3);
			for (;;)
				pause();
		}
		errno = -pid;
		if (pid < 0)
			return "fork";
	}
	return NULL;
}

/* One entry of the machine's root; those that cannot be shown are missing. */
static void show_entry(const char *name)
{
	char from[PATH_MAX], to[PATH_MAX], target[PATH_MAX];
	struct stat st;

	snprintf(from, sizeof(from), "/%s", name);
	snprintf(to, sizeof(to), "/proc/root/%s", name);
	if (lstat(from, &st) < 0)
		return;
	if (S_ISDIR(st.st_mode) && mkdir(to, 0755) == 0)
		mount(from, to, NULL, MS_BIND | MS_REC, NULL);
	ssize_t len = S_ISLNK(st.st_mode) ? readlink(from, target, sizeof(target) - 1) : -1;

	if (len <= 0)
		return;
	target[len] = 0;
	if (symlink(target, to) < 0)
		return;
}

/*
 * In a user namespace all inherited mounts are locked together (mount_namespaces(7)), so that none
 * can be a layer of an overlay. The machine's directories are bound then, whose files the user
 * namespace does not own.
 */
static bool show_entries(void)
{
	static const char *const own[] = { ".", "..", "proc", "sys", "dev", "run", "tmp", "work" };
	DIR *dir = opendir("/");

	if (!dir || mount("moat", "/proc/root", "tmpfs", 0, "mode=755") < 0)
		return false;
	for (struct dirent *e; (e = readdir(dir));) {
		bool shown = true;

		for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
			shown &= strcmp(e->d_name, own[i]) != 0;
		if (shown)
			show_entry(e->d_name);
	}
	closedir(dir);
	return true;
}

static const char *show_machine(void)
{
	if (mount("moat", "/proc/root", "overlay", 0,
		  "lowerdir=/,upperdir=/proc/upper,workdir=/proc/owork") == 0)
		return chdir("/proc/root") < 0 ? "chdir" : allow_maps();
	return show_entries() ? NULL : "show the machine's root";
}

/*
 * For the upper layer and the root directories of boxes. Of the agent in each of these, which is
 * the one large file, huge pages are copied and given up at a tenth of what small ones cost; a
 * kernel without them refuses the option.
 */
static int mount_moat(const char *at)
{
	int rc = mount("moat", at, "tmpfs", 0, "mode=755,huge=within_size");

	return rc < 0 && errno == EINVAL ? mount("moat", at, "tmpfs", 0, "mode=755") : rc;
}

static const char *make_root(void)
{
	const char *failed = sys_mounts_private();

	if (failed)
		return failed;
	/* /proc is the one directory that is there wherever this can run. */
	if (mount_moat("/proc") < 0)
		return "mount a tmpfs";
	if (mkdir("/proc/upper", 0755) < 0 || mkdir("/proc/owork", 0755) < 0 ||
	    mkdir("/proc/root", 0755) < 0)
		return "mkdir for the overlay";
	return show_machine();
}

/* Before pivot_root(2), after which their files are not there any more. */
static const char *add_programs(const struct strs *programs)
{
	int trees[PROGRAMS_MAX];
	const char *failed;
	int rc = sys_programs_open(programs, trees, &failed);

	if (rc == 0)
		rc = sys_programs_attach(programs, trees, "/proc/root" MOAT_PROGRAMS, &failed);
	sys_programs_close(trees);
	errno = -rc;
	return rc < 0 ? failed : NULL;
}

static const char *enter_root(const struct strs *programs)
{
	if (mkdir("/proc/root" MOAT_DIR, 0755) < 0 ||
	    mount("/proc", "/proc/root" MOAT_DIR, NULL, MS_BIND, NULL) < 0)
		return "show the upper layer";
	const char *failed = add_programs(programs);

	if (failed)
		return failed;
	if (chdir("/proc/root") < 0 || (mkdir(OLD, 0700) < 0 && errno != EEXIST))
		return "mkdir for the old root";
	if (sys_pivot_root(".", OLD) < 0)
		return "pivot_root";
	if (chdir("/") < 0 || umount2(OLD, MNT_DETACH) < 0 || rmdir(OLD) < 0)
		return "leave the old root";
	return chdir("/work") < 0 ? "chdir /work" : NULL;
}

static const char *make_logs(void)
{
	return mkdir(MOAT_LOGS, 0700) < 0 ||
	       mount("log", MOAT_LOGS, "tmpfs", 0, "size=1m,mode=700") < 0 ? MOAT_LOGS : NULL;
}

const char *moat_make(const struct strs *programs)
{
	mode_t mask = umask(0);

	/* Orphans of runtimes become children of this process, which must reap them. */
	signal(SIGCHLD, SIG_IGN);
	const char *failed = leave_canaries();

	prctl(PR_SET_NAME, MOAT_FIRST);

	if (!failed)
		failed = make_root();
	if (!failed && chdir("/proc/root") < 0)
		failed = "chdir";
	if (!failed)
		failed = furnish();
	if (!failed)
		failed = bind_others();
	if (!failed)
		failed = enter_root(programs);
	if (!failed)
		failed = make_logs();
	if (!failed)
		failed = leave_cgroup_root();
	umask(mask);
	return failed;
}
