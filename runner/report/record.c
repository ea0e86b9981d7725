// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of the results format.
 */
#include <stdio.h>
#include <time.h>

#include "report/record.h"

static const struct symbol record_kinds[] = {
	{ "cell", CELL_PLAIN, "a variant of the scenario itself" },
	{ "control", CELL_CONTROL,
	  "the same without one namespace: it passes when the scenario's expectations fail" },
	{ "twin", CELL_TWIN, "the same with a refused step made one that succeeds" },
	{ 0 }
};

static const struct symbol run_states[] = {
	{ "running", RUN_RUNNING, "it goes on, or was killed" },
	{ "complete", RUN_COMPLETE, "every cell of the plan has its record" },
	{ "interrupted", RUN_INTERRUPTED, "it ended before its plan did, and has said why" },
	{ 0 }
};

const struct field cell_record_fields[] = { CELL_RECORD(FIELD_ROW, struct record) F_END };
const struct field run_record_fields[] = { RUN_RECORD(FIELD_ROW, struct run_record) F_END };

static bool says_something(const struct field *f, const struct value *v)
{
	switch (v->type) {
	case VALUE_NIL:
		return false;
	case VALUE_INT:
		return v->i != f->def;
	case VALUE_LIST:
	case VALUE_MAP:
		return v->list.n;
	case VALUE_BOOL:
		/* A mark of what has come about this time is there or not. */
		return v->b || !f->varies;
	default:
		return true;
	}
}

struct value *record_value(struct pool *pool, const struct field *fields, const void *record)
{
	struct value *map = value_map(pool);

	for (const struct field *f = fields; f->type != FIELD_END; f++) {
		const void *member = (const char *)record + f->offset;
		struct value *v = field_kinds[f->type].unbind(pool, f, member);

		if (f->need == REQUIRED || says_something(f, v))
			value_put(pool, map, f->name, v);
	}
	return map;
}

const char *record_when(struct pool *pool, int64_t ns)
{
	time_t seconds = ns / 1000000000;
	struct tm tm;
	char text[32];

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	return pool_printf(pool, "%s.%06dZ", text, (int)(ns % 1000000000 / 1000));
}

const char *record_why(const struct record *record)
{
	return record->reason ? record->reason : record->issue;
}
