// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capability sets and securebits.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../cred.h"
#include "nsc/syscall.h"

struct sets {
	uint64_t effective, permitted, inheritable;
};

static int sets_get(struct sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2];

	if (sys_call(SYS_capget, &header, d) < 0)
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
	return sys_call(SYS_capset, &header, d) < 0 ? -errno : 0;
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

#define GET_OUT(F, S) \
	F(S, FLAGS, effective, REQUIRED, cap_symbols, "effective set") \
	F(S, FLAGS, permitted, REQUIRED, cap_symbols, "permitted set") \
	F(S, FLAGS, inheritable, REQUIRED, cap_symbols, "inheritable set") \
	F(S, FLAGS, bounding, REQUIRED, cap_symbols, "bounding set") \
	F(S, FLAGS, ambient, REQUIRED, cap_symbols, "ambient set") \
	F(S, FLAGS, known, REQUIRED, cap_symbols, "all that the kernel knows")
FIELDS(get_out, GET_OUT);

static int cap_get_run(struct op_ctx *ctx, const struct none *in, struct get_out *out)
{
	struct sets sets;
	int rc = sets_get(&sets);

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
OP(cap_get, "cap.get", none, get_out,
	.doc = "Read the caller's five capability sets.",
	.source = "capabilities(7)");

/* No capability has this bit: it says that a set was not given. */
#define UNCHANGED (INT64_C(1) << 62)

/* The kind SET of fields: a set of capabilities, UNCHANGED when it is not given. */
#define CTYPE_SET uint64_t
#define F_SET(s, m, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_FLAGS, .def = UNCHANGED, \
	  .symbols = cap_symbols, .offset = FIELD_AT(s, m, CTYPE_SET) }

#define SET_IN(F, S) \
	F(S, SET, effective, "new effective set; default: as it is") \
	F(S, SET, permitted, "new permitted set; default: as it is") \
	F(S, SET, inheritable, "new inheritable set; default: as it is")
FIELDS(set_in, SET_IN);

/* Those of CAPS that the kernel knows: the others are dropped from what capset(2) is given. */
static uint64_t known_of(uint64_t caps)
{
	for (unsigned long cap = 0; cap < 64; cap++)
		if ((caps & (UINT64_C(1) << cap)) && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) < 0)
			caps &= ~(UINT64_C(1) << cap);
	return caps;
}

/* 0 if NOW is what was ASKED for, of capabilities that the kernel knows. */
static int set_is(struct op_ctx *ctx, const char *name, uint64_t now, uint64_t asked)
{
	if (asked == UNCHANGED || !known_of(now ^ asked))
		return 0;
	return op_undone(ctx, "the %s set is %#llx", name, (unsigned long long)now);
}

static int cap_set_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
	struct sets sets;
	int rc = sets_get(&sets);

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

static int cap_set_check(struct op_ctx *ctx, const struct set_in *in, const struct none *out)
{
	struct sets now;
	int rc = sets_get(&now) ? 0 : set_is(ctx, "effective", now.effective, in->effective);

	if (!rc)
		rc = set_is(ctx, "permitted", now.permitted, in->permitted);
	return rc ? rc : set_is(ctx, "inheritable", now.inheritable, in->inheritable);
}
OP_CHECK(cap_set, set_in, none)
OP(cap_set, "cap.set", set_in, none,
	.doc = "Set whole capability sets with one capset call.",
	.source = "capset(2)",
	.check = cap_set_checked);

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

#define CHANGE_IN(F, S) \
	F(S, FLAGS, caps, REQUIRED, cap_symbols, "capabilities") \
	F(S, FLAGS, sets, REQUIRED, set_symbols, "sets that are changed, in this order")
FIELDS(change_in, CHANGE_IN);

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

/* Of the caller's sets that WHICH names, one after the other, those of CAPS. */
static uint64_t caps_in(int64_t which, uint64_t caps, bool all)
{
	struct sets now = { 0 };
	uint64_t in = all ? caps : 0;

	if (sets_get(&now))
		return in;
	const uint64_t sets[] = {
		now.effective, now.permitted, now.inheritable,
		which & SET_BOUNDING ? set_by_prctl(PR_CAPBSET_READ, 0) : 0,
		which & SET_AMBIENT ? set_by_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET) : 0,
	};

	for (int i = 0; i < 5; i++)
		if (which >> i & 1)
			in = all ? in & sets[i] : in | (caps & sets[i]);
	return in;
}

static int cap_drop_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	struct sets sets;
	int rc = sets_get(&sets);

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

static int cap_drop_check(struct op_ctx *ctx, const struct change_in *in, const struct none *out)
{
	uint64_t left = caps_in((int64_t)in->sets, in->caps, false);

	return left ? op_undone(ctx, "capabilities are left: %#llx", (unsigned long long)left) : 0;
}
OP_CHECK(cap_drop, change_in, none)
OP(cap_drop, "cap.drop", change_in, none,
	.doc = "Remove capabilities from sets.",
	.source = "capabilities(7)",
	.check = cap_drop_checked);

static int cap_raise_run(struct op_ctx *ctx, const struct change_in *in, struct none *out)
{
	struct sets sets;
	int rc = sets_get(&sets);

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

static int cap_raise_check(struct op_ctx *ctx, const struct change_in *in, const struct none *out)
{
	uint64_t lacks = in->caps & ~caps_in((int64_t)in->sets, in->caps, true);

	return known_of(lacks) ? op_undone(ctx, "capabilities are not there: %#llx",
					   (unsigned long long)lacks) : 0;
}
OP_CHECK(cap_raise, change_in, none)
OP(cap_raise, "cap.raise", change_in, none,
	.doc = "Add capabilities to sets.",
	.source = "capabilities(7)",
	.check = cap_raise_checked);

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

#define SECUREBITS(F, S) \
	F(S, FLAGS, bits, REQUIRED, securebit_symbols, "securebits, all of them")
FIELDS(securebits, SECUREBITS);

static int cap_get_securebits_run(struct op_ctx *ctx, const struct none *in, struct securebits *out)
{
	int bits = prctl(PR_GET_SECUREBITS);

	out->bits = bits < 0 ? 0 : (uint64_t)bits;
	return bits < 0 ? -errno : 0;
}
OP(cap_get_securebits, "cap.get_securebits", none, securebits,
	.doc = "Read the securebits.",
	.source = "capabilities(7)");

static int cap_set_securebits_run(struct op_ctx *ctx, const struct securebits *in, struct none *out)
{
	return prctl(PR_SET_SECUREBITS, (unsigned long)in->bits) < 0 ? -errno : 0;
}

static int cap_set_securebits_check(struct op_ctx *ctx, const struct securebits *in,
			   const struct none *out)
{
	int bits = prctl(PR_GET_SECUREBITS);

	return bits < 0 || (uint64_t)bits == in->bits ? 0 : op_undone(ctx, "they are %#x", bits);
}
OP_CHECK(cap_set_securebits, securebits, none)
OP(cap_set_securebits, "cap.set_securebits", securebits, none,
	.doc = "Set the securebits.",
	.source = "capabilities(7)",
	.check = cap_set_securebits_checked);
