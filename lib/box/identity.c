// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a process is an agent: by what it executes, as names can be taken and copies of the
 * file be anywhere.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "nsc/image.h"
#include "nsc/sys.h"
#include "process.h"

/* The first SIZE bytes of the file, mapped at once: a fault for each page costs more; or NULL. */
static void *map(const char *path, size_t size)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size < (off_t)size)
		return NULL;
	void *at = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

/* The copy itself, which nobody has written or changed since. */
static bool is_made(const char *path, const struct stat *made)
{
	struct stat st;

	return made->st_ino && stat(path, &st) == 0 && st.st_dev == made->st_dev &&
		st.st_ino == made->st_ino && st.st_size == made->st_size &&
		st.st_ctim.tv_sec == made->st_ctim.tv_sec &&
		st.st_ctim.tv_nsec == made->st_ctim.tv_nsec;
}

bool moat_is_agent(pid_t pid, const struct stat *made)
{
	size_t size = image_file_bytes();
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (is_made(path, made))
		return true;
	void *theirs = map(path, size), *ours = map("/proc/self/exe", size);
	bool same = theirs && ours && !memcmp(theirs, ours, size);

	if (theirs)
		munmap(theirs, size);
	if (ours)
		munmap(ours, size);
	return same;
}

const char *moat_tracer(struct pool *pool, pid_t pid)
{
	static const char key[] = "\nTracerPid:";
	const char *path = pool_printf(pool, "/proc/%d/status", pid), *at;
	char *text;

	if (sys_read_file(pool, path, 1 << 16, &text, NULL) < 0 || !(at = strstr(text, key)))
		return NULL;
	int tracer = atoi(at + sizeof(key) - 1);
	const char *number = pool_printf(pool, "%d", tracer);
	const char *name = tracer ? moat_process(pool, number) : NULL;

	return name ? pool_printf(pool, "%s, process %s", name, number) : NULL;
}
