// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V shared memory.  Contents are short texts at the start of a segment; an
 * attachment that stays is named by its address.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/shm.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "sysv.h"

/* A segment has whole pages, so that much can be looked at whatever its size. */
#define SHM_TEXT_MAX 4095

struct shmget_in {
	SYSV_GET_MEMBERS;
	int64_t size;
};

static const struct field shmget_in_fields[] = {
	SYSV_GET_FIELDS(struct shmget_in),
	F_INT_DEF(struct shmget_in, size, 4096, 0, INT64_MAX, "size in bytes"),
	F_END
};

static int shmget_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct shmget_in *in = params;
	struct sysv_id *out = results;

	(void)ctx;
	out->id = shmget((key_t)in->key, (size_t)in->size, SYSV_GET_FLAGS(in));
	return out->id < 0 ? -errno : 0;
}

struct shm_address {
	int64_t address;
};

static const struct field shm_address_fields[] = {
	F_INT(struct shm_address, address, REQUIRED, 0, 0, "address in this actor"),
	F_END
};

static int shmat_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysv_id *in = params;
	struct shm_address *out = results;
	void *at = shmat((int)in->id, NULL, 0);

	(void)ctx;
	out->address = (int64_t)(intptr_t)at;
	return at == (void *)-1 ? -errno : 0;
}

static int shmdt_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct shm_address *in = params;

	(void)ctx, (void)results;
	return shmdt((void *)(intptr_t)in->address) < 0 ? -errno : 0;
}

struct shm_text {
	const char *text;
};

static const struct field shm_text_fields[] = {
	F_STR(struct shm_text, text, REQUIRED, "text at the start of the segment"),
	F_END
};

static char *shm_copy_out(struct op_ctx *ctx, const char *at)
{
	return pool_strndup(ctx->pool, at, strnlen(at, SHM_TEXT_MAX));
}

static int shm_copy_in(struct op_ctx *ctx, char *at, const char *text)
{
	size_t len = strlen(text);

	if (len > SHM_TEXT_MAX)
		return op_broken(ctx, "text of %zu bytes, at most %d", len, SHM_TEXT_MAX);
	memcpy(at, text, len + 1);
	return 0;
}

static int shm_peek_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct shm_address *in = params;
	struct shm_text *out = results;

	out->text = shm_copy_out(ctx, (const char *)(intptr_t)in->address);
	return 0;
}

struct shm_poke_in {
	int64_t address;
	const char *text;
};

static const struct field shm_poke_in_fields[] = {
	F_INT(struct shm_poke_in, address, REQUIRED, 0, 0, "address in this actor"),
	F_STR(struct shm_poke_in, text, REQUIRED, "text to put at the start of the segment"),
	F_END
};

static int shm_poke_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct shm_poke_in *in = params;

	(void)results;
	return shm_copy_in(ctx, (char *)(intptr_t)in->address, in->text);
}

static int shm_read_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysv_id *in = params;
	struct shm_text *out = results;
	const char *at = shmat((int)in->id, NULL, SHM_RDONLY);

	if (at == (void *)-1)
		return -errno;
	out->text = shm_copy_out(ctx, at);
	return shmdt(at) < 0 ? op_broken(ctx, "shmdt: %m") : 0;
}

struct shm_write_in {
	int64_t id;
	const char *text;
};

static const struct field shm_write_in_fields[] = {
	F_INT(struct shm_write_in, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the segment"),
	F_STR(struct shm_write_in, text, REQUIRED, "text to put at its start"),
	F_END
};

static int shm_write_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct shm_write_in *in = params;
	char *at = shmat((int)in->id, NULL, 0);

	(void)results;
	if (at == (void *)-1)
		return -errno;
	int rc = shm_copy_in(ctx, at, in->text);

	return shmdt(at) < 0 ? op_broken(ctx, "shmdt: %m") : rc;
}

static int shm_remove_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysv_id *in = params;

	(void)ctx, (void)results;
	return shmctl((int)in->id, IPC_RMID, NULL) < 0 ? -errno : 0;
}

struct shm_lock_in {
	int64_t id, wait;
};

static const struct field shm_lock_in_fields[] = {
	F_INT(struct shm_lock_in, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the segment"),
	F_PATIENCE(struct shm_lock_in, wait, 0,
		   "how long to try again while the limit is reached; 0 tries once"),
	F_END
};

/* Nothing announces that locked memory of a dying namespace has been given back. */
static int shm_lock_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct shm_lock_in *in = params;
	int64_t until = sys_now_ns() + in->wait;

	(void)ctx, (void)results;
	while (shmctl((int)in->id, SHM_LOCK, NULL) < 0) {
		if (errno != ENOMEM || sys_now_ns() >= until)
			return -errno;
		poll(NULL, 0, 1);
	}
	return 0;
}

struct shm_stat_out {
	SYSV_PERM_MEMBERS;
	int64_t size, attached, creator_pid, last_pid;
	bool removed;
};

static const struct field shm_stat_out_fields[] = {
	SYSV_PERM_FIELDS(struct shm_stat_out),
	F_INT(struct shm_stat_out, size, REQUIRED, 0, 0, "size in bytes"),
	F_INT(struct shm_stat_out, attached, REQUIRED, 0, 0, "number of attachments"),
	F_INT(struct shm_stat_out, creator_pid, REQUIRED, 0, 0,
	      "process that made it, as the caller numbers it"),
	F_INT(struct shm_stat_out, last_pid, REQUIRED, 0, 0,
	      "process that attached last, or detached"),
	F_BOOL(struct shm_stat_out, removed, "marked for removal when nobody is attached any more"),
	F_END
};

static int shm_stat_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysv_id *in = params;
	struct shm_stat_out *out = results;
	struct shmid_ds ds;

	(void)ctx;
	if (shmctl((int)in->id, IPC_STAT, &ds) < 0)
		return -errno;
	SYSV_PERM_FILL(out, ds.shm_perm);
	out->size = (int64_t)ds.shm_segsz;
	out->attached = (int64_t)ds.shm_nattch;
	out->creator_pid = ds.shm_cpid;
	out->last_pid = ds.shm_lpid;
	out->removed = ds.shm_perm.mode & SHM_DEST;
	return 0;
}

struct shm_info_out {
	int64_t segments, pages, max_segment, max_segments;
};

static const struct field shm_info_out_fields[] = {
	F_INT(struct shm_info_out, segments, REQUIRED, 0, 0, "segments in the namespace"),
	F_INT(struct shm_info_out, pages, REQUIRED, 0, 0, "pages that they have together"),
	F_INT(struct shm_info_out, max_segment, REQUIRED, 0, 0,
	      "limit shmmax in bytes, at most 2^63-1"),
	F_INT(struct shm_info_out, max_segments, REQUIRED, 0, 0, "limit shmmni"),
	F_END
};

static int shm_info_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct shm_info_out *out = results;
	struct shm_info info;
	struct shminfo limits;

	(void)params, (void)ctx;
	if (shmctl(0, SHM_INFO, (struct shmid_ds *)&info) < 0 ||
	    shmctl(0, IPC_INFO, (struct shmid_ds *)&limits) < 0)
		return -errno;
	out->segments = info.used_ids;
	out->pages = (int64_t)info.shm_tot;
	out->max_segment = limits.shmmax > INT64_MAX ? INT64_MAX : (int64_t)limits.shmmax;
	out->max_segments = (int64_t)limits.shmmni;
	return 0;
}

#define SHM_ID .in = sysv_id_fields, .in_size = sizeof(struct sysv_id)

const struct op shm_ops[] = {
	{
		.name = "shm.get",
		.doc = "Find or make a shared memory segment.",
		.source = "shmget(2)",
		.config = "SYSVIPC",
		OP_IN(shmget), .out = sysv_id_fields, .out_size = sizeof(struct sysv_id),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = shmget_run,
	},
	{
		.name = "shm.attach",
		.doc = "Attach a segment and stay attached.",
		.source = "shmat(2)",
		.config = "SYSVIPC",
		SHM_ID, .out = shm_address_fields, .out_size = sizeof(struct shm_address),
		.touches = NSM_IPC,
		.run = shmat_run,
	},
	{
		.name = "shm.detach",
		.doc = "Detach the segment at an address.",
		.source = "shmdt(2)",
		.config = "SYSVIPC",
		.in = shm_address_fields, .in_size = sizeof(struct shm_address),
		.touches = NSM_IPC,
		.run = shmdt_run,
	},
	{
		.name = "shm.peek",
		.doc = "Read the text of a segment that is attached.",
		.source = "shmat(2)",
		.config = "SYSVIPC",
		.in = shm_address_fields, .in_size = sizeof(struct shm_address),
		.out = shm_text_fields, .out_size = sizeof(struct shm_text),
		.touches = NSM_IPC,
		.run = shm_peek_run,
	},
	{
		.name = "shm.poke",
		.doc = "Write a text into a segment that is attached.",
		.source = "shmat(2)",
		.config = "SYSVIPC",
		OP_IN(shm_poke),
		.touches = NSM_IPC,
		.run = shm_poke_run,
	},
	{
		.name = "shm.read",
		.doc = "Attach a segment read-only, read its text, detach it.",
		.source = "shmat(2)",
		.config = "SYSVIPC",
		SHM_ID, .out = shm_text_fields, .out_size = sizeof(struct shm_text),
		.touches = NSM_IPC,
		.run = shm_read_run,
	},
	{
		.name = "shm.write",
		.doc = "Attach a segment, write a text into it, detach it.",
		.source = "shmat(2)",
		.config = "SYSVIPC",
		OP_IN(shm_write),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = shm_write_run,
	},
	{
		.name = "shm.remove",
		.doc = "Mark a segment for removal.",
		.source = "shmctl(2)",
		.config = "SYSVIPC",
		SHM_ID,
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = shm_remove_run,
	},
	{
		.name = "shm.lock",
		.doc = "Keep the pages of a segment in memory, charged to RLIMIT_MEMLOCK.",
		.source = "shmctl(2) SHM_LOCK",
		.config = "SYSVIPC",
		OP_IN(shm_lock),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.asks = "start.rlimit-memlock",
		.run = shm_lock_run,
	},
	{
		.name = "shm.stat",
		.doc = "Read what the kernel keeps about a segment.",
		.source = "shmctl(2) IPC_STAT",
		.config = "SYSVIPC",
		SHM_ID, OP_OUT(shm_stat),
		.touches = NSM_IPC,
		.run = shm_stat_run,
	},
	{
		.name = "shm.info",
		.doc = "Read usage and limits of shared memory in the namespace.",
		.source = "shmctl(2) SHM_INFO, IPC_INFO",
		.config = "SYSVIPC",
		OP_OUT(shm_info),
		.touches = NSM_IPC,
		.run = shm_info_run,
	},
	{ 0 }
};
