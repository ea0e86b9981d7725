// SPDX-License-Identifier: GPL-2.0-only
/*
 * The path of a cell: what is done next, what an answer means, and how it ends.
 */
#include <errno.h>
#include <string.h>

#include "compile/compile.h"
#include "exec/busy.h"
#include "exec/cell.h"
#include "exec/cell_end.h"
#include "exec/params.h"
#include "exec/setup.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

#define CELL_WITHIN_NS 20000000000ll
/* What a parent has to tell of a process that died as it was placed, it tells within this. */
#define UNBORN_NS 1000000000ll

/* NS, or BY_DEFAULT when it is 0, on this machine. */
static int64_t within_here(int64_t ns, int64_t by_default)
{
	return patience(ns ? ns : by_default);
}

static struct outcome *outcome_broken(struct slot *slot, size_t step, const char *why)
{
	struct outcome *o = &slot->trace.outcomes[step];

	o->status = OUTCOME_BROKEN;
	o->why = why;
	return o;
}

/* An actor that should be there is not: ours to explain, unless somebody else keeps it alive. */
static void outcome_dead(struct slot *slot, size_t step, const struct peer *peer, const char *when)
{
	bool lost = setup_in_box(slot, peer);

	outcome_broken(slot, step, pool_printf(&slot->pool, "%s%s%s",
					       lost ? "the box is gone: " : "", peer->name, when));
	slot->trace.died = true;
	if (lost)
		slot->trace.outcomes[step].status = OUTCOME_LOST;
}

/* Step AT has no answer and is done: its op ends the actor, or asks whether the actor is alive. */
static void outcome_silent(struct slot *slot, size_t at)
{
	struct outcome *o = &slot->trace.outcomes[at];
	bool asks = slot->script.steps[at].step->op->flags & OP_ASKS;

	*o = (struct outcome){
		.status = OUTCOME_DONE, .error = asks ? ESRCH : 0, .with = o->with
	};
}

/* End the cell over it; false, as it has ended. */
static bool cell_lost(struct slot *slot, size_t step, const struct peer *peer, const char *when)
{
	slot->waiting = NULL;
	outcome_dead(slot, step, peer, when);
	cell_finish(slot);
	return false;
}

/* The agent that plays the actor. */
static struct peer *player(struct slot *slot, int actor)
{
	return actor == slot->script.hosted ? &slot->arena : &slot->actors[actor];
}

/* The agent that carries out the step. */
static struct peer *performer(struct slot *slot, const struct script_step *s)
{
	const struct op *op = s->step->op;

	if (op->flags & OP_OUTSIDE)
		return &slot->worker;
	return op->flags & OP_MOAT ? &slot->arena : player(slot, s->actor);
}

/*
 * The agent of step AT cannot be called; false when this ends the cell.  To an op that asks whether
 * the actor is alive this is the answer, if it is because the agent is DEAD.
 */
static bool call_nobody(struct slot *slot, size_t at, const struct peer *peer, bool dead,
			const char *when)
{
	if (!dead || !(slot->script.steps[at].step->op->flags & OP_ASKS))
		return cell_lost(slot, at, peer, when);
	outcome_silent(slot, at);
	return true;
}

/* Whether sending fails because nobody has the other end; unix(7) and, in a race, ECONNREFUSED. */
static bool says_gone(int rc)
{
	return rc == -EPIPE || rc == -ECONNRESET || rc == -ENOTCONN || rc == -ECONNREFUSED;
}

/* Begin step AT; false when the cell has ended over it. */
static bool call_step(struct slot *slot, size_t at)
{
	const struct script_step *s = &slot->script.steps[at];
	struct peer *peer = performer(slot, s);
	int64_t within = within_here(s->step->within_ns, STEP_WITHIN_NS);
	struct pool *pool = &slot->pool;
	const char *missing, *why = NULL;

	if (peer->dead || peer->channel < 0)
		return call_nobody(slot, at, peer, peer->dead, " is dead");
	const struct value *with = trace_resolve(pool, &slot->script, &slot->trace, at, s->with,
						 &missing);

	if (!with)
		why = pool_printf(pool, "%s is not there to be used", missing);
	else if (peer->pending != PENDING_NONE)
		why = pool_printf(pool, "%s is still busy with a background step", peer->name);
	if (!why && s->step->kind == STEP_LAUNCH) {
		setup_box(slot, at, with);
		return slot->waiting != NULL;
	}
	if (!why) {
		slot->trace.outcomes[at].with = with;
		if (s->step->op->flags & OP_UNBOXES)
			setup_unbox(slot);
		if (s->step->op->flags & (OP_ENDS | OP_ASKS))
			peer_watch_process(peer);
		int rc = peer_call(peer, PENDING_STEP, at, s->step->op->name,
				   params_for_wire(slot, s->step->op, with), within,
				   (s->step->trial ? CALL_TRIAL : 0u) |
				   (s->check ? CALL_CHECK : 0u));

		if (says_gone(rc))
			return call_nobody(slot, at, peer, true, " is gone");
		if (rc < 0)
			why = pool_printf(pool, "%s cannot be called: %s", peer->name,
					  strerror(-rc));
		else if (s->step->op->flags & OP_CONSUMES)
			params_forget(slot, with);
	}
	if (why) {
		outcome_broken(slot, at, why);
		cell_finish(slot);
		return false;
	}
	if (!s->step->background)
		cell_wait(slot, peer, within);
	return true;
}

/* The step in the background that the finish step waits for. */
static int background_of(const struct slot *slot, const struct step *finish_step)
{
	for (size_t i = 0; i < slot->script.n_steps; i++) {
		const char *name = slot->script.steps[i].step->background;

		if (name && !strcmp(name, finish_step->finishes))
			return (int)i;
	}
	return -1;
}

static bool finish_step(struct slot *slot, size_t at)
{
	const struct script_step *s = &slot->script.steps[at];
	int of = background_of(slot, s->step);
	int64_t within = within_here(s->step->within_ns, STEP_WITHIN_NS);

	if (of < 0) {
		outcome_broken(slot, at, "its background step is not part of this cell");
		cell_finish(slot);
		return false;
	}
	if (slot->trace.outcomes[of].status != OUTCOME_NONE) {
		slot->trace.outcomes[at] = slot->trace.outcomes[of];
		return true;
	}
	cell_wait(slot, performer(slot, &slot->script.steps[of]), within);
	return true;
}

/* A refused step without expectation leaves a world that is not the intended one. */
static bool may_go_on(const struct slot *slot, size_t at)
{
	const struct outcome *o = &slot->trace.outcomes[at];
	const struct script_step *s = &slot->script.steps[at];

	return o->status == OUTCOME_DONE && (s->expect || !o->error);
}

/* Step AT is done; false when the cell has ended over it. */
static bool step_done(struct slot *slot, size_t at)
{
	if (may_go_on(slot, at))
		return true;
	cell_finish(slot);
	return false;
}

/* Do step AT; true when it is done or in the background and the next may begin. */
static bool do_step(struct slot *slot, size_t at)
{
	const struct script_step *s = &slot->script.steps[at];

	if (s->step->kind == STEP_START) {
		setup_actor(slot, (size_t)s->actor);
		return false;
	}
	if (s->step->kind == STEP_FINISH)
		return finish_step(slot, at) && !slot->waiting && step_done(slot, at);
	if (trace_left_out(&slot->script, &slot->trace, at))
		return true;
	if (!call_step(slot, at))
		return false;
	return s->step->background || (!slot->waiting && step_done(slot, at));
}

static void advance(struct slot *slot)
{
	while (!slot->waiting) {
		if (slot->phase == PHASE_ACTORS) {
			while (slot->at < slot->script.n_actors &&
			       (slot->script.moat || slot->script.actors[slot->at].actor->later ||
				(int)slot->at == slot->script.hosted))
				slot->at++;
			if (slot->at < slot->script.n_actors) {
				setup_actor(slot, slot->at);
				return;
			}
			slot->phase = PHASE_STEPS;
			slot->at = 0;
		}
		if (slot->phase != PHASE_STEPS)
			return;
		if (slot->at == slot->script.n_steps) {
			cell_finish(slot);
			return;
		}
		if (!do_step(slot, slot->at))
			return;
		slot->at++;
	}
}

void cell_start(struct slot *slot, size_t index, const struct cell *cell)
{
	pool_reset(&slot->pool);
	slot->index = index;
	slot->cell = *cell;
	cell_compile(&slot->pool, &slot->cell, slot->config->release, &slot->script);
	slot->trace = (struct trace){
		.outcomes = pool_array(&slot->pool, struct outcome, slot->script.n_steps + 1),
		.n = slot->script.n_steps, .started_ns = sys_wall_ns(),
	};
	slot->actors = pool_array(&slot->pool, struct peer, slot->script.n_actors + 1);
	for (size_t i = 0; i < slot->script.n_actors; i++)
		peer_init(&slot->actors[i], slot, slot->script.actors[i].actor->name);
	slot->fds = NULL;
	slot->n_fds = slot->room_fds = 0;
	slot->links.n = 0;
	slot->have_links = false;
	shared_lock(slot->shared);
	slot->shared->starts++;
	slot->started_as = slot->shared->running++ ? 0 : slot->shared->starts;
	const char *why = slot->shared->over;

	shared_unlock(slot->shared);
	slot->at = 0;
	slot->phase = PHASE_ARENA;
	slot->started_ns = slot->sent_ns = sys_now_ns();
	slot->cell_deadline_ns = slot->started_ns + setup_more_within(slot) +
				 within_here(cell->scenario->within_ns, CELL_WITHIN_NS);
	peer_init(&slot->arena, slot, "the arena");
	if (!why)
		why = worker_ready(slot);
	if (why)
		cell_break(slot, why);
	else
		setup_arena(slot);
}

/* Whom PARENT, which is waited for, is making. */
static struct peer *being_born(struct slot *slot, const struct peer *parent)
{
	return parent == &slot->worker ? &slot->arena : &slot->actors[parent->pending_index];
}

/* Whether the step that waits for a new actor says what is to be seen then. */
static bool start_is_judged(const struct slot *slot)
{
	return slot->phase == PHASE_STEPS && slot->at < slot->script.n_steps &&
	       slot->script.steps[slot->at].expect;
}

static void step_over(struct slot *slot);

/* A reply is handled by the kind of call that it answers. */
static void on_spawned(struct slot *slot, struct peer *parent, const struct value *reply,
		       struct wire_fds *fds)
{
	const struct value *why = value_get(reply, "broken"), *out = value_get(reply, "out");
	const struct value *error = value_get(reply, "errno");
	const struct value *lie = value_get(reply, "lied");
	struct peer *born = being_born(slot, parent);

	parent->pending = PENDING_NONE;
	slot->waiting = NULL;
	if (!why)
		why = value_get(reply, "why");
	if (!out && error && start_is_judged(slot)) {
		wire_fds_close(fds);
		slot->trace.outcomes[slot->at] = (struct outcome){
			.status = OUTCOME_DONE, .error = (int)error->i,
			.why = why ? value_text(why) : NULL,
		};
		step_over(slot);
		return;
	}
	if (lie) {
		wire_fds_close(fds);
		if (slot->phase == PHASE_STEPS)
			slot->trace.outcomes[slot->at] =
				(struct outcome){ .status = OUTCOME_LIED, .lie = lie };
		else
			slot->trace.lie = lie;
		cell_finish(slot);
		return;
	}
	if (why || !out) {
		wire_fds_close(fds);
		slot->trace.late = value_true(value_get(reply, "waited_out"));
		cell_break(slot, pool_printf(&slot->pool, "%s could not be made: %s", born->name,
					     why ? value_text(why) : "no answer"));
		return;
	}
	/* Without a pidfd, an op that names the actor would be about its caller. */
	if (fds->n != 1) {
		wire_fds_close(fds);
		cell_break(slot, pool_printf(&slot->pool, "there is no pidfd of %s", born->name));
		return;
	}
	born->pidfd = fds->v[0];
	if (slot->phase == PHASE_STEPS)
		slot->trace.outcomes[slot->at].status = OUTCOME_DONE;
	if (slot->phase == PHASE_ARENA) {
		slot->phase = PHASE_ACTORS;
		slot->at = 0;
	} else {
		slot->at++;
	}
	advance(slot);
}

static void on_links(struct slot *slot, struct peer *owner, const struct value *reply,
		     struct wire_fds *fds)
{
	const struct value *why = value_get(reply, "broken");

	owner->pending = PENDING_NONE;
	slot->waiting = NULL;
	if (why) {
		wire_fds_close(fds);
		slot->trace.late = value_true(value_get(reply, "waited_out"));
		cell_break(slot, value_text(why));
		return;
	}
	slot->links = *fds;
	slot->have_links = true;
	advance(slot);
}

/* The waited-for step is complete: go on, or end the cell. */
static void step_over(struct slot *slot)
{
	slot->waiting = NULL;
	if (slot->script.steps[slot->at].step->kind == STEP_FINISH) {
		int of = background_of(slot, slot->script.steps[slot->at].step);

		slot->trace.outcomes[slot->at] = slot->trace.outcomes[of];
	}
	if (!may_go_on(slot, slot->at)) {
		cell_finish(slot);
		return;
	}
	slot->at++;
	advance(slot);
}

static void on_answer(struct slot *slot, struct peer *peer, const struct value *reply,
		      struct wire_fds *fds)
{
	size_t step = peer->pending_index;
	struct outcome *o = &slot->trace.outcomes[step];
	const struct value *why = value_get(reply, "broken"), *error = value_get(reply, "errno");
	const struct value *lie = value_get(reply, "lied");

	slot_keep_fds(slot, fds);
	peer->pending = PENDING_NONE;
	o->took_ns = sys_now_ns() - slot->sent_ns;
	o->status = lie ? OUTCOME_LIED : why || !error ? OUTCOME_BROKEN : OUTCOME_DONE;
	slot->trace.died |= value_true(value_get(reply, "died"));
	o->lie = lie;
	o->why = why ? value_text(why) : NULL;
	if (o->status == OUTCOME_BROKEN && !o->why)
		o->why = "it answered with neither an error nor a reason";
	o->error = error ? (int)error->i : 0;
	o->waited_out = value_true(value_get(reply, "waited_out"));
	o->out = value_get(reply, "out");
	if (o->out && slot->script.steps[step].step->kind == STEP_LAUNCH)
		setup_boxed(slot, step, o->out);
	if (slot->waiting == peer)
		step_over(slot);
}

static void on_message(struct peer *peer, const struct value *reply, struct wire_fds *fds)
{
	struct slot *slot = peer->slot;

	switch (peer->pending) {
	case PENDING_SPAWN:
		on_spawned(slot, peer, reply, fds);
		return;
	case PENDING_LINKS:
		on_links(slot, peer, reply, fds);
		return;
	case PENDING_STEP:
		on_answer(slot, peer, reply, fds);
		return;
	case PENDING_NONE:
		wire_fds_close(fds);
		return;
	}
}

/* Its parent may be about to say why, unless it was to answer itself
 * (lib/agent/spawn.c). */
static void on_stillbirth(struct slot *slot)
{
	slot->unborn = true;
	slot->deadline_ns = sys_now_ns() + patience(UNBORN_NS);
}

/* The peer's process is gone, or its channel is closed. */
static void on_death(struct peer *peer)
{
	struct slot *slot = peer->slot;
	enum pending pending = peer->pending;
	size_t step = peer->pending_index;

	peer->dead = true;
	peer->pending = PENDING_NONE;
	peer_disconnect(peer);
	if (pending == PENDING_STEP) {
		if (slot->script.steps[step].step->op->flags & (OP_ENDS | OP_ASKS))
			outcome_silent(slot, step);
		else
			outcome_dead(slot, step, peer, " died while it did this");
		if (slot->waiting == peer)
			step_over(slot);
		return;
	}
	if (pending != PENDING_NONE && slot->phase == PHASE_STEPS && setup_in_box(slot, peer)) {
		cell_lost(slot, slot->at, peer, " died while it did this");
		return;
	}
	if (slot->waiting && slot->waiting->pending == PENDING_SPAWN &&
	    being_born(slot, slot->waiting) == peer) {
		on_stillbirth(slot);
		return;
	}
	if (pending != PENDING_NONE || peer == &slot->arena) {
		slot->waiting = NULL;
		slot->trace.died = true;
		cell_break(slot, pool_printf(&slot->pool, "%s died", peer->name));
	}
}

static void on_channel(struct peer *peer)
{
	struct slot *slot = peer->slot;
	struct wire_fds fds;
	struct value *reply;
	uint32_t seq;
	int rc = wire_recv(peer->channel, &slot->pool, &seq, &reply, &fds);

	if (rc == 1 && seq == peer->seq)
		on_message(peer, reply, &fds);
	else if (rc == 1)
		wire_fds_close(&fds);
	else if (slot->phase != PHASE_DYING && slot->phase != PHASE_IDLE)
		on_death(peer);
	else
		peer_disconnect(peer);
}

void cell_event(struct watch *w)
{
	struct peer *peer = w->peer;
	struct slot *slot = peer->slot;

	if (w->kind == WATCH_PROCESS && slot->phase == PHASE_DYING && peer == &slot->arena)
		cell_gone(slot);
	else if (w->kind == WATCH_PROCESS && !peer->dead && peer->channel >= 0)
		on_death(peer);
	else if (w->kind == WATCH_CHANNEL && peer->channel >= 0)
		on_channel(peer);
}

/* The call that the peer has not answered. */
static const char *task_of(struct slot *slot, const struct peer *peer)
{
	const struct script_step *s = &slot->script.steps[peer->pending_index];

	switch (peer->pending) {
	case PENDING_SPAWN:
		return pool_printf(&slot->pool, "make %s",
				   peer == &slot->worker ? slot->arena.name :
				   slot->actors[peer->pending_index].name);
	case PENDING_LINKS:
		return "open its namespaces";
	case PENDING_STEP:
		return pool_printf(&slot->pool, "do step %zu, %s", peer->pending_index + 1,
				   s->step->kind == STEP_LAUNCH ? "box.launch" : s->step->op->name);
	case PENDING_NONE:
		break;
	}
	return "go on";
}

/* Who was waited for, for what and how long, and how busy the machine was meanwhile. */
static const char *late_text(struct slot *slot)
{
	struct pool *pool = &slot->pool;
	const struct peer *peer = slot->waiting;
	int64_t now = sys_now_ns();

	return pool_printf(pool, "%s gave no answer before the deadline%s, and was killed; it had "
			   "%.1f s to %s; %s", peer ? peer->name : "the cell",
			   now >= slot->cell_deadline_ns ? " of the cell" : "",
			   (double)(now - slot->sent_ns) / 1e9, peer ? task_of(slot, peer) : "end",
			   busy_text(pool));
}

void cell_late(struct slot *slot)
{
	if (slot->phase == PHASE_DYING) {
		/* Killed, and still there: nothing more can be done about it than to say so. */
		fprintf(stderr, "nsconform: an arena does not die; its worker is replaced\n");
		cell_gone(slot);
		worker_stop(slot);
		return;
	}
	if (slot->unborn) {
		slot->trace.died = true;
		cell_break(slot, pool_printf(&slot->pool, "%s could not be made: "
					     "the new process died while it was placed",
					     being_born(slot, slot->waiting)->name));
		return;
	}
	bool worker_hangs = slot->waiting == &slot->worker;
	const char *why = late_text(slot);

	slot->trace.late = true;
	if (slot->phase == PHASE_STEPS && slot->at < slot->trace.n)
		outcome_broken(slot, slot->at, why);
	cell_break(slot, why);
	/* A worker that hangs takes no further cell. */
	if (worker_hangs)
		worker_stop(slot);
}
