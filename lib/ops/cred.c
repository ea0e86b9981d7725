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
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cred.h"
#include "nsc/sys.h"
#include "proc.h"

#define ID_MAX 4294967295ll

/* On 32-bit machines the unsuffixed calls take 16-bit ids. */
#ifdef SYS_setresuid32
#define ID_CALL(name) SYS_##name##32
#else
#define ID_CALL(name) SYS_##name
#endif

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

struct ids_out {
	int64_t uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	struct ints groups;
};

static const struct field ids_out_fields[] = {
	F_INT(struct ids_out, uid, REQUIRED, 0, 0, "real user id"),
	F_INT(struct ids_out, euid, REQUIRED, 0, 0, "effective user id"),
	F_INT(struct ids_out, suid, REQUIRED, 0, 0, "saved user id"),
	F_INT(struct ids_out, fsuid, REQUIRED, 0, 0, "user id for files"),
	F_INT(struct ids_out, gid, REQUIRED, 0, 0, "real group id"),
	F_INT(struct ids_out, egid, REQUIRED, 0, 0, "effective group id"),
	F_INT(struct ids_out, sgid, REQUIRED, 0, 0, "saved group id"),
	F_INT(struct ids_out, fsgid, REQUIRED, 0, 0, "group id for files"),
	F_INTS(struct ids_out, groups, REQUIRED, 0, 0, "supplementary groups"),
	F_END
};

static int groups_get(struct op_ctx *ctx, struct ints *groups)
{
	long n = syscall(ID_CALL(getgroups), 0, NULL);
	gid_t *list = pool_array(ctx->pool, gid_t, (size_t)(n > 0 ? n : 0) + 1);

	if (n < 0 || (n = syscall(ID_CALL(getgroups), n, list)) < 0)
		return -errno;
	groups->n = (size_t)n;
	groups->v = pool_array(ctx->pool, int64_t, groups->n + 1);
	for (size_t i = 0; i < groups->n; i++)
		groups->v[i] = list[i];
	return 0;
}

static int ids_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct ids_out *out = results;
	uid_t uid, euid, suid;
	gid_t gid, egid, sgid;

	(void)params;
	if (syscall(ID_CALL(getresuid), &uid, &euid, &suid) < 0 ||
	    syscall(ID_CALL(getresgid), &gid, &egid, &sgid) < 0)
		return -errno;
	out->uid = uid, out->euid = euid, out->suid = suid;
	out->gid = gid, out->egid = egid, out->sgid = sgid;
	/* An id that cannot be is refused, and the current one reported (setfsuid(2)). */
	out->fsuid = (uid_t)syscall(ID_CALL(setfsuid), (uid_t)-1);
	out->fsgid = (gid_t)syscall(ID_CALL(setfsgid), (gid_t)-1);
	return groups_get(ctx, &out->groups);
}

struct of_in {
	struct actor_ref actor;
};

static const struct field of_in_fields[] = {
	F_ACTOR(struct of_in, actor, REQUIRED, "process in question"),
	F_END
};

static const struct field of_out_fields[] = {
	STATUS_FIELDS(struct status),
	F_END
};

static int of_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct of_in *in = params;
	AUTO_FD dir = target_dir(ctx, &in->actor, PID_NOT_GIVEN, NULL);

	return status_read(ctx, dir, results);
}

struct overflow_out {
	int64_t uid, gid;
};

static const struct field overflow_out_fields[] = {
	F_INT(struct overflow_out, uid, REQUIRED, 0, 0, "user id shown for one without a mapping"),
	F_INT(struct overflow_out, gid, REQUIRED, 0, 0, "group id shown for one without a mapping"),
	F_END
};

static int read_number(struct op_ctx *ctx, const char *path, int64_t *number)
{
	char *text;
	int rc = sys_read_file(ctx->pool, path, 64, &text, NULL);

	if (rc < 0)
		return op_broken(ctx, "read %s: %s", path, strerror(-rc));
	*number = strtoll(text, NULL, 10);
	return 0;
}

static int overflow_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct overflow_out *out = results;

	(void)params;
	int rc = read_number(ctx, "/proc/sys/kernel/overflowuid", &out->uid);

	return rc ? rc : read_number(ctx, "/proc/sys/kernel/overflowgid", &out->gid);
}

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

struct set_in {
	int64_t call;
	struct ints ids;
};

static const struct field set_in_fields[] = {
	F_ENUM(struct set_in, call, REQUIRED, call_symbols, "which system call"),
	F_INTS(struct set_in, ids, REQUIRED, -1, ID_MAX, "its arguments; -1 leaves that id"),
	F_END
};

static int set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct set_in *in = params;
	long a[3] = { 0 };

	(void)results;
	if (in->ids.n != id_calls[in->call].args)
		return op_broken(ctx, "the call takes %zu ids, not %zu", id_calls[in->call].args,
				 in->ids.n);
	for (size_t i = 0; i < in->ids.n; i++)
		a[i] = (long)(uid_t)in->ids.v[i];
	return syscall(id_calls[in->call].number, a[0], a[1], a[2]) < 0 ? -errno : 0;
}

struct setgroups_in {
	struct ints groups;
};

static const struct field setgroups_in_fields[] = {
	F_INTS(struct setgroups_in, groups, REQUIRED, 0, ID_MAX,
	       "supplementary groups, at most 64"),
	F_END
};

static int setgroups_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct setgroups_in *in = params;
	gid_t list[64];

	(void)results;
	if (in->groups.n > 64)
		return op_broken(ctx, "more than 64 groups");
	for (size_t i = 0; i < in->groups.n; i++)
		list[i] = (gid_t)in->groups.v[i];
	return syscall(ID_CALL(setgroups), in->groups.n, list) < 0 ? -errno : 0;
}

struct setfs_in {
	int64_t id;
};

static const struct field setfs_in_fields[] = {
	F_INT(struct setfs_in, id, REQUIRED, -1, ID_MAX, "new id; -1 never is one"),
	F_END
};

struct setfs_out {
	int64_t before, after;
};

static const struct field setfs_out_fields[] = {
	F_INT(struct setfs_out, before, REQUIRED, 0, 0, "id that the call returned, the old one"),
	F_INT(struct setfs_out, after, REQUIRED, 0, 0, "id that a second call with -1 returns"),
	F_END
};

/* Neither call reports errors: the id afterwards tells. */
static int setfsuid_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct setfs_in *in = params;
	struct setfs_out *out = results;

	(void)ctx;
	out->before = (uid_t)syscall(ID_CALL(setfsuid), (uid_t)in->id);
	out->after = (uid_t)syscall(ID_CALL(setfsuid), (uid_t)-1);
	return 0;
}

static int setfsgid_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct setfs_in *in = params;
	struct setfs_out *out = results;

	(void)ctx;
	out->before = (gid_t)syscall(ID_CALL(setfsgid), (gid_t)in->id);
	out->after = (gid_t)syscall(ID_CALL(setfsgid), (gid_t)-1);
	return 0;
}

const struct op cred_ops[] = {
	{
		.name = "cred.ids",
		.doc = "Read the caller's ids and supplementary groups.",
		.source = "getresuid(2), getgroups(2), setfsuid(2)",
		OP_OUT(ids),
		.run = ids_run,
	},
	{
		.name = "cred.of",
		.doc = "Read an actor's credentials as its status file shows them to the caller.",
		.source = "proc(5)",
		OP_IN(of), .out = of_out_fields, .out_size = sizeof(struct status),
		.flags = OP_PROC,
		.run = of_run,
	},
	{
		.name = "cred.overflow",
		.doc = "Read the ids that stand for those without a mapping.",
		.source = "user_namespaces(7)",
		OP_OUT(overflow),
		.run = overflow_run,
	},
	{
		.name = "cred.set",
		.doc = "Set user or group ids of the calling thread.",
		.source = "setresuid(2), setreuid(2), setuid(2)",
		OP_IN(set),
		.run = set_run,
	},
	{
		.name = "cred.setgroups",
		.doc = "Set the supplementary groups of the calling thread.",
		.source = "setgroups(2)",
		OP_IN(setgroups),
		.run = setgroups_run,
	},
	{
		.name = "cred.setfsuid",
		.doc = "Set the user id used for files.",
		.source = "setfsuid(2)",
		OP_IN(setfs), OP_OUT(setfs),
		.run = setfsuid_run,
	},
	{
		.name = "cred.setfsgid",
		.doc = "Set the group id used for files.",
		.source = "setfsgid(2)",
		OP_IN(setfs), OP_OUT(setfs),
		.run = setfsgid_run,
	},
	{ 0 }
};
