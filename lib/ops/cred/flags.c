// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of a process that follow from its credentials, by prctl(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/prctl.h>

#include "nsc/op.h"
#include "nsc/signals.h"

#define FLAGS_OUT(F, S) \
	F(S, INT, dumpable, REQUIRED, 0, 0, "PR_GET_DUMPABLE: 0 no, 1 yes, 2 by root") \
	F(S, ENUM, death_signal, REQUIRED, signal_numbers, "signal at the parent's death") \
	F(S, BOOL, no_new_privs, "no_new_privs is set") \
	F(S, BOOL, keep_caps, "leaving id 0 keeps the permitted set")
FIELDS(flags_out, FLAGS_OUT);

static int cred_get_flags_run(struct op_ctx *ctx, const struct none *in, struct flags_out *out)
{
	int signal = 0;

	if (prctl(PR_GET_PDEATHSIG, &signal) < 0)
		return op_broken(ctx, "PR_GET_PDEATHSIG: %m");
	out->dumpable = prctl(PR_GET_DUMPABLE);
	out->death_signal = signal;
	out->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	out->keep_caps = prctl(PR_GET_KEEPCAPS) == 1;
	return 0;
}
OP(cred_get_flags, "cred.get_flags", none, flags_out,
	.doc = "Read the attributes of a process that changes of credentials may reset.",
	.source = "prctl(2)");

enum { FLAG_UNCHANGED = -1 };

#define SET_FLAGS_IN(F, S) \
	F(S, INT_DEF, dumpable, FLAG_UNCHANGED, -1, 1, "PR_SET_DUMPABLE; -1: as it is") \
	F(S, INT_DEF, keep_caps, FLAG_UNCHANGED, -1, 1, "PR_SET_KEEPCAPS; -1: as it is") \
	F(S, BOOL, no_new_privs, "set no_new_privs, for ever")
FIELDS(set_flags_in, SET_FLAGS_IN);

static int cred_set_flags_run(struct op_ctx *ctx, const struct set_flags_in *in, struct none *out)
{
	if (in->dumpable >= 0 && prctl(PR_SET_DUMPABLE, in->dumpable) < 0)
		return -errno;
	if (in->keep_caps >= 0 && prctl(PR_SET_KEEPCAPS, in->keep_caps) < 0)
		return -errno;
	if (in->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

static int cred_set_flags_check(struct op_ctx *ctx, const struct set_flags_in *in,
			   const struct none *out)
{
	if (in->dumpable >= 0 && prctl(PR_GET_DUMPABLE) != in->dumpable)
		return op_undone(ctx, "PR_GET_DUMPABLE gives another value");
	if (in->keep_caps >= 0 && prctl(PR_GET_KEEPCAPS) != in->keep_caps)
		return op_undone(ctx, "PR_GET_KEEPCAPS gives another value");
	if (in->no_new_privs && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return op_undone(ctx, "no_new_privs is not set");
	return 0;
}
OP_CHECK(cred_set_flags, set_flags_in, none)
OP(cred_set_flags, "cred.set_flags", set_flags_in, none,
	.doc = "Set attributes of a process that changes of credentials may reset.",
	.source = "prctl(2)",
	.check = cred_set_flags_checked);
