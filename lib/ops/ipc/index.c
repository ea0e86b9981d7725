// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V objects by their place in the kernel's table, as ipcs(1) finds them: no key and no
 * identifier has to be known for that, and with *_STAT_ANY no permission.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "nsc/op.h"

#ifndef SHM_STAT_ANY /* since Linux 4.17 */
#define SHM_STAT_ANY 15
#endif
#ifndef SEM_STAT_ANY
#define SEM_STAT_ANY 20
#endif
#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif

enum { INDEX_SHM, INDEX_SEM, INDEX_MSG, INDEX_MAX = 4096 };

static const struct symbol kind_symbols[] = {
	{ "shm", INDEX_SHM, "shared memory" },
	{ "sem", INDEX_SEM, "semaphores" },
	{ "msg", INDEX_MSG, "message queues" },
	{ 0 }
};

union semun {
	struct semid_ds *buf;
	struct seminfo *info;
};

/* The highest place in use, or -1 with errno. */
static int highest(int64_t kind)
{
	struct shm_info shm;
	struct msginfo msg;
	struct seminfo sem;

	switch (kind) {
	case INDEX_SHM: return shmctl(0, SHM_INFO, (struct shmid_ds *)&shm);
	case INDEX_SEM: return semctl(0, 0, SEM_INFO, (union semun){ .info = &sem });
	default: return msgctl(0, MSG_INFO, (struct msqid_ds *)&msg);
	}
}

/* The identifier of what is at that place, or -1 with errno. */
static int at_place(int64_t kind, int place, bool any)
{
	struct shmid_ds shm;
	struct msqid_ds msg;
	struct semid_ds sem;

	switch (kind) {
	case INDEX_SHM: return shmctl(place, any ? SHM_STAT_ANY : SHM_STAT, &shm);
	case INDEX_SEM: return semctl(place, 0, any ? SEM_STAT_ANY : SEM_STAT,
				      (union semun){ .buf = &sem });
	default: return msgctl(place, any ? MSG_STAT_ANY : MSG_STAT, &msg);
	}
}

#define INDEX_IN(F, S) \
	F(S, ENUM, kind, REQUIRED, kind_symbols, "which table") \
	F(S, BOOL, any, "by *_STAT_ANY, which asks for no permission (Linux 4.17)")
FIELDS(index_in, INDEX_IN);

#define INDEX_OUT(F, S) \
	F(S, INTS, ids, REQUIRED, 0, 0, "identifiers of what was found") \
	F(S, TOTAL, count, "how many they are") \
	F(S, INT, refused, REQUIRED, 0, 0, "how many there are that may not be read") \
	F(S, INT, highest, REQUIRED, 0, 0, \
	  "highest place in use, as *_INFO tells; 0 when there is none")
FIELDS(index_out, INDEX_OUT);

static int ipc_by_place_run(struct op_ctx *ctx, const struct index_in *in, struct index_out *out)
{
	int last = highest(in->kind);

	if (last < 0)
		return -errno;
	out->highest = last;
	out->ids.v = pool_array(ctx->pool, int64_t, INDEX_MAX);
	for (int place = 0; place <= last && place < INDEX_MAX; place++) {
		int id = at_place(in->kind, place, in->any);

		if (id >= 0)
			out->ids.v[out->ids.n++] = id;
		else if (errno == EACCES)
			out->refused++;
		else if (errno != EINVAL && errno != EIDRM)
			return -errno;
	}
	out->count = (int64_t)out->ids.n;
	return 0;
}
OP(ipc_by_place, "ipc.by_place", index_in, index_out,
	.doc = "List System V objects by their places in the table, by *_STAT or *_STAT_ANY.",
	.source = "shmctl(2) SHM_STAT_ANY, semctl(2) SEM_STAT_ANY, msgctl(2) MSG_STAT_ANY",
	.config = "SYSVIPC",
	.touches = NSM_IPC);
