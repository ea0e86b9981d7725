// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known issues against the scenarios: an entry is about one expectation for each symptom.
 */
#include <fnmatch.h>
#include <string.h>

#include "compile/compile.h"
#include "load/runtime.h"
#include "report/known.h"

struct checked {
	bool fits; /* an expectation of a cell that the entry names */
	bool told; /* several fit in one cell: has been reported */
};

struct checking {
	struct pool *pool;
	struct problems *problems;
	const struct plan *plan;
	bool **named; /* pattern k of entry i names a cell of the plan */
	struct checked **symptoms; /* symptom k of entry i */
	bool *begins; /* a pattern of entry i may name cells of the scenario under way */
};

/* Whether PATTERN may match a name that begins with PREFIX. */
static bool may_name(const char *pattern, const char *prefix)
{
	size_t literal = strcspn(pattern, "*?[\\"), len = strlen(prefix);

	return !strncmp(pattern, prefix, literal < len ? literal : len);
}

static bool is_candidate(const struct known *k, const struct plan *plan, const char *prefix)
{
	if (k->runtime && (!plan->runtime || strcmp(k->runtime, plan->runtime->name)))
		return false;
	for (size_t i = 0; i < k->cells.n; i++)
		if (may_name(k->cells.v[i], prefix))
			return true;
	return false;
}

/* Patterns are many and cells are more: only a few entries are about any one scenario. */
static bool find_candidates(struct checking *c, const struct known_list *list,
			    const struct scenario *scenario)
{
	AUTO_POOL pool = { 0 };
	const char *prefix = pool_printf(&pool, "%s.%s", scenario->suite->prefix, scenario->id);
	bool any = false;

	for (size_t i = 0; i < list->n; i++)
		any |= c->begins[i] = is_candidate(&list->v[i], c->plan, prefix);
	return any;
}

static void check_symptom(struct checking *c, const struct symptom *s, const char *name,
			  const struct script *script, struct checked *checked)
{
	AUTO_POOL pool = { 0 };
	int n = 0;

	for (size_t at = 0; at < script->n_steps; at++)
		n += symptom_fits(&pool, s, script, at);
	checked->fits |= n > 0;
	if (n < 2 || s->which.n || checked->told)
		return;
	checked->told = true;
	problem_add(c->problems, s->at, "%s expects %s of %s.%s %d times: expected "
		    "which, from 1 to %d", name, s->field, s->actor, s->op, n, n);
}

static bool names(struct checking *c, size_t entry, const struct known *k, const char *name)
{
	bool any = false;

	for (size_t i = 0; i < k->cells.n; i++)
		if (fnmatch(k->cells.v[i], name, 0) == 0)
			any = c->named[entry][i] = true;
	return any;
}

/* An entry cannot be checked when the plan lacks some of the cells that it names. */
static bool all_named(const struct checking *c, size_t entry, const struct known *k)
{
	for (size_t i = 0; i < k->cells.n; i++)
		if (!c->named[entry][i])
			return false;
	return true;
}

static void check_cell(struct checking *c, const struct known_list *list, const struct cell *cell)
{
	AUTO_POOL pool = { 0 };
	const char *name = cell_name(&pool, cell);
	struct script script = { 0 };

	for (size_t i = 0; i < list->n; i++) {
		const struct known *k = &list->v[i];

		if (!c->begins[i] || !names(c, i, k, name))
			continue;
		if (!script.cell)
			cell_compile(&pool, cell, RELEASE_ANY, &script);
		for (size_t s = 0; s < k->n_symptoms; s++)
			check_symptom(c, &k->symptoms[s], name, &script, &c->symptoms[i][s]);
	}
}

void known_check(const struct known_list *list, const struct plan *plan, bool whole,
		 struct problems *problems)
{
	AUTO_POOL pool = { 0 };
	struct checking c = {
		.pool = &pool, .problems = problems, .plan = plan,
		.begins = pool_array(&pool, bool, list->n + 1),
		.named = pool_array(&pool, bool *, list->n + 1),
		.symptoms = pool_array(&pool, struct checked *, list->n + 1),
	};
	const struct scenario *scenario = NULL;
	bool any = false;

	/* Values of entries that have problems cannot be compared. */
	if (problems->n)
		return;
	for (size_t i = 0; i < list->n; i++) {
		c.named[i] = pool_array(&pool, bool, list->v[i].cells.n + 1);
		c.symptoms[i] = pool_array(&pool, struct checked, list->v[i].n_symptoms + 1);
	}
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->cells[i].scenario != scenario) {
			scenario = plan->cells[i].scenario;
			any = find_candidates(&c, list, scenario);
		}
		if (any)
			check_cell(&c, list, &plan->cells[i]);
	}
	for (size_t i = 0; whole && i < list->n; i++)
		for (size_t s = 0; s < list->v[i].n_symptoms; s++)
			if (all_named(&c, i, &list->v[i]) && !c.symptoms[i][s].fits)
				problem_add(problems, list->v[i].symptoms[s].at,
					    "fits no expectation of the cells of this issue");
}
