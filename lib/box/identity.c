// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a process is an agent: by what it executes, as names can be taken and copies of the
 * file be anywhere.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "nsc/sys.h"
#include "process.h"

struct image {
	void *bytes;
	size_t size;
};

static void release(struct image *i)
{
	if (i->bytes)
		munmap(i->bytes, i->size);
}

#define AUTO_IMAGE __attribute__((cleanup(release))) struct image

static struct image image_of(const char *path)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	struct image i = { NULL, 0 };
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size <= 0)
		return i;
	i.size = (size_t)st.st_size;
	i.bytes = mmap(NULL, i.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (i.bytes == MAP_FAILED)
		i.bytes = NULL;
	return i;
}

bool moat_is_agent(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	AUTO_IMAGE theirs = image_of(path);
	AUTO_IMAGE ours = image_of("/proc/self/exe");

	return theirs.bytes && ours.bytes && theirs.size == ours.size &&
		!memcmp(theirs.bytes, ours.bytes, ours.size);
}
