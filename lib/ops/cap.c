// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capability sets and the other attributes of credentials that prctl(2) reads and sets.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cred.h"
#include "nsc/signals.h"

struct sets {
	uint64_t effective, permitted, inheritable;
};

static int sets_get(struct sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2];

	if (syscall(SYS_capget, &header, d) < 0)
		return -errno;
	sets->effective = d[0].effective | (uint64_t)d[1].effective << 32;
	sets->permitted = d[0].permitted | (uint64_t)d[1].permitted << 32;
	sets->inheritable = d[0].inheritable | (uint64_t)d[1].inheritable << 32;
	return 0;
}

static int sets_put(const struct sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2];

	for (int half = 0; half < 2; half++) {
		d[half].effective = (uint32_t)(sets->effective >> (32 * half));
		d[half].permitted = (uint32_t)(sets->permitted >> (32 * half));
		d[half].inheritable = (uint32_t)(sets->inheritable >> (32 * half));
	}
	return syscall(SYS_capset, &header, d) < 0 ? -errno : 0;
}

/* Capabilities of a set that is asked one by one; bits above the last one are errors. */
static uint64_t set_by_prctl(int option, unsigned long arg)
{
	uint64_t set = 0;

	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(option, arg ? arg : cap, arg ? cap : 0, 0, 0) == 1)
			set |= UINT64_C(1) << cap;
	return set;
}

struct get_out {
	uint64_t effective, permitted, inheritable, bounding, ambient, known;
};

static const struct field get_out_fields[] = {
	F_FLAGS(struct get_out, effective, REQUIRED, cap_symbols, "effective set"),
	F_FLAGS(struct get_out, permitted, REQUIRED, cap_symbols, "permitted set"),
	F_FLAGS(struct get_out, inheritable, REQUIRED, cap_symbols, "inheritable set"),
	F_FLAGS(struct get_out, bounding, REQUIRED, cap_symbols, "bounding set"),
	F_FLAGS(struct get_out, ambient, REQUIRED, cap_symbols, "ambient set"),
	F_FLAGS(struct get_out, known, REQUIRED, cap_symbols, "all that the kernel knows"),
	F_END
};

static int get_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct get_out *out = results;
	struct sets sets;
	int rc = sets_get(&sets);

	(void)ctx, (void)params;
	if (rc < 0)
		return rc;
	out->effective = sets.effective;
	out->permitted = sets.permitted;
	out->inheritable = sets.inheritable;
	out->bounding = set_by_prctl(PR_CAPBSET_READ, 0);
	out->ambient = set_by_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET);
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0)
			out->known |= UINT64_C(1) << cap;
	return 0;
}

/* No capability has this bit: it says that a set was not given. */
#define UNCHANGED (INT64_C(1) << 62)
#define F_SET(m, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_FLAGS, .def = UNCHANGED, .symbols = cap_symbols, \
	  .offset = FIELD_AT(struct set_in, m, uint64_t) }

struct set_in {
	uint64_t effective, permitted, inheritable;
};

static const struct field set_in_fields[] = {
	F_SET(effective, "new effective set; default: as it is"),
	F_SET(permitted, "new permitted set; default: as it is"),
	F_SET(inheritable, "new inheritable set; default: as it is"),
	F_END
};

static int set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_in *in = params;
	struct sets sets;
	int rc = sets_get(&sets);

	(void)results;
	if (rc < 0)
		return op_broken(ctx, "capget failed");
	if (in->effective != UNCHANGED)
		sets.effective = in->effective;
	if (in->permitted != UNCHANGED)
		sets.permitted = in->permitted;
	if (in->inheritable != UNCHANGED)
		sets.inheritable = in->inheritable;
	return sets_put(&sets);
}

enum {
	SET_EFFECTIVE = 1,
	SET_PERMITTED = 2,
	SET_INHERITABLE = 4,
	SET_BOUNDING = 8,
	SET_AMBIENT = 16
};

static const struct symbol set_symbols[] = {
	{ "effective", SET_EFFECTIVE, NULL },
	{ "permitted", SET_PERMITTED, NULL },
	{ "inheritable", SET_INHERITABLE, NULL },
	{ "bounding", SET_BOUNDING, "can only be dropped from" },
	{ "ambient", SET_AMBIENT, NULL },
	{ 0 }
};

struct change_in {
	uint64_t caps, sets;
};

static const struct field change_in_fields[] = {
	F_FLAGS(struct change_in, caps, REQUIRED, cap_symbols, "capabilities"),
	F_FLAGS(struct change_in, sets, REQUIRED, set_symbols,
		"sets that are changed, in this order"),
	F_END
};

static int each_cap(uint64_t caps, int option, unsigned long arg)
{
	for (unsigned long cap = 0; cap < 64; cap++) {
		if (!(caps & (UINT64_C(1) << cap)) || prctl(PR_CAPBSET_READ, cap, 0, 0, 0) < 0)
			continue;
		if (prctl(option, arg ? arg : cap, arg ? cap : 0, 0, 0) < 0)
			return -errno;
	}
	return 0;
}

static int drop_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct change_in *in = params;
	struct sets sets;
	int rc = sets_get(&sets);

	(void)results;
	if (rc < 0)
		return op_broken(ctx, "capget failed");
	/* The bounding set first: dropping from it needs CAP_SETPCAP. */
	if (in->sets & SET_BOUNDING)
		rc = each_cap(in->caps, PR_CAPBSET_DROP, 0);
	if (rc == 0 && (in->sets & SET_AMBIENT))
		rc = each_cap(in->caps, PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER);
	if (rc < 0 || !(in->sets & (SET_EFFECTIVE | SET_PERMITTED | SET_INHERITABLE)))
		return rc;
	sets.effective &= in->sets & SET_EFFECTIVE ? ~in->caps : ~UINT64_C(0);
	sets.permitted &= in->sets & SET_PERMITTED ? ~in->caps : ~UINT64_C(0);
	sets.inheritable &= in->sets & SET_INHERITABLE ? ~in->caps : ~UINT64_C(0);
	return sets_put(&sets);
}

static int raise_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct change_in *in = params;
	struct sets sets;
	int rc = sets_get(&sets);

	(void)results;
	if (rc < 0)
		return op_broken(ctx, "capget failed");
	if (in->sets & SET_BOUNDING)
		return op_broken(ctx, "no call adds to the bounding set");
	sets.effective |= in->sets & SET_EFFECTIVE ? in->caps : 0;
	sets.permitted |= in->sets & SET_PERMITTED ? in->caps : 0;
	sets.inheritable |= in->sets & SET_INHERITABLE ? in->caps : 0;
	if (in->sets & (SET_EFFECTIVE | SET_PERMITTED | SET_INHERITABLE))
		rc = sets_put(&sets);
	return rc == 0 && (in->sets & SET_AMBIENT) ?
		       each_cap(in->caps, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE) : rc;
}

const struct symbol securebit_symbols[] = {
	{ "noroot", SECBIT_NOROOT, "exec by id 0 gains nothing" },
	{ "noroot-locked", SECBIT_NOROOT_LOCKED, NULL },
	{ "no-setuid-fixup", SECBIT_NO_SETUID_FIXUP, "changes of ids leave the sets alone" },
	{ "no-setuid-fixup-locked", SECBIT_NO_SETUID_FIXUP_LOCKED, NULL },
	{ "keep-caps", SECBIT_KEEP_CAPS, "leaving id 0 keeps the permitted set" },
	{ "keep-caps-locked", SECBIT_KEEP_CAPS_LOCKED, NULL },
	{ "no-ambient-raise", SECBIT_NO_CAP_AMBIENT_RAISE, NULL },
	{ "no-ambient-raise-locked", SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED, NULL },
	{ 0 }
};

struct securebits {
	uint64_t bits;
};

static const struct field securebits_fields[] = {
	F_FLAGS(struct securebits, bits, REQUIRED, securebit_symbols, "securebits, all of them"),
	F_END
};

static int get_securebits_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct securebits *out = results;
	int bits = prctl(PR_GET_SECUREBITS);

	(void)ctx, (void)params;
	out->bits = bits < 0 ? 0 : (uint64_t)bits;
	return bits < 0 ? -errno : 0;
}

static int set_securebits_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct securebits *in = params;

	(void)ctx, (void)results;
	return prctl(PR_SET_SECUREBITS, (unsigned long)in->bits) < 0 ? -errno : 0;
}

struct flags_out {
	int64_t dumpable, death_signal;
	bool no_new_privs, keep_caps;
};

static const struct field flags_out_fields[] = {
	F_INT(struct flags_out, dumpable, REQUIRED, 0, 0,
	      "PR_GET_DUMPABLE: 0 no, 1 yes, 2 by root"),
	F_ENUM(struct flags_out, death_signal, REQUIRED, signal_numbers,
	       "signal at the parent's death"),
	F_BOOL(struct flags_out, no_new_privs, "no_new_privs is set"),
	F_BOOL(struct flags_out, keep_caps, "leaving id 0 keeps the permitted set"),
	F_END
};

static int get_flags_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct flags_out *out = results;
	int signal = 0;

	(void)params;
	if (prctl(PR_GET_PDEATHSIG, &signal) < 0)
		return op_broken(ctx, "PR_GET_PDEATHSIG: %m");
	out->dumpable = prctl(PR_GET_DUMPABLE);
	out->death_signal = signal;
	out->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	out->keep_caps = prctl(PR_GET_KEEPCAPS) == 1;
	return 0;
}

enum { FLAG_UNCHANGED = -1 };

struct set_flags_in {
	int64_t dumpable, keep_caps;
	bool no_new_privs;
};

static const struct field set_flags_in_fields[] = {
	F_INT_DEF(struct set_flags_in, dumpable, FLAG_UNCHANGED, -1, 1,
		  "PR_SET_DUMPABLE; -1: as it is"),
	F_INT_DEF(struct set_flags_in, keep_caps, FLAG_UNCHANGED, -1, 1,
		  "PR_SET_KEEPCAPS; -1: as it is"),
	F_BOOL(struct set_flags_in, no_new_privs, "set no_new_privs, for ever"),
	F_END
};

static int set_flags_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_flags_in *in = params;

	(void)ctx, (void)results;
	if (in->dumpable >= 0 && prctl(PR_SET_DUMPABLE, in->dumpable) < 0)
		return -errno;
	if (in->keep_caps >= 0 && prctl(PR_SET_KEEPCAPS, in->keep_caps) < 0)
		return -errno;
	if (in->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

const struct op cap_ops[] = {
	{
		.name = "cap.get",
		.doc = "Read the caller's five capability sets.",
		.source = "capabilities(7)",
		OP_OUT(get),
		.run = get_run,
	},
	{
		.name = "cap.set",
		.doc = "Set whole capability sets with one capset call.",
		.source = "capset(2)",
		OP_IN(set),
		.run = set_run,
	},
	{
		.name = "cap.drop",
		.doc = "Remove capabilities from sets.",
		.source = "capabilities(7)",
		OP_IN(change),
		.run = drop_run,
	},
	{
		.name = "cap.raise",
		.doc = "Add capabilities to sets.",
		.source = "capabilities(7)",
		OP_IN(change),
		.run = raise_run,
	},
	{
		.name = "cap.get_securebits",
		.doc = "Read the securebits.",
		.source = "capabilities(7)",
		.out = securebits_fields, .out_size = sizeof(struct securebits),
		.run = get_securebits_run,
	},
	{
		.name = "cap.set_securebits",
		.doc = "Set the securebits.",
		.source = "capabilities(7)",
		.in = securebits_fields, .in_size = sizeof(struct securebits),
		.run = set_securebits_run,
	},
	{
		.name = "cred.get_flags",
		.doc = "Read the attributes of a process that changes of credentials may reset.",
		.source = "prctl(2)",
		OP_OUT(flags),
		.run = get_flags_run,
	},
	{
		.name = "cred.set_flags",
		.doc = "Set attributes of a process that changes of credentials may reset.",
		.source = "prctl(2)",
		OP_IN(set_flags),
		.run = set_flags_run,
	},
	{ 0 }
};
