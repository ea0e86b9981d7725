// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run to compare later ones with, in one file that is small enough to be kept in a repository:
 * the run's record, and of each cell what came of it and why. Two runs that end alike have files
 * that differ in the first line alone.
 */
#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "nsc/json.h"
#include "report/run_file.h"

/* What is kept of cells; the others are as they would be without it. */
static const char *const kept[] = {
	"cell", "scenario", "kind", "verdict", "reason", "issue", "reference", "message", "actor",
	"op", "field", "expected", "seen", "tried_again", "flaky", NULL,
};

static struct value *keep(struct pool *pool, const struct record *record)
{
	const struct value *all = record_value(pool, cell_record_fields, record);
	struct value *map = value_map(pool);

	for (const char *const *name = kept; *name; name++) {
		const struct value *v = value_get(all, *name);

		/* Most cells are of the first kind. */
		if (v && v->type != VALUE_NIL &&
		    !(record->kind == CELL_PLAIN && !strcmp(*name, "kind")))
			value_put(pool, map, *name, (struct value *)v);
	}
	return map;
}

/* Parts that share a directory (--part) become one run, which has no plan of its own. */
static void add_part(struct pool *pool, struct run_record *run, const struct run_record *part)
{
	run->known_issues = known_record_join(pool, run->known_issues, part->known_issues);
	run->plan_cells += part->plan_cells > 0 ? part->plan_cells : 0;
	run->plan_sha256 = NULL;
	if (part->state != RUN_COMPLETE)
		run->state = part->state;
	if (part->exit_status > run->exit_status)
		run->exit_status = part->exit_status;
	if (part->started && run->started && strcmp(part->started, run->started) < 0)
		run->started = part->started;
	if (part->ended && run->ended && strcmp(part->ended, run->ended) > 0)
		run->ended = part->ended;
}

static struct run_record run_of(struct pool *pool, const struct ran *ran)
{
	struct run_record run;

	fields_bind(pool, run_record_fields, NULL, &run);
	if (ran->n_runs)
		run = ran->runs[0];
	for (size_t i = 1; i < ran->n_runs; i++)
		add_part(pool, &run, &ran->runs[i]);
	run.nsconform_results = RESULTS_VERSION;
	run.totals = run_file_totals(pool, &ran->totals);
	return run;
}

void export_baseline(FILE *out, struct pool *pool, const struct ran *runs, size_t n)
{
	const struct record **v = ran_by_name(pool, runs);
	struct run_record run = run_of(pool, runs);

	(void)n;
	fprintf(out, "%s\n", json_text(pool, record_value(pool, run_record_fields, &run)));
	for (size_t i = 0; i < runs->n; i++) {
		AUTO_POOL own = { 0 };

		fprintf(out, "%s\n", json_text(&own, keep(&own, v[i])));
	}
}
