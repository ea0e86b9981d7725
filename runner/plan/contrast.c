// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shows that an expectation can fail: a control, a twin, or another step that sees the
 * contrary.
 */
#include <string.h>

#include "load/refs.h"
#include "plan/contrast.h"

int contrast_refusal(const struct value *expect)
{
	const struct value *v = value_get(expect, "errno");

	if (!v)
		return 0;
	if (v->type == VALUE_INT)
		return v->i != 0;
	return v->type == VALUE_STR && refs_any(v) ? -1 : 1;
}

/*
 * Of control cells only what is marked is judged, and where nothing is marked there are none.
 */
bool contrast_judged(const struct step *s)
{
	return s->control != CONTROL_ONLY;
}

static bool is_bool(const struct value *v, bool b)
{
	return v && v->type == VALUE_BOOL && v->b == b;
}

static bool lacks(const struct value *matchers)
{
	const struct value *length = value_get(matchers, "length");

	return value_get(matchers, "lacks") || is_bool(value_get(matchers, "present"), false) ||
	       is_bool(value_get(matchers, "not"), true) ||
	       (length && length->type == VALUE_INT && !length->i);
}

/* Whether WANT says that there is nothing in the field. */
static bool is_nothing(const struct field *f, const struct value *want)
{
	switch (want->type) {
	case VALUE_BOOL:
		return !want->b;
	case VALUE_INT:
		return !want->i && f->counts;
	case VALUE_STR:
		return !want->str.len;
	case VALUE_LIST:
		return !want->list.n;
	case VALUE_MAP:
		return lacks(want);
	default:
		return true;
	}
}

/*
 * Whether OTHER finds something in the field. Where a list contains one thing and lacks another one
 * in the step itself, that it contains the one does not show that it could contain the other.
 */
static bool finds(const struct script_step *step, const struct field *f,
		  const struct script_step *other)
{
	const struct value *want = value_get(other->expect, f->name);

	return want && (!is_nothing(f, want) ||
			(value_get(want, "contains") && other->step != step->step));
}

/* In how many entries the parameters differ. */
static size_t differences(const struct value *a, const struct value *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->list.n; i += 2) {
		const struct value *other = value_get(b, a->list.items[i]->str.s);

		n += !other || !value_equal(other, a->list.items[i + 1]);
	}
	for (size_t i = 0; i < b->list.n; i += 2)
		n += !value_get(a, b->list.items[i]->str.s);
	return n;
}

/* The start of another actor has another placement. */
static bool succeeds(const struct script_step *step, const struct script_step *other)
{
	return step->step->kind != STEP_START && contrast_refusal(other->expect) == 0 &&
	       (other->actor != step->actor) + differences(other->with, step->with) <= 1;
}

/* Whether a step shows that what STEP expects is not always so; F is NULL for a refusal. */
static bool shown(const struct script *scripts, size_t n, const struct script_step *step,
		  const struct field *f)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < scripts[i].n_steps; k++) {
			const struct script_step *other = &scripts[i].steps[k];

			if (other->step->op == step->step->op && !other->step->background &&
			    contrast_judged(other->step) &&
			    (f ? finds(step, f, other) : succeeds(step, other)))
				return true;
		}
	return false;
}

bool contrast_negative(const struct op *op, const struct value *expect)
{
	bool any = contrast_refusal(expect) == 1;

	for (size_t i = 0; !any && expect->type == VALUE_MAP && i < expect->list.n; i += 2) {
		const struct field *f = field_find(op->out, expect->list.items[i]->str.s);

		any = f && is_nothing(f, expect->list.items[i + 1]);
	}
	return any;
}

/* Of what leaks into a box, tests/runtime.t shows with runtimes of its own that it is found. */
static bool reads_box(const struct op *op)
{
	return !strncmp(op->name, "box.", strlen("box."));
}

const char *contrast_missing(const struct script *scripts, size_t n, const struct script_step *step)
{
	const struct value *expect = step->expect;
	const struct op *op = step->step->op;

	if (step->step->isolates || step->step->twin || reads_box(op))
		return NULL;
	if (contrast_refusal(expect) == 1)
		return shown(scripts, n, step, NULL) ? NULL : "errno";
	for (size_t i = 0; expect && i < expect->list.n; i += 2) {
		const struct field *f = field_find(op->out, expect->list.items[i]->str.s);

		if (f && is_nothing(f, expect->list.items[i + 1]) && !shown(scripts, n, step, f))
			return f->name;
	}
	return NULL;
}
