/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sysctls of UTS, IPC and network namespaces, by name and through a descriptor.  They
 * differ in what a descriptor means: one of kernel.hostname acts on the namespace of whoever
 * uses it, one of kernel.shmmax or net.core.somaxconn on that in which it was opened.
 */
#ifndef NSC_OPS_SYSCTL_H
#define NSC_OPS_SYSCTL_H

#include <fcntl.h>

#include "nsc/op.h"
#include "nsc/sysctl.h"

#define SYSCTL_GET_IN(F, S) \
	F(S, STR, name, OPTIONAL, "parameter, e.g. `kernel.shmmax`") \
	F(S, FD, fd, OPTIONAL, "open parameter to read from its start instead")
FIELDS(sysctl_get_in, SYSCTL_GET_IN);

#define SYSCTL_VALUE_OUT(F, S) \
	F(S, STR, value, REQUIRED, "its text without the final newline")
FIELDS(sysctl_value_out, SYSCTL_VALUE_OUT);

#define SYSCTL_SET_IN(F, S) \
	F(S, STR, name, OPTIONAL, "parameter, e.g. `kernel.shmmax`") \
	F(S, FD, fd, OPTIONAL, "open parameter to write at its start instead") \
	F(S, STR, value, REQUIRED, "new text")
FIELDS(sysctl_set_in, SYSCTL_SET_IN);

static const struct symbol access_modes[] = {
	{ "read", O_RDONLY, "for reading" },
	{ "write", O_WRONLY, "for writing" },
	{ "both", O_RDWR, "for reading and writing" },
	{ 0 }
};

#define SYSCTL_OPEN_IN(F, S) \
	F(S, STR, name, REQUIRED, "parameter") \
	F(S, ENUM_DEF, access, O_RDONLY, access_modes, "what it is opened for")
FIELDS(sysctl_open_in, SYSCTL_OPEN_IN);

#define SYSCTL_OPEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the open parameter")
FIELDS(sysctl_open_out, SYSCTL_OPEN_OUT);

/* The ops of a family, which opens only what begins with one of its PREFIXES (nsc/sysctl.h). */
int sysctl_get_op(struct op_ctx *ctx, const char *const *prefixes, const struct sysctl_get_in *in,
		  struct sysctl_value_out *out);
int sysctl_set_op(struct op_ctx *ctx, const char *const *prefixes, const struct sysctl_set_in *in);
/* For .before and .check of the one that sets. */
void sysctl_set_note(struct op_ctx *ctx, const char *const *prefixes,
		     const struct sysctl_set_in *in);
int sysctl_set_check(struct op_ctx *ctx, const char *const *prefixes,
		     const struct sysctl_set_in *in);
int sysctl_open_op(struct op_ctx *ctx, const char *const *prefixes, const struct sysctl_open_in *in,
		   struct sysctl_open_out *out);

#endif
