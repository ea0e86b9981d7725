// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a script to its needs: declared ones, and those that actors, ops and parameters imply.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

#include "nsc/begin.h"
#include "nsc/text.h"
#include "plan/needs.h"
#include "plan/op_needs.h"

/* The calls that place an actor, or give it a root directory of its own. */
static void name_placement(const struct script *script, const struct script_actor *a,
			   const struct place *place, need_taker *take, void *context)
{
	static const char *const by_via[] = {
		[VIA_CLONE3] = "call.clone3", [VIA_UNSHARE] = "call.unshare",
		[VIA_SETNS] = "call.setns",
	};

	/* The arena's own namespaces may come by clone(2) as well. */
	if (place->new && !a->boxed)
		take(context, by_via[place->via]);
	/* sys_clone3() takes clone(2) where there is none, which is not what is asked for here. */
	if (place->new && !a->boxed && place->via == VIA_CLONE3)
		take(context, "syscall.clone3");
	if (a->actor->join_of >= 0)
		take(context, "call.setns");
	if (a->actor->join_of >= 0 && a->actor->join_by == JOIN_PIDFD)
		take(context, "release.5.8");
	if (script->layout) {
		take(context, "call.mount");
		take(context, "call.pivot_root");
		take(context, "call.umount2");
	}
}

/* What is written in a suite.  As user the arena's own user namespace gives every capability. */
static void name_all(const struct cell *cell, const struct strs *needs, need_taker *take,
		     void *context)
{
	for (size_t i = 0; i < needs->n; i++)
		if (cell->as != AS_USER || strncmp(needs->v[i], "cap.", 4))
			take(context, needs->v[i]);
}

/* Whether the actor is in a user namespace that the cell makes. */
static bool is_apart(const struct script *script, int actor)
{
	const struct actor *a = script->actors[actor].actor;

	if (script->arena & NSM_USER)
		return true;
	const struct place *place = &script->actors[actor].bound;
	return (place->new & NSM_USER) || (a->in >= 0 && is_apart(script, a->in)) ||
	       (a->thread_of >= 0 && is_apart(script, a->thread_of)) ||
	       (a->join_of >= 0 && (a->join_types & NSM_USER));
}

/* Whether the process that makes the actor's namespaces is: with unshare it is the actor itself. */
static bool is_born_apart(const struct script *script, int actor)
{
	const struct actor *a = script->actors[actor].actor;
	const struct place *place = &script->actors[actor].bound;

	return (script->arena & NSM_USER) || (a->in >= 0 && is_apart(script, a->in)) ||
	       (place->via == VIA_UNSHARE && (place->new & NSM_USER));
}

/*
 * An implied need, but for a capability that the actor's own user namespace gives, and for kernel
 * parameters that can be written in the procfs that root mounts for the cell.
 */
static void imply(const struct script *script, int actor, const char *need, need_taker *take,
		  void *context)
{
	if (!strncmp(need, "cap.", 4) && is_apart(script, actor))
		return;
	if (!strcmp(need, "sysctl.writable") && script->procfs && !script->user)
		return;
	take(context, need);
}

/* Offsets are from the machine's clocks, and read against those of the run. */
static void name_offsets(const struct script *script, int actor, const struct place *place,
			 need_taker *take, void *context)
{
	if (!place->monotonic && !place->boottime)
		return;
	take(context, "start.time-offsets");
	if (!is_born_apart(script, actor))
		take(context, "cap.SYS_TIME");
}

static void name_kinds(const struct script *script, need_taker *take, void *context)
{
	bool clone3_time = false;
	unsigned kinds = script->arena;

	for (size_t i = 0; i < script->n_actors; i++) {
		const struct place *place = &script->actors[i].bound;

		kinds |= (unsigned)place->new;
		if (!script->cell->inside)
			name_placement(script, &script->actors[i], place, take, context);
		clone3_time |= (place->new & NSM_TIME) && place->via != VIA_UNSHARE;
		name_offsets(script, (int)i, place, take, context);
		/* Root's id in the map of a namespace: user_namespaces(7), since 5.12. */
		if ((place->new & NSM_USER) && !(script->arena & NSM_USER) &&
		    !script->actors[i].boxed)
			take(context, "cap.SETFCAP");
	}
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (kinds & NS_BIT(ns))
			take(context, op_needs_kind((enum ns)ns));
	/* This need comes after ns.time, so that kernels without time namespaces skip for that
	 * reason. */
	if (clone3_time)
		take(context, "feature.clone3-time");
}

/* Whether an actor is in a user namespace that is not the machine's. */
static bool has_user(const struct script *script)
{
	for (size_t i = 0; i < script->n_actors; i++) {
		const struct place *place = &script->actors[i].bound;

		if (place->new & NSM_USER)
			return true;
	}
	return script->user;
}

/* Whether the cell is about kernels that are built without that kind: then nothing needs it. */
static bool is_without(const struct cell *cell, enum ns ns)
{
	char need[64];

	if (!ns_kinds[ns].config)
		return false;
	snprintf(need, sizeof(need), "unset.%s", ns_kinds[ns].config);
	return script_needs_some(cell, need);
}

static void need_kind(const struct cell *cell, enum ns ns, need_taker *take, void *context)
{
	if (!is_without(cell, ns))
		take(context, op_needs_kind(ns));
}

/* V, or each of it, names a kind of namespace, or not. */
static void name_kind(const struct cell *cell, const struct value *v, need_taker *take,
		      void *context)
{
	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++)
		name_kind(cell, v->list.items[i], take, context);
	int ns = v->type == VALUE_STR ? ns_find(v->str.s) : -1;

	if (ns >= 0)
		need_kind(cell, (enum ns)ns, take, context);
}

/* Kinds that a parameter's flags make, as NEWUSER. Flags of other calls have the same bits. */
static void name_flags(const struct cell *cell, const struct field *f, const struct value *v,
		       need_taker *take, void *context)
{
	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++) {
		const char *word = value_text(v->list.items[i]);
		const struct symbol *flag = symbol_find(f->symbols, word);

		for (int ns = 0; flag && ns < NS_COUNT; ns++)
			if ((uint64_t)flag->value == ns_kinds[ns].flag)
				need_kind(cell, (enum ns)ns, take, context);
	}
}

/* The kind of the link that a path leads to, as /proc/$a.pid/ns/uts. */
static void name_link(const struct cell *cell, const struct value *v, need_taker *take,
		      void *context)
{
	const char *link = v->type == VALUE_STR ? strstr(v->str.s, "/ns/") : NULL;
	int ns = link ? ns_find(link + strlen("/ns/")) : -1;

	if (ns >= 0)
		need_kind(cell, (enum ns)ns, take, context);
}

/* Kinds that the parameters of an op speak of. */
static void name_types(const struct cell *cell, const struct script_step *step,
		       need_taker *take, void *context)
{
	const struct field *const *kinds = op_needs_of(step->step->op)->kinds, *f;

	while ((f = *kinds++)) {
		const struct value *v = value_get(step->with, f->name);

		if (!v)
			continue;
		if (f->symbols == clone_symbols)
			name_flags(cell, f, v, take, context);
		else
			name_kind(cell, v, take, context);
	}
}

static void note_user(void *context, const char *need)
{
	*(bool *)context |= !strcmp(need, "ns.user");
}

/* Whether the actor has less than the rights of the machine's root, or may by one of its steps. */
static bool is_less(const struct script *script, int actor)
{
	const struct actor *a = script->actors[actor].actor;

	if (is_apart(script, actor) || (a->in >= 0 && is_less(script, a->in)))
		return true;
	const struct place *place = &script->actors[actor].bound;
	if (place->uid > 0 || (place->drop & (UINT64_C(1) << CAP_SYS_ADMIN)))
		return true;
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct op *op = script->steps[i].step->op;

		if (script->steps[i].actor == actor &&
		    text_matches("@(cap|cred).@(drop|set*)", op->name))
			return true;
	}
	return false;
}

/*
 * Whether a user namespace is made by who has less than the machine's root, as that of a container
 * in a container: distributions have switches that forbid it to everybody else.
 */
static bool makes_as_user(const struct script *script)
{
	for (size_t i = 0; i < script->n_actors; i++) {
		const struct actor *a = script->actors[i].actor;
		const struct place *place = &script->actors[i].bound;

		if ((place->new & NSM_USER) && a->in >= 0 && is_less(script, a->in))
			return true;
	}
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct script_step *step = &script->steps[i];
		bool user = false;

		name_types(script->cell, step, note_user, &user);
		if (user && is_less(script, step->actor))
			return true;
	}
	return false;
}

/* A text, a number, each of a list, or a flag that is set. */
static void name_value(struct pool *pool, const struct script *script, int actor,
		       const struct spoken *row, const struct value *v, need_taker *take,
		       void *context)
{
	const char *text = v->type == VALUE_STR ? v->str.s :
			   v->type == VALUE_INT ? pool_printf(pool, "%lld", (long long)v->i) :
			   v->type == VALUE_BOOL && v->b ? "true" : NULL;

	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++)
		name_value(pool, script, actor, row, v->list.items[i], take, context);
	if (text && text_matches(row->value, text))
		imply(script, actor, pool_printf(pool, row->need, text), take, context);
}

static void name_op(struct pool *pool, const struct script *script,
		    const struct script_step *step, need_taker *take, void *context)
{
	/* Who makes an actor has the needs of its place. */
	if (step->step->kind == STEP_START)
		return;
	const struct op_needs *needs = op_needs_of(step->step->op);

	for (size_t i = 0; i < needs->own.n; i++)
		take(context, needs->own.v[i]);
	for (size_t i = 0; i < needs->asks.n; i++)
		imply(script, step->actor, needs->asks.v[i], take, context);
	name_types(script->cell, step, take, context);
	for (size_t i = 0; i < step->with->list.n; i += 2)
		name_link(script->cell, step->with->list.items[i + 1], take, context);
	for (const struct spoken *const *row = needs->spoken; *row; row++) {
		const struct value *v = value_get(step->with, (*row)->param);

		if (v)
			name_value(pool, script, step->actor, *row, v, take, context);
	}
}

/*
 * What root is asked for as a whole: to be another user and the owner of files, to enter what it
 * is not in (setns to a mount namespace is a chroot), to end and to confine what it started.
 */
static const char *const root_caps[] = {
	"cap.SYS_ADMIN", "cap.CHOWN", "cap.DAC_OVERRIDE", "cap.FOWNER", "cap.FSETID", "cap.KILL",
	"cap.SETGID", "cap.SETUID", "cap.SETPCAP", "cap.SYS_CHROOT",
};

static void name_root(need_taker *take, void *context)
{
	take(context, "root");
	for (size_t i = 0; i < sizeof(root_caps) / sizeof(*root_caps); i++)
		take(context, root_caps[i]);
}

/* Root becomes another user in one of the actors, and is bound by what binds users from then on. */
static bool has_other_user(const struct script *script)
{
	for (size_t i = 0; i < script->n_actors; i++)
		if (script->actors[i].bound.uid > 0)
			return true;
	return false;
}

/* Needs of every cell for the state that the run was started in. */
static void name_start(const struct script *script, need_taker *take, void *context)
{
	unsigned by = script->cell->as == AS_USER ? BEGIN_BY_USER : BEGIN_BY_ROOT;
	const char *const *needs = op_needs_start();

	if (has_other_user(script))
		by |= BEGIN_BY_USER;
	for (const struct begin_attribute *a = begin_attributes; a->name; a++, needs++)
		if (a->by & by)
			take(context, *needs);
}

static bool is_thread(const struct scenario *s, const struct value *name)
{
	for (size_t i = 0; i < s->n_actors; i++)
		if (s->actors[i].thread_of >= 0 && value_is(name, s->actors[i].name))
			return true;
	return false;
}

/* Whether a parameter of the step names an actor that is a thread. */
static bool names_thread(const struct scenario *s, const struct script_step *step)
{
	for (const struct field *f = step->step->op->in; f->type != FIELD_END; f++) {
		const struct value *v = value_get(step->with, f->name);

		if (f->type == FIELD_ACTOR && is_thread(s, v))
			return true;
		for (size_t i = 0; f->type == FIELD_ACTORS && v && i < v->list.n; i++)
			if (is_thread(s, v->list.items[i]))
				return true;
	}
	return false;
}

/* Linux before 6.9 would take the thread's number for its thread group leader. */
static void name_threads(const struct script *script, need_taker *take, void *context)
{
	const struct scenario *s = script->cell->scenario;
	bool named = false;

	for (size_t i = 0; i < s->n_actors; i++) {
		const struct actor *a = &s->actors[i];

		named |= a->join_of >= 0 && a->join_by == JOIN_PIDFD &&
			s->actors[a->join_of].thread_of >= 0;
	}
	for (size_t i = 0; i < script->n_steps && !named; i++)
		named = names_thread(s, &script->steps[i]);
	if (named)
		take(context, "feature.pidfd-thread");
}

void script_needs(struct pool *pool, const struct script *script, need_taker *take, void *context)
{
	const struct cell *cell = script->cell;
	const struct scenario *s = cell->scenario;

	/* Actors are held by their pidfds: CLONE_PIDFD (5.2), pidfd_open (5.3). */
	take(context, "release.5.3");
	/* With --inside, root of the box is not root of the machine; inside_lacks() decides. */
	if (!cell->inside && cell->as != AS_USER)
		name_root(take, context);
	name_start(script, take, context);
	if (!cell->inside && cell->as == AS_USER)
		take(context, "user");
	name_all(cell, &s->needs, take, context);
	if (cell->row >= 0)
		name_all(cell, &s->rows[cell->row].needs, take, context);
	name_kinds(script, take, context);
	if (!cell->inside && !cell->runtime && makes_as_user(script))
		take(context, "user");
	bool user = has_user(script);

	for (size_t i = 0; user && i < script->n_steps; i++)
		if (value_is(value_get(script->steps[i].with, "type"), "sysfs"))
			take(context, "sys.mount");
	for (size_t i = 0; i < script->n_steps; i++)
		name_op(pool, script, &script->steps[i], take, context);
	name_threads(script, take, context);
	/* Root may always mount one; who is in a user namespace must not see more by it. */
	if (script->procfs && script->user)
		take(context, "proc.mount");
	if (script->cgroups)
		take(context, "cgroup.writable");
}
