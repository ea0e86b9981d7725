// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V semaphores.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sys/sem.h>
#include <time.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "sysv.h"

union semun { /* semctl(2): the caller must define it */
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

struct semget_in {
	SYSV_GET_MEMBERS;
	int64_t count;
};

static const struct field semget_in_fields[] = {
	SYSV_GET_FIELDS(struct semget_in),
	F_INT_DEF(struct semget_in, count, 1, 0, INT32_MAX, "number of semaphores in the set"),
	F_END
};

static int semget_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct semget_in *in = params;
	struct sysv_id *out = results;

	(void)ctx;
	out->id = semget((key_t)in->key, (int)in->count, SYSV_GET_FLAGS(in));
	return out->id < 0 ? -errno : 0;
}

#define SEM_NUMBER_MEMBERS \
	int64_t id; \
	int64_t number

#define SEM_NUMBER_FIELDS(s) \
	F_INT(s, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the set"), \
	F_INT_DEF(s, number, 0, 0, 65535, "semaphore in the set, from 0")

static const struct symbol semop_flags[] = {
	{ "NOWAIT", IPC_NOWAIT, "do not wait" },
	{ "UNDO", SEM_UNDO, "take the change back when the process ends" },
	{ 0 }
};

struct semop_in {
	SEM_NUMBER_MEMBERS;
	int64_t change;
	uint64_t flags;
	int64_t wait;
};

static const struct field semop_in_fields[] = {
	SEM_NUMBER_FIELDS(struct semop_in),
	F_INT(struct semop_in, change, REQUIRED, INT16_MIN, INT16_MAX,
	      "what to add; 0 waits for zero"),
	F_FLAGS(struct semop_in, flags, OPTIONAL, semop_flags, "how"),
	F_PATIENCE(struct semop_in, wait, 0,
		   "longest wait, then EAGAIN; 0 is until the step's deadline"),
	F_END
};

static int semop_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct semop_in *in = params;
	int64_t ns = in->wait ? in->wait : op_left_ms(ctx) * 1000000LL;
	struct timespec left = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
	struct sembuf op = {
		.sem_num = (unsigned short)in->number,
		.sem_op = (short)in->change,
		.sem_flg = (short)in->flags,
	};

	(void)results;
	if (!semtimedop((int)in->id, &op, 1, &left))
		return 0;
	if (errno == EAGAIN && !in->wait && !(in->flags & IPC_NOWAIT))
		return op_broken(ctx, "timed out waiting for the semaphore");
	return -errno;
}

struct sem_set_in {
	SEM_NUMBER_MEMBERS;
	int64_t value;
};

static const struct field sem_set_in_fields[] = {
	SEM_NUMBER_FIELDS(struct sem_set_in),
	F_INT(struct sem_set_in, value, REQUIRED, INT32_MIN, INT32_MAX, "new value"),
	F_END
};

static int sem_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sem_set_in *in = params;
	union semun arg = { .val = (int)in->value };

	(void)ctx, (void)results;
	return semctl((int)in->id, (int)in->number, SETVAL, arg) < 0 ? -errno : 0;
}

struct sem_value_in {
	SEM_NUMBER_MEMBERS;
};

static const struct field sem_value_in_fields[] = {
	SEM_NUMBER_FIELDS(struct sem_value_in),
	F_END
};

struct sem_value_out {
	int64_t value, last_pid, waiters;
};

static const struct field sem_value_out_fields[] = {
	F_INT(struct sem_value_out, value, REQUIRED, 0, 0, "value"),
	F_INT(struct sem_value_out, last_pid, REQUIRED, 0, 0,
	      "process that changed it last, as the caller numbers it"),
	F_INT(struct sem_value_out, waiters, REQUIRED, 0, 0, "processes that wait for it to grow"),
	F_END
};

static int sem_value_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sem_value_in *in = params;
	struct sem_value_out *out = results;

	(void)ctx;
	out->value = semctl((int)in->id, (int)in->number, GETVAL);
	if (out->value < 0)
		return -errno;
	out->last_pid = semctl((int)in->id, (int)in->number, GETPID);
	out->waiters = semctl((int)in->id, (int)in->number, GETNCNT);
	return out->last_pid < 0 || out->waiters < 0 ? -errno : 0;
}

struct sem_waiters_in {
	SEM_NUMBER_MEMBERS;
	int64_t waiters;
};

static const struct field sem_waiters_in_fields[] = {
	SEM_NUMBER_FIELDS(struct sem_waiters_in),
	F_INT_DEF(struct sem_waiters_in, waiters, 1, 1, INT32_MAX, "how many to wait for"),
	F_END
};

/* Nothing announces a sleeper in semop(2), so GETNCNT is asked again until one is seen. */
static int sem_waiters_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sem_waiters_in *in = params;

	(void)results;
	while (op_left_ms(ctx) > 0) {
		int n = semctl((int)in->id, (int)in->number, GETNCNT);

		if (n < 0)
			return -errno;
		if (n >= in->waiters)
			return 0;
		poll(NULL, 0, 1);
	}
	return op_broken(ctx, "timed out waiting for %d waiters", (int)in->waiters);
}

static int sem_remove_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysv_id *in = params;

	(void)ctx, (void)results;
	return semctl((int)in->id, 0, IPC_RMID) < 0 ? -errno : 0;
}

struct sem_stat_out {
	SYSV_PERM_MEMBERS;
	int64_t count;
};

static const struct field sem_stat_out_fields[] = {
	SYSV_PERM_FIELDS(struct sem_stat_out),
	F_INT(struct sem_stat_out, count, REQUIRED, 0, 0, "number of semaphores in the set"),
	F_END
};

static int sem_stat_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysv_id *in = params;
	struct sem_stat_out *out = results;
	struct semid_ds ds;
	union semun arg = { .buf = &ds };

	(void)ctx;
	if (semctl((int)in->id, 0, IPC_STAT, arg) < 0)
		return -errno;
	SYSV_PERM_FILL(out, ds.sem_perm);
	out->count = (int64_t)ds.sem_nsems;
	return 0;
}

struct sem_info_out {
	int64_t sets, semaphores, max_sets;
};

static const struct field sem_info_out_fields[] = {
	F_INT(struct sem_info_out, sets, REQUIRED, 0, 0, "sets in the namespace"),
	F_INT(struct sem_info_out, semaphores, REQUIRED, 0, 0,
	      "semaphores that they have together"),
	F_INT(struct sem_info_out, max_sets, REQUIRED, 0, 0, "limit semmni"),
	F_END
};

static int sem_info_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct sem_info_out *out = results;
	struct seminfo info;
	union semun arg = { .info = &info };

	(void)params, (void)ctx;
	if (semctl(0, 0, SEM_INFO, arg) < 0)
		return -errno;
	out->sets = info.semusz; /* SEM_INFO puts the usage there, semctl(2) */
	out->semaphores = info.semaem;
	out->max_sets = info.semmni;
	return 0;
}

#define SEM_ID .in = sysv_id_fields, .in_size = sizeof(struct sysv_id)

const struct op sem_ops[] = {
	{
		.name = "sem.get",
		.doc = "Find or make a set of semaphores.",
		.source = "semget(2)",
		.config = "SYSVIPC",
		OP_IN(semget), .out = sysv_id_fields, .out_size = sizeof(struct sysv_id),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = semget_run,
	},
	{
		.name = "sem.op",
		.doc = "Change one semaphore, waiting where that must wait.",
		.source = "semtimedop(2)",
		.config = "SYSVIPC",
		OP_IN(semop),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = semop_run,
	},
	{
		.name = "sem.set",
		.doc = "Set the value of a semaphore.",
		.source = "semctl(2) SETVAL",
		.config = "SYSVIPC",
		OP_IN(sem_set),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = sem_set_run,
	},
	{
		.name = "sem.value",
		.doc = "Read a semaphore.",
		.source = "semctl(2) GETVAL, GETPID, GETNCNT",
		.config = "SYSVIPC",
		OP_IN(sem_value), OP_OUT(sem_value),
		.touches = NSM_IPC,
		.run = sem_value_run,
	},
	{
		.name = "sem.waiters",
		.doc = "Wait until that many processes wait for a semaphore to grow.",
		.source = "semctl(2) GETNCNT",
		.config = "SYSVIPC",
		OP_IN(sem_waiters),
		.touches = NSM_IPC,
		.run = sem_waiters_run,
	},
	{
		.name = "sem.remove",
		.doc = "Remove a set.",
		.source = "semctl(2) IPC_RMID",
		.config = "SYSVIPC",
		SEM_ID,
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = sem_remove_run,
	},
	{
		.name = "sem.stat",
		.doc = "Read what the kernel keeps about a set.",
		.source = "semctl(2) IPC_STAT",
		.config = "SYSVIPC",
		SEM_ID, OP_OUT(sem_stat),
		.touches = NSM_IPC,
		.run = sem_stat_run,
	},
	{
		.name = "sem.info",
		.doc = "Read usage and limits of semaphores in the namespace.",
		.source = "semctl(2) SEM_INFO",
		.config = "SYSVIPC",
		OP_OUT(sem_info),
		.touches = NSM_IPC,
		.run = sem_info_run,
	},
	{ 0 }
};
