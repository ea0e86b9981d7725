// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a script's actors and steps to the arena in which they are carried out.
 */
#include <stdio.h>
#include <string.h>

#include "plan/script.h"

/* Paths of other processes in /proc: /proc/$a.pid/root. */
static bool is_of_process(const struct value *v)
{
	return v->type == VALUE_STR && !strncmp(v->str.s, "/proc/", 6) &&
	       (v->str.s[6] == '$' || (v->str.s[6] >= '0' && v->str.s[6] <= '9'));
}

/* Whether the step looks up processes in /proc. */
static bool looks_up(const struct op *op, const struct value *with)
{
	return (op->flags & OP_PROC) ||
	       ((op->flags & OP_PROC_OF) &&
		(script_names_actor(op, with) || value_get(with, "pid")));
}

/* Whether the step needs the /proc that the arena has, or mounts another. */
static bool needs_procfs(const struct op *op, const struct value *with)
{
	if (looks_up(op, with) || value_is(value_get(with, "type"), "proc"))
		return true;
	for (size_t i = 0; i < with->list.n; i += 2)
		if (is_of_process(with->list.items[i + 1]))
			return true;
	return false;
}

bool script_needs_some(const struct cell *cell, const char *begin)
{
	const struct scenario *s = cell->scenario;
	const struct strs *lists[] = {
		&s->needs, cell->row >= 0 ? &s->rows[cell->row].needs : NULL
	};

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; lists[i] && k < lists[i]->n; k++)
			if (!strncmp(lists[i]->v[k], begin, strlen(begin)))
				return true;
	return false;
}

unsigned script_initial(const struct cell *cell)
{
	unsigned mask = 0;

	for (int ns = 0; ns < NS_COUNT; ns++) {
		char need[32];

		snprintf(need, sizeof(need), "initial.%s", ns_kinds[ns].name);
		if (ns != NS_PID && script_needs_some(cell, need))
			mask |= NS_BIT(ns);
	}
	return mask;
}

/* Kinds of which the actor has a namespace that is not the arena's. */
static unsigned own_kinds(const struct script *script, int actor)
{
	unsigned mask = 0;

	for (; actor >= 0; actor = script->actors[actor].actor->in)
		mask |= (unsigned)script->actors[actor].bound.new;
	return mask;
}

static unsigned arena_mask(const struct script *script)
{
	unsigned mask = script->arena | NSM_PID, mutated = 0;

	for (size_t i = 0; i < script->n_steps; i++) {
		const struct script_step *s = &script->steps[i];

		mutated |= s->step->op->mutates & ~own_kinds(script, s->actor);
	}
	mask &= ~script_initial(script->cell) | mutated;
	if (script->layout)
		mask |= NSM_MNT;
	return script->user ? mask | NSM_USER : mask & ~NSM_USER;
}

/* Another actor depends on A being a process of its own, as each that is made by a step may. */
static bool is_parent(const struct scenario *s, int a)
{
	for (size_t i = 0; i < s->n_actors; i++)
		if (s->actors[i].in == a || s->actors[i].thread_of == a ||
		    s->actors[i].join_of == a || s->actors[i].later)
			return true;
	return false;
}

static bool is_plain(const struct script_actor *a)
{
	/* Without new namespaces it does not matter how they would be entered. */
	size_t attributes = a->place->list.n / 2 - (value_get(a->place, "via") != NULL);

	return !attributes && a->actor->in < 0 && a->actor->thread_of < 0 && a->actor->join_of < 0;
}

/*
 * An actor without attributes may be played by the arena's first process, which saves a fork;
 * not where it would matter that this is PID 1: no op in the cell touches PIDs or names an actor.
 */
static int find_hosted(const struct script *script)
{
	if (script->names_actors || script->pids)
		return -1;
	for (size_t i = 0; i < script->n_actors; i++)
		if (is_plain(&script->actors[i]) && !is_parent(script->cell->scenario, (int)i))
			return (int)i;
	return -1;
}

static void add_actor(const struct script_actor *a, struct script *script)
{
	/* The arena owns what is withheld: sharing is with the other actors, not with the host. */
	script->arena |= a->owned;
	script->layout |= a->bound.proc || a->bound.root == ROOT_FRESH;
	script->procfs |= a->bound.proc;
}

static void add_step(const struct script_step *s, struct script *script)
{
	const struct op *op = s->step->op;
	unsigned touches = script_touches(op, s->with);

	script->arena |= touches;
	script->procfs |= needs_procfs(op, s->with);
	script->layout |= looks_up(op, s->with) || (touches & NSM_MNT);
	script->cgroups |= (op->flags & OP_CGROUP) != 0;
	script->processors |= (op->flags & OP_PROCESSORS) != 0;
	script->names_actors |= script_names_actor(op, s->with);
	script->pids |= (touches & NSM_PID) || (op->flags & OP_ENDS) || looks_up(op, s->with);
}

void script_arena(struct script *script)
{
	script->arena = 0;
	script->layout = script->procfs = script->cgroups = false;
	script->names_actors = script->pids = false;
	script->processors = script_needs_some(script->cell, "cpus.");
	for (size_t i = 0; i < script->n_actors; i++)
		add_actor(&script->actors[i], script);
	for (size_t i = 0; i < script->n_steps; i++)
		add_step(&script->steps[i], script);
	script->arena = arena_mask(script);
	script->hosted = find_hosted(script);
}
