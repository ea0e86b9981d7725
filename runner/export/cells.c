// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells in order, and in words.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export/cells.h"
#include "nsc/text.h"
#include "report/reason.h"

const char *cell_suite(struct pool *pool, const struct record *cell)
{
	const char *dot = strrchr(cell->scenario, '.');

	return dot ? pool_strndup(pool, cell->scenario, (size_t)(dot - cell->scenario)) :
		cell->scenario;
}

const struct run_record *cell_run(const struct ran *ran, const struct record *cell)
{
	for (size_t i = 0; cell->run && i < ran->n_runs; i++)
		if (ran->runs[i].run && !strcmp(ran->runs[i].run, cell->run))
			return &ran->runs[i];
	return ran->n_runs ? &ran->runs[0] : NULL;
}

bool cell_failed(const struct record *cell)
{
	return cell->verdict == VERDICT_FAIL || cell->verdict == VERDICT_BROKEN;
}

static const char *between(struct pool *pool, const char *a, const char *b)
{
	return pool_printf(pool, "%s%s%s", a, *a && *b ? ": " : "", b);
}

const char *cell_issue(const struct record *cell)
{
	const char *why = record_why(cell);

	return why ? why : "?";
}

const char *cell_why(struct pool *pool, const struct record *c)
{
	const char *message = c->message ? c->message : "", *reason = c->reason ? c->reason : "";
	const char *issue = cell_issue(c), *text = "";

	switch ((enum verdict_kind)c->verdict) {
	case VERDICT_PASS:
		text = c->flaky ? cell_flaky(pool, c) : "";
		break;
	case VERDICT_SKIP:
		text = between(pool, reason, message);
		break;
	case VERDICT_KNOWN:
		text = between(pool, pool_printf(pool, "known issue %s", issue),
			       reason_text(pool, c));
		break;
	case VERDICT_XPASS:
		text = pool_printf(pool, "passed, although known issue %s says that it fails",
				   issue);
		break;
	case VERDICT_FAIL:
	case VERDICT_BROKEN:
		text = reason_text(pool, c);
		break;
	}
	if (c->fail_on)
		text = between(pool, pool_printf(pool, "--fail-on %s", c->fail_on), text);
	return text_escape(pool, text, strlen(text), "\t");
}

const struct value *said(const struct value *map, const char *key)
{
	const struct value *v = map ? value_get(map, key) : NULL;

	return v && v->type != VALUE_NIL ? v : NULL;
}

const char *cell_story(struct pool *pool, const struct record *cell)
{
	static const char *const told[] = {
		"message", "reason", "remedy", "issue", "reference", "actor", "op", "call", "field",
		"expected", "seen", "also", "clauses", "at", "tried_again",
	};
	const struct value *map = record_value(pool, cell_record_fields, cell);
	const char *text = "";

	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		const struct value *v = said(map, told[i]);

		if (v)
			text = pool_printf(pool, "%s%s: %s\n", text, told[i],
					   value_text(v) ? value_text(v) : value_show(pool, v));
	}
	return text;
}

static int64_t count_of(const struct value *map, const char *key)
{
	const struct value *v = said(map, key);

	return v && v->type == VALUE_INT && v->i > 0 ? v->i : 0;
}

const struct cell_attempt *cell_attempts(struct pool *pool, const struct record *cell, size_t *n)
{
	const struct value *list = cell->attempts;
	size_t room = list && list->type == VALUE_LIST ? list->list.n : 0;
	struct cell_attempt *v = pool_array(pool, struct cell_attempt, room + 1);

	*n = 0;
	for (size_t i = 0; i < room; i++) {
		const struct value *map = list->list.items[i];
		const char *word = value_text(value_get(map, "verdict"));
		const struct symbol *verdict = word ? symbol_find(verdict_symbols, word) : NULL;

		if (!verdict)
			continue;
		v[(*n)++] = (struct cell_attempt){
			.attempt = count_of(map, "attempt"), .times = count_of(map, "times"),
			.verdict = (enum verdict_kind)verdict->value,
			.message = value_text(value_get(map, "message")),
			.took_ns = count_of(map, "took_ns"),
		};
	}
	return v;
}

const char *cell_attempt_text(struct pool *pool, const struct cell_attempt *a)
{
	const char *number = pool_printf(pool, "%" PRId64, a->attempt);

	if (a->times > 1)
		number = pool_printf(pool, "%s to %" PRId64, number, a->attempt + a->times - 1);
	return pool_printf(pool, "attempt%s %s, %s%s%s", a->times > 1 ? "s" : "", number,
			   verdict_name(a->verdict), a->message ? ": " : "",
			   a->message ? a->message : "");
}

const char *cell_attempts_more(struct pool *pool, const struct cell_attempt *v, size_t n)
{
	int64_t left = 0;

	for (size_t i = ATTEMPTS_SHOWN; i < n; i++)
		left += v[i].times;
	return left ? pool_printf(pool, "and %" PRId64 " more attempts", left) : NULL;
}

const char *cell_flaky(struct pool *pool, const struct record *cell)
{
	size_t n;
	const struct cell_attempt *v = cell_attempts(pool, cell, &n);

	for (size_t i = 0; i < n; i++)
		if (v[i].verdict != (enum verdict_kind)cell->verdict)
			return pool_printf(pool, "flaky: %s", cell_attempt_text(pool, &v[i]));
	return cell->flaky ? "flaky" : NULL;
}

const char *cell_attempts_text(struct pool *pool, const struct record *cell)
{
	size_t n;
	const struct cell_attempt *v = cell_attempts(pool, cell, &n);
	const char *more = cell_attempts_more(pool, v, n);
	struct text t = { .pool = pool };

	text_puts(&t, "");
	if (n)
		text_printf(&t, "%sattempt %" PRId64 " counts\n", cell->flaky ? "flaky: " : "",
			    cell->attempt);
	for (size_t i = 0; i < n && i < ATTEMPTS_SHOWN; i++)
		text_printf(&t, "%s\n", cell_attempt_text(pool, &v[i]));
	if (more)
		text_printf(&t, "%s\n", more);
	return t.s;
}

const char *cell_log(struct pool *pool, const struct record *cell)
{
	const char *own = strs_join(pool, &cell->own_log, "\n");
	const char *others = strs_join(pool, &cell->log, "\n");

	return pool_printf(pool, "%s%s%s%s", own, *own ? "\n" : "", others, *others ? "\n" : "");
}

const char *cell_seconds(struct pool *pool, int64_t ns, int decimals)
{
	int64_t us = ns > 0 ? ns / 1000 : 0;

	return decimals == 3 ?
		pool_printf(pool, "%" PRId64 ".%03" PRId64, us / 1000000, us / 1000 % 1000) :
		pool_printf(pool, "%" PRId64 ".%06" PRId64, us / 1000000, us % 1000000);
}

const char *run_incomplete(struct pool *pool, const struct ran *ran)
{
	const char *why = ran_unended(ran);

	if (!why || !ran->missed.n)
		return why;
	return pool_printf(pool, "%s: %zu cell%s %s not reached", why, ran->missed.n,
			   text_plural(ran->missed.n), ran->missed.n == 1 ? "was" : "were");
}
