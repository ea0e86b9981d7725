// SPDX-License-Identifier: GPL-2.0-only
/*
 * What known issues make of verdicts.
 */
#include <fnmatch.h>
#include <regex.h>
#include <string.h>

#include "report/known.h"
#include "load/match.h"
#include "load/refs.h"
#include "load/runtime.h"

/* Most names differ from most patterns in what stands before the first wildcard. */
static bool fits_pattern(const char *pattern, const char *name)
{
	for (size_t i = 0; pattern[i] && !strchr("*?[\\", pattern[i]); i++)
		if (pattern[i] != name[i])
			return false;
	return fnmatch(pattern, name, 0) == 0;
}

static bool names(const struct known *k, const char *name)
{
	for (size_t c = 0; c < k->cells.n; c++)
		if (fits_pattern(k->cells.v[c], name))
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

		if (names(k, name) && !k->log.n &&
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

bool known_covers(const struct known *k, int release, const struct runtime *runtime)
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

/* Whether the symptom is of that actor and that op. */
static bool is_of(const struct symptom *s, const struct script *script,
		  const struct script_step *step)
{
	return !strcmp(script->actors[step->actor].actor->name, s->actor) &&
	       !strcmp(step->step->op->name, s->op);
}

bool symptom_fits(struct pool *pool, const struct symptom *s, const struct script *script,
		  size_t at)
{
	const struct script_step *step = &script->steps[at];

	if (script->cell->kind == CELL_CONTROL || !step->expect || !is_of(s, script, step))
		return false;
	const struct value *want = value_get(step->expect, s->field);

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

/* Whether a twin, whose expectation should not hold and does, has the symptom's value. */
static bool shows_in_twin(struct pool *pool, const struct symptom *s, const struct script *script,
			  const struct trace *trace, const struct verdict *v)
{
	return is_of(s, script, &script->steps[v->step]) &&
	       match(pool, symptom_field(s),
		     seen_value(pool, &trace->outcomes[v->step], s->field), s->seen);
}

/* Whether the failure is the symptom. */
static bool shows(struct pool *pool, const struct symptom *s, const struct script *script,
		  const struct trace *trace, const struct verdict *v)
{
	int which = 0;

	if (v->step >= 0 && !v->what && script->cell->kind == CELL_TWIN)
		return shows_in_twin(pool, s, script, trace, v);
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

bool known_expired(const struct known_list *list, const struct known *k)
{
	return k->expires_on && k->expires_on < list->today;
}

/* A cell whose verdict is looked for among the entries. */
struct lookup {
	struct pool *pool;
	const struct known_list *list;
	int release;
	const struct script *script;
	const struct trace *trace;
	const char *name;
};

static bool concerns(const struct lookup *l, const struct known *k)
{
	/* Most entries are of other kernels and runtimes. */
	return known_covers(k, l->release, l->script->cell->runtime) && names(k, l->name);
}

/*
 * The entry that covers the failure, or, of a pass, the one that expected another end; among those
 * that have expired, or those that have not.  What a failure shows is seen, whichever entry covers
 * it.
 */
static const struct known *find(const struct lookup *l, const struct verdict *verdict, bool expired)
{
	bool passed = verdict->kind == VERDICT_PASS;
	const struct known *found = NULL;

	for (size_t i = 0; i < l->list->n; i++) {
		const struct known *k = &l->list->v[i];

		if (!concerns(l, k) || !(passed ? fits_any(l->pool, k, l->script) :
					 shows_any(l->pool, k, l->script, l->trace, verdict)))
			continue;
		l->list->seen[i] |= !passed;
		if (!found && known_expired(l->list, k) == expired)
			found = k;
	}
	return found;
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

/* The entry that lists the line, among those that have expired, or those that have not; NAME is
 * NULL for any cell. */
static const struct known *find_line(const struct known_list *list, int release, const char *name,
				     const char *line, bool expired)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct known *k = &list->v[i];

		if (k->log.n && known_expired(list, k) == expired &&
		    known_covers(k, release, NULL) && (!name || names(k, name)) &&
		    lists_line(k, line))
			return k;
	}
	return NULL;
}

/* The lines that no entry about the cell, or any cell when NAME is NULL, lists. */
static struct strs unknown_lines(struct pool *pool, const struct known_list *list, int release,
				 const char *name, const struct value *lines)
{
	size_t n = lines ? lines->list.n : 0;
	struct strs unknown = { .v = pool_array(pool, const char *, n + 1) };

	for (size_t i = 0; i < n; i++) {
		const char *line = value_text(lines->list.items[i]);

		if (line && !find_line(list, release, name, line, false))
			unknown.v[unknown.n++] = line;
	}
	return unknown;
}

static void tell_expired(struct pool *pool, const struct known *k, struct verdict *verdict)
{
	verdict->message = pool_printf(pool, "the known issue %s has expired (%s): %s", k->id,
				       k->expires, verdict->message);
}

void known_log(struct pool *pool, const struct known_list *list, int release, const char *name,
	       const struct trace *trace, struct verdict *verdict)
{
	/* When it is not known which cell caused the line, an entry about any cell covers it. */
	verdict->log = unknown_lines(pool, list, release, NULL, trace->log);
	verdict->own_log = unknown_lines(pool, list, release, name, trace->own_log);
	if (!verdict->own_log.n || verdict->kind != VERDICT_PASS)
		return;
	const struct known *over = find_line(list, release, name, verdict->own_log.v[0], true);

	verdict->kind = VERDICT_FAIL;
	verdict->message = "the kernel logged a warning over this cell";
	if (over)
		tell_expired(pool, over, verdict);
	verdict->expected = "a quiet kernel log, or an entry in fixtures/known with `log:`";
	verdict->seen = verdict->own_log.v[0];
}

static void count(const struct lookup *l)
{
	for (size_t i = 0; i < l->list->n; i++)
		l->list->ran[i] |= concerns(l, &l->list->v[i]);
}

/* A box that was not started, which an entry covers, does nothing more: REFUSED of its actor. */
static bool lost(const struct lookup *l, const struct verdict *verdict, const bool *refused)
{
	return verdict->step >= 0 && refused[l->script->steps[verdict->step].actor] &&
		l->trace->outcomes[verdict->step].status == OUTCOME_LOST;
}

void known_apply(struct pool *pool, const struct known_list *list, int release,
		 const struct script *script, const struct trace *trace, struct verdict *verdict)
{
	if (verdict->kind != VERDICT_FAIL && verdict->kind != VERDICT_PASS)
		return;
	const struct lookup l = { pool, list, release, script, trace,
				  cell_name(pool, script->cell) };
	const struct known *k = find(&l, verdict, false), *next = k, *over;
	struct verdict first = *verdict;
	bool *refused = pool_array(pool, bool, script->n_actors);

	count(&l);
	while (next && verdict->kind == VERDICT_FAIL) {
		const struct script_step *failed = &script->steps[verdict->step];

		if (failed->step->kind == STEP_LAUNCH)
			refused[failed->actor] = true;
		/* Without a field the whole step was wrong, as what holds in a twin. */
		judge_from(pool, script, trace, (size_t)verdict->step + !verdict->what,
			   verdict->what, verdict);
		next = verdict->kind == VERDICT_FAIL ? find(&l, verdict, false) : NULL;
	}
	if (verdict->kind == VERDICT_FAIL && !lost(&l, verdict, refused)) {
		over = find(&l, verdict, true);
		if (over)
			tell_expired(pool, over, verdict);
		if (k)
			verdict->message = pool_printf(pool, "beside the known issue %s: %s", k->id,
						       verdict->message);
		return;
	}
	if (!k)
		return;
	*verdict = first;
	verdict->kind = first.kind == VERDICT_FAIL ? VERDICT_KNOWN : VERDICT_XPASS;
	verdict->reason = k->id;
	verdict->resolution = k->reference;
	verdict->link = k->link;
	if (verdict->kind == VERDICT_XPASS)
		verdict->message = "listed as a known issue, but it passed";
}

struct strs known_unseen(struct pool *pool, const struct known_list *list)
{
	struct strs ids = { .v = pool_array(pool, const char *, list->n + 1) };

	for (size_t i = 0; i < list->n; i++)
		if (list->ran[i] && !list->seen[i] && !list->v[i].log.n)
			ids.v[ids.n++] = list->v[i].id;
	return ids;
}
