// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event loop and the path of a cell: arena, actors, steps, death.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "cells.h"
#include "nsc/agent.h"
#include "nsc/sys.h"
#include "slot.h"

/* What an agent may take beyond its own deadline before it counts as hanging. */
#define GRACE_NS 2000000000ll
#define PLACE_WITHIN_NS 10000000000ll
#define CELL_WITHIN_NS 20000000000ll
/* What a fork bomb gets; Linux's default. */
#define ARENA_PID_MAX 32768
#define DYING_WITHIN_NS 20000000000ll

static void advance(struct slot *slot);

static void arena_gone(struct slot *slot)
{
	peer_close(&slot->arena);
	cells_cgroups_done(slot);
	slot->phase = PHASE_IDLE;
}

/* The cell is over: everything in it is killed by killing the arena's PID 1. */
static void finish(struct slot *slot)
{
	slot->config->done(slot->config->context, slot->index, &slot->pool, &slot->script,
			   &slot->trace);
	for (size_t i = 0; i < slot->script.n_actors; i++)
		peer_close(&slot->actors[i]);
	slot_close_fds(slot);
	slot->waiting = NULL;
	slot->deadline_ns = sys_now_ns() + DYING_WITHIN_NS;
	slot->phase = PHASE_DYING;
	peer_disconnect(&slot->arena);
	if (slot->arena.pidfd < 0) {
		arena_gone(slot);
		return;
	}
	sys_pidfd_send_signal(slot->arena.pidfd, SIGKILL, 0);
	peer_watch_process(&slot->arena);
}

static void break_cell(struct slot *slot, const char *why)
{
	if (!slot->trace.broken)
		slot->trace.broken = why;
	finish(slot);
}

static void wait_for(struct slot *slot, struct peer *peer, int64_t within_ns)
{
	slot->waiting = peer;
	slot->sent_ns = sys_now_ns();
	slot->deadline_ns = slot->sent_ns + within_ns + GRACE_NS;
	if (slot->deadline_ns > slot->cell_deadline_ns)
		slot->deadline_ns = slot->cell_deadline_ns;
}

/* Make the channel and beacon of a new agent, and call its parent to spawn it. */
static void spawn(struct slot *slot, struct peer *parent, struct peer *peer, size_t index,
		  struct value *with)
{
	struct pool *pool = &slot->pool;
	int channel[2], beacon[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) {
		break_cell(slot, pool_printf(pool, "socketpair: %s", strerror(errno)));
		return;
	}
	if (slot->script.beacons && peer != &slot->arena) {
		int on = 1;

		if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, beacon) == 0)
			setsockopt(beacon[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
		value_put(pool, with, "beacon", value_fd(pool, beacon[1]));
	}
	peer->beacon = beacon[0];
	value_put(pool, with, "channel", value_fd(pool, channel[1]));
	peer_connect(peer, channel[0]);
	bool sent = peer_call(parent, PENDING_SPAWN, index, "actor.spawn", with, PLACE_WITHIN_NS, false);

	close(channel[1]);
	fd_close(&beacon[1]);
	if (!sent)
		break_cell(slot, pool_printf(pool, "%s is gone", parent->name));
	else
		wait_for(slot, parent, PLACE_WITHIN_NS);
}

static struct value *arena_place(struct pool *pool, unsigned mask)
{
	struct value *place = value_map(pool), *new = value_list(pool);

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (mask & NS_BIT(ns))
			value_push(pool, new, value_str(pool, ns_kinds[ns].name));
	value_put(pool, place, "new", new);
	return place;
}

static void make_arena(struct slot *slot)
{
	struct pool *pool = &slot->pool;
	struct value *with = value_map(pool);

	peer_init(&slot->arena, slot, slot->script.hosted >= 0 ?
		  slot->script.actors[slot->script.hosted].actor->name : "the arena");
	value_put(pool, with, "place", arena_place(pool, slot->script.arena));
	/* Before 6.14 that sysctl is one for the whole machine. */
	if (slot->config->release >= 6014)
		value_put(pool, with, "pid_max", value_int(pool, ARENA_PID_MAX));
	value_put(pool, with, "layout", value_bool(pool, slot->script.layout));
	/* Root of some other user namespace has no second id to become. */
	if (slot->script.user && slot->config->root)
		value_put(pool, with, "become", value_int(pool, UNPRIVILEGED_ID));
	if (slot->script.cgroups) {
		const char *why = cells_cgroups(slot, with);

		if (why) {
			break_cell(slot, why);
			return;
		}
	}
	spawn(slot, &slot->worker, &slot->arena, 0, with);
}

/* Mask of the kinds the actor joins, and the descriptors it takes. */
static void add_join(struct slot *slot, const struct actor *a, struct value *with)
{
	struct pool *pool = &slot->pool;
	struct value *fds = value_list(pool);

	if (a->join_by == JOIN_PIDFD)
		value_push(pool, fds, value_fd(pool, slot->actors[a->join_of].pidfd));
	for (int i = 0; a->join_by == JOIN_NSFD && i < slot->links.n; i++)
		value_push(pool, fds, value_fd(pool, slot->links.v[i]));
	value_put(pool, with, "join", fds);
	value_put(pool, with, "join_types", value_int(pool, a->join_types));
	value_put(pool, with, "join_by", value_int(pool, a->join_by));
}

/* A join by nsfs descriptors first asks their owner for them. */
static bool ask_for_links(struct slot *slot, const struct actor *a)
{
	struct pool *pool = &slot->pool;
	struct value *with = value_map(pool);
	struct peer *owner = &slot->actors[a->join_of];

	if (a->join_of < 0 || a->join_by != JOIN_NSFD || slot->have_links)
		return false;
	value_put(pool, with, "types", value_int(pool, a->join_types));
	if (!peer_call(owner, PENDING_LINKS, 0, "actor.links", with, PLACE_WITHIN_NS, false))
		break_cell(slot, pool_printf(pool, "%s is gone", owner->name));
	else
		wait_for(slot, owner, PLACE_WITHIN_NS);
	return true;
}

static void make_actor(struct slot *slot, size_t index)
{
	const struct script_actor *sa = &slot->script.actors[index];
	const struct actor *a = sa->actor;
	struct pool *pool = &slot->pool;
	struct value *with = value_map(pool);
	struct peer *parent = a->thread_of >= 0 ? &slot->actors[a->thread_of] :
			      a->in >= 0	? &slot->actors[a->in] : &slot->arena;

	if (ask_for_links(slot, a))
		return;
	value_put(pool, with, "place", (struct value *)sa->place);
	if (a->thread_of >= 0)
		value_put(pool, with, "thread", value_bool(pool, true));
	if (a->join_of >= 0)
		add_join(slot, a, with);
	if (parent->dead || parent->channel < 0)
		break_cell(slot, pool_printf(pool, "%s, which should make %s, is dead", parent->name, a->name));
	else
		spawn(slot, parent, &slot->actors[index], index, with);
	wire_fds_close(&slot->links);
	slot->have_links = false;
}

/* Parameters for the wire: actors become [beacon, pidfd]. */
static const struct value *wire_with(struct slot *slot, const struct op *op,
				     const struct value *with);

static struct value *wire_actor(struct slot *slot, const struct value *name)
{
	struct pool *pool = &slot->pool;
	struct value *pair = value_list(pool);

	for (size_t i = 0; i < slot->script.n_actors; i++) {
		struct peer *peer = &slot->actors[i];

		if (!value_is(name, slot->script.actors[i].actor->name))
			continue;
		value_push(pool, pair, peer->beacon < 0 ? value_nil(pool) : value_fd(pool, peer->beacon));
		value_push(pool, pair, peer->pidfd < 0 ? value_nil(pool) : value_fd(pool, peer->pidfd));
	}
	return pair;
}

static struct value *wire_param(struct slot *slot, const struct field *f, struct value *v)
{
	if (!f || v->type == VALUE_NIL)
		return v;
	if (f->type == FIELD_ACTOR)
		return wire_actor(slot, v);
	if (f->type != FIELD_ACTORS || v->type != VALUE_LIST)
		return v;
	struct value *list = value_list(&slot->pool);

	for (size_t i = 0; i < v->list.n; i++)
		value_push(&slot->pool, list, wire_actor(slot, v->list.items[i]));
	return list;
}

static const struct value *wire_with(struct slot *slot, const struct op *op,
				     const struct value *with)
{
	struct value *made = value_map(&slot->pool);

	for (size_t i = 0; i < with->list.n; i += 2) {
		const struct field *f = field_find(op->in, with->list.items[i]->str.s);

		value_push(&slot->pool, made, with->list.items[i]);
		value_push(&slot->pool, made, wire_param(slot, f, with->list.items[i + 1]));
	}
	return made;
}

static void forget_consumed(struct slot *slot, const struct value *with)
{
	if (with->type == VALUE_FD)
		slot_forget_fd(slot, with->fd);
	for (size_t i = 0; (with->type == VALUE_LIST || with->type == VALUE_MAP) && i < with->list.n; i++)
		forget_consumed(slot, with->list.items[i]);
}

static struct outcome *outcome_broken(struct slot *slot, size_t step, const char *why)
{
	struct outcome *o = &slot->trace.outcomes[step];

	o->status = OUTCOME_BROKEN;
	o->why = why;
	return o;
}

/* The agent that plays the actor. */
static struct peer *player(struct slot *slot, int actor)
{
	return actor == slot->script.hosted ? &slot->arena : &slot->actors[actor];
}

/* Begin step AT; false when the cell has ended over it. */
static bool call_step(struct slot *slot, size_t at)
{
	const struct script_step *s = &slot->script.steps[at];
	struct peer *peer = player(slot, s->actor);
	int64_t within = s->step->within_ns ? s->step->within_ns : STEP_WITHIN_NS;
	struct pool *pool = &slot->pool;
	const char *missing, *why = NULL;
	const struct value *with = trace_resolve(pool, &slot->script, &slot->trace, s->with, &missing);

	if (!with)
		why = pool_printf(pool, "%s is not there to be used", missing);
	else if (peer->dead || peer->channel < 0)
		why = pool_printf(pool, "%s is dead", peer->name);
	else if (peer->pending != PENDING_NONE)
		why = pool_printf(pool, "%s is still busy with a background step", peer->name);
	if (!why) {
		slot->trace.outcomes[at].with = with;
		if (s->step->op->flags & OP_ENDS)
			peer_watch_process(peer);
		if (!peer_call(peer, PENDING_STEP, at, s->step->op->name, wire_with(slot, s->step->op, with),
			       within, s->step->trial))
			why = pool_printf(pool, "%s is gone", peer->name);
		else if (s->step->op->flags & OP_CONSUMES)
			forget_consumed(slot, with);
	}
	if (why) {
		outcome_broken(slot, at, why);
		finish(slot);
		return false;
	}
	if (!s->step->background)
		wait_for(slot, peer, within);
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
	int64_t within = s->step->within_ns ? s->step->within_ns : STEP_WITHIN_NS;

	if (of < 0) {
		outcome_broken(slot, at, "its background step is not part of this cell");
		finish(slot);
		return false;
	}
	if (slot->trace.outcomes[of].status != OUTCOME_NONE) {
		slot->trace.outcomes[at] = slot->trace.outcomes[of];
		return true;
	}
	wait_for(slot, player(slot, slot->script.steps[of].actor), within);
	return true;
}

/* A refused step without expectation leaves a world that is not the intended one. */
static bool may_go_on(const struct slot *slot, size_t at)
{
	const struct outcome *o = &slot->trace.outcomes[at];
	const struct script_step *s = &slot->script.steps[at];

	return o->status == OUTCOME_DONE && (s->expect || !o->error);
}

/* Do step AT; true when it is done or in the background and the next may begin. */
static bool do_step(struct slot *slot, size_t at)
{
	const struct script_step *s = &slot->script.steps[at];

	if (s->step->kind == STEP_START) {
		make_actor(slot, (size_t)s->actor);
		return false;
	}
	if (s->step->kind == STEP_FINISH) {
		if (!finish_step(slot, at) || slot->waiting)
			return false;
		if (may_go_on(slot, at))
			return true;
		finish(slot);
		return false;
	}
	return call_step(slot, at) && s->step->background;
}

static void advance(struct slot *slot)
{
	while (!slot->waiting) {
		if (slot->phase == PHASE_ACTORS) {
			while (slot->at < slot->script.n_actors &&
			       (slot->script.actors[slot->at].actor->later || (int)slot->at == slot->script.hosted))
				slot->at++;
			if (slot->at < slot->script.n_actors) {
				make_actor(slot, slot->at);
				return;
			}
			slot->phase = PHASE_STEPS;
			slot->at = 0;
		}
		if (slot->phase != PHASE_STEPS)
			return;
		if (slot->at == slot->script.n_steps) {
			finish(slot);
			return;
		}
		if (!do_step(slot, slot->at))
			return;
		slot->at++;
	}
}

static void start_cell(struct slot *slot, size_t index, const struct cell *cell)
{
	pool_reset(&slot->pool);
	slot->index = index;
	slot->cell = *cell;
	script_make(&slot->pool, &slot->cell, slot->config->release, &slot->script);
	slot->trace = (struct trace){
		.outcomes = pool_array(&slot->pool, struct outcome, slot->script.n_steps + 1),
		.n = slot->script.n_steps,
	};
	slot->actors = pool_array(&slot->pool, struct peer, slot->script.n_actors + 1);
	for (size_t i = 0; i < slot->script.n_actors; i++)
		peer_init(&slot->actors[i], slot, slot->script.actors[i].actor->name);
	slot->fds = NULL;
	slot->n_fds = slot->room_fds = 0;
	slot->links.n = 0;
	slot->have_links = false;
	slot->at = 0;
	slot->phase = PHASE_ARENA;
	slot->cell_deadline_ns = sys_now_ns() +
		(cell->scenario->within_ns ? cell->scenario->within_ns : CELL_WITHIN_NS);
	make_arena(slot);
}

/* What a reply means depends on what was asked. */
static void on_spawned(struct slot *slot, struct peer *parent, const struct value *reply,
		       struct wire_fds *fds)
{
	const struct value *why = value_get(reply, "broken"), *out = value_get(reply, "out");
	struct peer *born = parent == &slot->worker ? &slot->arena : &slot->actors[parent->pending_index];

	parent->pending = PENDING_NONE;
	slot->waiting = NULL;
	if (why || !out) {
		wire_fds_close(fds);
		break_cell(slot, pool_printf(&slot->pool, "%s could not be made: %s", born->name,
					     why ? value_text(why) : "no answer"));
		return;
	}
	if (fds->n == 1)
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
		break_cell(slot, value_text(why));
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
		finish(slot);
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

	slot_keep_fds(slot, fds);
	peer->pending = PENDING_NONE;
	o->took_ns = sys_now_ns() - slot->sent_ns;
	o->status = why || !error ? OUTCOME_BROKEN : OUTCOME_DONE;
	o->why = why ? value_text(why) : NULL;
	o->error = error ? (int)error->i : 0;
	o->out = value_get(reply, "out");
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
		bool ends = slot->script.steps[step].step->op->flags & OP_ENDS;
		struct outcome *o = &slot->trace.outcomes[step];

		o->status = ends ? OUTCOME_DONE : OUTCOME_BROKEN;
		o->why = ends ? NULL : pool_printf(&slot->pool, "%s died while it did this", peer->name);
		if (slot->waiting == peer)
			step_over(slot);
		return;
	}
	if (pending != PENDING_NONE || peer == &slot->arena) {
		slot->waiting = NULL;
		break_cell(slot, pool_printf(&slot->pool, "%s died", peer->name));
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

static void on_event(struct watch *w)
{
	struct peer *peer = w->peer;
	struct slot *slot = peer->slot;

	if (w->kind == WATCH_PROCESS && slot->phase == PHASE_DYING && peer == &slot->arena)
		arena_gone(slot);
	else if (w->kind == WATCH_PROCESS && !peer->dead && peer->channel >= 0)
		on_death(peer);
	else if (w->kind == WATCH_CHANNEL && peer->channel >= 0)
		on_channel(peer);
}

static void on_late(struct slot *slot)
{
	struct pool *pool = &slot->pool;

	if (slot->phase == PHASE_DYING) {
		/* Killed, and still there: nothing more can be done about it than to say so. */
		fprintf(stderr, "nsconform: an arena does not die; its worker is replaced\n");
		arena_gone(slot);
		worker_stop(slot);
		return;
	}
	bool worker_hangs = slot->waiting == &slot->worker;
	const char *who = slot->waiting ? slot->waiting->name : "the cell";
	bool whole = sys_now_ns() >= slot->cell_deadline_ns;
	const char *why = pool_printf(pool, "%s gave no answer before the deadline%s, and was killed", who,
				      whole ? " of the cell" : "");

	if (slot->phase == PHASE_STEPS && slot->at < slot->trace.n)
		outcome_broken(slot, slot->at, why);
	break_cell(slot, why);
	/* A worker that hangs takes no further cell. */
	if (worker_hangs)
		worker_stop(slot);
}

struct loop {
	const struct exec_config *config;
	struct slot *slots;
	int epoll;
	bool exhausted;
};

/* Fill idle slots; the number that are busy afterwards, or -1. */
static int fill(struct loop *loop)
{
	int busy = 0;

	for (int i = 0; i < loop->config->slots; i++) {
		struct slot *slot = &loop->slots[i];
		const struct cell *cell;
		size_t index;

		if (slot->phase == PHASE_IDLE && loop->config->next(loop->config->context, &index, &cell)) {
			if ((slot->worker_pid <= 0 || slot->worker.channel < 0)) {
				worker_stop(slot);
				if (worker_start(slot) < 0)
					return -1;
			}
			start_cell(slot, index, cell);
		}
		busy += slot->phase != PHASE_IDLE;
	}
	return busy;
}

static int timeout_ms(const struct loop *loop)
{
	int64_t first = INT64_MAX, now = sys_now_ns();

	for (int i = 0; i < loop->config->slots; i++)
		if (loop->slots[i].phase != PHASE_IDLE && loop->slots[i].deadline_ns < first)
			first = loop->slots[i].deadline_ns;
	if (first == INT64_MAX)
		return 0;
	return first <= now ? 0 : (int)((first - now) / 1000000 + 1);
}

static void check_deadlines(struct loop *loop)
{
	int64_t now = sys_now_ns();
	bool over = loop->config->deadline_ns && now >= loop->config->deadline_ns;

	for (int i = 0; i < loop->config->slots; i++) {
		struct slot *slot = &loop->slots[i];

		if (slot->phase == PHASE_IDLE)
			continue;
		if (over && slot->phase != PHASE_DYING)
			break_cell(slot, "the run's time is over");
		else if (now >= slot->deadline_ns)
			on_late(slot);
	}
}

static int turn(struct loop *loop)
{
	struct epoll_event events[1];
	int busy = fill(loop);

	if (busy <= 0)
		return busy;
	/* One at a time: handling an event may close what a later one refers to. */
	int n = epoll_wait(loop->epoll, events, 1, timeout_ms(loop));

	if (n < 0 && errno != EINTR) {
		perror("nsconform: epoll_wait");
		return -1;
	}
	if (n == 1)
		on_event(events[0].data.ptr);
	check_deadlines(loop);
	return 1;
}

int exec_run(const struct exec_config *config)
{
	AUTO_POOL pool = { 0 };
	struct loop loop = { .config = config, .epoll = epoll_create1(EPOLL_CLOEXEC) };
	int rc;

	if (loop.epoll < 0) {
		perror("nsconform: epoll_create1");
		return -1;
	}
	loop.slots = pool_array(&pool, struct slot, (size_t)config->slots);
	for (int i = 0; i < config->slots; i++) {
		loop.slots[i].config = config;
		loop.slots[i].epoll = loop.epoll;
	}
	while ((rc = turn(&loop)) > 0)
		;
	for (int i = 0; i < config->slots; i++) {
		worker_stop(&loop.slots[i]);
		pool_free(&loop.slots[i].pool);
	}
	close(loop.epoll);
	cells_end();
	return rc;
}
