// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line of JSON for each cell.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "load/yaml.h"
#include "report/records.h"

static int verdict_kind(const char *name)
{
	for (int kind = VERDICT_PASS; kind <= VERDICT_BROKEN; kind++)
		if (name && !strcmp(name, verdict_name(kind)))
			return kind;
	return -1;
}

static bool parse(struct pool *pool, const char *path, const char *text, size_t len,
		  struct record *record)
{
	struct problems own = { .pool = pool };
	const struct value *v = yaml_parse(pool, path, text, len, &own);
	int kind = verdict_kind(value_text(value_get(v, "verdict")));

	*record = (struct record){
		.cell = value_text(value_get(v, "cell")),
		.scenario = value_text(value_get(v, "scenario")),
		.reason = value_text(value_get(v, "reason")),
		.message = value_text(value_get(v, "message")),
		.remedy = value_text(value_get(v, "remedy")),
		.tried_again = value_text(value_get(v, "tried_again")),
		.clauses = value_get(v, "clauses"),
	};
	if (!record->cell || kind < 0)
		return false;
	if (!record->scenario)
		record->scenario = record->cell;
	record->verdict = (enum verdict_kind)kind;
	return true;
}

void records_read(const char *dir, take_record *take, void *context, struct problems *problems)
{
	const char *path = pool_printf(problems->pool, "%s/cells.jsonl", dir);
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	if (!f) {
		problem_add(problems, (struct mark){ .file = path }, "%s", strerror(errno));
		return;
	}
	for (int line = 1; (len = getline(&text, &room, f)) > 0; line++) {
		AUTO_POOL pool = { 0 };
		struct record record;

		if (parse(&pool, path, text, (size_t)len, &record))
			take(&record, context);
		else
			problem_add(problems, (struct mark){ path, line, 1 },
				    "not a cell's record");
	}
	free(text);
	fclose(f);
}
