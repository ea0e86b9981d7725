// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel parameters by name, restricted by prefix.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "nsc/sys.h"
#include "nsc/sysctl.h"

#define SYSCTL_ROOT "/proc/sys/"
#define SYSCTL_MAX (1 << 20)

static char *slashed(struct pool *pool, const char *name)
{
	char *path = pool_strdup(pool, name);

	if (strchr(path, '/'))
		return path;
	for (char *p = path; *p; p++)
		if (*p == '.')
			*p = '/';
	return path;
}

/* Parts that are no names are refused, as `..` would lead out of the prefix. */
static bool is_plain(const char *path)
{
	while (*path) {
		size_t len = strcspn(path, "/");

		if (!len || !strncmp(path, "..", len))
			return false;
		path += len;
		if (*path == '/' && !*++path)
			return false;
	}
	return true;
}

/* Path of NAME in *PATH; 0 or OP_BROKEN. */
static int sysctl_path(struct op_ctx *ctx, const char *const *prefixes, const char *name,
		       const char **path)
{
	char *rel = slashed(ctx->pool, name);

	if (!*rel || !is_plain(rel))
		return op_broken(ctx, "sysctl %s: not a name", name);
	for (; *prefixes; prefixes++) {
		const char *prefix = slashed(ctx->pool, *prefixes);

		if (!strncmp(rel, prefix, strlen(prefix))) {
			*path = pool_printf(ctx->pool, SYSCTL_ROOT "%s", rel);
			return 0;
		}
	}
	return op_broken(ctx, "sysctl %s: not a parameter of this family", name);
}

int sysctl_open(struct op_ctx *ctx, const char *const *prefixes, const char *name, int flags)
{
	const char *path = NULL;
	int rc = sysctl_path(ctx, prefixes, name, &path);

	if (rc)
		return rc;
	rc = open(path, flags | O_CLOEXEC);
	return rc < 0 ? -errno : rc;
}

int sysctl_get(struct op_ctx *ctx, const char *const *prefixes, const char *name, char **text)
{
	AUTO_FD fd = sysctl_open(ctx, prefixes, name, O_RDONLY);
	size_t len;
	int rc = fd < 0 ? fd : sys_read_fd(ctx->pool, fd, SYSCTL_MAX, text, &len);

	if (!rc && len && (*text)[len - 1] == '\n')
		(*text)[len - 1] = 0;
	return rc;
}

int sysctl_set(struct op_ctx *ctx, const char *const *prefixes, const char *name, const char *text)
{
	AUTO_FD fd = sysctl_open(ctx, prefixes, name, O_WRONLY);
	size_t len = strlen(text);

	if (fd < 0)
		return fd;
	ssize_t put = write(fd, text, len);

	if (put < 0)
		return -errno;
	return (size_t)put == len ? 0 : -EIO;
}

void sysctl_note(struct op_ctx *ctx, const char *const *prefixes, const char *name)
{
	char *text;

	if (!sysctl_get(ctx, prefixes, name, &text))
		ctx->before = text;
}

/* Word by word, as blanks between numbers become tabs. */
static bool same_words(const char *a, const char *b)
{
	static const char blanks[] = " \t\n";

	for (;;) {
		a += strspn(a, blanks);
		b += strspn(b, blanks);
		size_t len = strcspn(a, blanks);

		if (len != strcspn(b, blanks) || strncmp(a, b, len) != 0)
			return false;
		if (!len)
			return true;
		a += len;
		b += len;
	}
}

int sysctl_took(struct op_ctx *ctx, const char *now, const char *text)
{
	const char *before = ctx->before;

	/* Nothing is written of an empty text. */
	if (!before || !now || !*text || strcmp(now, before) != 0 || same_words(now, text))
		return 0;
	return op_undone(ctx, "the value is still %s", now);
}

int sysctl_is(struct op_ctx *ctx, const char *const *prefixes, const char *name, const char *text)
{
	char *now;

	return sysctl_get(ctx, prefixes, name, &now) ? 0 : sysctl_took(ctx, now, text);
}
