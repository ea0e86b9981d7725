// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lint of known issues.
 */
#include <fnmatch.h>
#include <string.h>

#include "compile/compile.h"
#include "load/match.h"
#include "load/runtime.h"
#include "report/known_lint.h"

void known_lint_begin(struct known_lint *lint, struct pool *pool, const struct known_list *list,
		      struct problems *problems)
{
	*lint = (struct known_lint){
		.pool = pool, .list = list, .problems = problems,
		.cells = pool_array(pool, size_t *, list->n + 1),
		.told = pool_array(pool, bool, list->n * list->n + 1),
	};
	for (size_t i = 0; i < list->n; i++)
		lint->cells[i] = pool_array(pool, size_t, list->v[i].cells.n + 1);
}

/* Whether the entry names the cell; counted for each of its patterns. */
static bool count_names(struct known_lint *lint, size_t entry, const char *name)
{
	const struct known *k = &lint->list->v[entry];
	bool any = false;

	for (size_t i = 0; i < k->cells.n; i++)
		if (fnmatch(k->cells.v[i], name, 0) == 0) {
			lint->cells[entry][i]++;
			any = true;
		}
	return any;
}

/* Whether V has the issue. */
static bool in_range(const struct known *k, const struct version *v)
{
	return version_compare(v, &k->since) >= 0 && !version_fixed(k->fixed, k->n_fixed, v);
}

/*
 * Ranges begin at `since`, and begin again after a stable branch that was repaired: whether one of
 * these places in A's range is in both. What two ranges share begins where one of them does.
 */
static bool begins_in(const struct known *a, const struct known *b)
{
	for (size_t i = 0; i < a->n_fixed; i++) {
		struct version next = { { a->fixed[i].n[0], a->fixed[i].n[1] + 1, 0 } };

		if (in_range(a, &next) && in_range(b, &next))
			return true;
	}
	return in_range(b, &a->since);
}

/* Versions of a runtime and releases of the kernel say nothing of each other. */
static bool ranges_overlap(const struct known *a, const struct known *b)
{
	return !a->runtime != !b->runtime || begins_in(a, b) || begins_in(b, a);
}

static bool share_int(const struct ints *a, const struct ints *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (a->v[i] == b->v[k])
				return true;
	return !a->n || !b->n;
}

/* Whether there is something that both take for what they mean; of two matchers it is not known. */
static bool see_the_same(struct pool *pool, const struct symptom *a, const struct symptom *b)
{
	const struct field *f = symptom_field(a);

	if (a->seen->type != VALUE_MAP)
		return match(pool, f, a->seen, b->seen);
	return b->seen->type != VALUE_MAP ? match(pool, f, b->seen, a->seen) :
		!strcmp(value_show(pool, a->seen), value_show(pool, b->seen));
}

static bool same_symptom(struct pool *pool, const struct symptom *a, const struct symptom *b,
			 const struct script *script)
{
	if (strcmp(a->field, b->field) || !share_int(&a->which, &b->which))
		return false;
	for (size_t at = 0; at < script->n_steps; at++)
		if (symptom_fits(pool, a, script, at) && symptom_fits(pool, b, script, at))
			return see_the_same(pool, a, b);
	return false;
}

static void compare_symptoms(struct known_lint *lint, size_t i, size_t j,
			     const struct script *script, const char *name)
{
	AUTO_POOL pool = { 0 };
	const struct known *a = &lint->list->v[i], *b = &lint->list->v[j];

	for (size_t s = 0; s < b->n_symptoms; s++)
		for (size_t t = 0; t < a->n_symptoms && !lint->told[i * lint->list->n + j]; t++) {
			const struct symptom *one = &b->symptoms[s];

			if (!same_symptom(&pool, one, &a->symptoms[t], script))
				continue;
			lint->told[i * lint->list->n + j] = true;
			problem_add(lint->problems, one->at, "overlaps %s (%s:%d): both cover "
				    "%s of %s.%s in %s", a->id, a->at.file, a->at.line, one->field,
				    one->actor, one->op, name);
		}
}

static void compare_logs(struct known_lint *lint, size_t i, size_t j, const char *name)
{
	const struct known *a = &lint->list->v[i], *b = &lint->list->v[j];

	for (size_t s = 0; s < a->log.n; s++)
		for (size_t t = 0; t < b->log.n && !lint->told[i * lint->list->n + j]; t++) {
			if (strcmp(a->log.v[s], b->log.v[t]))
				continue;
			lint->told[i * lint->list->n + j] = true;
			problem_add(lint->problems, b->at, "overlaps %s (%s:%d): both list "
				    "%s in %s", a->id, a->at.file, a->at.line, b->log.v[t], name);
		}
}

/* ENTRIES are all that name the cell. */
static void compare(struct known_lint *lint, const struct cell *cell, const char *name,
		    const size_t *entries, size_t n)
{
	AUTO_POOL pool = { 0 };
	struct script script = { 0 };

	for (size_t x = 0; x + 1 < n; x++)
		for (size_t y = x + 1; y < n; y++) {
			size_t i = entries[x], j = entries[y];
			const struct known *a = &lint->list->v[i], *b = &lint->list->v[j];

			if (!ranges_overlap(a, b))
				continue;
			if (!script.cell)
				cell_compile(&pool, cell, RELEASE_ANY, &script);
			compare_symptoms(lint, i, j, &script, name);
			compare_logs(lint, i, j, name);
		}
}

static void look_at(struct known_lint *lint, const struct cell *cell, const char *runtime)
{
	AUTO_POOL pool = { 0 };
	const char *name = cell_name(&pool, cell);
	size_t *entries = pool_array(&pool, size_t, lint->list->n + 1), n = 0;

	for (size_t i = 0; i < lint->list->n; i++) {
		const char *of = lint->list->v[i].runtime;

		if ((!of || (runtime && !strcmp(of, runtime))) && count_names(lint, i, name))
			entries[n++] = i;
	}
	compare(lint, cell, name, entries, n);
}

void known_lint_plan(struct known_lint *lint, const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		look_at(lint, &plan->cells[i], plan->runtime ? plan->runtime->name : NULL);
}

/* The next pattern of the entry that names no cell; its number of patterns when there is none. */
static size_t next_unnamed(const struct known_lint *lint, size_t entry, size_t from)
{
	while (from < lint->list->v[entry].cells.n && lint->cells[entry][from])
		from++;
	return from;
}

bool known_lint_wants(const struct known_lint *lint)
{
	for (size_t i = 0; i < lint->list->n; i++)
		if (!lint->list->v[i].runtime &&
		    next_unnamed(lint, i, 0) < lint->list->v[i].cells.n)
			return true;
	return false;
}

void known_lint_unnamed(const struct known_lint *lint, struct problems *problems)
{
	for (size_t i = 0; i < lint->list->n; i++) {
		const struct known *k = &lint->list->v[i];

		for (size_t c = 0; (c = next_unnamed(lint, i, c)) < k->cells.n; c++)
			problem_add(problems, k->cells_at[c], "%s: no scenario has a cell %s",
				    k->id, k->cells.v[c]);
	}
}

void known_lint_end(struct known_lint *lint)
{
	known_lint_unnamed(lint, lint->problems);
	for (size_t i = 0; i < lint->list->n; i++) {
		const struct known *k = &lint->list->v[i];

		if (known_expired(lint->list, k))
			problem_add(lint->problems, k->expires_at, "%s has expired: its cells fail "
				    "again", k->id);
		/* What is listed of the log is no defect. */
		if (!k->link && !k->log.n)
			problem_add(lint->problems, k->at, "%s has no link: say where it is "
				    "reported or described", k->id);
	}
}
