// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V message queues.  Sending and receiving never wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/msg.h>

#include "nsc/op.h"
#include "sysv.h"

#define MSG_ROOM 8192

struct message {
	long type;
	char text[];
};

struct msgget_in {
	SYSV_GET_MEMBERS;
};

static const struct field msgget_in_fields[] = {
	SYSV_GET_FIELDS(struct msgget_in),
	F_END
};

static int msgget_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct msgget_in *in = params;
	struct sysv_id *out = results;

	(void)ctx;
	out->id = msgget((key_t)in->key, SYSV_GET_FLAGS(in));
	return out->id < 0 ? -errno : 0;
}

struct msg_send_in {
	int64_t id, type;
	const char *text;
};

static const struct field msg_send_in_fields[] = {
	F_INT(struct msg_send_in, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the queue"),
	F_INT_DEF(struct msg_send_in, type, 1, 0, INT32_MAX, "type of the message"),
	F_STR(struct msg_send_in, text, REQUIRED, "the message"),
	F_END
};

static int msg_send_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct msg_send_in *in = params;
	size_t len = strlen(in->text);
	struct message *m = pool_alloc(ctx->pool, sizeof(*m) + len);

	(void)results;
	m->type = (long)in->type;
	memcpy(m->text, in->text, len);
	return msgsnd((int)in->id, m, len, IPC_NOWAIT) < 0 ? -errno : 0;
}

struct msg_receive_in {
	int64_t id, type;
};

static const struct field msg_receive_in_fields[] = {
	F_INT(struct msg_receive_in, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the queue"),
	F_INT(struct msg_receive_in, type, OPTIONAL, INT32_MIN, INT32_MAX,
	      "type wanted; 0 is any, -n the lowest up to n"),
	F_END
};

struct msg_receive_out {
	int64_t type;
	const char *text;
};

static const struct field msg_receive_out_fields[] = {
	F_INT(struct msg_receive_out, type, REQUIRED, 0, 0, "type of the message"),
	F_STR(struct msg_receive_out, text, REQUIRED, "the message"),
	F_END
};

static int msg_receive_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct msg_receive_in *in = params;
	struct msg_receive_out *out = results;
	struct message *m = pool_alloc(ctx->pool, sizeof(*m) + MSG_ROOM);
	ssize_t len = msgrcv((int)in->id, m, MSG_ROOM, (long)in->type, IPC_NOWAIT);

	if (len < 0)
		return -errno;
	out->type = m->type;
	out->text = pool_strndup(ctx->pool, m->text, (size_t)len);
	return 0;
}

static int msg_remove_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysv_id *in = params;

	(void)ctx, (void)results;
	return msgctl((int)in->id, IPC_RMID, NULL) < 0 ? -errno : 0;
}

struct msg_stat_out {
	SYSV_PERM_MEMBERS;
	int64_t messages, max_bytes, sender_pid, receiver_pid;
};

static const struct field msg_stat_out_fields[] = {
	SYSV_PERM_FIELDS(struct msg_stat_out),
	F_INT(struct msg_stat_out, messages, REQUIRED, 0, 0, "messages in the queue"),
	F_INT(struct msg_stat_out, max_bytes, REQUIRED, 0, 0, "most bytes it may hold"),
	F_INT(struct msg_stat_out, sender_pid, REQUIRED, 0, 0,
	      "process that sent last, as the caller numbers it"),
	F_INT(struct msg_stat_out, receiver_pid, REQUIRED, 0, 0, "process that received last"),
	F_END
};

static int msg_stat_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysv_id *in = params;
	struct msg_stat_out *out = results;
	struct msqid_ds ds;

	(void)ctx;
	if (msgctl((int)in->id, IPC_STAT, &ds) < 0)
		return -errno;
	SYSV_PERM_FILL(out, ds.msg_perm);
	out->messages = (int64_t)ds.msg_qnum;
	out->max_bytes = (int64_t)ds.msg_qbytes;
	out->sender_pid = ds.msg_lspid;
	out->receiver_pid = ds.msg_lrpid;
	return 0;
}

struct msg_info_out {
	int64_t queues, messages, bytes, max_message, max_bytes, max_queues;
};

static const struct field msg_info_out_fields[] = {
	F_INT(struct msg_info_out, queues, REQUIRED, 0, 0, "queues in the namespace"),
	F_INT(struct msg_info_out, messages, REQUIRED, 0, 0, "messages in all of them"),
	F_INT(struct msg_info_out, bytes, REQUIRED, 0, 0, "bytes in all of them"),
	F_INT(struct msg_info_out, max_message, REQUIRED, 0, 0, "limit msgmax in bytes"),
	F_INT(struct msg_info_out, max_bytes, REQUIRED, 0, 0, "limit msgmnb in bytes"),
	F_INT(struct msg_info_out, max_queues, REQUIRED, 0, 0, "limit msgmni"),
	F_END
};

static int msg_info_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct msg_info_out *out = results;
	struct msginfo info;

	(void)params, (void)ctx;
	if (msgctl(0, MSG_INFO, (struct msqid_ds *)&info) < 0)
		return -errno;
	out->queues = info.msgpool; /* MSG_INFO puts the usage into these three, msgctl(2) */
	out->messages = info.msgmap;
	out->bytes = info.msgtql;
	out->max_message = info.msgmax;
	out->max_bytes = info.msgmnb;
	out->max_queues = info.msgmni;
	return 0;
}

#define MSG_ID .in = sysv_id_fields, .in_size = sizeof(struct sysv_id)

const struct op msg_ops[] = {
	{
		.name = "msg.get",
		.doc = "Find or make a message queue.",
		.source = "msgget(2)",
		.config = "SYSVIPC",
		OP_IN(msgget), .out = sysv_id_fields, .out_size = sizeof(struct sysv_id),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = msgget_run,
	},
	{
		.name = "msg.send",
		.doc = "Send a message, without waiting for room.",
		.source = "msgsnd(2)",
		.config = "SYSVIPC",
		OP_IN(msg_send),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = msg_send_run,
	},
	{
		.name = "msg.receive",
		.doc = "Take a message out, without waiting for one.",
		.source = "msgrcv(2)",
		.config = "SYSVIPC",
		OP_IN(msg_receive), OP_OUT(msg_receive),
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = msg_receive_run,
	},
	{
		.name = "msg.remove",
		.doc = "Remove a queue.",
		.source = "msgctl(2) IPC_RMID",
		.config = "SYSVIPC",
		MSG_ID,
		.touches = NSM_IPC, .mutates = NSM_IPC,
		.run = msg_remove_run,
	},
	{
		.name = "msg.stat",
		.doc = "Read what the kernel keeps about a queue.",
		.source = "msgctl(2) IPC_STAT",
		.config = "SYSVIPC",
		MSG_ID, OP_OUT(msg_stat),
		.touches = NSM_IPC,
		.run = msg_stat_run,
	},
	{
		.name = "msg.info",
		.doc = "Read usage and limits of message queues in the namespace.",
		.source = "msgctl(2) MSG_INFO",
		.config = "SYSVIPC",
		OP_OUT(msg_info),
		.touches = NSM_IPC,
		.run = msg_info_run,
	},
	{ 0 }
};
