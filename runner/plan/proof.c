// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clauses and the expectations that prove them.
 */
#include <string.h>

#include "plan/contrast.h"
#include "plan/proof.h"

const struct symbol proof_symbols[] = {
	{ "open", PROOF_NONE, "no scenario proves it" },
	{ "value", PROOF_VALUE, "something is there, or has a value, that it would not have by "
				"accident: nothing else shows that the expectation can fail" },
	{ "pair", PROOF_PAIR, "a call is refused, or finds nothing, that succeeds, or finds something, "
			      "in another step or row of the scenario" },
	{ "twin", PROOF_TWIN, "a call is refused, and succeeds in a twin, without the forbidden "
			      "ingredient" },
	{ "control", PROOF_CONTROL, "the expectation fails in a control, where the namespace is "
				    "withheld" },
	{ 0 }
};

static bool has(const struct strs *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], text))
			return true;
	return false;
}

/* A control alone judges what is only in controls, and that is no proof of anything. */
static bool expects(const struct step *s)
{
	return s->expect && s->control != CONTROL_ONLY;
}

static bool is_said(const struct scenario *s)
{
	for (size_t i = 0; i < s->n_steps; i++)
		if (s->steps[i].proves.n)
			return true;
	return false;
}

/*
 * Whether the step's expectation proves the clause: its `proves` names it, or nothing in the
 * scenario says which does, as there is one clause, or one expectation.
 */
static bool names(const struct scenario *s, const struct step *step, const char *clause)
{
	if (!expects(step))
		return false;
	return is_said(s) ? has(&step->proves, clause) : has(&s->clauses, clause);
}

static enum proof of_step(const struct step *s)
{
	if (s->isolates)
		return PROOF_CONTROL;
	if (s->twin)
		return PROOF_TWIN;
	/* Negative expectations that have neither are refused unless there is a pair (check.c). */
	return contrast_negative(s->op, s->expect) ? PROOF_PAIR : PROOF_VALUE;
}

enum proof proof_of(const struct scenario *s, const char *clause)
{
	enum proof best = PROOF_NONE;

	for (size_t i = 0; i < s->n_steps; i++) {
		const struct step *step = &s->steps[i];

		if (!names(s, step, clause))
			continue;
		enum proof proof = of_step(step);

		best = proof > best ? proof : best;
	}
	return best;
}

void proof_check(struct loader *l, const struct scenario *s)
{
	const struct value at = { .at = s->at };
	size_t n = 0;

	for (size_t i = 0; i < s->n_steps; i++)
		n += expects(&s->steps[i]);
	if (s->clauses.n < 2 || n < 2)
		return;
	for (size_t i = 0; i < s->clauses.n; i++) {
		bool proven = false;

		for (size_t k = 0; is_said(s) && k < s->n_steps; k++)
			proven |= names(s, &s->steps[k], s->clauses.v[i]);
		if (!proven)
			load_problem(l, &at,
				     "no expectation of %s says that it proves %s: of several "
				     "clauses each needs a step with `proves`", s->id,
				     s->clauses.v[i]);
	}
}
