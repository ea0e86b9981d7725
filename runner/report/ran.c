// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results directories, read whole.
 */
#include <stdlib.h>
#include <string.h>

#include "report/ran.h"

struct loading {
	struct pool *pool;
	struct ran *ran;
	size_t room;
	const char **paths; /* of its runs */
};

static struct value *copy_value(struct pool *pool, const struct value *v)
{
	struct value *copy = pool_new(pool, struct value);

	*copy = *v;
	if (v->type == VALUE_STR)
		copy->str.s = pool_strndup(pool, v->str.s, v->str.len);
	if (v->type != VALUE_LIST && v->type != VALUE_MAP)
		return copy;
	copy->list.items = pool_array(pool, struct value *, v->list.n + 1);
	copy->list.room = v->list.n;
	for (size_t i = 0; i < v->list.n; i++)
		copy->list.items[i] = copy_value(pool, v->list.items[i]);
	return copy;
}

static void copy_strs(struct pool *pool, struct strs *list)
{
	const char **v = pool_array(pool, const char *, list->n + 1);

	for (size_t i = 0; i < list->n; i++)
		v[i] = pool_strdup(pool, list->v[i]);
	list->v = v;
}

/* Give RECORD copies of all that its line owns. What was parsed around them takes several times the
 * room, and is left. */
static void copy_texts(struct pool *pool, struct record *record)
{
	for (const struct field *f = cell_record_fields; f->type != FIELD_END; f++) {
		void *member = (char *)record + f->offset;
		const char **text = member;
		const struct value **value = member;

		if (f->type == FIELD_STR && *text)
			*text = pool_strdup(pool, *text);
		else if (f->type == FIELD_STRS)
			copy_strs(pool, member);
		else if (f->type == FIELD_ANY && *value)
			*value = copy_value(pool, *value);
	}
}

static void keep_cell(const struct record *record, void *context)
{
	struct loading *l = context;
	struct ran *ran = l->ran;

	ran->cells = pool_grow(l->pool, ran->cells, ran->n, &l->room, sizeof(*ran->cells));
	ran->cells[ran->n] = *record;
	copy_texts(l->pool, &ran->cells[ran->n++]);
	totals_add(&ran->totals, (enum verdict_kind)record->verdict,
		   record->fail_on ||
		   fail_on_hits(NULL, (enum verdict_kind)record->verdict, NULL));
	ran->totals.flaky += record->flaky;
	totals_add_again(&ran->totals, record->tried_again, (enum verdict_kind)record->verdict);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of all cells that there are, by which those of a plan are looked up. */
static const char **recorded(struct pool *pool, const struct ran *ran)
{
	const char **names = pool_array(pool, const char *, ran->n + 1);

	for (size_t i = 0; i < ran->n; i++)
		names[i] = ran->cells[i].cell;
	qsort(names, ran->n, sizeof(*names), by_name);
	return names;
}

static void add_missed(struct pool *pool, struct ran *ran, const struct strs *plan)
{
	const char **v = pool_array(pool, const char *, ran->missed.n + plan->n + 1);
	const char **names = recorded(pool, ran);

	if (ran->missed.n)
		memcpy(v, ran->missed.v, ran->missed.n * sizeof(*v));
	ran->missed.v = v;
	for (size_t i = 0; i < plan->n; i++)
		if (!bsearch(&plan->v[i], names, ran->n, sizeof(*names), by_name))
			v[ran->missed.n++] = plan->v[i];
	qsort(v, ran->missed.n, sizeof(*v), by_name);
}

static void keep_run(const struct run_record *run, const char *path, void *context)
{
	struct loading *l = context;
	struct ran *ran = l->ran;
	struct run_record *runs = pool_array(l->pool, struct run_record, ran->n_runs + 1);
	const char **paths = pool_array(l->pool, const char *, ran->n_runs + 1);

	if (ran->n_runs) {
		memcpy(runs, ran->runs, ran->n_runs * sizeof(*runs));
		memcpy(paths, l->paths, ran->n_runs * sizeof(*paths));
	}
	runs[ran->n_runs] = *run;
	paths[ran->n_runs++] = pool_strdup(l->pool, path);
	ran->runs = runs;
	l->paths = paths;
}

/* What the plans have and the records have not, once both are there. */
static void find_missed(struct loading *l)
{
	struct ran *ran = l->ran;

	for (size_t i = 0; ran_unended(ran) && i < ran->n_runs; i++) {
		struct strs plan;

		run_plan_read(l->pool, l->paths[i], &plan);
		add_missed(l->pool, ran, &plan);
	}
}

void ran_load(struct pool *pool, const char *dir, struct ran *ran, struct problems *problems)
{
	struct loading l = { .pool = pool, .ran = ran };

	*ran = (struct ran){ .dir = dir };
	records_read(dir, keep_cell, &l, problems);
	runs_read(dir, keep_run, &l, problems);
	find_missed(&l);
	if (!problems->n && !ran->n && ran_unrecorded(ran))
		problem_add(problems, (struct mark){ .file = dir },
			    "has no results: there are no cells, and no run.json");
}

void ran_take(struct pool *pool, const char *dir, FILE *cells, const struct run_record *run,
	      const struct strs *plan, struct ran *ran, struct problems *problems)
{
	struct loading l = { .pool = pool, .ran = ran };

	*ran = (struct ran){ .dir = dir };
	records_read_lines(cells, dir, keep_cell, &l, problems);
	keep_run(run, dir, &l);
	if (ran_unended(ran))
		add_missed(pool, ran, plan);
}

int ran_status(const struct ran *ran)
{
	return exit_status(EXIT_PROFILE_DEFAULT, totals_happened(&ran->totals));
}

const char *ran_unended(const struct ran *ran)
{
	int64_t planned = 0;

	for (size_t i = 0; i < ran->n_runs; i++) {
		const char *why = run_unended(&ran->runs[i]);

		if (why)
			return why;
		planned = planned < 0 || ran->runs[i].plan_cells < 0 ? -1 :
			planned + ran->runs[i].plan_cells;
	}
	return ran->n_runs && planned >= 0 && planned != (int64_t)ran->n ?
		"records of cells are missing, or there twice" : NULL;
}

bool ran_unrecorded(const struct ran *ran)
{
	for (size_t i = 0; i < ran->n_runs; i++)
		if (ran->runs[i].state != RUN_UNKNOWN)
			return false;
	return true;
}

static int cell_by_name(const void *a, const void *b)
{
	const struct record *const *x = a, *const *y = b;

	return strcmp((*x)->cell, (*y)->cell);
}

const struct record **ran_by_name(struct pool *pool, const struct ran *ran)
{
	const struct record **cells = pool_array(pool, const struct record *, ran->n + 1);

	for (size_t i = 0; i < ran->n; i++)
		cells[i] = &ran->cells[i];
	qsort(cells, ran->n, sizeof(*cells), cell_by_name);
	return cells;
}

const struct record *ran_find(const struct record *const *by_name, size_t n, const char *name)
{
	const struct record wanted = { .cell = name }, *key = &wanted;
	const struct record *const *found = bsearch(&key, by_name, n, sizeof(*by_name),
						    cell_by_name);

	return found ? *found : NULL;
}

size_t ran_failed_on(const struct ran *ran)
{
	return ran->totals.bad - ran->totals.fail - ran->totals.broken;
}

void ran_known(struct pool *pool, const struct ran *ran, struct known_list *list)
{
	for (size_t i = 0; i < ran->n_runs; i++)
		known_load_record(pool, ran->runs[i].known_issues, list);
}
