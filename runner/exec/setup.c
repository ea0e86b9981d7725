// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building a cell's world: the arena through the worker, the actors through their parents.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include "exec/cell_end.h"
#include "exec/cell_cgroups.h"
#include "exec/setup.h"
#include "load/release.h"
#include "load/runtime.h"
#include "machine/machine.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

/* The time that an agent has to place a process. */
#define PLACE_WITHIN_NS 10000000000ll

/* Linux's default, and what stops fork bombs of programs that a cell executes. */
#define ARENA_PID_MAX 32768

/* The credential socket of a new actor; its own end in *THEIRS. NULL, or why there is none. */
static const char *make_cred_sock(struct pool *pool, int *ours, int *theirs)
{
	int pair[2], on = 1;

	/* A credential socket that does not work would make actors look invisible. */
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0)
		return pool_printf(pool, "make a credential socket: %s", strerror(errno));
	*ours = pair[0];
	*theirs = pair[1];
	return setsockopt(*ours, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ?
		       pool_printf(pool, "make a credential socket: %s", strerror(errno)) : NULL;
}

/* Make the channel and credential socket of a new agent, and call its parent to spawn it. */
static void spawn(struct slot *slot, struct peer *parent, struct peer *peer, size_t index,
		  struct value *with)
{
	struct pool *pool = &slot->pool;
	int channel[2], cred_sock[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) {
		cell_break(slot, pool_printf(pool, "socketpair: %s", strerror(errno)));
		return;
	}
	if (slot->script.names_actors && peer != &slot->arena) {
		const char *why = make_cred_sock(pool, &cred_sock[0], &cred_sock[1]);

		if (why) {
			cell_break(slot, why);
			for (int i = 0; i < 2; i++) {
				fd_close(&channel[i]);
				fd_close(&cred_sock[i]);
			}
			return;
		}
		value_put(pool, with, "cred_sock", value_fd(pool, cred_sock[1]));
	}
	peer->cred_sock = cred_sock[0];
	value_put(pool, with, "channel", value_fd(pool, channel[1]));
	slot->unborn = false;
	bool watched = peer_connect(peer, channel[0]);
	bool sent = watched && peer_call(parent, PENDING_SPAWN, index, "actor.spawn", with,
					 patience(PLACE_WITHIN_NS), 0) == 0;

	close(channel[1]);
	fd_close(&cred_sock[1]);
	if (!sent)
		cell_break(slot, watched ? pool_printf(pool, "%s is gone", parent->name) :
					   pool_printf(pool, "%s cannot be watched", peer->name));
	else
		cell_wait(slot, parent, patience(PLACE_WITHIN_NS));
}

/*
 * Before 6.3 clone3 makes no time namespace, and a filter may forbid it: what then serves instead,
 * clone(2), makes none.  By unshare there is a process more, and with a user namespace an address
 * space.
 */
static bool unshares(const struct slot *slot, unsigned mask)
{
	return (mask & NSM_TIME) &&
	       (slot->config->release < RELEASE(6, 3, 0) || machine_filtered());
}

static struct value *arena_place(struct slot *slot, unsigned mask)
{
	struct pool *pool = &slot->pool;
	struct value *place = value_map(pool), *new = value_list(pool);

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (mask & NS_BIT(ns))
			value_push(pool, new, value_str(pool, ns_kinds[ns].name));
	value_put(pool, place, "new", new);
	if (unshares(slot, mask))
		value_put(pool, place, "via", value_str(pool, "unshare"));
	return place;
}

/*
 * pid_max of an arena that has to do with processes, as all with boxes and executed programs have;
 * elsewhere ops fork as often as they say.  A sysctl that is used for the first time in a new PID
 * namespace costs as much as ten other calls.
 */
static int64_t arena_pid_max(const struct slot *slot)
{
	/* Before 6.14 that sysctl is one for the whole machine. */
	bool own = slot->config->release >= RELEASE(6, 14, 0) && !slot->config->inside;

	return own && slot->script.pids ? ARENA_PID_MAX : 0;
}

static struct value *processors_value(struct pool *pool, const struct ints *processors)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < processors->n; i++)
		value_push(pool, list, value_int(pool, processors->v[i]));
	return list;
}

static struct value *texts_value(struct pool *pool, const struct strs *texts)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < texts->n; i++)
		value_push(pool, list, value_str(pool, texts->v[i]));
	return list;
}

void setup_arena(struct slot *slot)
{
	struct pool *pool = &slot->pool;
	struct value *with = value_map(pool);
	int64_t pid_max = arena_pid_max(slot);

	peer_init(&slot->arena, slot, slot->script.hosted >= 0 ?
		  slot->script.actors[slot->script.hosted].actor->name : "the arena");
	value_put(pool, with, "place", arena_place(slot, slot->script.arena));
	if (pid_max)
		value_put(pool, with, "pid_max", value_int(pool, pid_max));
	value_put(pool, with, "procfs", value_bool(pool, slot->script.procfs));
	value_put(pool, with, "layout", value_bool(pool, slot->script.layout));
	value_put(pool, with, "moat", value_bool(pool, slot->script.moat));
	if (slot->script.moat)
		value_put(pool, with, "programs",
			  texts_value(pool, &slot->script.cell->runtime->substitutes));
	if (slot->config->pin && slot->script.processors)
		value_put(pool, with, "processors", processors_value(pool, slot->config->pin));
	/* In a user namespace other than the initial one, root has no second id to become. */
	if (slot->script.user && slot->config->root)
		value_put(pool, with, "become", value_int(pool, UNPRIVILEGED_ID));
	if (slot->script.cgroups) {
		const char *why = cell_cgroups_make(slot, with);

		if (why) {
			cell_break(slot, why);
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
	if (peer_call(owner, PENDING_LINKS, 0, "actor.links", with, patience(PLACE_WITHIN_NS),
		      0))
		cell_break(slot, pool_printf(pool, "%s is gone", owner->name));
	else
		cell_wait(slot, owner, patience(PLACE_WITHIN_NS));
	return true;
}

void setup_actor(struct slot *slot, size_t index)
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
		cell_break(slot, pool_printf(pool, "%s, which should make %s, is dead",
					     parent->name, a->name));
	else
		spawn(slot, parent, &slot->actors[index], index, with);
	wire_fds_close(&slot->links);
	slot->have_links = false;
}

int64_t setup_more_within(const struct slot *slot)
{
	int64_t within = 0;

	for (size_t i = 0; i < slot->script.n_steps; i++) {
		const struct step *s = slot->script.steps[i].step;

		if (s->kind == STEP_LAUNCH)
			within += s->within_ns;
		else if (s->within_ns > STEP_WITHIN_NS)
			within += s->within_ns - STEP_WITHIN_NS;
	}
	return patience(within);
}

void setup_box(struct slot *slot, size_t at, const struct value *with)
{
	int actor = slot->script.steps[at].actor;
	struct peer *peer = &slot->actors[actor];
	struct pool *pool = &slot->pool;
	struct value *call = value_map(pool);
	int64_t within = patience(slot->script.steps[at].step->within_ns);
	int theirs = -1;
	const char *why = NULL;

	peer_init(peer, slot, slot->script.actors[actor].actor->name);
	/* Descriptors do not reach another kernel. */
	if (slot->script.names_actors && !slot->cell.runtime->foreign)
		why = make_cred_sock(pool, &peer->cred_sock, &theirs);
	slot->trace.outcomes[at].with = with;
	for (size_t i = 0; i < with->list.n; i++)
		value_push(pool, call, with->list.items[i]);
	if (theirs >= 0)
		value_put(pool, call, "cred_sock", value_fd(pool, theirs));
	if (!why && peer_call(&slot->arena, PENDING_STEP, at, "box.launch", call, within, 0))
		why = "the moat is gone";
	fd_close(&theirs);
	if (why)
		cell_break(slot, why);
	else
		cell_wait(slot, &slot->arena, within);
}

/* The descriptors stay the slot's; a peer has copies, as it closes its own. */
void setup_boxed(struct slot *slot, size_t at, const struct value *out)
{
	struct peer *peer = &slot->actors[slot->script.steps[at].actor];
	const struct value *channel = value_get(out, "channel"), *pidfd = value_get(out, "pidfd");

	if (!channel || channel->type != VALUE_FD || !pidfd || pidfd->type != VALUE_FD)
		return;
	peer->pidfd = fcntl(pidfd->fd, F_DUPFD_CLOEXEC, 3);
	int copy = fcntl(channel->fd, F_DUPFD_CLOEXEC, 3);

	/* An end of file must be seen by the agent when the peer closes. */
	slot_forget_fd(slot, channel->fd);
	if (peer->pidfd < 0 || copy < 0 || !peer_connect(peer, copy))
		cell_break(slot, pool_printf(&slot->pool, "%s cannot be watched", peer->name));
}

void setup_unbox(struct slot *slot)
{
	for (size_t i = 0; i < slot->script.n_actors; i++)
		peer_disconnect(&slot->actors[i]);
}

bool setup_in_box(const struct slot *slot, const struct peer *peer)
{
	const struct script *script = &slot->script;
	int at = peer < slot->actors || peer >= slot->actors + script->n_actors ? -1 :
		(int)(peer - slot->actors);

	while (at >= 0 && !script->actors[at].boxed) {
		const struct actor *a = script->actors[at].actor;

		at = a->in >= 0 ? a->in : a->thread_of;
	}
	return at >= 0;
}
