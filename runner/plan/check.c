// SPDX-License-Identifier: GPL-2.0-only
/*
 * What only a whole scenario shows: that parameters, references and expectations fit the
 * ops in every row, that actors can be placed and are there when they act, and that
 * nothing is claimed without its control or twin (honesty rule 1).
 */
#include <string.h>

#include "load/box_paths.h"
#include "load/loader.h"
#include "load/match.h"
#include "load/numbers.h"
#include "load/refs.h"
#include "load/rights.h"
#include "nsc/box.h"
#include "plan/acts.h"
#include "plan/check.h"
#include "plan/contrast.h"
#include "plan/proof.h"
#include "machine/require.h"
#include "plan/script.h"

struct checking {
	struct loader *l;
	const struct scenario *s;
	const struct script *script;
	size_t saves; /* what the first so many steps save can be referred to */
	const struct step *step; /* whose expectation of FIELD is looked at */
	const char *field;
};

static void check_row_ref(struct checking *c, const struct ref *ref)
{
	struct nearest n = { .word = ref->field };
	const struct cell *cell = c->script->cell;

	if (cell->row < 0) {
		problem_add(c->l->problems, ref->at, "$row.%s, but the scenario has no rows",
			    ref->field);
		return;
	}
	const struct row *row = &c->s->rows[cell->row];

	if (value_get(row->values, ref->field))
		return;
	for (size_t i = 0; i < row->values->list.n; i += 2)
		nearest_offer(&n, row->values->list.items[i]->str.s);
	problem_add(c->l->problems, ref->at, "the row at line %d has no column %s%s", row->at.line,
		    ref->field, nearest_hint(c->l->pool, &n));
}

/* Text that only looks like a reference is refused, because it would be taken literally. */
static void check_no_ref(struct checking *c, const struct ref *ref)
{
	struct nearest n = { .word = ref->wrong };
	const struct cell *cell = c->script->cell;
	struct pool *pool = c->l->pool;
	const struct value *columns = cell->row < 0 ? NULL : c->s->rows[cell->row].values;

	nearest_offer(&n, "via");
	nearest_offer(&n, "as");
	for (size_t i = 0; columns && i < columns->list.n; i += 2)
		nearest_offer(&n, pool_printf(pool, "row.%s", columns->list.items[i]->str.s));
	for (size_t i = 0; i < c->saves; i++) {
		const struct step *s = c->script->steps[i].step;

		for (const struct field *f = s->save && s->op ? s->op->out : NULL;
		     f && f->type != FIELD_END; f++)
			nearest_offer(&n, pool_printf(pool, "%s.%s", s->save, f->name));
	}
	problem_add(c->l->problems, ref->at,
		    "no reference: expected $NAME.FIELD in lower case as the whole text, ${NAME.FIELD} "
		    "inside a longer one, or $$ for a dollar sign%s", nearest_hint(pool, &n));
}

/* The actor of the step reads the number, so it must not be busy with a background step. */
static void check_number(struct checking *c, const struct ref *ref)
{
	if (!c->saves)
		problem_add(c->l->problems, ref->at, "$%s.pid is known in steps alone", ref->name);
	else if (c->script->steps[c->saves - 1].step->kind != STEP_CALL)
		problem_add(c->l->problems, ref->at,
			    "$%s.pid is known in steps ACTOR: OP alone: save it before, with proc.of",
			    ref->name);
}

static void check_ref(const struct ref *ref, void *context)
{
	struct checking *c = context;
	struct nearest n = { .word = ref->name };

	if (ref->wrong) {
		check_no_ref(c, ref);
		return;
	}
	/* The script has replaced references of rows and variants; in a twin they are still
	 * there. */
	if (!*ref->field && (!strcmp(ref->name, "via") || !strcmp(ref->name, "as")))
		return;
	if (box_path(c->l->pool, c->s, ref))
		return;
	if (!strcmp(ref->name, "runtime")) {
		/* Without a runtime it has no value. */
		if (strcmp(ref->field, "withholds"))
			problem_add(c->l->problems, ref->at,
				    "of a runtime $runtime.withholds is known");
		return;
	}
	if (!*ref->field) {
		problem_add(c->l->problems, ref->at, "$%s names no value: expected $%s.FIELD",
			    ref->name, ref->name);
		return;
	}
	if (!strcmp(ref->name, "row")) {
		check_row_ref(c, ref);
		return;
	}
	if (is_number(c->s, ref)) {
		check_number(c, ref);
		return;
	}
	/* An expectation may speak of the step's own results. */
	for (size_t i = 0; i < c->saves; i++) {
		const struct step *s = c->script->steps[i].step;

		if (!s->save)
			continue;
		nearest_offer(&n, s->save);
		if (strcmp(s->save, ref->name))
			continue;
		if (!strcmp(ref->field, "errno") || !s->op || field_find(s->op->out, ref->field))
			return;
		struct nearest f = { .word = ref->field };

		for (const struct field *out = s->op->out; out && out->type != FIELD_END; out++)
			nearest_offer(&f, out->name);
		problem_add(c->l->problems, ref->at, "%s returns no %s%s", s->op->name, ref->field,
			    nearest_hint(c->l->pool, &f));
		return;
	}
	for (size_t i = 0; i < c->s->n_actors; i++) {
		const char *name = c->s->actors[i].name;

		nearest_offer(&n, name);
		if (strcmp(name, ref->name))
			continue;
		problem_add(c->l->problems, ref->at,
			    "of an actor the number is known, $%s.pid, of its "
			    "box ${%s.work} and ${%s.rootfs}, and no step before saves %s",
			    name, name, name, name);
		return;
	}
	problem_add(c->l->problems, ref->at, "no step before saves %s%s", ref->name,
		    nearest_hint(c->l->pool, &n));
}

static const struct field errno_field = {
	.name = "errno", .doc = "0, or the error by name", .type = FIELD_ERRNO,
};

/* Of several steps that save under a name the latest is meant, which here is the step itself. */
static void check_other(const struct ref *ref, void *context)
{
	struct checking *c = context;

	if (!ref->wrong && !strcmp(ref->name, c->step->save) && !strcmp(ref->field, c->field))
		problem_add(c->l->problems, ref->at, "compares %s with itself: this step saves %s",
			    c->field, ref->name);
}

static void check_expect(struct checking *c, const struct step *s, const struct value *expect)
{
	struct loader *l = c->l;

	if (refs_any(expect) && expect->type == VALUE_STR)
		return;
	if (expect->type != VALUE_MAP) {
		load_problem(l, expect, "expected `ok` or a map of fields");
		return;
	}
	if (!expect->list.n)
		load_problem(l, expect, "an empty map expects nothing");
	/* Of a start only errno can be expected: its pid and pidfd belong to the harness. */
	bool spawn = s->op && (s->op->flags & (OP_INTERNAL | OP_MOAT)) == OP_INTERNAL;
	const struct field *fields = spawn || !s->op ? NULL : s->op->out;

	for (size_t i = 0; s->op && i < expect->list.n; i += 2) {
		const struct value *key = expect->list.items[i];
		const struct field *f = !strcmp(key->str.s, "errno") ? &errno_field :
					fields ? field_find(fields, key->str.s) : NULL;
		struct nearest n = { .word = key->str.s };
		struct mark at;

		if (!f) {
			nearest_offer(&n, "errno");
			for (f = fields; f && f->type != FIELD_END; f++)
				nearest_offer(&n, f->name);
			load_problem(l, key, "%s returns no %s%s",
				     spawn ? "the start of an actor" : s->op->name, key->str.s,
				     nearest_hint(l->pool, &n));
			continue;
		}
		const char *wrong = match_check(l->pool, f, expect->list.items[i + 1], &at);

		if (wrong)
			problem_add(l->problems, at, "%s: %s", f->name, wrong);
		c->step = s;
		c->field = f->name;
		if (s->save)
			refs_visit(l->pool, expect->list.items[i + 1], check_other, c);
	}
}

/* Actors named in parameters must exist. */
static void check_actor_names(struct checking *c, const struct step *s, const struct value *with)
{
	for (const struct field *f = s->op ? s->op->in : NULL; f && f->type != FIELD_END; f++) {
		const struct value *v = value_get(with, f->name);

		if (!v || (f->type != FIELD_ACTOR && f->type != FIELD_ACTORS))
			continue;
		if (refs_any(v))
			load_problem(c->l, v,
				     "%s: expected the name of an actor, which no result is",
				     f->name);
		else if (f->type == FIELD_ACTOR && v->type == VALUE_STR)
			load_actor_name(c->l, v);
		else if (f->type == FIELD_ACTORS && v->type == VALUE_LIST)
			for (size_t i = 0; i < v->list.n; i++)
				if (v->list.items[i]->type == VALUE_STR)
					load_actor_name(c->l, v->list.items[i]);
	}
}

/* What is seen instead in a control or a twin. */
static void check_instead(struct checking *c, const struct step *s, const struct value *instead)
{
	const struct value *expect = instead ? expect_normal(c->l->pool, instead) : NULL;

	refs_visit(c->l->pool, instead, check_ref, c);
	if (expect && !refs_any(expect))
		check_expect(c, s, expect);
}

static void check_step(struct checking *c, const struct script_step *step)
{
	const struct step *s = step->step;
	struct loader *l = c->l;
	struct value at = { .at = s->at };

	refs_visit(l->pool, step->with, check_ref, c);
	refs_visit(l->pool, step->expect, check_ref, c);
	if (s->kind == STEP_CALL && s->op) {
		load_params(l, s->op->in, step->with, &at, s->op->name);
		check_actor_names(c, s, step->with);
	}
	if (step->expect)
		check_expect(c, s, step->expect);
	check_instead(c, s, s->shared);
	if (s->twin && s->kind == STEP_START && (s->twin->with || s->twin->by >= 0))
		load_problem(l, &at, "the twin of a start differs in `actors`: there are no parameters, and nobody does it");
	if (s->twin && s->op && s->kind == STEP_CALL) {
		refs_visit(l->pool, s->twin->with, check_ref, c);
		check_instead(c, s, s->twin->expect);
		for (size_t i = 0; s->twin->with && i < s->twin->with->list.n; i += 2) {
			const struct value *key = s->twin->with->list.items[i];

			if (s->twin->with->list.items[i + 1]->type == VALUE_NIL &&
			    !value_get(s->with, key->str.s))
				load_problem(l, key, "the step has no %s that could be removed",
					     key->str.s);
		}
	}
}

static void check_place(struct checking *c, const struct script_actor *a)
{
	struct loader *l = c->l;
	struct value at = { .at = a->actor->at };
	size_t before = l->problems->n;

	refs_visit(l->pool, a->place, check_ref, c);
	refs_visit(l->pool, a->box, check_ref, c);
	load_params(l, place_fields, a->place, &at, "an actor");
	if (a->box && a->box->type == VALUE_MAP)
		load_params(l, box_fields, a->box, &at, "a box");
	else if (a->box && !refs_any(a->box))
		load_problem(l, a->box, "expected a map, not %s", value_type_name(a->box->type));
	if (l->problems->n != before)
		return;
	const struct place *place = &a->bound;
	if ((place->uid_map.v || place->gid_map.v || value_get(a->place, "map")) &&
	    !(place->new & NSM_USER))
		load_problem(l, &at, "%s has id maps but no `new: [user]`", a->actor->name);
	if ((place->monotonic || place->boottime) && !(place->new & NSM_TIME))
		load_problem(l, &at, "%s has clock offsets but no `new: [time]`", a->actor->name);
	if ((place->root == ROOT_FRESH || place->proc) && !(place->new & NSM_MNT))
		load_problem(l, &at, "%s has a root or proc of its own but no `new: [mnt]`",
			     a->actor->name);
	if (a->actor->thread_of >= 0 && (place->new & (NSM_USER | NSM_PID | NSM_TIME)))
		load_problem(l, &at, "%s is a thread, which cannot have a new user, PID or time namespace",
			     a->actor->name);
}

/* What a twin leaves out is there. */
static void check_without(struct checking *c, const struct step *s)
{
	for (size_t i = 0; i < s->twin->without.n; i++) {
		struct nearest n = { .word = s->twin->without.v[i] };
		const struct step *b = c->s->steps;

		for (; b < s && (!b->op || strcmp(b->op->name, n.word)); b++)
			if (b->op)
				nearest_offer(&n, b->op->name);
		if (b == s)
			problem_add(c->l->problems, s->twin->at,
				    "no step before carries out %s, which the twin is without%s",
				    n.word, nearest_hint(c->l->pool, &n));
	}
}

/* The parameters and actors of twins are checked in the scripts of the twins. */
static void check_twins(struct checking *c, const struct cell *plain)
{
	struct loader *l = c->l;

	for (size_t i = 0; i < c->s->n_steps; i++) {
		const struct step *s = &c->s->steps[i];
		struct cell twin = *plain;
		struct script script;

		if (!s->twin)
			continue;
		check_without(c, s);
		twin.kind = CELL_TWIN;
		twin.step = (int16_t)i;
		script_make(l->pool, &twin, RELEASE_ANY, &script);
		const struct script_step *last = &script.steps[script.n_steps - 1];
		struct value at = { .at = s->twin->at };

		if (s->kind == STEP_CALL && s->op) {
			load_params(l, s->op->in, last->with, &at, s->op->name);
			check_actor_names(c, s, last->with);
		}
		for (size_t a = 0; a < script.n_actors; a++)
			check_place(c, &script.actors[a]);
	}
}

struct naming {
	struct checking *c;
	const bool *made;
};

static void check_made(const struct naming *n, struct mark at, const char *name)
{
	const struct scenario *s = n->c->s;

	for (size_t i = 0; i < s->n_actors; i++)
		if (!n->made[i] && !strcmp(s->actors[i].name, name))
			problem_add(n->c->l->problems, at,
				    "%s is named before it is started", name);
}

static void check_number_made(const struct ref *ref, void *context)
{
	const struct naming *n = context;

	if (is_number(n->c->s, ref))
		check_made(n, ref->at, ref->name);
}

/* In the parameters of an op, or in what an expectation compares with. */
static void check_named(struct checking *c, const struct step *s, const struct value *with,
			const bool *made)
{
	struct naming n = { .c = c, .made = made };

	refs_visit(c->l->pool, with, check_number_made, &n);
	refs_visit(c->l->pool, s->expect, check_number_made, &n);
	for (const struct field *f = s->op ? s->op->in : NULL; f && f->type != FIELD_END; f++) {
		const struct value *v = with ? value_get(with, f->name) : NULL;

		if (v && f->type == FIELD_ACTOR && v->type == VALUE_STR)
			check_made(&n, v->at, v->str.s);
		for (size_t i = 0; v && f->type == FIELD_ACTORS && v->type == VALUE_LIST &&
				   i < v->list.n; i++)
			if (v->list.items[i]->type == VALUE_STR)
				check_made(&n, v->list.items[i]->at, v->list.items[i]->str.s);
	}
}

/* Every actor that another relies on, or that acts, must have been made before. */
static void check_order(struct checking *c)
{
	const struct scenario *s = c->s;
	bool made[ACTORS_MAX] = { false };

	for (size_t i = 0; i < s->n_actors; i++) {
		const struct actor *a = &s->actors[i];
		const int on[] = { a->in, a->thread_of, a->join_of };
		struct value at = { .at = a->at };

		for (size_t k = 0; k < 3; k++)
			if (on[k] >= 0 && (on[k] == (int)i || (!made[on[k]] && !a->later)))
				load_problem(c->l, &at,
					     "%s relies on %s, which is not made before it",
					     a->name, s->actors[on[k]].name);
		made[i] = !a->later;
	}
	for (size_t i = 0; i < s->n_steps; i++) {
		const struct step *step = &s->steps[i];
		struct value at = { .at = step->at };

		if (step->actor < 0 || step->kind == STEP_FINISH)
			continue;
		if (step->kind == STEP_START && made[step->actor])
			load_problem(c->l, &at, "%s is there already; mark it `later: true` to start it in a step",
				     s->actors[step->actor].name);
		if (step->kind == STEP_CALL && !made[step->actor])
			load_problem(c->l, &at, "%s acts before it is started",
				     s->actors[step->actor].name);
		if (step->kind == STEP_CALL) {
			check_named(c, step, step->with, made);
			if (step->twin)
				check_named(c, step, step->twin->with, made);
			if (step->twin && step->twin->by >= 0 && !made[step->twin->by])
				problem_add(c->l->problems, step->twin->at,
					    "%s acts before it is started",
					    s->actors[step->twin->by].name);
		}
		made[step->actor] = step->kind != STEP_START ||
			contrast_refusal(step->expect ? expect_normal(c->l->pool, step->expect) :
							NULL) != 1;
	}
}

static bool has_kind(const struct script *script, enum ns ns)
{
	for (size_t i = 0; i < script->n_actors; i++)
		if (rights_may_have_new(script->actors[i].place, ns))
			return true;
	return false;
}

static void check_isolates(struct checking *c)
{
	unsigned isolates = 0;

	for (size_t i = 0; i < c->s->n_steps; i++)
		isolates |= c->s->steps[i].isolates;
	for (size_t i = 0; i < c->script->n_steps; i++) {
		const struct step *s = c->script->steps[i].step;
		struct value at = { .at = s->at };

		if (s->control == CONTROL_ONLY && !isolates)
			load_problem(c->l, &at, "control: only, but no step isolates: there are no control cells");
		if (s->control == CONTROL_OMIT && s->isolates)
			load_problem(c->l, &at, "isolates with control: omit: the control cell would have nothing that must fail");

		for (int ns = 0; ns < NS_COUNT; ns++)
			if ((s->isolates & NS_BIT(ns)) && !has_kind(c->script, (enum ns)ns))
				load_problem(c->l, &at, "isolates %s, but no actor has it in `new`: it cannot be withheld",
					     ns_kinds[ns].name);
	}
}

static void check_contrast(struct checking *c, const struct script *scripts, size_t n,
			   const struct script_step *step)
{
	struct value at = { .at = step->step->at };
	const char *missing = contrast_missing(scripts, n, step);

	if (!missing || !contrast_judged(step->step))
		return;
	if (step->step->kind == STEP_START)
		load_problem(c->l, &at, "the start of %s is expected to be refused, and nothing shows that it can succeed: "
			     "add a twin, or isolates",
			     c->s->actors[step->actor].name);
	else if (!strcmp(missing, "errno"))
		load_problem(c->l, &at, "%s is expected to be refused, and nothing shows that it can succeed: "
			     "add a twin, or isolates", step->step->op->name);
	else
		load_problem(c->l, &at, "%s is expected to find nothing, and nothing shows that it can: "
			     "expect %s of another step with it, add a twin, or isolates",
			     step->step->op->name, missing);
}

static void check_honesty(struct checking *c, const struct script *scripts, size_t n)
{
	const struct scenario *s = c->s;
	bool any = false;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < scripts[i].n_steps; k++) {
			const struct script_step *step = &scripts[i].steps[k];

			any |= step->expect && contrast_judged(step->step);
			check_contrast(c, scripts, n, step);
		}
	struct value at = { .at = s->at };

	if (!any)
		load_problem(c->l, &at, "%s expects nothing: it cannot fail", s->id);
}

/* No act on trust. */
static void check_acts(struct checking *c, const struct script *scripts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < scripts[i].n_steps; k++) {
			const struct step *step = scripts[i].steps[k].step;
			struct value at = { .at = step->at };

			if (act_unseen(&scripts[i], k))
				load_problem(c->l, &at, "nothing shows that %s was done: expect something after it that does, "
					     "of the ops that `nsconform ops %s` names",
					     step->op->name, step->op->name);
		}
	}
}

static void check_scenario(struct loader *l, struct scenario *s)
{
	size_t n = s->n_rows ? s->n_rows : 1;
	struct cell *cells = pool_array(l->pool, struct cell, n);
	struct script *scripts = pool_array(l->pool, struct script, n);
	struct checking c = { .l = l, .s = s };

	for (size_t i = 0; i < n; i++) {
		struct script *script = &scripts[i];

		cells[i] = (struct cell){ .scenario = s, .row = s->n_rows ? (int16_t)i : -1,
					  .via = -1, .as = -1 };
		script_make(l->pool, &cells[i], RELEASE_ANY, script);
		c.script = script;
		for (c.saves = 1; c.saves <= script->n_steps; c.saves++)
			check_step(&c, &script->steps[c.saves - 1]);
		/* Actors are placed before any step, so that their attributes cannot refer to
		 * results. */
		c.saves = 0;
		check_twins(&c, &cells[i]);
		for (size_t a = 0; a < script->n_actors; a++)
			check_place(&c, &script->actors[a]);
		if (i == 0)
			check_isolates(&c);
	}
	check_order(&c);
	/* Whether the scenario proves anything is checked only when it has no other problem. */
	if (l->problems->n == l->problems_before) {
		check_honesty(&c, scripts, n);
		proof_check(l, s);
		check_acts(&c, scripts, n);
	}
}

/* Checking has a pool of its own, so that its scratch memory does not live as long as the suite. */
static void check(struct loader *l, struct scenario *s)
{
	AUTO_POOL scratch = { 0 };
	struct pool *kept = l->pool;

	l->pool = &scratch;
	check_scenario(l, s);
	l->pool = kept;
}

static void trust(struct loader *l, struct scenario *s)
{
	(void)l, (void)s;
}

static const struct suite_checks checks = { .need = require_check, .scenario = check },
	checked_elsewhere = { .need = require_check, .scenario = trust };

struct suite *suite_load(struct pool *pool, const char *path, struct catalogue *catalogue,
			 struct problems *problems, bool checked)
{
	return suite_read(pool, path, checked ? &checked_elsewhere : &checks, catalogue, problems);
}

struct suite *suite_parse(struct pool *pool, const char *path, const char *text, size_t len,
			  struct catalogue *catalogue, struct problems *problems)
{
	return suite_read_text(pool, path, text, len, &checks, catalogue, problems);
}
