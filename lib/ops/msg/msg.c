// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V message queues.  Sending and receiving never wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/msg.h>

#include "../sysv.h"
#include "nsc/op.h"

#define MSG_ROOM 8192

struct message {
	long type;
	char text[];
};

FIELDS(msgget_in, SYSV_GET);

static int msg_get_run(struct op_ctx *ctx, const struct msgget_in *in, struct sysv_id *out)
{
	out->id = msgget((key_t)in->key, SYSV_GET_FLAGS(in));
	return out->id < 0 ? -errno : 0;
}
OP(msg_get, "msg.get", msgget_in, sysv_id,
	.doc = "Find or make a message queue.",
	.source = "msgget(2)", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC);

#define MSG_SEND_IN(F, S) \
	F(S, INT, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the queue") \
	F(S, INT_DEF, type, 1, 0, INT32_MAX, "type of the message") \
	F(S, STR, text, REQUIRED, "the message")
FIELDS(msg_send_in, MSG_SEND_IN);

static int msg_send_run(struct op_ctx *ctx, const struct msg_send_in *in, struct none *out)
{
	size_t len = strlen(in->text);
	struct message *m = pool_alloc(ctx->pool, sizeof(*m) + len);

	m->type = (long)in->type;
	memcpy(m->text, in->text, len);
	return msgsnd((int)in->id, m, len, IPC_NOWAIT) < 0 ? -errno : 0;
}
OP(msg_send, "msg.send", msg_send_in, none,
	.doc = "Send a message, without waiting for room.",
	.source = "msgsnd(2)", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.seen = "ipc msg");

#define MSG_RECEIVE_IN(F, S) \
	F(S, INT, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the queue") \
	F(S, INT, type, OPTIONAL, INT32_MIN, INT32_MAX, \
	  "type wanted; 0 is any, -n the lowest up to n")
FIELDS(msg_receive_in, MSG_RECEIVE_IN);

#define MSG_RECEIVE_OUT(F, S) \
	F(S, INT, type, REQUIRED, 0, 0, "type of the message") \
	F(S, STR, text, REQUIRED, "the message")
FIELDS(msg_receive_out, MSG_RECEIVE_OUT);

static int msg_receive_run(struct op_ctx *ctx, const struct msg_receive_in *in,
			   struct msg_receive_out *out)
{
	struct message *m = pool_alloc(ctx->pool, sizeof(*m) + MSG_ROOM);
	ssize_t len = msgrcv((int)in->id, m, MSG_ROOM, (long)in->type, IPC_NOWAIT);

	if (len < 0)
		return -errno;
	out->type = m->type;
	out->text = pool_strndup(ctx->pool, m->text, (size_t)len);
	return 0;
}
OP(msg_receive, "msg.receive", msg_receive_in, msg_receive_out,
	.doc = "Take a message out, without waiting for one.",
	.source = "msgrcv(2)", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC);

static int msg_remove_run(struct op_ctx *ctx, const struct sysv_id *in, struct none *out)
{
	return msgctl((int)in->id, IPC_RMID, NULL) < 0 ? -errno : 0;
}
OP(msg_remove, "msg.remove", sysv_id, none,
	.doc = "Remove a queue.",
	.source = "msgctl(2) IPC_RMID", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC,
	.seen = "ipc msg");

#define MSG_CHOWN_IN(F, S) \
	SYSV_ID(F, S) \
	F(S, INT, uid, REQUIRED, 0, UINT32_MAX, "user id of the new owner") \
	F(S, INT, gid, REQUIRED, 0, UINT32_MAX, "group id of the new owner")
FIELDS(msg_chown_in, MSG_CHOWN_IN);

static int msg_chown_run(struct op_ctx *ctx, const struct msg_chown_in *in, struct none *out)
{
	struct msqid_ds ds;

	if (msgctl((int)in->id, IPC_STAT, &ds) < 0)
		return op_broken(ctx, "msgctl: IPC_STAT: %m");
	ds.msg_perm.uid = (uid_t)in->uid;
	ds.msg_perm.gid = (gid_t)in->gid;
	return msgctl((int)in->id, IPC_SET, &ds) < 0 ? -errno : 0;
}
OP(msg_chown, "msg.chown", msg_chown_in, none,
	.doc = "Give a queue to another owner.",
	.source = "msgctl(2) IPC_SET", .config = "SYSVIPC",
	.touches = NSM_IPC, .mutates = NSM_IPC, .seen = "ipc msg");

#define MSG_STAT_OUT(F, S) \
	SYSV_PERM(F, S) \
	F(S, TOTAL, messages, "messages in the queue") \
	F(S, INT, max_bytes, REQUIRED, 0, 0, "most bytes it may hold") \
	F(S, INT, sender_pid, REQUIRED, 0, 0, "process that sent last, as the caller numbers it") \
	F(S, INT, receiver_pid, REQUIRED, 0, 0, "process that received last")
FIELDS(msg_stat_out, MSG_STAT_OUT);

static int msg_stat_run(struct op_ctx *ctx, const struct sysv_id *in, struct msg_stat_out *out)
{
	struct msqid_ds ds;

	if (msgctl((int)in->id, IPC_STAT, &ds) < 0)
		return -errno;
	SYSV_PERM_FILL(out, ds.msg_perm);
	out->messages = (int64_t)ds.msg_qnum;
	out->max_bytes = (int64_t)ds.msg_qbytes;
	out->sender_pid = ds.msg_lspid;
	out->receiver_pid = ds.msg_lrpid;
	return 0;
}
OP(msg_stat, "msg.stat", sysv_id, msg_stat_out,
	.doc = "Read what the kernel keeps about a queue.",
	.source = "msgctl(2) IPC_STAT", .config = "SYSVIPC",
	.touches = NSM_IPC);

#define MSG_INFO_OUT(F, S) \
	F(S, TOTAL, queues, "queues in the namespace") \
	F(S, TOTAL, messages, "messages in all of them") \
	F(S, INT, bytes, REQUIRED, 0, 0, "bytes in all of them") \
	F(S, INT, max_message, REQUIRED, 0, 0, "limit msgmax in bytes") \
	F(S, INT, max_bytes, REQUIRED, 0, 0, "limit msgmnb in bytes") \
	F(S, INT, max_queues, REQUIRED, 0, 0, "limit msgmni")
FIELDS(msg_info_out, MSG_INFO_OUT);

static int msg_info_run(struct op_ctx *ctx, const struct none *in, struct msg_info_out *out)
{
	struct msginfo info;

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
OP(msg_info, "msg.info", none, msg_info_out,
	.doc = "Read usage and limits of message queues in the namespace.",
	.source = "msgctl(2) MSG_INFO", .config = "SYSVIPC",
	.touches = NSM_IPC);
