// SPDX-License-Identifier: GPL-2.0-only
/*
 * Known issues.
 */
#include <fnmatch.h>
#include <regex.h>
#include <string.h>

#include "report/known.h"
#include "load/loader.h"
#include "load/match.h"
#include "load/refs.h"
#include "load/runtime.h"
#include "nsc/registry.h"

static void read_cells(struct loader *l, const struct field *f, const struct value *v,
		       void *member)
{
	*(struct strs *)member = load_strs(l, v);
	if (v->type == VALUE_LIST && !v->list.n)
		load_problem(l, v, "expected at least one pattern");
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
	for (size_t i = 0; i < k->n_fixed; i++)
		load_version(l, list ? v->list.items[i] : v, !k->runtime, &k->fixed[i]);
	if (l->problems->n > before)
		return;
	const char *wrong = version_fixed_check(k->fixed, k->n_fixed, &at);

	if (wrong)
		load_problem(l, v->list.items[at], "%s", wrong);
	else if (k->n_fixed && version_compare(&k->fixed[0], &k->since) <= 0)
		load_problem(l, list ? v->list.items[0] : v, "expected a release after since");
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

static const struct field symptom_fields[] = {
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

static const struct field *symptom_field(const struct symptom *s)
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

static const struct field known_fields[] = {
	K_NAME("id", struct known, id, REQUIRED, "Its name in reports, lower case with hyphens."),
	KEY("cells", struct known, cells, struct strs, REQUIRED,
	    "Glob patterns of the cells that fail by it.", SHAPE_ARRAY, read_cells),
	K_SPECIAL("symptoms", OPTIONAL, read_symptoms,
		  "What is seen in these cells, a list: each one expectation and what does not "
		  "meet it. What else fails there is no known issue.", SHAPE_ARRAY),
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
	load_fields(l, known_fields, entry, &list->v[list->n], "a known issue");
	check_known(l, entry, &list->v[list->n]);
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].id && list->v[list->n].id && *list->v[i].id &&
		    !strcmp(list->v[i].id, list->v[list->n].id))
			load_problem(l, entry, "the id %s stands twice", list->v[i].id);
	list->n++;
}

void known_load(struct pool *pool, const char *dir, struct known_list *list,
		struct problems *problems)
{
	struct loader l = { .pool = pool, .problems = problems };

	load_entries(&l, dir, "known", take_known, list);
}

/* Whether the entry names the cell NAME. */
static bool known_names(const struct known *k, const char *name)
{
	for (size_t c = 0; c < k->cells.n; c++)
		if (fnmatch(k->cells.v[c], name, 0) == 0)
			return true;
	return false;
}

const struct known *known_find(const struct known_list *list, const char *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i].id, id))
			return &list->v[i];
	return NULL;
}

const struct known *known_about(const struct known_list *list, const char *name,
				const char *runtime)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct known *k = &list->v[i];

		if (known_names(k, name) && !k->log.n &&
		    (!k->runtime || (runtime && !strcmp(k->runtime, runtime))))
			return k;
	}
	return NULL;
}

const char *known_range(struct pool *pool, const struct known *k)
{
	const char *text = pool_printf(pool, "since %s%s", k->runtime ? "" : "Linux ",
				       version_text(pool, &k->since));

	for (size_t i = 0; i < k->n_fixed; i++)
		text = pool_printf(pool, "%s%s %s", text, i ? " and" : ", fixed in",
				   version_text(pool, &k->fixed[i]));
	return text;
}

/* Whether the kernel, or the runtime that the cell has, is one that has the issue. */
static bool has_it(const struct known *k, int release, const struct runtime *runtime)
{
	struct version v = release_version(release);

	if (k->runtime && (!runtime || strcmp(k->runtime, runtime->name) || !runtime->installed ||
			   !version_parse(runtime->installed, &v)))
		return false;
	return version_compare(&v, &k->since) >= 0 && !version_fixed(k->fixed, k->n_fixed, &v);
}

/* Whether the symptom's value meets the expectation WANT, so that it cannot be a failure of it. */
static bool allows(struct pool *pool, const struct symptom *s, const struct value *want)
{
	return s->seen->type != VALUE_MAP && !refs_any(want) &&
	       match(pool, symptom_field(s), s->seen, want);
}

bool symptom_fits(struct pool *pool, const struct symptom *s, const struct script *script,
		  size_t at)
{
	const struct script_step *step = &script->steps[at];

	if (script->cell->kind == CELL_CONTROL || !step->expect || step->actor < 0 ||
	    strcmp(script->actors[step->actor].actor->name, s->actor) ||
	    strcmp(step->step->op->name, s->op))
		return false;
	const struct value *expect = expect_normal(pool, step->expect);
	const struct value *want = value_get(expect, s->field);

	if (!want && !strcmp(s->field, "errno"))
		want = value_int(pool, 0);
	return want && !allows(pool, s, want);
}

static bool fits_any(struct pool *pool, const struct known *k, const struct script *script)
{
	for (size_t i = 0; i < k->n_symptoms; i++)
		for (size_t at = 0; at < script->n_steps; at++)
			if (symptom_fits(pool, &k->symptoms[i], script, at))
				return true;
	return false;
}

static const struct value *seen_value(struct pool *pool, const struct outcome *o, const char *field)
{
	const struct value *v = o->out ? value_get(o->out, field) : NULL;

	if (!strcmp(field, "errno"))
		return o->error ? value_str(pool, errno_name(pool, o->error)) : value_int(pool, 0);
	return v ? v : value_nil(pool);
}

static bool means(const struct symptom *s, int which)
{
	for (size_t i = 0; i < s->which.n; i++)
		if (s->which.v[i] == which)
			return true;
	return !s->which.n;
}

/* Whether the failure is the symptom. */
static bool shows(struct pool *pool, const struct symptom *s, const struct script *script,
		  const struct trace *trace, const struct verdict *v)
{
	int which = 0;

	if (v->step < 0 || !v->what || strcmp(v->what, s->field) ||
	    !symptom_fits(pool, s, script, (size_t)v->step))
		return false;
	for (int at = 0; at <= v->step; at++)
		which += symptom_fits(pool, s, script, (size_t)at);
	return means(s, which) &&
	       match(pool, symptom_field(s),
		     seen_value(pool, &trace->outcomes[v->step], s->field), s->seen);
}

static bool shows_any(struct pool *pool, const struct known *k, const struct script *script,
		      const struct trace *trace, const struct verdict *v)
{
	for (size_t i = 0; i < k->n_symptoms; i++)
		if (shows(pool, &k->symptoms[i], script, trace, v))
			return true;
	return false;
}

/* The entry that covers the failure, or, of a pass, the one that expected another end. */
static const struct known *find(struct pool *pool, const struct known_list *list, int release,
				const struct script *script, const struct trace *trace,
				const char *name, const struct verdict *verdict)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct known *k = &list->v[i];

		if (has_it(k, release, script->cell->runtime) && known_names(k, name) &&
		    (verdict->kind == VERDICT_PASS ? fits_any(pool, k, script) :
		     shows_any(pool, k, script, trace, verdict)))
			return k;
	}
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

/* NAME is NULL for any cell. */
static bool is_known_line(const struct known_list *list, int release, const char *name,
			  const char *line)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].log.n && has_it(&list->v[i], release, NULL) &&
		    (!name || known_names(&list->v[i], name)) && lists_line(&list->v[i], line))
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
	/* When it is not known which cell caused the line, an entry about any cell covers it. */
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
		 const struct script *script, const struct trace *trace, struct verdict *verdict)
{
	if (verdict->kind != VERDICT_FAIL && verdict->kind != VERDICT_PASS)
		return;
	const char *name = cell_name(pool, script->cell);
	const struct known *k = find(pool, list, release, script, trace, name, verdict), *next = k;
	struct verdict first = *verdict;

	if (!k)
		return;
	while (next && verdict->kind == VERDICT_FAIL) {
		judge_from(pool, script, trace, (size_t)verdict->step, verdict->what, verdict);
		next = verdict->kind == VERDICT_FAIL ?
			find(pool, list, release, script, trace, name, verdict) : NULL;
	}
	if (verdict->kind == VERDICT_FAIL) {
		verdict->message = pool_printf(pool, "beside the known issue %s: %s", k->id,
					       verdict->message);
		return;
	}
	*verdict = first;
	verdict->kind = first.kind == VERDICT_FAIL ? VERDICT_KNOWN : VERDICT_XPASS;
	verdict->reason = k->id;
	verdict->resolution = k->reference;
	if (verdict->kind == VERDICT_XPASS)
		verdict->message = "listed as a known issue, but it passed";
}
