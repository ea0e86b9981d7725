// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known issues.
 */
#include <fnmatch.h>
#include <regex.h>
#include <string.h>

#include "report/known.h"
#include "load/loader.h"
#include "load/runtime.h"

static void take_id(struct loader *l, const struct value *v, void *object)
{
	((struct known *)object)->id = load_id(l, v);
}

static void take_cells(struct loader *l, const struct value *v, void *object)
{
	((struct known *)object)->cells = load_strs(l, v);
}

static void take_log(struct loader *l, const struct value *v, void *object)
{
	struct known *k = object;

	k->log = load_strs(l, v);
	for (size_t i = 0; i < k->log.n; i++) {
		regex_t re;

		if (regcomp(&re, k->log.v[i], REG_EXTENDED | REG_NOSUB))
			load_problem(l, v, "not a regular expression: %s", k->log.v[i]);
		else
			regfree(&re);
	}
}

static void take_runtime(struct loader *l, const struct value *v, void *object)
{
	((struct known *)object)->runtime = load_text(l, v);
}

static void take_since(struct loader *l, const struct value *v, void *object)
{
	struct known *k = object;

	k->from = load_text(l, v);
	k->since = k->runtime ? 0 : load_release(l, v);
}

static void take_until(struct loader *l, const struct value *v, void *object)
{
	struct known *k = object;

	k->below = load_text(l, v);
	k->until = k->runtime ? 0 : load_release(l, v);
}

static void take_op(struct loader *l, const struct value *v, void *object)
{
	((struct known *)object)->op = load_text(l, v);
}

static void take_field(struct loader *l, const struct value *v, void *object)
{
	((struct known *)object)->field = load_text(l, v);
}

static void take_reference(struct loader *l, const struct value *v, void *object)
{
	((struct known *)object)->reference = load_text(l, v);
}

static void take_evidence(struct loader *l, const struct value *v, void *object)
{
	((struct known *)object)->evidence = load_text(l, v);
}

const struct word known_words[] = {
	{ "id", "Its name in reports, lower case with hyphens.", "{\"type\": \"string\"}", true,
	  take_id },
	{ "cells", "Glob patterns of the cells that fail by it.", "{\"type\": \"array\"}", true,
	  take_cells },
	{ "log", "Kernel log lines (POSIX extended regular expressions) that these cells may cause; "
	  "the entry is then about the log alone.", "{\"type\": \"array\"}", false, take_log },
	{ "runtime", "It is of this runtime, and since and until are its versions.",
	  "{\"type\": \"string\"}", false, take_runtime },
	{ "since", "First kernel release (or version) that has it, quoted.",
	  "{\"type\": \"string\"}", true, take_since },
	{ "until", "First release (or version) without it, quoted; left out while it is there.", "{\"type\": \"string\"}", false, take_until },
	{ "op", "Only cells with a step of this op, which is the one that fails.",
	  "{\"type\": \"string\"}", false, take_op },
	{ "field", "The result of that op that is not as expected.",
	  "{\"type\": \"string\"}", false, take_field },
	{ "reference", "Commit, report, or kernel function.", "{\"type\": \"string\"}", true,
	  take_reference },
	{ "evidence", "What was seen, where, and how to see it again.", "{\"type\": \"string\"}",
	  true, take_evidence },
	{ 0 }
};

static void check_known(struct loader *l, const struct value *v, const struct known *k)
{
	if (k->log.n && (k->runtime || k->op || k->field))
		load_problem(l, v, "log is about the kernel, in whatever step: "
			     "no runtime, op or field beside it");
	if (k->field && !k->op)
		load_problem(l, v, "field is a result of an op: expected op beside it");
	if (k->op && !op_find(k->op))
		load_problem(l, v, "no op %s", k->op);
}

static void take_known(struct loader *l, const struct value *entry, void *context)
{
	struct known_list *list = context;

	if (list->n == list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		struct known *v = pool_array(l->pool, struct known, room);

		if (list->n)
			memcpy(v, list->v, list->n * sizeof(*v));
		list->v = v;
		list->room = room;
	}
	list->v[list->n].at = entry->at;
	load_words(l, known_words, entry, &list->v[list->n], "a known issue");
	check_known(l, entry, &list->v[list->n]);
	list->n++;
}

void known_load(struct pool *pool, const char *dir, struct known_list *list,
		struct problems *problems)
{
	struct loader l = { .pool = pool, .problems = problems };

	load_entries(&l, dir, "known", take_known, list);
}

/* NAME is NULL for some cell or other. */
static bool speaks_of(const struct known *k, int release, const struct runtime *runtime,
		      const char *name)
{
	if (k->runtime && (!runtime || strcmp(k->runtime, runtime->name) ||
			   !version_reaches(runtime->installed, k->from) ||
			   (k->below && version_reaches(runtime->installed, k->below))))
		return false;
	if ((k->since && release < k->since) || (k->until && release >= k->until))
		return false;
	for (size_t c = 0; c < k->cells.n; c++)
		if (!name || fnmatch(k->cells.v[c], name, 0) == 0)
			return true;
	return false;
}

/* The script expects what the entry is about. */
static bool expects(const struct known *k, const struct script *script)
{
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct script_step *s = &script->steps[i];

		if (s->step->op && !strcmp(s->step->op->name, k->op) && s->expect &&
		    (!k->field || value_get(s->expect, k->field)))
			return true;
	}
	return false;
}

/* An entry about a field covers no other failure; and where the field was right, it passed. */
static bool covers(const struct known *k, const struct script *script, const struct verdict *v)
{
	if (!k->op)
		return true;
	if (v->kind == VERDICT_PASS)
		return expects(k, script);
	return v->step >= 0 && !strcmp(script->steps[v->step].step->op->name, k->op) &&
	       (!k->field || (v->what && !strcmp(v->what, k->field)));
}

static const struct known *find(const struct known_list *list, int release,
				const struct script *script, const char *name,
				const struct verdict *verdict)
{
	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i].log.n &&
		    speaks_of(&list->v[i], release, script->cell->runtime, name) &&
		    covers(&list->v[i], script, verdict))
			return &list->v[i];
	return NULL;
}

static bool lists_line(const struct known *k, const char *line)
{
	bool found = false;

	for (size_t i = 0; i < k->log.n && !found; i++) {
		regex_t re;

		if (regcomp(&re, k->log.v[i], REG_EXTENDED | REG_NOSUB))
			continue;
		found = regexec(&re, line, 0, NULL, 0) == 0;
		regfree(&re);
	}
	return found;
}

static bool is_known_line(const struct known_list *list, int release, const char *name,
			  const char *line)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].log.n && speaks_of(&list->v[i], release, NULL, name) &&
		    lists_line(&list->v[i], line))
			return true;
	return false;
}

/* The lines that no entry about the cell, or any cell when NAME is NULL, lists. */
static struct strs unknown_lines(struct pool *pool, const struct known_list *list, int release,
				 const char *name, const struct value *lines)
{
	size_t n = lines ? lines->list.n : 0;
	struct strs unknown = { .v = pool_array(pool, const char *, n + 1) };

	for (size_t i = 0; i < n; i++) {
		const char *line = value_text(lines->list.items[i]);

		if (line && !is_known_line(list, release, name, line))
			unknown.v[unknown.n++] = line;
	}
	return unknown;
}

void known_log(struct pool *pool, const struct known_list *list, int release, const char *name,
	       const struct trace *trace, struct verdict *verdict)
{
	/* Who caused it is not known: then any cell's entry will do. */
	verdict->log = unknown_lines(pool, list, release, NULL, trace->log);
	verdict->own_log = unknown_lines(pool, list, release, name, trace->own_log);
	if (!verdict->own_log.n || verdict->kind != VERDICT_PASS)
		return;
	verdict->kind = VERDICT_FAIL;
	verdict->message = "the kernel logged a warning over this cell";
	verdict->expected = "a quiet kernel log, or an entry in fixtures/known with `log:`";
	verdict->seen = verdict->own_log.v[0];
}

void known_apply(struct pool *pool, const struct known_list *list, int release,
		 const struct script *script, struct verdict *verdict)
{
	if (verdict->kind != VERDICT_FAIL && verdict->kind != VERDICT_PASS)
		return;
	const char *name = cell_name(pool, script->cell);
	const struct known *k = find(list, release, script, name, verdict);

	if (!k)
		return;
	verdict->kind = verdict->kind == VERDICT_FAIL ? VERDICT_KNOWN : VERDICT_XPASS;
	verdict->reason = k->id;
	verdict->resolution = k->reference;
	if (verdict->kind == VERDICT_XPASS)
		verdict->message = "listed as a known issue, but it passed";
}
