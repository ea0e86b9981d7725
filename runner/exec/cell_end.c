// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a cell waits, and how it ends: reported or not, everything in it killed.
 */
#define _GNU_SOURCE
#include <signal.h>

#include "exec/canary_cell.h"
#include "exec/cell_end.h"
#include "exec/cell_cgroups.h"
#include "exec/ours.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

/* An agent is late when it has not answered this long after its own deadline. */
#define GRACE_NS 1000000000ll
#define DYING_WITHIN_NS 20000000000ll

void cell_gone(struct slot *slot)
{
	peer_close(&slot->arena);
	cell_cgroups_done(slot);
	slot->phase = PHASE_IDLE;
}

static bool nobody_is(void *context, const struct kmsg_line *line)
{
	(void)context, (void)line;
	return false;
}

/*
 * Only a cell that ran by itself from beginning to end can be blamed.  On a machine that is thrown
 * away afterwards all lines are then its own; any other has more users than this run, and a line
 * is the cell's when it names one of its processes.
 */
static void note_log(struct slot *slot)
{
	struct shared *shared = slot->shared;
	bool alone = slot->config->slots == 1 && !slot->config->inside &&
		slot->started_as == shared->starts;
	const struct kmsg_owner owner = {
		.all = alone && slot->config->disposable,
		.is_ours = alone ? ours_is : nobody_is, .context = slot,
	};
	struct kmsg_news news = kmsg_read(&shared->kmsg, &slot->pool, &owner);

	slot->trace.log = news.others;
	slot->trace.own_log = news.own;
	shared->running--;
}

/* The cell is over: everything in it is killed by killing the arena's PID 1. */
static void end(struct slot *slot)
{
	for (size_t i = 0; i < slot->script.n_actors; i++)
		peer_close(&slot->actors[i]);
	slot_close_fds(slot);
	slot->waiting = NULL;
	slot->deadline_ns = sys_now_ns() + patience(DYING_WITHIN_NS);
	slot->late_once = false;
	slot->phase = PHASE_DYING;
	peer_disconnect(&slot->arena);
	if (slot->arena.pidfd < 0) {
		cell_gone(slot);
		return;
	}
	sys_pidfd_send_signal(slot->arena.pidfd, SIGKILL, 0);
	if (!peer_watch_process(&slot->arena))
		cell_gone(slot);
}

void cell_finish(struct slot *slot)
{
	slot->trace.took_ns = sys_now_ns() - slot->started_ns;
	shared_lock(slot->shared);
	note_log(slot);
	if (slot->index == EXEC_CANARY)
		canary_felt(slot->config->canary, &slot->trace, slot->trace.took_ns);
	else
		slot->config->done(slot->config->context, slot->index, &slot->pool, &slot->script,
				   &slot->trace);
	shared_finished(slot->shared);
	shared_unlock(slot->shared);
	end(slot);
}

void cell_abandon(struct slot *slot)
{
	if (slot->phase == PHASE_IDLE || slot->phase == PHASE_DYING)
		return;
	shared_lock(slot->shared);
	slot->shared->running--;
	shared_unlock(slot->shared);
	end(slot);
}

void cell_break(struct slot *slot, const char *why)
{
	if (!slot->trace.broken)
		slot->trace.broken = why;
	cell_finish(slot);
}

void cell_wait(struct slot *slot, struct peer *peer, int64_t within_ns)
{
	slot->waiting = peer;
	slot->sent_ns = sys_now_ns();
	slot->deadline_ns = slot->sent_ns + within_ns + patience(GRACE_NS);
	/* The cell as a whole is not late once for each of its steps. */
	if (slot->deadline_ns > slot->cell_deadline_ns)
		slot->deadline_ns = slot->cell_deadline_ns;
	else
		slot->late_once = false;
}
