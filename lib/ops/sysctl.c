// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading, writing and opening the sysctls of a namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "nsc/sys.h"
#include "sysctl.h"

#define VALUE_MAX (1 << 20)

int sysctl_get_op(struct op_ctx *ctx, const char *const *prefixes, const struct sysctl_get_in *in,
		  struct sysctl_value_out *out)
{
	char *text = NULL;
	size_t len = 0;
	int rc;

	if (in->fd < 0 && !in->name)
		return op_broken(ctx, "neither name nor fd is given");
	if (in->fd < 0) {
		rc = sysctl_get(ctx, prefixes, in->name, &text);
	} else if (lseek(in->fd, 0, SEEK_SET) < 0) {
		return op_broken(ctx, "rewind: %m");
	} else {
		rc = sys_read_fd(ctx->pool, in->fd, VALUE_MAX, &text, &len);
		if (!rc && len && text[len - 1] == '\n')
			text[len - 1] = '\0';
	}
	out->value = text;
	return rc;
}

int sysctl_set_op(struct op_ctx *ctx, const char *const *prefixes, const struct sysctl_set_in *in)
{
	size_t len = strlen(in->value);

	if (in->fd < 0 && !in->name)
		return op_broken(ctx, "neither name nor fd is given");
	if (in->fd < 0)
		return sysctl_set(ctx, prefixes, in->name, in->value);
	ssize_t put = pwrite(in->fd, in->value, len, 0);

	if (put < 0)
		return -errno;
	return (size_t)put == len ? 0 : op_broken(ctx, "short write");
}

/* A descriptor for writing alone cannot tell, and then NULL is the value. */
static const char *value_now(struct op_ctx *ctx, const char *const *prefixes,
			     const struct sysctl_set_in *in)
{
	struct sysctl_value_out now = { 0 };

	return sysctl_get_op(ctx, prefixes, &(struct sysctl_get_in){ in->name, in->fd }, &now) ?
		       NULL : now.value;
}

void sysctl_set_note(struct op_ctx *ctx, const char *const *prefixes,
		     const struct sysctl_set_in *in)
{
	ctx->before = (void *)value_now(ctx, prefixes, in);
}

int sysctl_set_check(struct op_ctx *ctx, const char *const *prefixes,
		     const struct sysctl_set_in *in)
{
	return sysctl_took(ctx, value_now(ctx, prefixes, in), in->value);
}

int sysctl_open_op(struct op_ctx *ctx, const char *const *prefixes, const struct sysctl_open_in *in,
		   struct sysctl_open_out *out)
{
	int fd = sysctl_open(ctx, prefixes, in->name, (int)in->access);

	if (fd < 0)
		return fd;
	out->fd = fd;
	return 0;
}
