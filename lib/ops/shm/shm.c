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

#include "../sysv.h"
#include "nsc/op.h"
#include "nsc/sys.h"

/* A segment has whole pages, so that much can be looked at whatever its size. */
#define SHM_TEXT_MAX 4095

#define SHMGET_IN(F, S) \
	SYSV_GET(F, S) \
	F(S, INT_DEF, size, 4096, 0, INT64_MAX, "size in bytes")
FIELDS(shmget_in, SHMGET_IN);

static int shm_get_run(struct op_ctx *ctx, const struct shmget_in *in, struct sysv_id *out)
{
	out->id = shmget((key_t)in->key, (size_t)in->size, SYSV_GET_FLAGS(in));
	return out->id < 0 ? -errno : 0;
}
OP(shm_get, "shm.get", shmget_in, sysv_id,
	.doc = "Find or make a shared memory segment.",
	.source = "shmget(2)", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC);

#define SHM_ADDRESS(F, S) \
	F(S, INT, address, REQUIRED, 0, 0, "address in this actor")
FIELDS(shm_address, SHM_ADDRESS);

static int shm_attach_run(struct op_ctx *ctx, const struct sysv_id *in, struct shm_address *out)
{
	void *at = shmat((int)in->id, NULL, 0);

	out->address = (int64_t)(intptr_t)at;
	return at == (void *)-1 ? -errno : 0;
}
OP(shm_attach, "shm.attach", sysv_id, shm_address,
	.doc = "Attach a segment and stay attached.",
	.source = "shmat(2)", .config = "SYSVIPC",
	.touches = NSM_IPC);

static int shm_detach_run(struct op_ctx *ctx, const struct shm_address *in, struct none *out)
{
	return shmdt((void *)(intptr_t)in->address) < 0 ? -errno : 0;
}
OP(shm_detach, "shm.detach", shm_address, none,
	.doc = "Detach the segment at an address.",
	.source = "shmdt(2)", .config = "SYSVIPC",
	.touches = NSM_IPC,
	.seen = "ipc mq shm");

#define SHM_TEXT(F, S) \
	F(S, STR, text, REQUIRED, "text at the start of the segment")
FIELDS(shm_text, SHM_TEXT);

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

static int shm_peek_run(struct op_ctx *ctx, const struct shm_address *in, struct shm_text *out)
{
	out->text = shm_copy_out(ctx, (const char *)(intptr_t)in->address);
	return 0;
}
OP(shm_peek, "shm.peek", shm_address, shm_text,
	.doc = "Read the text of a segment that is attached.",
	.source = "shmat(2)", .config = "SYSVIPC",
	.touches = NSM_IPC);

#define SHM_POKE_IN(F, S) \
	F(S, INT, address, REQUIRED, 0, 0, "address in this actor") \
	F(S, STR, text, REQUIRED, "text to put at the start of the segment")
FIELDS(shm_poke_in, SHM_POKE_IN);

static int shm_poke_run(struct op_ctx *ctx, const struct shm_poke_in *in, struct none *out)
{
	return shm_copy_in(ctx, (char *)(intptr_t)in->address, in->text);
}
OP(shm_poke, "shm.poke", shm_poke_in, none,
	.doc = "Write a text into a segment that is attached.",
	.source = "shmat(2)", .config = "SYSVIPC",
	.touches = NSM_IPC,
	.seen = "ipc shm");

static int shm_read_run(struct op_ctx *ctx, const struct sysv_id *in, struct shm_text *out)
{
	const char *at = shmat((int)in->id, NULL, SHM_RDONLY);

	if (at == (void *)-1)
		return -errno;
	out->text = shm_copy_out(ctx, at);
	return shmdt(at) < 0 ? op_broken(ctx, "shmdt: %m") : 0;
}
OP(shm_read, "shm.read", sysv_id, shm_text,
	.doc = "Attach a segment read-only, read its text, detach it.",
	.source = "shmat(2)", .config = "SYSVIPC",
	.touches = NSM_IPC);

#define SHM_WRITE_IN(F, S) \
	F(S, INT, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the segment") \
	F(S, STR, text, REQUIRED, "text to put at its start")
FIELDS(shm_write_in, SHM_WRITE_IN);

static int shm_write_run(struct op_ctx *ctx, const struct shm_write_in *in, struct none *out)
{
	char *at = shmat((int)in->id, NULL, 0);

	if (at == (void *)-1)
		return -errno;
	int rc = shm_copy_in(ctx, at, in->text);

	return shmdt(at) < 0 ? op_broken(ctx, "shmdt: %m") : rc;
}
OP(shm_write, "shm.write", shm_write_in, none,
	.doc = "Attach a segment, write a text into it, detach it.",
	.source = "shmat(2)", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.seen = "ipc shm");

static int shm_remove_run(struct op_ctx *ctx, const struct sysv_id *in, struct none *out)
{
	return shmctl((int)in->id, IPC_RMID, NULL) < 0 ? -errno : 0;
}
OP(shm_remove, "shm.remove", sysv_id, none,
	.doc = "Mark a segment for removal.",
	.source = "shmctl(2)", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.seen = "ipc shm");

#define SHM_LOCK_IN(F, S) \
	F(S, INT, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the segment") \
	F(S, PATIENCE, wait, 0, "how long to try again while the limit is reached; 0 tries once")
FIELDS(shm_lock_in, SHM_LOCK_IN);

/* Nothing announces that locked memory of a dying namespace has been given back. */
static int shm_lock_run(struct op_ctx *ctx, const struct shm_lock_in *in, struct none *out)
{
	int64_t until = sys_now_ns() + in->wait;

	while (shmctl((int)in->id, SHM_LOCK, NULL) < 0) {
		if (errno != ENOMEM || sys_now_ns() >= until)
			return -errno;
		poll(NULL, 0, 1);
	}
	return 0;
}

static int shm_lock_check(struct op_ctx *ctx, const struct shm_lock_in *in, const struct none *out)
{
	struct shmid_ds now;

	return shmctl((int)in->id, IPC_STAT, &now) < 0 || now.shm_perm.mode & SHM_LOCKED ? 0 :
		op_undone(ctx, "the segment is not locked");
}
OP_CHECK(shm_lock, shm_lock_in, none)
OP(shm_lock, "shm.lock", shm_lock_in, none,
	.doc = "Keep the pages of a segment in memory, charged to RLIMIT_MEMLOCK.",
	.source = "shmctl(2) SHM_LOCK", .config = "SYSVIPC", .asks = "start.rlimit-memlock",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.check = shm_lock_checked);

#define SHM_STAT_OUT(F, S) \
	SYSV_PERM(F, S) \
	F(S, INT, size, REQUIRED, 0, 0, "size in bytes") \
	F(S, TOTAL, attached, "number of attachments") \
	F(S, INT, creator_pid, REQUIRED, 0, 0, "process that made it, as the caller numbers it") \
	F(S, INT, last_pid, REQUIRED, 0, 0, "process that attached last, or detached") \
	F(S, BOOL, removed, "marked for removal when nobody is attached any more")
FIELDS(shm_stat_out, SHM_STAT_OUT);

static int shm_stat_run(struct op_ctx *ctx, const struct sysv_id *in, struct shm_stat_out *out)
{
	struct shmid_ds ds;

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
OP(shm_stat, "shm.stat", sysv_id, shm_stat_out,
	.doc = "Read what the kernel keeps about a segment.",
	.source = "shmctl(2) IPC_STAT", .config = "SYSVIPC",
	.touches = NSM_IPC);

#define SHM_INFO_OUT(F, S) \
	F(S, TOTAL, segments, "segments in the namespace") \
	F(S, INT, pages, REQUIRED, 0, 0, "pages that they have together") \
	F(S, INT, max_segment, REQUIRED, 0, 0, "limit shmmax in bytes, at most 2^63-1") \
	F(S, INT, max_segments, REQUIRED, 0, 0, "limit shmmni")
FIELDS(shm_info_out, SHM_INFO_OUT);

static int shm_info_run(struct op_ctx *ctx, const struct none *in, struct shm_info_out *out)
{
	struct shm_info info;
	struct shminfo limits;
	uint64_t max;

	if (shmctl(0, SHM_INFO, (struct shmid_ds *)&info) < 0 ||
	    shmctl(0, IPC_INFO, (struct shmid_ds *)&limits) < 0)
		return -errno;
	out->segments = info.used_ids;
	out->pages = (int64_t)info.shm_tot;
	max = limits.shmmax;
	out->max_segment = max > INT64_MAX ? INT64_MAX : (int64_t)max;
	out->max_segments = (int64_t)limits.shmmni;
	return 0;
}
OP(shm_info, "shm.info", none, shm_info_out,
	.doc = "Read usage and limits of shared memory in the namespace.",
	.source = "shmctl(2) SHM_INFO, IPC_INFO", .config = "SYSVIPC",
	.touches = NSM_IPC);
