// SPDX-License-Identifier: GPL-2.0-only
/*
 * Custom results of tmt: results.json in $TMT_TEST_DATA, by the schema in tmt/schemas/results.yaml
 * of github.com/teemtee/tmt. The result named / is that of the test itself.
 */
#include <inttypes.h>
#include <string.h>

#include "export/cells.h"
#include "export/export.h"
#include "nsc/json.h"
#include "report/exit_status.h"

const struct symbol tmt_statuses[] = {
	{ "pass", VERDICT_PASS, NULL },
	{ "fail", VERDICT_FAIL, NULL },
	{ "skip", VERDICT_SKIP, NULL },
	{ "info", VERDICT_KNOWN, "whose original result is fail" },
	{ "pass", VERDICT_XPASS, NULL },
	{ "error", VERDICT_BROKEN, NULL },
	{ "pending", EXPORT_MISSED, NULL },
	{ 0 }
};

/* /uts/hostname/set-is-private/clone3/root: tmt puts the name of its test before that. */
static const char *name_of(struct pool *pool, const char *cell)
{
	char *name = pool_printf(pool, "/%s", cell);

	for (char *dot; (dot = strchr(name, '.'));)
		*dot = '/';
	return name;
}

static const char *duration(struct pool *pool, int64_t ns)
{
	int64_t s = ns / 1000000000;

	return pool_printf(pool, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600, s / 60 % 60,
			   s % 60);
}

static struct value *result(struct pool *pool, const char *name, int64_t verdict)
{
	struct value *map = value_map(pool);

	value_put(pool, map, "name", value_str(pool, name));
	value_put(pool, map, "result", value_str(pool, symbol_of(tmt_statuses, verdict)->name));
	return map;
}

static void note(struct pool *pool, struct value *map, const char *const *lines, size_t n)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < n; i++)
		if (lines[i] && *lines[i])
			value_push(pool, list, value_str(pool, lines[i]));
	if (list->list.n)
		value_put(pool, map, "note", list);
}

static void put(FILE *out, struct pool *pool, const struct value *map)
{
	fprintf(out, ",\n%s", json_text(pool, map));
}

static void put_cell(FILE *out, const struct record *c)
{
	AUTO_POOL pool = { 0 };
	struct value *map = result(&pool, name_of(&pool, c->cell),
				   c->fail_on ? VERDICT_FAIL : c->verdict);
	bool wrong = cell_failed(c) || c->verdict == VERDICT_KNOWN;
	const char *const lines[] = {
		cell_why(&pool, c), c->remedy, c->reference, wrong ? c->at : NULL,
		wrong ? c->again : NULL, c->tried_again, cell_attempts_text(&pool, c),
		cell_log(&pool, c),
	};

	if (c->verdict == VERDICT_KNOWN)
		value_put(&pool, map, "original-result", value_str(&pool, "fail"));
	note(&pool, map, lines, sizeof(lines) / sizeof(*lines));
	if (c->started)
		value_put(&pool, map, "start-time", value_str(&pool, c->started));
	if (c->took_ns >= 0)
		value_put(&pool, map, "duration", value_str(&pool, duration(&pool, c->took_ns)));
	put(out, &pool, map);
}

/* By what the run comes to: what is not complete is no success. */
static int64_t whole(const struct ran *ran)
{
	switch (ran_unended(ran) ? EXIT_BROKEN : ran_status(ran)) {
	case EXIT_GOOD:
		return VERDICT_PASS;
	case EXIT_UNJUDGED:
		return VERDICT_SKIP;
	case EXIT_FAILED:
		return VERDICT_FAIL;
	default:
		return VERDICT_BROKEN;
	}
}

static const char *counts(struct pool *pool, const struct totals *totals)
{
	const char *text = "";

	for (const struct symbol *s = verdict_symbols; s->name; s++)
		text = pool_printf(pool, "%s%s%s:%zu", text, *text ? " " : "", s->name,
				   totals_of(totals, (enum verdict_kind)s->value));
	return text;
}

void export_tmt(FILE *out, struct pool *pool, const struct ran *runs, size_t n)
{
	const struct record **cells = ran_by_name(pool, runs);
	const char *incomplete = run_incomplete(pool, runs);
	const char *const lines[] = {
		counts(pool, &runs->totals),
		incomplete ? pool_printf(pool, "the run is not complete: %s", incomplete) : NULL,
	};
	struct value *all = result(pool, "/", whole(runs));

	(void)n;
	note(pool, all, lines, sizeof(lines) / sizeof(*lines));
	fprintf(out, "[\n%s", json_text(pool, all));
	for (size_t i = 0; i < runs->n; i++)
		put_cell(out, cells[i]);
	for (size_t i = 0; i < runs->missed.n; i++) {
		AUTO_POOL own = { 0 };

		put(out, &own, result(&own, name_of(&own, runs->missed.v[i]), EXPORT_MISSED));
	}
	fputs("\n]\n", out);
}
