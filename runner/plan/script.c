// SPDX-License-Identifier: GPL-2.0-only
/*
 * From cell to script.
 */
#include <string.h>

#include "load/box_paths.h"
#include "load/refs.h"
#include "load/runtime.h"
#include "nsc/text.h"
#include "plan/acts.h"
#include "plan/numbers.h"
#include "plan/script.h"

static void add_part(struct text *name, const char *part)
{
	text_add(name, ".", 1);
	text_puts(name, part);
}

const char *cell_name(struct pool *pool, const struct cell *cell)
{
	const struct scenario *s = cell->scenario;
	struct text name = { .pool = pool };

	text_puts(&name, s->suite->prefix);
	add_part(&name, s->id);
	if (cell->row >= 0)
		add_part(&name, s->rows[cell->row].name);
	if (cell->via >= 0 && !cell->boxes)
		add_part(&name, symbol_of(via_symbols, cell->via)->name);
	else if (cell->boxes && s->via.n)
		add_part(&name, "box");
	if (cell->as >= 0)
		add_part(&name, cell->as == AS_USER ? "user" : "root");
	if (cell->kind == CELL_CONTROL) {
		add_part(&name, "control");
		add_part(&name, ns_kinds[cell->ns].name);
	}
	if (cell->kind == CELL_TWIN)
		text_printf(&name, ".twin.%d", cell->step + 1);
	return name.s;
}

/* A word that stands where REF does, for problems with it. */
static const struct value *word_at(struct pool *pool, const struct ref *ref, const char *word)
{
	struct value *v = value_str(pool, word);

	v->at = ref->at;
	return v;
}

static const struct value *lookup_variant(struct pool *pool, const struct ref *ref, void *context)
{
	const struct cell *cell = context;

	if (!strcmp(ref->name, "row") && cell->row >= 0)
		return value_get(cell->scenario->rows[cell->row].values, ref->field);
	if (!strcmp(ref->name, "runtime"))
		return cell->runtime ? runtime_value(pool, cell->runtime, ref->field) : NULL;
	if (*ref->field)
		return box_path(pool, cell->scenario, ref);
	if (!strcmp(ref->name, "via"))
		return word_at(pool, ref, symbol_of(via_symbols, cell->via < 0 ?
						    VIA_CLONE3 : cell->via)->name);
	if (!strcmp(ref->name, "as"))
		return word_at(pool, ref, cell->as == AS_USER ? "user" : "root");
	return NULL;
}

/* Attributes that need a namespace of that kind are withheld with it. */
static const struct {
	enum ns ns;
	const char *attribute;
} dependent[] = {
	{ NS_USER, "map" },	 { NS_USER, "uid_map" },   { NS_USER, "gid_map" },
	{ NS_USER, "setgroups" }, { NS_MNT, "root" },	   { NS_MNT, "proc" },
	{ NS_TIME, "monotonic" }, { NS_TIME, "boottime" },
	/* Properties of its box. */
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
	return value_lay_over(pool, place, over);
}

const struct value *expect_normal(struct pool *pool, const struct value *expect)
{
	struct value *map;

	if (!value_is(expect, "ok"))
		return expect;
	map = value_map(pool);
	value_put(pool, map, "errno", value_int(pool, 0));
	return map;
}

/* The attributes that a twin gives an actor, without the properties of its box. */
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
	const struct value *asked = value_get(over, "box");

	return asked ? value_lay_over(pool, box, refs_replace(pool, asked, lookup_variant,
							(void *)cell)) : box;
}

bool script_wants_box(const struct actor *a, const struct value *place)
{
	return (value_get(place, "new") || a->box || a->exec_of >= 0) && a->in < 0 &&
		a->thread_of < 0 && !value_get(a->place, "via");
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
		place = value_lay_over(pool, place, twin_place(pool, cell,
							 value_get(twin->actors, a->name)));
	if (!value_get(place, "via") && cell->via >= 0) {
		value_put(pool, over, "via",
			  value_str(pool, symbol_of(via_symbols, cell->via)->name));
		place = value_lay_over(pool, place, over);
	}
	made->actor = a;
	script_place(pool, made, place);
	made->box = a->box ? refs_replace(pool, a->box, lookup_variant, (void *)cell) : NULL;
	if (twin && twin->actors)
		made->box = twin_box(pool, cell, value_get(twin->actors, a->name), made->box);
	made->owned = (unsigned)made->bound.new | a->join_types;
	made->boxed = (cell->runtime || cell->inside) && script_wants_box(a, place);
	if (cell->kind == CELL_CONTROL) {
		script_place(pool, made, withhold(pool, place, cell->ns));
		if (made->box && made->place != place)
			made->box = value_lay_over(pool, made->box,
						   without_dependents(pool, cell->ns));
	}
}

/* The step itself stays, whatever its op is. */
static bool left_out(const struct cell *cell, const struct step *s)
{
	const struct step *of = cell->kind == CELL_TWIN ? &cell->scenario->steps[cell->step] : NULL;

	for (size_t i = 0; of && of != s && s->op && i < of->twin->without.n; i++)
		if (!strcmp(of->twin->without.v[i], s->op->name))
			return true;
	return false;
}

static bool in_script(const struct cell *cell, const struct step *s, int release)
{
	if (left_out(cell, s))
		return false;
	if (release == RELEASE_ANY)
		return true;
	if ((s->since && release < s->since) || (s->until && release >= s->until))
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

unsigned script_touches(const struct op *op, const struct value *with)
{
	const char *text = op->chosen.param ? value_text(value_get(with, op->chosen.param)) : NULL;
	bool chosen = text && text_matches(op->chosen.value, text);

	return op->touches | op->mutates | (chosen ? op->chosen.touches : 0);
}

bool script_names_actor(const struct op *op, const struct value *with)
{
	for (const struct field *f = op->in; f && f->type != FIELD_END; f++)
		if ((f->type == FIELD_ACTOR || f->type == FIELD_ACTORS) &&
		    value_get(with, f->name))
			return true;
	return false;
}

static const struct value *expect_of(struct pool *pool, const struct cell *cell,
				     const struct value *expect)
{
	expect = refs_replace(pool, expect, lookup_variant, (void *)cell);
	return expect ? expect_normal(pool, expect) : NULL;
}

static void add_step(struct pool *pool, const struct cell *cell, const struct step *s,
		     struct script *script)
{
	bool twin = cell->kind == CELL_TWIN && s == &cell->scenario->steps[cell->step];
	bool control = cell->kind == CELL_CONTROL && (s->isolates & NS_BIT(cell->ns));
	const struct value *with = s->with, *expect = s->expect, *contrary = NULL;
	int actor = s->actor;

	if (twin) {
		with = value_lay_over(pool, with, s->twin->with);
		actor = s->twin->by >= 0 ? s->twin->by : s->actor;
	}
	if (twin || control) {
		const struct value *instead = twin ? s->twin->expect : s->shared;

		contrary = expect_of(pool, cell, s->expect);
		expect = instead ? instead : value_str(pool, "ok");
	}
	with = refs_replace(pool, with, lookup_variant, (void *)cell);
	expect = expect_of(pool, cell, expect);
	if (s->kind == STEP_CALL) {
		numbers_read(pool, script, s, actor, with, expect);
		numbers_read(pool, script, s, actor, NULL, twin ? NULL : contrary);
	}
	struct script_step *made = script_append(pool, script);

	made->step = s;
	made->actor = actor;
	made->with = with ? with : value_map(pool);
	made->expect = expect;
	made->contrary = contrary;
}

void script_make(struct pool *pool, const struct cell *cell, int release, struct script *script)
{
	const struct scenario *s = cell->scenario;

	*script = (struct script){ .cell = cell, .user = cell->as == AS_USER, .hosted = -1 };
	script->actors = pool_array(pool, struct script_actor, s->n_actors);
	script->room = s->n_steps + 1;
	script->steps = pool_array(pool, struct script_step, script->room);
	for (size_t i = 0; i < s->n_actors; i++)
		make_actor(pool, cell, &s->actors[i], script);
	for (size_t i = 0; i < s->n_steps; i++) {
		if (cell->kind == CELL_TWIN && i > (size_t)cell->step)
			break;
		if (in_script(cell, &s->steps[i], release))
			add_step(pool, cell, &s->steps[i], script);
	}
	acts_mark(script);
}
