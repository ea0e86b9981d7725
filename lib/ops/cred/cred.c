// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credentials: ids read and set by raw system calls, since libc's wrappers act on all
 * threads of a process and an actor may be one of them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cred.h"
#include "../proc.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#define ID_MAX 4294967295ll

/* Text after `KEY:` at the start of a line, or NULL. */
static const char *status_line(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, len) && line[len] == ':')
			return line + len + 1;
	}
	return NULL;
}

static bool status_ids(const char *text, const char *key, int64_t *ids[4])
{
	const char *at = status_line(text, key);

	for (int i = 0; at && i < 4; i++) {
		char *end;

		*ids[i] = strtoll(at, &end, 10);
		at = end == at ? NULL : end;
	}
	return at;
}

static bool status_caps(const char *text, const char *key, uint64_t *caps)
{
	const char *at = status_line(text, key);

	if (at)
		*caps = strtoull(at, NULL, 16);
	return at;
}

static bool status_groups(struct pool *pool, const char *text, struct ints *groups)
{
	const char *at = status_line(text, "Groups");

	if (!at)
		return false;
	groups->v = pool_array(pool, int64_t, strcspn(at, "\n") + 1);
	while (*at == ' ' || *at == '\t')
		at++;
	while (*at && *at != '\n') {
		char *end;

		groups->v[groups->n++] = strtoll(at, &end, 10);
		at = end + strspn(end, " \t");
	}
	return true;
}

int status_read(struct op_ctx *ctx, int dir, struct status *st)
{
	int64_t *uids[] = { &st->uid, &st->euid, &st->suid, &st->fsuid };
	int64_t *gids[] = { &st->gid, &st->egid, &st->sgid, &st->fsgid };
	uint64_t nnp = 0;
	AUTO_FD file = dir < 0 ? dir : openat(dir, "status", O_RDONLY | O_CLOEXEC);
	char *text;

	if (dir < 0)
		return OP_BROKEN;
	int rc = file < 0 ? -errno : sys_read_fd(ctx->pool, file, 65536, &text, NULL);

	if (rc < 0)
		return op_broken(ctx, "read the status file: %s", strerror(-rc));
	bool whole = status_ids(text, "Uid", uids) && status_ids(text, "Gid", gids) &&
		     status_groups(ctx->pool, text, &st->groups) &&
		     status_caps(text, "CapInh", &st->inheritable) &&
		     status_caps(text, "CapPrm", &st->permitted) &&
		     status_caps(text, "CapEff", &st->effective) &&
		     status_caps(text, "CapBnd", &st->bounding) &&
		     status_caps(text, "CapAmb", &st->ambient) &&
		     status_caps(text, "NoNewPrivs", &nnp);

	st->no_new_privs = nnp;
	return whole ? 0 : op_broken(ctx, "the status file lacks a line about credentials");
}

#define IDS_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "whose ids, by its status file; default: the caller's own")
FIELDS(ids_in, IDS_IN);
FIELDS(ids_out, IDS);

static int groups_get(struct op_ctx *ctx, struct ints *groups)
{
	long n = sys_call(ID_CALL(getgroups), 0, NULL);
	gid_t *list = pool_array(ctx->pool, gid_t, (size_t)(n > 0 ? n : 0) + 1);

	if (n < 0 || (n = sys_call(ID_CALL(getgroups), n, list)) < 0)
		return -errno;
	groups->n = (size_t)n;
	groups->v = pool_array(ctx->pool, int64_t, groups->n + 1);
	for (size_t i = 0; i < groups->n; i++)
		groups->v[i] = list[i];
	return 0;
}

static int own_ids(struct op_ctx *ctx, struct ids_out *out)
{
	uid_t uid, euid, suid;
	gid_t gid, egid, sgid;

	if (sys_call(ID_CALL(getresuid), &uid, &euid, &suid) < 0 ||
	    sys_call(ID_CALL(getresgid), &gid, &egid, &sgid) < 0)
		return -errno;
	out->uid = uid, out->euid = euid, out->suid = suid;
	out->gid = gid, out->egid = egid, out->sgid = sgid;
	/* An id that cannot be is refused, and the current one reported (setfsuid(2)). */
	out->fsuid = (uid_t)sys_call(ID_CALL(setfsuid), (uid_t)-1);
	out->fsgid = (gid_t)sys_call(ID_CALL(setfsgid), (gid_t)-1);
	return groups_get(ctx, &out->groups);
}

static int status_ids_of(struct op_ctx *ctx, const struct actor_ref *actor, struct ids_out *out)
{
	AUTO_FD dir = target_dir(ctx, actor, PID_NOT_GIVEN, NULL);
	struct status st = { 0 };
	int rc = status_read(ctx, dir, &st);

#define COPY(S, kind, member, ...) out->member = st.member;
	IDS(COPY, struct status)
	return rc;
}

static int cred_ids_run(struct op_ctx *ctx, const struct ids_in *in, struct ids_out *out)
{
	return in->actor.pidfd < 0 ? own_ids(ctx, out) : status_ids_of(ctx, &in->actor, out);
}
OP(cred_ids, "cred.ids", ids_in, ids_out,
	.doc = "Read a process's ids and supplementary groups, in the caller's terms.",
	.source = "getresuid(2), getgroups(2), setfsuid(2), proc(5) /proc/pid/status",
	.flags = OP_PROC_OF);

#define OVERFLOW_OUT(F, S) \
	F(S, INT, uid, REQUIRED, 0, 0, "user id shown for one without a mapping") \
	F(S, INT, gid, REQUIRED, 0, 0, "group id shown for one without a mapping")
FIELDS(overflow_out, OVERFLOW_OUT);

static int read_number(struct op_ctx *ctx, const char *path, int64_t *number)
{
	char *text;
	int rc = sys_read_file(ctx->pool, path, 64, &text, NULL);

	if (rc < 0)
		return op_broken(ctx, "read %s: %s", path, strerror(-rc));
	*number = strtoll(text, NULL, 10);
	return 0;
}

static int cred_overflow_run(struct op_ctx *ctx, const struct none *in, struct overflow_out *out)
{
	int rc = read_number(ctx, "/proc/sys/kernel/overflowuid", &out->uid);

	return rc ? rc : read_number(ctx, "/proc/sys/kernel/overflowgid", &out->gid);
}
OP(cred_overflow, "cred.overflow", none, overflow_out,
	.doc = "Read the ids that stand for those without a mapping.",
	.source = "user_namespaces(7)");

enum { CALL_SETUID, CALL_SETREUID, CALL_SETRESUID, CALL_SETGID, CALL_SETREGID, CALL_SETRESGID };

static const struct symbol call_symbols[] = {
	{ "setuid", CALL_SETUID, "one id" },
	{ "setreuid", CALL_SETREUID, "real, effective" },
	{ "setresuid", CALL_SETRESUID, "real, effective, saved" },
	{ "setgid", CALL_SETGID, "one id" },
	{ "setregid", CALL_SETREGID, "real, effective" },
	{ "setresgid", CALL_SETRESGID, "real, effective, saved" },
	{ 0 }
};

static const struct {
	long number;
	size_t args;
} id_calls[] = {
	[CALL_SETUID] = { ID_CALL(setuid), 1 },
	[CALL_SETREUID] = { ID_CALL(setreuid), 2 },
	[CALL_SETRESUID] = { ID_CALL(setresuid), 3 },
	[CALL_SETGID] = { ID_CALL(setgid), 1 },
	[CALL_SETREGID] = { ID_CALL(setregid), 2 },
	[CALL_SETRESGID] = { ID_CALL(setresgid), 3 },
};

#define SET_IN(F, S) \
	F(S, ENUM, call, REQUIRED, call_symbols, "which system call") \
	F(S, INTS, ids, REQUIRED, -1, ID_MAX, "its arguments; -1 leaves that id")
FIELDS(set_in, SET_IN);

/* Whether the ids that A names are those of NOW: real, effective, saved, and -1 for any. */
static bool ids_are(const int64_t asked[3], const uint32_t now[3])
{
	for (int i = 0; i < 3; i++)
		if ((uint32_t)asked[i] != UINT32_MAX && (uint32_t)asked[i] != now[i])
			return false;
	return true;
}

static int cred_set_run(struct op_ctx *ctx, const struct set_in *in, struct none *out)
{
	long a[3] = { 0 };

	if (in->ids.n != id_calls[in->call].args)
		return op_broken(ctx, "the call takes %zu ids, not %zu", id_calls[in->call].args,
				 in->ids.n);
	for (size_t i = 0; i < in->ids.n; i++)
		a[i] = (long)(uid_t)in->ids.v[i];
	return sys_call(id_calls[in->call].number, a[0], a[1], a[2]) < 0 ? -errno : 0;
}

static int cred_set_check(struct op_ctx *ctx, const struct set_in *in, const struct none *out)
{
	bool groups = in->call >= CALL_SETGID;
	long number = groups ? ID_CALL(getresgid) : ID_CALL(getresuid);
	int64_t asked[3] = { -1, -1, -1 };
	uint32_t now[3];

	/* setuid(2) of who is not privileged sets the effective id alone. */
	for (size_t i = 0; i < in->ids.n; i++)
		asked[in->ids.n == 1 ? 1 : i] = in->ids.v[i];
	if (sys_call(number, &now[0], &now[1], &now[2]) < 0 || ids_are(asked, now))
		return 0;
	return op_undone(ctx, "the %s ids are %u, %u and %u", groups ? "group" : "user", now[0],
			 now[1], now[2]);
}
OP_CHECK(cred_set, set_in, none)
OP(cred_set, "cred.set", set_in, none,
	.doc = "Set user or group ids of the calling thread.",
	.source = "setresuid(2), setreuid(2), setuid(2)",
	.check = cred_set_checked);

#define SETGROUPS_IN(F, S) \
	F(S, INTS, groups, REQUIRED, 0, ID_MAX, "supplementary groups, at most 64")
FIELDS(setgroups_in, SETGROUPS_IN);

/* The kernel sorts them. */
static bool are_groups(const struct ints *now, const struct ints *asked)
{
	for (size_t i = 0; i < asked->n; i++) {
		size_t k = 0;

		while (k < now->n && now->v[k] != asked->v[i])
			k++;
		if (k == now->n)
			return false;
	}
	return true;
}

static int cred_setgroups_run(struct op_ctx *ctx, const struct setgroups_in *in, struct none *out)
{
	gid_t list[64];

	if (in->groups.n > 64)
		return op_broken(ctx, "more than 64 groups");
	for (size_t i = 0; i < in->groups.n; i++)
		list[i] = (gid_t)in->groups.v[i];
	return sys_call(ID_CALL(setgroups), in->groups.n, list) < 0 ? -errno : 0;
}

static int cred_setgroups_check(struct op_ctx *ctx, const struct setgroups_in *in,
			   const struct none *out)
{
	struct ints now = { 0 };

	if (groups_get(ctx, &now) || (now.n == in->groups.n && are_groups(&now, &in->groups)))
		return 0;
	return op_undone(ctx, "there are %zu supplementary groups, or others", now.n);
}
OP_CHECK(cred_setgroups, setgroups_in, none)
OP(cred_setgroups, "cred.setgroups", setgroups_in, none,
	.doc = "Set the supplementary groups of the calling thread.",
	.source = "setgroups(2)",
	.check = cred_setgroups_checked);

#define SETFS_IN(F, S) \
	F(S, INT, id, REQUIRED, -1, ID_MAX, "new id; -1 never is one")
FIELDS(setfs_in, SETFS_IN);

#define SETFS_OUT(F, S) \
	F(S, INT, before, REQUIRED, 0, 0, "id that the call returned, the old one") \
	F(S, INT, after, REQUIRED, 0, 0, "id that a second call with -1 returns")
FIELDS(setfs_out, SETFS_OUT);

/* Neither call reports errors: the id afterwards tells. */
static int cred_setfsuid_run(struct op_ctx *ctx, const struct setfs_in *in, struct setfs_out *out)
{
	out->before = (uid_t)sys_call(ID_CALL(setfsuid), (uid_t)in->id);
	out->after = (uid_t)sys_call(ID_CALL(setfsuid), (uid_t)-1);
	return 0;
}
OP(cred_setfsuid, "cred.setfsuid", setfs_in, setfs_out,
	.doc = "Set the user id used for files.",
	.source = "setfsuid(2)");

static int cred_setfsgid_run(struct op_ctx *ctx, const struct setfs_in *in, struct setfs_out *out)
{
	out->before = (gid_t)sys_call(ID_CALL(setfsgid), (gid_t)in->id);
	out->after = (gid_t)sys_call(ID_CALL(setfsgid), (gid_t)-1);
	return 0;
}
OP(cred_setfsgid, "cred.setfsgid", setfs_in, setfs_out,
	.doc = "Set the group id used for files.",
	.source = "setfsgid(2)");
