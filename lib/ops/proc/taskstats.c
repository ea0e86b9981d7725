// SPDX-License-Identifier: GPL-2.0-only
/*
 * What taskstats tells about a process, by number.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/taskstats.h>
#include <string.h>

#include "../../net/genl.h"
#include "../proc.h"

#define TASKSTATS_IN(F, S) \
	F(S, ACTOR, actor, OPTIONAL, "process, by the number that the caller sees") \
	F(S, PID, pid, "process by number")
FIELDS(taskstats_in, TASKSTATS_IN);

#define TASKSTATS_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "its number, as the caller sees it") \
	F(S, INT, ppid, REQUIRED, 0, 0, "its parent's, 0 if that is not visible") \
	F(S, INT, uid, REQUIRED, 0, 0, "its user id, as the caller sees it")
FIELDS(taskstats_out, TASKSTATS_OUT);

static int take(struct op_ctx *ctx, struct nlmsghdr *part, struct taskstats_out *out)
{
	struct nlattr *attrs[TASKSTATS_TYPE_MAX + 1], *inner[TASKSTATS_TYPE_MAX + 1];
	struct taskstats stats;

	genl_attrs(part, attrs, TASKSTATS_TYPE_MAX);
	if (!attrs[TASKSTATS_TYPE_AGGR_PID] ||
	    nla_parse_nested(inner, TASKSTATS_TYPE_MAX, attrs[TASKSTATS_TYPE_AGGR_PID], NULL) < 0 ||
	    !inner[TASKSTATS_TYPE_STATS] ||
	    (size_t)nla_len(inner[TASKSTATS_TYPE_STATS]) <
		    offsetof(struct taskstats, ac_ppid) + sizeof(stats.ac_ppid))
		return op_broken(ctx, "taskstats answers without statistics");
	memset(&stats, 0, sizeof(stats));
	size_t size = (size_t)nla_len(inner[TASKSTATS_TYPE_STATS]);

	memcpy(&stats, nla_data(inner[TASKSTATS_TYPE_STATS]),
	       size < sizeof(stats) ? size : sizeof(stats));
	out->pid = stats.ac_pid;
	out->ppid = stats.ac_ppid;
	out->uid = stats.ac_uid;
	return 0;
}

static int proc_taskstats_run(struct op_ctx *ctx, const struct taskstats_in *in,
			      struct taskstats_out *out)
{
	struct netlink_answer answer = { 0 };
	pid_t pid = 0;
	int rc = target_pid(ctx, &in->actor, in->pid, &pid);

	if (rc)
		return rc;
	int family = genl_family(ctx, TASKSTATS_GENL_NAME);

	if (family < 0)
		return family == OP_BROKEN ? family : op_broken(ctx, "there is no taskstats");
	AUTO_MSG *msg = genl_msg(family, TASKSTATS_CMD_GET, 0);

	netlink_put_u32(msg, TASKSTATS_CMD_ATTR_PID, (uint32_t)pid);
	rc = netlink_ask(ctx, NETLINK_GENERIC, msg, &answer);
	if (rc)
		return rc;
	return answer.n ? take(ctx, answer.v[0], out) : op_broken(ctx, "taskstats says nothing");
}
OP(proc_taskstats, "proc.taskstats", taskstats_in, taskstats_out,
	.doc = "Ask taskstats for the accounting data of a process.",
	.source = "Documentation/accounting/taskstats.rst", .config = "TASKSTATS",
	.asks = "root cap.NET_ADMIN",
	.touches = NSM_PID);
