// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results directories, read whole.
 */
#include <string.h>

#include "report/ran.h"

struct loading {
	struct pool *pool;
	struct ran *ran;
	size_t room;
};

/* The texts of a record live as long as the line that it was read from: here, as long as POOL. */
static void keep_cell(const struct record *record, void *context)
{
	struct loading *l = context;
	struct ran *ran = l->ran;

	if (ran->n == l->room) {
		size_t room = l->room ? l->room * 2 : 256;
		struct record *cells = pool_array(l->pool, struct record, room);

		if (ran->n)
			memcpy(cells, ran->cells, ran->n * sizeof(*cells));
		ran->cells = cells;
		l->room = room;
	}
	ran->cells[ran->n++] = *record;
	totals_add(&ran->totals, (enum verdict_kind)record->verdict,
		   record->verdict == VERDICT_FAIL || record->verdict == VERDICT_BROKEN ||
		   record->verdict == VERDICT_XPASS);
	totals_add_again(&ran->totals, record->tried_again, (enum verdict_kind)record->verdict);
}

static void keep_run(const struct run_record *run, const char *path, void *context)
{
	struct loading *l = context;
	struct ran *ran = l->ran;
	struct run_record *runs = pool_array(l->pool, struct run_record, ran->n_runs + 1);

	(void)path;
	if (ran->n_runs)
		memcpy(runs, ran->runs, ran->n_runs * sizeof(*runs));
	runs[ran->n_runs++] = *run;
	ran->runs = runs;
}

void ran_load(struct pool *pool, const char *dir, struct ran *ran, struct problems *problems)
{
	struct loading l = { .pool = pool, .ran = ran };

	*ran = (struct ran){ .dir = dir };
	records_read_into(pool, dir, keep_cell, &l, problems);
	runs_read(dir, keep_run, &l, problems);
}

const char *ran_unended(const struct ran *ran)
{
	for (size_t i = 0; i < ran->n_runs; i++) {
		const char *why = run_unended(&ran->runs[i]);

		if (why)
			return why;
	}
	return NULL;
}
