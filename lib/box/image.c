// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a scenario wants in the box's root directory before the runtime sees it, as a hostile image
 * would.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"
#include "nsc/sys.h"

static int put_symlink(const char *path, const char *target)
{
	/* A link usually takes the place of an empty directory. */
	if (rmdir(path) < 0 && errno != ENOENT)
		return -1;
	return symlink(target, path);
}

static int put_directory(const char *path, const char *rest)
{
	(void)rest;
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -1 : 0;
}

static int put_file(const char *path, const char *text)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);

	return fd < 0 || dprintf(fd, "%s", text) < 0 ? -1 : 0;
}

static const struct {
	const char *word;
	int (*put)(const char *path, const char *rest);
} kinds[] = {
	{ "symlink", put_symlink }, { "directory", put_directory }, { "file", put_file },
};

int image_put(struct pool *pool, const char *root, const char *line)
{
	char *word = pool_strdup(pool, line), *rest = word;

	strsep(&rest, " ");
	const char *path = rest ? strsep(&rest, " ") : "";

	errno = EINVAL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(word, kinds[i].word) && *path == '/')
			return kinds[i].put(pool_printf(pool, "%s%s", root, path),
					    rest ? rest : "");
	return -1;
}
