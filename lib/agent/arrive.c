// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the actor does itself once it is in its namespaces: see that they are new, root file
 * system, signals, credentials; then serve.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../root/moat.h"
#include "../root/root.h"
#include "birth.h"
#include "nsc/processors.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

static void take_groups(const struct birth *b)
{
	const struct ints *groups = &b->place.groups;
	gid_t list[64];

	if (!groups->v)
		return;
	if (groups->n > 64) {
		errno = E2BIG;
		birth_fail(b, "groups");
	}
	for (size_t i = 0; i < groups->n; i++)
		list[i] = (gid_t)groups->v[i];
	if (sys_call(ID_CALL(setgroups), groups->n, list) < 0)
		birth_fail(b, "setgroups");
	birth_verify_groups(b, groups->n);
}

static void take_ids(const struct birth *b)
{
	uid_t uid = (uid_t)b->place.uid;
	gid_t gid = (gid_t)b->place.gid;

	take_groups(b);
	if (b->place.gid >= 0 && sys_call(ID_CALL(setresgid), gid, gid, gid) < 0)
		birth_fail(b, "setresgid %u", gid);
	if (b->place.uid >= 0 && sys_call(ID_CALL(setresuid), uid, uid, uid) < 0)
		birth_fail(b, "setresuid %u", uid);
	if (b->place.uid >= 0 || b->place.gid >= 0)
		birth_verify_ids(b, "setresuid, setresgid", b->place.uid >= 0 ? uid : (uid_t)-1,
				 b->place.gid >= 0 ? gid : (gid_t)-1);
	if ((b->place.uid >= 0 || b->place.gid >= 0) && prctl(PR_SET_DUMPABLE, 1) < 0)
		birth_fail(b, "PR_SET_DUMPABLE");
}

static void drop_caps(const struct birth *b)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (!b->place.drop)
		return;
	for (int cap = 0; cap < 64; cap++)
		/* EPERM without CAP_SETPCAP: the bounding set then stays, the others go. */
		if ((b->place.drop & (1ull << cap)) && prctl(PR_CAPBSET_READ, cap) == 1)
			prctl(PR_CAPBSET_DROP, cap);
	if (sys_call(SYS_capget, &header, data) < 0)
		birth_fail(b, "capget");
	for (int half = 0; half < 2; half++) {
		uint32_t keep = ~(uint32_t)(b->place.drop >> (32 * half));

		data[half].effective &= keep;
		data[half].permitted &= keep;
		data[half].inheritable &= keep;
	}
	if (sys_call(SYS_capset, &header, data) < 0)
		birth_fail(b, "capset");
	if (sys_call(SYS_capget, &header, data) < 0)
		birth_fail(b, "capget");
	if ((data[0].permitted & (uint32_t)b->place.drop) ||
	    (data[1].permitted & (uint32_t)(b->place.drop >> 32)))
		birth_did_nothing(b, "capset", "the capabilities are still there");
}

static void set_signals(const struct birth *b)
{
	for (int sig = 1; sig < 32; sig++)
		if (b->place.ignore & (1ull << sig))
			signal(sig, SIG_IGN);
	if (b->place.subreaper && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		birth_fail(b, "PR_SET_CHILD_SUBREAPER");
}

static void make_root(const struct birth *b)
{
	const char *failed = NULL;

	if (b->in->moat)
		failed = moat_make(&b->in->programs);
	else if (b->in->layout || b->place.root == ROOT_FRESH)
		failed = root_fresh(b->in->procfs);
	if (!failed && b->place.proc)
		failed = root_proc();
	if (failed)
		birth_fail(b, "%s", failed);
}

/*
 * A limit of the arena's own, so that a fork bomb uses up the arena's numbers and not the
 * machine's. Where /proc/sys is read-only (containers) or there is no /proc, the machine's limit
 * holds.
 */
static void limit_pids(const struct birth *b)
{
	char text[24];

	if (!b->in->pid_max)
		return;
	snprintf(text, sizeof(text), "%lld", (long long)b->in->pid_max);
	int rc = sys_write_file("/proc/sys/kernel/pid_max", text);

	if (rc < 0 && rc != -EROFS && rc != -EACCES && rc != -ENOENT) {
		errno = -rc;
		birth_fail(b, "write kernel.pid_max");
	}
}

/* An arena's parent stays on one processor, as the runner does, whereas a cell may need all. */
static void take_processors(const struct birth *b)
{
	int rc = b->in->processors.n ? processors_set(0, &b->in->processors) : 0;

	if (rc < 0) {
		errno = -rc;
		birth_fail(b, "sched_setaffinity");
	}
}

static void leave_credential_socket(const struct birth *b)
{
	if (b->in->cred_sock >= 0 && send(b->in->cred_sock, "", 1, MSG_NOSIGNAL) != 1)
		birth_fail(b, "leave credentials");
}

/* The call's descriptors but the channel: an actor that kept them would pin namespaces. */
static void forget_parameters(const struct birth *b)
{
	if (b->in->cred_sock >= 0)
		close(b->in->cred_sock);
	for (size_t i = 0; i < b->in->join.n; i++)
		close(b->in->join.v[i]);
	for (size_t i = 0; i < b->in->cgroups.n; i++)
		close(b->in->cgroups.v[i]);
}

void birth_arrive(struct birth *b)
{
	struct agent agent = *b->agent;
	struct pool *pool = b->ctx->pool;

	birth_open_self(b);
	/* The PID and time namespaces of children may be others than the parent's own. */
	agent.looked &= ~((unsigned)b->place.new | (unsigned)b->in->join_types | NSM_PID |
			  NSM_TIME);
	birth_verify(b, (unsigned)b->place.new, &agent);
	take_processors(b);
	make_root(b);
	limit_pids(b);
	set_signals(b);
	take_ids(b);
	drop_caps(b);
	leave_credential_socket(b);
	agent.fenced |= (unsigned)b->place.new;
	agent.leads = false;
	agent.keep = b->hold;
	agent.channel = b->in->channel;
	forget_parameters(b);
	birth_tell(b, "done", value_bool(pool, b->borne));
	close(b->child_end < 0 ? b->agent->channel : b->child_end);
	if (b->self >= 0)
		close(b->self);
	agent_serve(&agent, b->ctx->pool);
}
