// SPDX-License-Identifier: GPL-2.0-only
/*
 * From cell to script.
 */
#include <string.h>

#include "box/asked.h"
#include "load/refs.h"
#include "load/runtime.h"
#include "plan/implied.h"
#include "plan/script.h"

const char *cell_name(struct pool *pool, const struct cell *cell)
{
	const struct scenario *s = cell->scenario;
	const char *name = pool_printf(pool, "%s.%s", s->suite->prefix, s->id);

	if (cell->row >= 0)
		name = pool_printf(pool, "%s.%s", name, s->rows[cell->row].name);
	if (cell->via >= 0 && !cell->boxes)
		name = pool_printf(pool, "%s.%s", name, symbol_of(via_symbols, cell->via)->name);
	else if (cell->boxes && s->via.n)
		name = pool_printf(pool, "%s.box", name);
	if (cell->as >= 0)
		name = pool_printf(pool, "%s.%s", name, cell->as == AS_USER ? "user" : "root");
	if (cell->kind == CELL_CONTROL)
		name = pool_printf(pool, "%s.control.%s", name, ns_kinds[cell->ns].name);
	if (cell->kind == CELL_TWIN)
		name = pool_printf(pool, "%s.twin.%d", name, cell->step + 1);
	return name;
}

static const struct value *lookup_variant(struct pool *pool, const struct ref *ref, void *context)
{
	const struct cell *cell = context;

	if (!strcmp(ref->name, "row") && cell->row >= 0)
		return value_get(cell->scenario->rows[cell->row].values, ref->field);
	if (*ref->field)
		return NULL;
	if (!strcmp(ref->name, "via"))
		return value_str(pool, symbol_of(via_symbols,
						 cell->via < 0 ? VIA_CLONE3 : cell->via)->name);
	if (!strcmp(ref->name, "as"))
		return value_str(pool, cell->as == AS_USER ? "user" : "root");
	return NULL;
}

/* BASE with OVER's entries laid over it; a nil entry removes. */
static const struct value *lay_over(struct pool *pool, const struct value *base,
				    const struct value *over)
{
	struct value *made = value_map(pool);

	if (!over)
		return base;
	if (base)
		made->at = base->at;
	for (size_t i = 0; base && i < base->list.n; i += 2) {
		if (value_get(over, base->list.items[i]->str.s))
			continue;
		value_push(pool, made, base->list.items[i]);
		value_push(pool, made, base->list.items[i + 1]);
	}
	for (size_t i = 0; i < over->list.n; i += 2) {
		if (over->list.items[i + 1]->type == VALUE_NIL)
			continue;
		value_push(pool, made, over->list.items[i]);
		value_push(pool, made, over->list.items[i + 1]);
	}
	return made;
}

/* What an actor can only have with a namespace of that kind goes with it. */
static const struct {
	enum ns ns;
	const char *attribute;
} dependent[] = {
	{ NS_USER, "map" },	 { NS_USER, "uid_map" },   { NS_USER, "gid_map" },
	{ NS_USER, "setgroups" }, { NS_MNT, "root" },	   { NS_MNT, "proc" },
	{ NS_TIME, "monotonic" }, { NS_TIME, "boottime" },
	/* Of its box. */
	{ NS_UTS, "hostname" },	 { NS_UTS, "domainname" },
};

/* Removes them, laid over. */
static struct value *without_dependents(struct pool *pool, enum ns ns)
{
	struct value *over = value_map(pool);

	for (size_t i = 0; i < sizeof(dependent) / sizeof(*dependent); i++)
		if (dependent[i].ns == ns)
			value_put(pool, over, dependent[i].attribute, value_nil(pool));
	return over;
}

static const struct value *withhold(struct pool *pool, const struct value *place, enum ns ns)
{
	const struct value *new = value_get(place, "new");
	struct value *over = without_dependents(pool, ns), *kept = value_list(pool);
	bool had = false;

	for (size_t i = 0; new && new->type == VALUE_LIST && i < new->list.n; i++) {
		bool this = value_is(new->list.items[i], ns_kinds[ns].name);

		had |= this;
		if (!this)
			value_push(pool, kept, new->list.items[i]);
	}
	if (!had)
		return place;
	value_put(pool, over, "new", kept);
	return lay_over(pool, place, over);
}

const struct value *expect_normal(struct pool *pool, const struct value *expect)
{
	struct value *map;

	if (!value_is(expect, "ok"))
		return expect;
	map = value_map(pool);
	map->at = expect->at;
	value_put(pool, map, "errno", value_int(pool, 0));
	map->list.items[0]->at = map->list.items[1]->at = expect->at;
	return map;
}

/* What a twin gives an actor, without what it asks of the actor's box. */
static const struct value *twin_place(struct pool *pool, const struct cell *cell,
				      const struct value *over)
{
	struct value *made = value_map(pool);

	for (size_t i = 0; over && i < over->list.n; i += 2) {
		if (value_is(over->list.items[i], "box"))
			continue;
		value_push(pool, made, over->list.items[i]);
		value_push(pool, made, over->list.items[i + 1]);
	}
	return refs_replace(pool, made, lookup_variant, (void *)cell);
}

static const struct value *twin_box(struct pool *pool, const struct cell *cell,
				    const struct value *over, const struct value *box)
{
	const struct value *asked = over ? value_get(over, "box") : NULL;

	return asked ? lay_over(pool, box, refs_replace(pool, asked, lookup_variant,
							(void *)cell)) : box;
}

void script_place(struct pool *pool, struct script_actor *a, const struct value *place)
{
	a->place = place;
	fields_bind(pool, place_fields, place, &a->bound);
}

static void make_actor(struct pool *pool, const struct cell *cell, const struct actor *a,
		       struct script *script)
{
	struct script_actor *made = &script->actors[script->n_actors++];
	const struct value *place = refs_replace(pool, a->place, lookup_variant, (void *)cell);
	const struct twin *twin = cell->kind == CELL_TWIN ? cell->scenario->steps[cell->step].twin :
		NULL;
	struct value *over = value_map(pool);

	if (twin && twin->actors)
		place = lay_over(pool, place, twin_place(pool, cell,
							 value_get(twin->actors, a->name)));
	if (!value_get(place, "via") && cell->via >= 0) {
		value_put(pool, over, "via",
			  value_str(pool, symbol_of(via_symbols, cell->via)->name));
		place = lay_over(pool, place, over);
	}
	made->actor = a;
	script_place(pool, made, place);
	made->box = a->box ? refs_replace(pool, a->box, lookup_variant, (void *)cell) : NULL;
	if (twin && twin->actors)
		made->box = twin_box(pool, cell, value_get(twin->actors, a->name), made->box);
	/* The arena owns what is withheld: sharing is with the other actors, not with the host. */
	script->arena |= (unsigned)made->bound.new | a->join_types;
	made->boxed = (cell->runtime || cell->inside) && asked_box(a, place);
	if (cell->kind == CELL_CONTROL) {
		script_place(pool, made, withhold(pool, place, cell->ns));
		if (made->box && made->place != place)
			made->box = lay_over(pool, made->box, without_dependents(pool, cell->ns));
	}
	/* It is there already. */
	if (made->boxed && cell->inside)
		script_place(pool, made, asked_of_agent(pool, made->place));
}

static bool in_script(const struct cell *cell, const struct step *s, int release)
{
	if (release == RELEASE_ANY)
		return true;
	if ((s->since && release < s->since) || (s->until && release >= s->until))
		return false;
	/* From outside, another kernel's process is not what is seen: it is judged from inside. */
	if (cell->runtime && cell->runtime->foreign && s->op && !strcmp(s->op->name, "box.seen"))
		return false;
	if (s->control == CONTROL_KEEP)
		return true;
	return (s->control == CONTROL_ONLY) == (cell->kind == CELL_CONTROL);
}

int script_home(const struct script *script, int actor)
{
	while (actor >= 0 && !script->actors[actor].boxed) {
		const struct actor *a = script->actors[actor].actor;

		actor = a->in >= 0 ? a->in : a->thread_of;
	}
	return actor;
}

bool script_names_actor(const struct op *op)
{
	for (const struct field *f = op->in; f && f->type != FIELD_END; f++)
		if (f->type == FIELD_ACTOR || f->type == FIELD_ACTORS)
			return true;
	return false;
}

/* Paths of other processes in /proc: /proc/$a.pid/root. */
static bool is_of_process(const struct value *v)
{
	return v->type == VALUE_STR && !strncmp(v->str.s, "/proc/", 6) &&
	       (v->str.s[6] == '$' || (v->str.s[6] >= '0' && v->str.s[6] <= '9'));
}

/* Whether the step looks up processes in the /proc that the arena has, or mounts another. */
static bool needs_procfs(const struct op *op, const struct value *with)
{
	if ((op->flags & OP_PROC) || value_is(value_get(with, "type"), "proc"))
		return true;
	for (size_t i = 0; i < with->list.n; i++)
		if (is_of_process(with->list.items[i]))
			return true;
	return false;
}

static void add_step(struct pool *pool, const struct cell *cell, const struct step *s,
		     struct script *script)
{
	bool twin = cell->kind == CELL_TWIN && s == &cell->scenario->steps[cell->step];

	if (s->kind == STEP_START && s->actor >= 0 && cell->runtime &&
	    script->actors[s->actor].boxed) {
		/* The twin of a launch that is refused is one like any other. */
		implied_launch(pool, script, s->actor,
			     s->expect && !twin ? expect_normal(pool, refs_replace(
				pool, s->expect, lookup_variant, (void *)cell)) : NULL);
		return;
	}
	struct script_step *made = &script->steps[script->n_steps++];
	const struct value *with = s->with, *expect = s->expect;

	made->step = s;
	made->actor = s->actor;
	if (twin) {
		with = lay_over(pool, with, s->twin->with);
		expect = s->twin->expect ? s->twin->expect : value_str(pool, "ok");
		made->actor = s->twin->by >= 0 ? s->twin->by : s->actor;
	}
	with = refs_replace(pool, with, lookup_variant, (void *)cell);
	expect = refs_replace(pool, expect, lookup_variant, (void *)cell);
	made->with = with ? with : value_map(pool);
	made->expect = expect ? expect_normal(pool, expect) : NULL;
	made->must_fail = cell->kind == CELL_CONTROL && (s->isolates & NS_BIT(cell->ns));
	if (s->kind == STEP_START || !s->op)
		return;
	script->arena |= s->op->touches | s->op->mutates;
	script->procfs |= needs_procfs(s->op, made->with);
	script->layout |= (s->op->flags & OP_PROC) || (s->op->touches & NSM_MNT);
	script->cgroups |= (s->op->flags & OP_CGROUP) != 0;
	script->beacons |= script_names_actor(s->op);
	script->pids |= (s->op->touches & NSM_PID) || (s->op->flags & (OP_ENDS | OP_PROC));
}

static bool needs_feature(const struct cell *cell, const char *feature)
{
	const struct scenario *s = cell->scenario;
	const struct strs *lists[] = {
		&s->needs, cell->row >= 0 ? &s->rows[cell->row].needs : NULL
	};

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; lists[i] && k < lists[i]->n; k++)
			if (!strcmp(lists[i]->v[k], feature))
				return true;
	return false;
}

static unsigned arena_mask(const struct script *script)
{
	unsigned mask = script->arena | NSM_PID, mutated = 0;

	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].step->kind != STEP_START && script->steps[i].step->op)
			mutated |= script->steps[i].step->op->mutates;
	/* Scenarios about the initial one look at it; it cannot be changed. */
	if (needs_feature(script->cell, "feature.initial-time"))
		mask &= ~(unsigned)NSM_TIME | mutated;
	if (script->layout)
		mask |= NSM_MNT;
	return script->user ? mask | NSM_USER : mask & ~NSM_USER;
}

/* Another actor depends on A being a process of its own. */
static bool is_parent(const struct scenario *s, int a)
{
	for (size_t i = 0; i < s->n_actors; i++)
		if (s->actors[i].in == a || s->actors[i].thread_of == a ||
		    s->actors[i].join_of == a ||
		    s->actors[i].later)
			return true;
	return false;
}

static bool is_plain(const struct script_actor *a)
{
	for (size_t i = 0; i < a->place->list.n; i += 2)
		/* Without new namespaces it does not matter how they would be entered. */
		if (!value_is(a->place->list.items[i], "via"))
			return false;
	return a->actor->in < 0 && a->actor->thread_of < 0 && a->actor->join_of < 0 &&
		!a->actor->later;
}

/*
 * An actor without attributes may be played by the arena's first process, which saves a fork;
 * not where it would matter that this is PID 1: no op in the cell touches PIDs or names an actor.
 */
static int find_hosted(const struct script *script)
{
	if (script->beacons || script->pids)
		return -1;
	for (size_t i = 0; i < script->n_actors; i++)
		if (is_plain(&script->actors[i]) && !is_parent(script->cell->scenario, (int)i))
			return (int)i;
	return -1;
}

/* All that a runtime could reach is the moat's own, and it finds cgroups to work in. */
static void make_moat(struct script *script)
{
	script->arena |= NSM_ALL & ~(unsigned)(NSM_USER | NSM_TIME);
	script->layout = false;
	script->cgroups = script->pids = script->procfs = true;
}

/* Nothing is made: neither namespaces nor a root directory nor cgroups. */
static void take_as_it_is(struct script *script)
{
	script->arena = 0;
	script->layout = script->procfs = script->cgroups = script->user = false;
	script->hosted = -1;
}

void script_make(struct pool *pool, const struct cell *cell, int release, struct script *script)
{
	const struct scenario *s = cell->scenario;

	*script = (struct script){ .cell = cell, .user = cell->as == AS_USER };
	script->actors = pool_array(pool, struct script_actor, s->n_actors);
	script->steps = pool_array(pool, struct script_step, s->n_steps + 4 * s->n_actors);
	for (size_t i = 0; i < s->n_actors; i++)
		make_actor(pool, cell, &s->actors[i], script);
	if (cell->runtime)
		implied_actors(pool, script);
	for (size_t i = 0; i < s->n_steps; i++) {
		if (cell->kind == CELL_TWIN && i > (size_t)cell->step)
			break;
		if (in_script(cell, &s->steps[i], release))
			add_step(pool, cell, &s->steps[i], script);
	}
	if (cell->runtime && cell->kind == CELL_PLAIN)
		implied_ends(pool, script);
	for (size_t i = 0; i < script->n_actors; i++) {
		const struct place *place = &script->actors[i].bound;

		script->layout |= place->proc || place->root == ROOT_FRESH;
		script->procfs |= place->proc;
	}
	script->arena = arena_mask(script);
	script->hosted = cell->runtime ? -1 : find_hosted(script);
	script->moat = cell->runtime != NULL;
	if (script->moat)
		make_moat(script);
	if (cell->inside)
		take_as_it_is(script);
}
