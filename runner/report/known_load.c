// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading known issues.
 */
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/known.h"
#include "load/loader.h"
#include "load/match.h"
#include "load/paths.h"
#include "load/refs.h"
#include "nsc/registry.h"
#include "nsc/sys.h"

static void read_cells(struct loader *l, const struct field *f, const struct value *v,
		       void *object)
{
	struct known *k = object;

	k->cells = load_strs(l, v);
	if (v->type == VALUE_LIST && !v->list.n)
		load_problem(l, v, "expected at least one pattern");
	k->cells_at = pool_array(l->pool, struct mark, k->cells.n + 1);
	for (size_t i = 0; i < k->cells.n; i++)
		k->cells_at[i] = v->type == VALUE_LIST ? v->list.items[i]->at : v->at;
}

static void read_log(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	struct strs *log = member;

	*log = load_strs(l, v);
	if (v->type == VALUE_LIST && !v->list.n)
		load_problem(l, v, "expected at least one line");
	for (size_t i = 0; i < log->n; i++) {
		regex_t re;

		if (regcomp(&re, log->v[i], REG_EXTENDED | REG_NOSUB))
			load_problem(l, v, "not a regular expression: %s", log->v[i]);
		else
			regfree(&re);
	}
}

/* Versions of runtimes have other forms than kernel releases. */
static void load_version(struct loader *l, const struct value *v, bool kernel,
			 struct version *version)
{
	const char *text = value_text(v);

	if (!text || !version_parse(text, version) || (kernel && !release_is_exact(text)))
		load_problem(l, v, "expected a release or version in quotes, such as \"6.9\"");
}

static void read_since(struct loader *l, const struct field *f, const struct value *v,
		       void *object)
{
	struct known *k = object;

	k->since_text = value_text(v);
	load_version(l, v, !k->runtime, &k->since);
}

static void read_fixed(struct loader *l, const struct field *f, const struct value *v,
		       void *object)
{
	struct known *k = object;
	bool list = v->type == VALUE_LIST;
	size_t before = l->problems->n, at;

	k->n_fixed = list ? v->list.n : 1;
	k->fixed = pool_array(l->pool, struct version, k->n_fixed + 1);
	k->fixed_texts = pool_array(l->pool, const char *, k->n_fixed + 1);
	for (size_t i = 0; i < k->n_fixed; i++) {
		const struct value *one = list ? v->list.items[i] : v;

		k->fixed_texts[i] = value_text(one);
		load_version(l, one, !k->runtime, &k->fixed[i]);
	}
	if (l->problems->n > before)
		return;
	const char *wrong = version_fixed_check(k->fixed, k->n_fixed, &at);

	if (wrong)
		load_problem(l, v->list.items[at], "%s", wrong);
	else if (k->n_fixed && version_compare(&k->fixed[0], &k->since) <= 0)
		load_problem(l, list ? v->list.items[0] : v, "expected a release after since");
}

/* A date of the calendar as YYYYMMDD; 0 when TEXT is none. */
static int read_date(const char *text)
{
	struct tm tm = { 0 }, same;
	int end;

	if (!text || strspn(text, "0123456789-") != strlen(text) ||
	    sscanf(text, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &end) != 3 || end != 10 || text[end])
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	same = tm;
	/* The thirtieth of February becomes a day of March, the thirteenth month a January. */
	timegm(&same);
	if (same.tm_mon != tm.tm_mon)
		return 0;
	return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

static void read_expires(struct loader *l, const struct field *f, const struct value *v,
			 void *object)
{
	struct known *k = object;

	k->expires = value_text(v);
	k->expires_at = v->at;
	k->expires_on = read_date(k->expires);
	if (!k->expires_on)
		load_problem(l, v, "expected a date such as 2026-12-31");
}

static void read_link(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	const char *link = load_text(l, v);

	*(const char **)member = link;
	if (*link && ((strncmp(link, "https://", 8) && strncmp(link, "http://", 7)) ||
		      link[strcspn(link, " \t\n")]))
		load_problem(l, v, "expected an address that begins with https:// or http://");
}

/* Symptoms. */

static void read_op(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	struct nearest n = { .word = load_text(l, v) };
	/* Reports call it as scenarios do. */
	const char *op = strcmp(n.word, "start") ? n.word : "actor.spawn";

	*(const char **)member = op;
	if (!*op || op_find(op_registry, op))
		return;
	for (size_t i = 0; op_registry[i]; i++)
		nearest_offer(&n, op_registry[i]->name);
	load_problem(l, v, "no op %s%s", op, nearest_hint(l->pool, &n));
}

/* References are refused, also what only looks like one, as it would be compared as text. */
static void check_no_ref(const struct ref *ref, void *context)
{
	struct loader *l = context;

	problem_add(l->problems, ref->at, "what was seen is a value or a matcher, not a reference "
		    "(write $$ for a dollar sign)");
}

/* A matcher of `not` or `present` alone would cover any failure. */
static bool names_nothing(const struct value *v)
{
	for (size_t i = 0; v->type == VALUE_MAP && i < v->list.n; i += 2)
		if (!value_is(v->list.items[i], "not") &&
		    !(value_is(v->list.items[i], "present") && value_true(v->list.items[i + 1])))
			return false;
	return v->type == VALUE_MAP && v->list.n;
}

static void read_seen(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	*(const struct value **)member = refs_unescape(l->pool, v);
	refs_visit(l->pool, v, check_no_ref, l);
	if (names_nothing(v))
		load_problem(l, v, "covers whatever else is seen: expected what is seen, not what is not");
}

static void read_errno(struct loader *l, const struct field *f, const struct value *v,
		       void *object)
{
	struct symptom *s = object;

	if (s->field || s->seen)
		load_problem(l, v, "a symptom has errno, or field and seen");
	s->field = "errno";
	read_seen(l, f, v, &s->seen);
}

static void read_which(struct loader *l, const struct field *f, const struct value *v,
		       void *member)
{
	struct ints *which = member;
	size_t n = v->type == VALUE_LIST ? v->list.n : 1;

	if (!n)
		load_problem(l, v, "expected at least one number");
	which->v = pool_array(l->pool, int64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct value *one = v->type == VALUE_LIST ? v->list.items[i] : v;

		if (one->type == VALUE_INT && one->i > 0 && one->i <= STEPS_MAX)
			which->v[which->n++] = one->i;
		else
			load_problem(l, one, "expected a number from 1 to %d", STEPS_MAX);
	}
}

const struct field symptom_fields[] = {
	K_NAME("actor", struct symptom, actor, REQUIRED, "Whose expectation is not met."),
	KEY("op", struct symptom, op, const char *, REQUIRED,
	    "Of which op; for a box that is box.launch, box.read, box.seen or box.end, too.",
	    SHAPE_TEXT, read_op),
	K_TEXT("field", struct symptom, field, OPTIONAL, "Which result of it."),
	KEY("seen", struct symptom, seen, const struct value *, OPTIONAL,
	    "What that result is, as a value or a matcher.", "{}", read_seen),
	K_SPECIAL("errno", OPTIONAL, read_errno,
		  "Instead of field and seen: what the call returns, 0 for success.", "{}"),
	KEY("which", struct symptom, which, struct ints, OPTIONAL,
	    "Where a cell has several such expectations: which of them, from 1; a number or a "
	    "list.", "{\"type\": [\"integer\", \"array\"]}", read_which),
	F_END
};

static const struct field errno_field = { .name = "errno", .type = FIELD_ERRNO };

const struct field *symptom_field(const struct symptom *s)
{
	const struct op *op = s->op ? op_find(op_registry, s->op) : NULL;

	if (!op || !s->field)
		return NULL;
	return strcmp(s->field, "errno") ? field_find(op->out, s->field) : &errno_field;
}

static void check_symptom(struct loader *l, const struct value *v, const struct symptom *s)
{
	const struct field *f = symptom_field(s);
	struct mark at;

	if (!s->field || !s->seen) {
		load_problem(l, v, "a symptom lacks %s", s->field ? "seen" : s->seen ? "field" :
			     "field and seen, or errno");
		return;
	}
	if (!f && s->op && op_find(op_registry, s->op))
		load_problem(l, v, "%s has no result %s", s->op, s->field);
	const char *wrong = f && !refs_any(s->seen) ? match_check(l->pool, f, s->seen, &at) : NULL;

	if (wrong)
		load_problem(l, s->seen, "%s: %s", s->field, wrong);
}

static void read_symptoms(struct loader *l, const struct field *f, const struct value *v,
			  void *object)
{
	struct known *k = object;

	if (v->type != VALUE_LIST) {
		load_problem(l, v, "expected a list of symptoms");
		return;
	}
	k->symptoms = pool_array(l->pool, struct symptom, v->list.n + 1);
	for (size_t i = 0; i < v->list.n; i++) {
		const struct value *entry = v->list.items[i];
		struct symptom *s = &k->symptoms[k->n_symptoms++];

		s->at = entry->at;
		load_fields(l, symptom_fields, entry, s, "a symptom");
		if (entry->type == VALUE_MAP)
			check_symptom(l, entry, s);
	}
}

const struct field known_fields[] = {
	K_NAME("id", struct known, id, REQUIRED, "Its name in reports, lower case with hyphens."),
	K_SPECIAL("cells", REQUIRED, read_cells, "Glob patterns of the cells that fail by it.",
		  SHAPE_ARRAY),
	K_SPECIAL("symptoms", OPTIONAL, read_symptoms,
		  "What is seen in these cells, a list: each one expectation and what does not "
		  "meet it. What else fails there is no known issue.",
		  "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/symptom\"}}"),
	KEY("log", struct known, log, struct strs, OPTIONAL,
	    "Instead of symptoms: kernel log lines (POSIX extended regular expressions) that "
	    "these cells may cause.", SHAPE_ARRAY, read_log),
	K_TEXT("runtime", struct known, runtime, OPTIONAL,
	       "It is of this runtime, and since and fixed are its versions."),
	K_SPECIAL("since", REQUIRED, read_since,
		  "First kernel release (or version) that has it, quoted.", SHAPE_TEXT),
	K_SPECIAL("fixed", OPTIONAL, read_fixed,
		  "Releases (or versions) that brought the repair, quoted, ascending: one like 7.0 "
		  "stands for it and all later ones, one like 6.12.117 for later ones of its "
		  "branch.", "{\"type\": [\"array\", \"string\"]}"),
	K_TEXT("reference", struct known, reference, REQUIRED,
	       "Commit, report, or kernel function."),
	K_TEXT("evidence", struct known, evidence, REQUIRED,
	       "What was seen, where, and how to see it again."),
	KEY("link", struct known, link, const char *, OPTIONAL,
	    "Address of a report, commit or specification.", SHAPE_TEXT, read_link),
	K_SPECIAL("expires", OPTIONAL, read_expires,
		  "The last day (in UTC) on which the entry counts, as 2026-12-31. From the next one "
		  "on its cells fail again.", SHAPE_TEXT),
	F_END
};

static void check_known(struct loader *l, const struct value *v, const struct known *k)
{
	if (k->log.n && (k->runtime || k->n_symptoms))
		load_problem(l, v, "log is about the kernel, in whatever step: "
			     "no runtime or symptoms beside it");
	if (!k->log.n && !k->n_symptoms)
		load_problem(l, v, "covers whatever goes wrong in these cells: "
			     "expected symptoms, each with actor, op, field and seen, or errno");
}

/* Of the entry behind the list. */
static void check_id(struct loader *l, const struct value *entry, const struct known_list *list)
{
	const char *id = list->v[list->n].id;

	for (size_t i = 0; i < list->n; i++) {
		const struct known *k = &list->v[i];
		bool here = !strcmp(k->at.file, entry->at.file);

		if (k->id && id && *id && !strcmp(k->id, id))
			load_problem(l, entry, "the id %s stands twice, first at %s%d", id,
				     here ? "line " : pool_printf(l->pool, "%s:", k->at.file),
				     k->at.line);
	}
}

static void take_known(struct loader *l, const struct value *entry, void *context)
{
	struct known_list *list = context;

	list->v = pool_grow(l->pool, list->v, list->n, &list->room, sizeof(*list->v));
	/* An entry that was refused may have been here before. */
	list->v[list->n] = (struct known){ .at = entry->at, .entry = entry };
	load_fields(l, known_fields, entry, &list->v[list->n], "a known issue");
	if (entry->type == VALUE_MAP)
		check_known(l, entry, &list->v[list->n]);
	check_id(l, entry, list);
	list->n++;
}

/* As YYYYMMDD, in UTC. */
static int today(void)
{
	time_t now = sys_wall_ns() / 1000000000;
	struct tm tm;

	gmtime_r(&now, &tm);
	return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

static void end_list(struct pool *pool, struct known_list *list)
{
	list->today = today();
	list->ran = pool_array(pool, bool, list->n + 1);
	list->seen = pool_array(pool, bool, list->n + 1);
}

void known_load(struct pool *pool, const struct strs *paths, struct known_list *list,
		struct problems *problems)
{
	struct loader l = { .pool = pool, .problems = problems };

	for (size_t i = 0; i < paths->n; i++)
		load_entries_of(&l, paths->v[i], "known", take_known, list);
	end_list(pool, list);
}

void known_load_shipped(struct pool *pool, const struct strs *own, struct known_list *list,
			struct problems *problems)
{
	struct loader l = { .pool = pool, .problems = problems };

	load_entries(&l, paths_data(pool, "fixtures/known"), "known", take_known, list);
	list->shipped = list->n;
	known_load(pool, own, list, problems);
}

void known_load_record(struct pool *pool, const struct value *entries, struct known_list *list)
{
	for (size_t i = 0; entries && entries->type == VALUE_LIST && i < entries->list.n; i++) {
		struct problems own = { .pool = pool };
		struct loader l = { .pool = pool, .problems = &own };

		/* That an id stands twice is a problem, too. */
		take_known(&l, entries->list.items[i], list);
		list->n -= own.n > 0;
	}
	end_list(pool, list);
}

const struct value *known_record(struct pool *pool, const struct known_list *list)
{
	struct value *entries = value_list(pool);

	for (size_t i = 0; i < list->n; i++) {
		bool concerned = list->seen[i] || (list->ran[i] && !list->v[i].log.n);

		if (i >= list->shipped || concerned)
			value_push(pool, entries, (struct value *)list->v[i].entry);
	}
	return entries->list.n ? entries : NULL;
}

static bool has_entry(const struct value *list, const struct value *entry)
{
	const char *id = value_text(value_get(entry, "id"));

	for (size_t i = 0; id && i < list->list.n; i++)
		if (value_is(value_get(list->list.items[i], "id"), id))
			return true;
	return false;
}

const struct value *known_record_join(struct pool *pool, const struct value *a,
				      const struct value *b)
{
	const struct value *const lists[] = { a, b };
	struct value *all = value_list(pool);

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; lists[k] && i < lists[k]->list.n; i++)
			if (!has_entry(all, lists[k]->list.items[i]))
				value_push(pool, all, lists[k]->list.items[i]);
	return all->list.n ? all : NULL;
}
