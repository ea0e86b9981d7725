// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls that change the caller's own membership, setns(2) and unshare(2).  What the
 * kernel reports as done is looked at as far as that is possible.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../ns.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/nsfs.h"

/* Identities by kind; those whose bit is not in KNOWN could not be had. */
struct memberships {
	unsigned known;
	struct ns_id ids[NS_COUNT];
};

static void remember(struct memberships *m, int ns, const struct stat *st)
{
	m->ids[ns] = (struct ns_id){ .dev = st->st_dev, .ino = st->st_ino };
	m->known |= NS_BIT(ns);
}

/* Of PID and time only what future children get is certain to move. */
static void read_own(uint64_t flags, struct memberships *m)
{
	char path[64];
	struct stat st;

	for (int ns = 0; ns < NS_COUNT; ns++) {
		const struct ns_kind *kind = &ns_kinds[ns];

		snprintf(path, sizeof(path), "/proc/thread-self/ns/%s",
			 kind->children ? kind->children : kind->name);
		if ((flags & kind->flag) && stat(path, &st) == 0)
			remember(m, ns, &st);
	}
}

static void read_nsfd(int fd, struct memberships *m)
{
	int flag = ioctl(fd, NS_GET_NSTYPE, 0);
	struct stat st;

	for (int ns = 0; flag > 0 && ns < NS_COUNT; ns++)
		if (ns_kinds[ns].flag == (uint64_t)flag && fstat(fd, &st) == 0)
			remember(m, ns, &st);
}

static void read_pidfd(int pidfd, uint64_t flags, struct memberships *m)
{
	struct stat st;

	for (int ns = 0; ns < NS_COUNT; ns++) {
		AUTO_FD fd = flags & ns_kinds[ns].flag ? pidfd_open_ns(pidfd, (enum ns)ns) : -1;

		if (fd >= 0 && fstat(fd, &st) == 0)
			remember(m, ns, &st);
	}
}

/* A kind of which the memberships known from both are not the same (or not different), or -1. */
static int find(const struct memberships *a, const struct memberships *b, bool same)
{
	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((a->known & b->known & NS_BIT(ns)) && ns_same(&a->ids[ns], &b->ids[ns]) == same)
			return ns;
	return -1;
}

static int lied(struct op_ctx *ctx, const char *call, int ns, const char *what, const char *clause)
{
	return op_lied(ctx, &(struct lie){
		.call = call, .claim = LIE_SUCCESS, .clause = clause,
		.seen = pool_printf(ctx->pool, "the %s namespace is %s", ns_kinds[ns].title, what),
	});
}

enum { NUMBER_NONE = INT_MIN };

#define SETNS_IN(F, S) \
	F(S, FD, fd, OPTIONAL, "namespace descriptor or pidfd") \
	F(S, ACTOR, actor, OPTIONAL, "target, by the pidfd that the harness holds") \
	F(S, INT_DEF, number, NUMBER_NONE, INT_MIN, INT_MAX, \
	  "a descriptor number as it is, for those that name nothing") \
	F(S, FLAGS, types, OPTIONAL, ns_symbols, "namespace types; none is 0, any type") \
	F(S, FLAGS, flags, OPTIONAL, clone_symbols, "further bits of the second argument")
FIELDS(setns_in, SETNS_IN);

/* The descriptor that is given to the kernel; -1 when there is none. */
static int setns_fd(const struct setns_in *in)
{
	return in->fd >= 0 ? in->fd : in->number != NUMBER_NONE ? (int)in->number : in->actor.pidfd;
}

/* What is to be joined. */
static void read_wanted(const struct setns_in *in, struct memberships *m)
{
	int fd = setns_fd(in);

	read_nsfd(fd, m);
	if (!m->known)
		read_pidfd(fd, ns_request(in->types, in->flags), m);
}

static int ns_setns_run(struct op_ctx *ctx, const struct setns_in *in, struct none *out)
{
	int fd = setns_fd(in);

	if (fd == -1 && in->number == NUMBER_NONE)
		return op_broken(ctx, "neither `fd` nor `actor` nor `number` is given");
	return sys_call(SYS_setns, fd, (int)ns_request(in->types, in->flags)) < 0 ? -errno : 0;
}

static void ns_setns_before(struct op_ctx *ctx, const struct setns_in *in)
{
	struct memberships *wanted = pool_new(ctx->pool, struct memberships);

	read_wanted(in, wanted);
	ctx->before = wanted;
}
OP_BEFORE(ns_setns, setns_in)

static int ns_setns_check(struct op_ctx *ctx, const struct setns_in *in, const struct none *out)
{
	const struct memberships *wanted = ctx->before;
	struct memberships now = { 0 }, after = { 0 };

	read_own(UINT64_MAX, &now);
	int ns = find(wanted, &now, false);

	/* The process that a pidfd names may have moved on meanwhile. */
	read_wanted(in, &after);
	if (ns < 0 || !(after.known & NS_BIT(ns)) || !ns_same(&after.ids[ns], &wanted->ids[ns]))
		return 0;
	return lied(ctx, "setns", ns, "not the one asked for", "api.setns.only-that-type");
}
OP_CHECK(ns_setns, setns_in, none)
OP(ns_setns, "ns.setns", setns_in, none,
	.doc = "Join namespaces by a namespace descriptor or a pidfd.",
	.source = "setns(2)",
	.flags = OP_SINGLE,
	.check = ns_setns_checked, .before = ns_setns_noted);

#define UNSHARE_IN(F, S) \
	F(S, FLAGS, types, OPTIONAL, ns_symbols, "namespace types") \
	F(S, FLAGS, flags, OPTIONAL, clone_symbols, "further flags")
FIELDS(unshare_in, UNSHARE_IN);

static int ns_unshare_run(struct op_ctx *ctx, const struct unshare_in *in, struct none *out)
{
	unsigned long request = (unsigned long)ns_request(in->types, in->flags);

	return sys_call(SYS_unshare, request) < 0 ? -errno : 0;
}

static void ns_unshare_before(struct op_ctx *ctx, const struct unshare_in *in)
{
	struct memberships *before = pool_new(ctx->pool, struct memberships);

	read_own(ns_request(in->types, in->flags), before);
	ctx->before = before;
}
OP_BEFORE(ns_unshare, unshare_in)

static int ns_unshare_check(struct op_ctx *ctx, const struct unshare_in *in, const struct none *out)
{
	struct memberships now = { 0 };

	read_own(ns_request(in->types, in->flags), &now);
	int ns = find(ctx->before, &now, true);

	return ns < 0 ? 0 : lied(ctx, "unshare", ns, "still the old one", "api.unshare.each-type");
}
OP_CHECK(ns_unshare, unshare_in, none)
OP(ns_unshare, "ns.unshare", unshare_in, none,
	.doc = "Move the caller into new namespaces, or give it process state of its own.",
	.source = "unshare(2)",
	.flags = OP_SINGLE,
	.check = ns_unshare_checked, .before = ns_unshare_noted);
