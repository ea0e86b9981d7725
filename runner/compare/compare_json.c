// SPDX-License-Identifier: GPL-2.0-only
/*
 * A comparison for programs.
 */
#include <string.h>

#include "compare/compare.h"
#include "nsc/json.h"

/* What is said of a record; all of it is in the results. */
static const char *const shown[] = {
	"verdict", "reason", "issue", "reference", "message", "remedy", "actor", "op", "call",
	"field", "expected", "seen", "at", "attempt", "tried_again", "flaky",
	"again", NULL,
};

static struct value *put(struct pool *pool, struct value *map, const char *key, struct value *v)
{
	value_put(pool, map, key, v ? v : value_nil(pool));
	return map;
}

static struct value *record_of(struct pool *pool, const struct record *r)
{
	const struct value *all = r ? record_value(pool, cell_record_fields, r) : NULL;
	struct value *map = r ? value_map(pool) : NULL;

	for (const char *const *name = shown; r && *name; name++) {
		const struct value *v = value_get(all, *name);

		/* A baseline has not kept the number of the attempt. */
		if (v && v->type != VALUE_NIL && !(v->type == VALUE_INT && v->i < 0))
			value_put(pool, map, *name, (struct value *)v);
	}
	return map;
}

static struct value *run_of(struct pool *pool, const struct ran *ran)
{
	const char *unended = ran_unended(ran);
	struct value *map = value_map(pool), *runs = value_list(pool);

	put(pool, map, "title", value_str(pool, ran_title(pool, ran)));
	put(pool, map, "cells", value_int(pool, (int64_t)ran->n));
	put(pool, map, "unended", unended ? value_str(pool, unended) : NULL);
	for (size_t i = 0; i < ran->n_runs; i++)
		value_push(pool, runs, record_value(pool, run_record_fields, &ran->runs[i]));
	return put(pool, map, "runs", runs);
}

static struct value *difference_of(struct pool *pool, const struct difference *d)
{
	struct value *map = value_map(pool);

	put(pool, map, "cell", value_str(pool, d->name));
	put(pool, map, "scenario", value_str(pool, d->scenario));
	put(pool, map, "change", value_str(pool, change_kinds[d->change].name));
	put(pool, map, "regression", value_bool(pool, d->regression));
	put(pool, map, "explanation", d->why ? value_str(pool, d->why) : NULL);
	put(pool, map, "base", record_of(pool, d->base));
	return put(pool, map, "new", record_of(pool, d->new));
}

static int64_t permille(double ratio)
{
	return (int64_t)(ratio * 1000);
}

static struct value *slowness_of(struct pool *pool, const struct slowness *s)
{
	struct value *map = value_map(pool), *list = value_list(pool);

	for (size_t i = 0; i < s->n; i++) {
		struct value *one = value_map(pool);

		put(pool, one, "scenario", value_str(pool, s->v[i].scenario));
		put(pool, one, "cells", value_int(pool, (int64_t)s->v[i].cells));
		put(pool, one, "base_us", value_int(pool, (int64_t)(s->v[i].base_ms * 1000)));
		put(pool, one, "new_us", value_int(pool, (int64_t)(s->v[i].new_ms * 1000)));
		value_push(pool, list, put(pool, one, "permille",
					   value_int(pool, permille(s->v[i].ratio))));
	}
	put(pool, map, "pace_permille", value_int(pool, permille(s->pace)));
	put(pool, map, "limit_permille", value_int(pool, permille(s->limit)));
	return put(pool, map, "scenarios", list);
}

static struct value *counts_of(struct pool *pool, const struct comparison *c)
{
	struct value *map = value_map(pool);

	for (int i = 0; i < CHANGES; i++)
		put(pool, map, change_kinds[i].name, value_int(pool, (int64_t)c->counts[i]));
	return put(pool, map, "slower", value_int(pool, (int64_t)c->slowness.n));
}

void comparison_print_json(const struct comparison *c, FILE *out)
{
	AUTO_POOL pool = { 0 };
	struct value *head = value_map(&pool);
	const char *text;

	put(&pool, head, "base", run_of(&pool, c->base));
	put(&pool, head, "new", run_of(&pool, c->new));
	put(&pool, head, "both", value_int(&pool, (int64_t)c->both));
	put(&pool, head, "alike", value_int(&pool, (int64_t)c->alike));
	put(&pool, head, "regressions", value_int(&pool, (int64_t)c->regressions));
	put(&pool, head, "conclusion", value_str(&pool, comparison_conclusion(&pool, c)));
	put(&pool, head, "counts", counts_of(&pool, c));
	put(&pool, head, "slower", slowness_of(&pool, &c->slowness));
	text = json_text(&pool, head);
	/* The last brace comes after the changes, of which each has a line. */
	fprintf(out, "%.*s, \"changes\": [", (int)strlen(text) - 1, text);
	for (size_t i = 0; i < c->n; i++) {
		AUTO_POOL own = { 0 };

		fprintf(out, "%s\n  %s", i ? "," : "",
			json_text(&own, difference_of(&own, &c->v[i])));
	}
	fputs("]}\n", out);
}
