// SPDX-License-Identifier: GPL-2.0-only
/*
 * A root file system made of nothing, in which no file of the host can be reached but
 * the kernel's own: procfs, sysfs and four harmless devices.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "root.h"

enum { STATUS_BYTES = 64 * 1024 };

static const struct device {
	const char *path, *host;
	unsigned minor;
} devices[] = {
	{ "dev/null", "old/dev/null", 3 },
	{ "dev/zero", "old/dev/zero", 5 },
	{ "dev/full", "old/dev/full", 7 },
	{ "dev/urandom", "old/dev/urandom", 9 },
};

/*
 * A user namespace may not make device nodes: it binds the host's.  What is not there is left out:
 * scenarios that want it say so by its path.
 */
static int make_device(const struct device *d)
{
	if (mknod(d->path, S_IFCHR | 0666, makedev(1, d->minor)) == 0)
		return 0;
	if (access(d->host, F_OK) < 0)
		return errno == ENOENT ? 0 : -1;
	AUTO_FD fd = open(d->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	return fd < 0 ? -1 : mount(d->host, d->path, NULL, MS_BIND, NULL);
}

/*
 * Whether the old root's procfs shows the caller's PID namespace: the NSpid line there has one
 * number for each level between the two (proc_pid_status(5)).
 */
static bool is_own_proc(void)
{
	static const char key[] = "\nNSpid:\t";
	AUTO_POOL pool = { 0 };
	char *text;

	if (sys_read_file(&pool, "old/proc/self/status", STATUS_BYTES, &text, NULL) < 0)
		return false;
	const char *numbers = strstr(text, key);

	if (!numbers)
		return false;
	numbers += strlen(key);
	return numbers[strcspn(numbers, "\t\n")] == '\n';
}

/*
 * A masked /proc forbids a fresh one in a user namespace (mount_too_revealing()), and so does a PID
 * namespace that another user namespace owns, as in controls that withhold it. The old one will do
 * where it is of the same PID namespace, or where nobody is looked up in it (not OWN).
 */
static int make_proc(bool own)
{
	if (mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
		return 0;
	int error = errno;

	if (own && !is_own_proc()) {
		errno = error;
		return -1;
	}
	return mount("old/proc", "proc", NULL, MS_BIND | MS_REC, NULL);
}

/* Without a file mode creation mask. */
static const char *furnish(bool own_proc)
{
	/* Some are world-writable: actors may take other ids. */
	static const struct {
		const char *path;
		mode_t mode;
	} dirs[] = { { "proc", 0755 }, { "sys", 0755 }, { "dev", 0755 }, { "tmp", 01777 },
		     { "work", 0777 } };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (mkdir(dirs[i].path, dirs[i].mode) < 0)
			return "mkdir in the new root";
	if (make_proc(own_proc) < 0)
		return "mount /proc";
	if (mount("old/sys", "sys", NULL, MS_BIND | MS_REC, NULL) < 0 && errno != ENOENT)
		return "bind /sys";
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (make_device(&devices[i]) < 0)
			return devices[i].path;
	return NULL;
}

const char *root_fresh(bool own_proc)
{
	const char *failed = sys_mounts_private();

	if (failed)
		return failed;
	/* /proc is the one directory that is there wherever this can run. */
	if (mount("nsconform", "/proc", "tmpfs", 0, "mode=755") < 0)
		return "mount a tmpfs";
	/* By its whole path: wherever chdir really led, nothing is made outside. */
	if (chdir("/proc") < 0 || mkdir("/proc/old", 0700) < 0)
		return "mkdir old";
	if (sys_pivot_root(".", "old") < 0)
		return "pivot_root";
	if (chdir("/") < 0)
		return "chdir /";
	mode_t mask = umask(0);

	failed = furnish(own_proc);
	umask(mask);
	if (failed)
		return failed;
	if (umount2("old", MNT_DETACH) < 0 || rmdir("old") < 0)
		return "leave the old root";
	return chdir("/work") < 0 ? "chdir /work" : NULL;
}

const char *root_proc(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return "make mounts slaves";
	return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ?
		       "mount /proc" : NULL;
}
