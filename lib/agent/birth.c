// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the processes of a placement tell the parent: that a step failed, or that the kernel
 * does not do what it says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "birth.h"
#include "nsc/sys.h"
#include "nsc/wire.h"

/* What the parent would answer if it was told MSG. */
static int tell_runner(const struct birth *b, const struct value *msg)
{
	struct pool *pool = b->ctx->pool;
	struct value *reply = value_map(pool), *out = value_map(pool);

	if (!value_get(msg, "done")) {
		for (size_t i = 0; i < msg->list.n; i += 2)
			value_put(pool, reply, value_is(msg->list.items[i], "failed") ?
				  (value_get(msg, "errno") ? "why" : "broken") :
				  value_text(msg->list.items[i]), msg->list.items[i + 1]);
		return wire_send(b->agent->channel, b->ctx->seq, reply);
	}
	value_put(pool, out, "pidfd", value_fd(pool, b->self));
	value_put(pool, reply, "errno", value_int(pool, 0));
	value_put(pool, reply, "out", out);
	return wire_send(b->agent->channel, b->ctx->seq, reply);
}

static int tell_message(const struct birth *b, const struct value *msg)
{
	return b->child_end < 0 ? tell_runner(b, msg) : wire_send(b->child_end, 0, msg);
}

static int tell(const struct birth *b, const char *key, struct value *v)
{
	struct pool *pool = b->ctx->pool;
	struct value *msg = value_map(pool);

	value_put(pool, msg, key, v);
	return tell_message(b, msg);
}

/* A message without descriptors gets through where one with them does not (ETOOMANYREFS). */
void birth_tell(const struct birth *b, const char *key, struct value *v)
{
	struct pool *pool = b->ctx->pool;
	int rc = tell(b, key, v);

	if (rc == 0)
		return;
	tell(b, "failed", value_str(pool, pool_printf(pool, "tell the parent \"%s\": %s", key,
						       strerror(-rc))));
	_exit(1);
}

void birth_open_self(struct birth *b)
{
	if (b->child_end >= 0 || b->self >= 0)
		return;
	b->self = sys_pidfd_open(getpid(), 0);
	if (b->self < 0)
		birth_fail(b, "pidfd_open");
}

void birth_fail(const struct birth *b, const char *fmt, ...)
{
	struct pool *pool = b->ctx->pool;
	int error = errno;
	va_list ap;

	va_start(ap, fmt);
	const char *what = pool_vprintf(pool, fmt, ap);

	va_end(ap);
	birth_tell(b, "failed",
		   value_str(pool, pool_printf(pool, "%s: %s", what, strerror(error))));
	_exit(1);
}

/* Report a claim of the kernel that is false, and exit. */
static void __attribute__((noreturn)) birth_lied(const struct birth *b, const struct lie *lie)
{
	struct pool *pool = b->ctx->pool;

	birth_tell(b, "lied", lie_value(pool, lie));
	_exit(1);
}

void birth_did_nothing(const struct birth *b, const char *call, const char *fmt, ...)
{
	struct pool *pool = b->ctx->pool;
	va_list ap;

	va_start(ap, fmt);
	const char *seen = pool_vprintf(pool, fmt, ap);

	va_end(ap);
	birth_lied(b, &(struct lie){ .call = call, .claim = LIE_SUCCESS, .seen = seen });
}

/* CLONE_NEWUTS, or several of them. */
static const char *flags_text(struct pool *pool, unsigned kinds)
{
	static const char *const names[NS_COUNT] = {
		[NS_USER] = "CLONE_NEWUSER", [NS_MNT] = "CLONE_NEWNS", [NS_PID] = "CLONE_NEWPID",
		[NS_NET] = "CLONE_NEWNET", [NS_IPC] = "CLONE_NEWIPC", [NS_UTS] = "CLONE_NEWUTS",
		[NS_CGROUP] = "CLONE_NEWCGROUP", [NS_TIME] = "CLONE_NEWTIME",
	};
	const char *text = "";

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (kinds & NS_BIT(ns))
			text = pool_printf(pool, "%s%s%s", text, *text ? "|" : "", names[ns]);
	return text;
}

static const struct {
	const char *name, *clause;
} calls[] = {
	[VIA_CLONE3] = { "clone3", "api.clone.each-type" },
	[VIA_UNSHARE] = { "unshare", "api.unshare.each-type" },
	[VIA_SETNS] = { "setns", "api.setns.only-that-type" },
};

struct lie lie_unmoved(struct pool *pool, int via, unsigned kinds, int ns)
{
	return (struct lie){
		.call = pool_printf(pool, "%s(%s)", calls[via].name, flags_text(pool, kinds)),
		.claim = LIE_SUCCESS,
		.seen = pool_printf(pool, "the %s namespace is still the old one",
				    ns_kinds[ns].title),
		.clause = calls[via].clause,
	};
}

void birth_unmoved(const struct birth *b, int via, unsigned kinds, int ns)
{
	struct pool *pool = b->ctx->pool;
	struct lie lie = lie_unmoved(pool, via, kinds, ns);

	birth_lied(b, &lie);
}

static int look(const struct birth *b, struct agent *actor, enum ns ns, struct ns_id *id)
{
	if (b->self < 0 || ns_of_pidfd(b->self, ns, id) < 0)
		return agent_ns(actor, ns, id);
	actor->here[ns] = *id;
	actor->looked |= NS_BIT(ns);
	return 0;
}

/* The kernel reported success: check that the namespace is new, as a lie must not become a pass. */
void birth_verify(const struct birth *b, unsigned kinds, struct agent *actor)
{
	struct agent nobody = { 0 };

	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct ns_id now;

		if ((kinds & b->known & NS_BIT(ns)) &&
		    look(b, actor ? actor : &nobody, ns, &now) == 0 &&
		    ns_same(&now, &b->before[ns]))
			birth_unmoved(b, (int)b->place.via, (unsigned)b->place.new, ns);
	}
}

/* The PID namespace of future children is another one than the caller's own, or may be. */
static bool is_between_pid_namespaces(void)
{
	struct stat own, next;

	return stat("/proc/thread-self/ns/pid", &own) < 0 ||
	       stat("/proc/thread-self/ns/pid_for_children", &next) < 0 ||
	       own.st_ino != next.st_ino;
}

bool lie_refused(struct pool *pool, int via, unsigned kinds, int error, struct lie *lie)
{
	struct ns_id id;

	/* Other errors are rights and limits, and under a filter any error may be its. */
	if (!kinds || (error != EINVAL && error != ENOSYS) || prctl(PR_GET_SECCOMP) != 0)
		return false;
	/* unshare(2), clone(2) ERRORS: EINVAL */
	if ((kinds & NSM_PID) && is_between_pid_namespaces())
		return false;
	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((kinds & NS_BIT(ns)) && ns_self(ns, &id) < 0)
			return false;
	*lie = (struct lie){
		.call = pool_printf(pool, "%s(%s)", calls[via].name, flags_text(pool, kinds)),
		.claim = "by /proc/self/ns the kernel has such namespaces",
		.seen = pool_printf(pool, "it was refused: %s (%s)", errno_name(pool, error),
				    strerror(error)),
		.clause = calls[via].clause,
	};
	return true;
}

void birth_refused(const struct birth *b, int via, unsigned kinds, const char *fmt, ...)
{
	struct pool *pool = b->ctx->pool;
	struct value *msg = value_map(pool);
	int error = errno;
	struct lie lie;
	va_list ap;

	va_start(ap, fmt);
	const char *what = pool_vprintf(pool, fmt, ap);

	va_end(ap);
	value_put(pool, msg, "errno", value_int(pool, error));
	value_put(pool, msg, "failed",
		  value_str(pool, pool_printf(pool, "%s: %s", what, strerror(error))));
	/* With CLONE_FS or CLONE_FILES a combination may be the scenario's own fault. */
	if (!b->place.share && lie_refused(pool, via, kinds, error, &lie))
		value_put(pool, msg, "lied", lie_value(pool, &lie));
	tell_message(b, msg);
	_exit(1);
}

static bool are_all(const unsigned ids[3], unsigned wanted)
{
	return wanted == (unsigned)-1 ||
	       (ids[0] == wanted && ids[1] == wanted && ids[2] == wanted);
}

void birth_verify_ids(const struct birth *b, const char *call, uid_t uid, gid_t gid)
{
	uid_t uids[3];
	gid_t gids[3];

	if (getresuid(&uids[0], &uids[1], &uids[2]) < 0)
		birth_fail(b, "getresuid");
	if (getresgid(&gids[0], &gids[1], &gids[2]) < 0)
		birth_fail(b, "getresgid");
	if (!are_all(uids, uid))
		birth_did_nothing(b, call, "the user ids are not %u", uid);
	if (!are_all(gids, gid))
		birth_did_nothing(b, call, "the group ids are not %u", gid);
}

void birth_verify_groups(const struct birth *b, size_t n)
{
	int now = getgroups(0, NULL);

	if (now < 0)
		birth_fail(b, "getgroups");
	if ((size_t)now != n)
		birth_did_nothing(b, "setgroups", "there are %d groups, and not %zu", now, n);
}
