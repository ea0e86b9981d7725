// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V semaphores.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sys/sem.h>
#include <time.h>

#include "../sysv.h"
#include "nsc/op.h"
#include "nsc/sys.h"

union semun { /* semctl(2): the caller must define it */
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

#define SEMGET_IN(F, S) \
	SYSV_GET(F, S) \
	F(S, INT_DEF, count, 1, 0, INT32_MAX, "number of semaphores in the set")
FIELDS(semget_in, SEMGET_IN);

static int sem_get_run(struct op_ctx *ctx, const struct semget_in *in, struct sysv_id *out)
{
	out->id = semget((key_t)in->key, (int)in->count, SYSV_GET_FLAGS(in));
	return out->id < 0 ? -errno : 0;
}
OP(sem_get, "sem.get", semget_in, sysv_id,
	.doc = "Find or make a set of semaphores.",
	.source = "semget(2)", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC);

#define SEM_NUMBER(F, S) \
	F(S, INT, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the set") \
	F(S, INT_DEF, number, 0, 0, 65535, "semaphore in the set, from 0")

static const struct symbol semop_flags[] = {
	{ "NOWAIT", IPC_NOWAIT, "do not wait" },
	{ "UNDO", SEM_UNDO, "take the change back when the process ends" },
	{ 0 }
};

#define SEMOP_IN(F, S) \
	SEM_NUMBER(F, S) \
	F(S, INT, change, REQUIRED, INT16_MIN, INT16_MAX, "what to add; 0 waits for zero") \
	F(S, FLAGS, flags, OPTIONAL, semop_flags, "how") \
	F(S, PATIENCE, wait, 0, "longest wait, then EAGAIN; 0 is until the step's deadline, then " \
	  "ETIMEDOUT")
FIELDS(semop_in, SEMOP_IN);

static int sem_op_run(struct op_ctx *ctx, const struct semop_in *in, struct none *out)
{
	int64_t ns = in->wait ? in->wait : op_left_ms(ctx) * 1000000LL;
	struct timespec left = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
	struct sembuf op = {
		.sem_num = (unsigned short)in->number,
		.sem_op = (short)in->change,
		.sem_flg = (short)in->flags,
	};

	if (!semtimedop((int)in->id, &op, 1, &left))
		return 0;
	if (errno == EAGAIN && !in->wait && !(in->flags & IPC_NOWAIT))
		return op_timed_out(ctx, "nothing woke it");
	return -errno;
}
OP(sem_op, "sem.op", semop_in, none,
	.doc = "Change one semaphore, waiting where that must wait.",
	.source = "semtimedop(2)", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.seen = "ipc sem");

#define SEM_SET_IN(F, S) \
	SEM_NUMBER(F, S) \
	F(S, INT, value, REQUIRED, INT32_MIN, INT32_MAX, "new value")
FIELDS(sem_set_in, SEM_SET_IN);

static int sem_set_run(struct op_ctx *ctx, const struct sem_set_in *in, struct none *out)
{
	union semun arg = { .val = (int)in->value };

	return semctl((int)in->id, (int)in->number, SETVAL, arg) < 0 ? -errno : 0;
}
OP(sem_set, "sem.set", sem_set_in, none,
	.doc = "Set the value of a semaphore.",
	.source = "semctl(2) SETVAL", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.seen = "ipc sem");

FIELDS(sem_value_in, SEM_NUMBER);

#define SEM_VALUE_OUT(F, S) \
	F(S, INT, value, REQUIRED, 0, 0, "value") \
	F(S, INT, last_pid, REQUIRED, 0, 0, \
	  "process that changed it last, as the caller numbers it") \
	F(S, TOTAL, waiters, "processes that wait for it to grow")
FIELDS(sem_value_out, SEM_VALUE_OUT);

static int sem_value_run(struct op_ctx *ctx, const struct sem_value_in *in,
			 struct sem_value_out *out)
{
	out->value = semctl((int)in->id, (int)in->number, GETVAL);
	if (out->value < 0)
		return -errno;
	out->last_pid = semctl((int)in->id, (int)in->number, GETPID);
	out->waiters = semctl((int)in->id, (int)in->number, GETNCNT);
	return out->last_pid < 0 || out->waiters < 0 ? -errno : 0;
}
OP(sem_value, "sem.value", sem_value_in, sem_value_out,
	.doc = "Read a semaphore.",
	.source = "semctl(2) GETVAL, GETPID, GETNCNT", .config = "SYSVIPC",
	.touches = NSM_IPC);

#define SEM_WAITERS_IN(F, S) \
	SEM_NUMBER(F, S) \
	F(S, INT_DEF, waiters, 1, 1, INT32_MAX, "how many to wait for")
FIELDS(sem_waiters_in, SEM_WAITERS_IN);

/* Nothing announces a sleeper in semop(2), so GETNCNT is asked again until one is seen. */
static int sem_waiters_run(struct op_ctx *ctx, const struct sem_waiters_in *in, struct none *out)
{
	while (op_left_ms(ctx) > 0) {
		int n = semctl((int)in->id, (int)in->number, GETNCNT);

		if (n < 0)
			return -errno;
		if (n >= in->waiters)
			return 0;
		poll(NULL, 0, 1);
	}
	return op_timed_out(ctx, "there are fewer than %d waiters", (int)in->waiters);
}
OP(sem_waiters, "sem.waiters", sem_waiters_in, none,
	.doc = "Wait until that many processes wait for a semaphore to grow; ETIMEDOUT when fewer do "
	       "at the step's deadline.",
	.source = "semctl(2) GETNCNT", .config = "SYSVIPC",
	.touches = NSM_IPC,
	.unseen = "it waits until so many are seen to wait");

static int sem_remove_run(struct op_ctx *ctx, const struct sysv_id *in, struct none *out)
{
	return semctl((int)in->id, 0, IPC_RMID) < 0 ? -errno : 0;
}
OP(sem_remove, "sem.remove", sysv_id, none,
	.doc = "Remove a set.",
	.source = "semctl(2) IPC_RMID", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.seen = "ipc sem");

#define SEM_STAT_OUT(F, S) \
	SYSV_PERM(F, S) \
	F(S, TOTAL, count, "number of semaphores in the set")
FIELDS(sem_stat_out, SEM_STAT_OUT);

static int sem_stat_run(struct op_ctx *ctx, const struct sysv_id *in, struct sem_stat_out *out)
{
	struct semid_ds ds;
	union semun arg = { .buf = &ds };

	if (semctl((int)in->id, 0, IPC_STAT, arg) < 0)
		return -errno;
	SYSV_PERM_FILL(out, ds.sem_perm);
	out->count = (int64_t)ds.sem_nsems;
	return 0;
}
OP(sem_stat, "sem.stat", sysv_id, sem_stat_out,
	.doc = "Read what the kernel keeps about a set.",
	.source = "semctl(2) IPC_STAT", .config = "SYSVIPC",
	.touches = NSM_IPC);

#define SEM_INFO_OUT(F, S) \
	F(S, TOTAL, sets, "sets in the namespace") \
	F(S, INT, semaphores, REQUIRED, 0, 0, "semaphores that they have together") \
	F(S, INT, max_sets, REQUIRED, 0, 0, "limit semmni")
FIELDS(sem_info_out, SEM_INFO_OUT);

static int sem_info_run(struct op_ctx *ctx, const struct none *in, struct sem_info_out *out)
{
	struct seminfo info;
	union semun arg = { .info = &info };

	if (semctl(0, 0, SEM_INFO, arg) < 0)
		return -errno;
	out->sets = info.semusz; /* SEM_INFO puts the usage there, semctl(2) */
	out->semaphores = info.semaem;
	out->max_sets = info.semmni;
	return 0;
}
OP(sem_info, "sem.info", none, sem_info_out,
	.doc = "Read usage and limits of semaphores in the namespace.",
	.source = "semctl(2) SEM_INFO", .config = "SYSVIPC",
	.touches = NSM_IPC);
