// SPDX-License-Identifier: GPL-2.0-only
/*
 * TAP and KTAP.
 */
#include <string.h>

#include "load/runtime.h"
#include "nsc/text.h"
#include "report/cell_text.h"
#include "report/exit_status.h"
#include "report/report.h"

static const char *const versions[] = {
	[REPORT_TAP] = "TAP version 13", [REPORT_KTAP] = "KTAP version 1",
};

void report_begin(FILE *out, enum report_format format, size_t n)
{
	fprintf(out, "%s\n1..%zu\n", versions[format], n);
}

void report_none(FILE *out, enum report_format format, const char *reason)
{
	fprintf(out, "%s\n1..0 # SKIP %s\n", versions[format], reason);
}

static const size_t counts[] = {
	[VERDICT_PASS] = offsetof(struct totals, pass),
	[VERDICT_FAIL] = offsetof(struct totals, fail),
	[VERDICT_SKIP] = offsetof(struct totals, skip),
	[VERDICT_KNOWN] = offsetof(struct totals, known),
	[VERDICT_XPASS] = offsetof(struct totals, xpass),
	[VERDICT_BROKEN] = offsetof(struct totals, broken),
};

void totals_add(struct totals *t, enum verdict_kind kind, bool bad)
{
	(*(size_t *)((char *)t + counts[kind]))++;
	t->bad += bad;
}

size_t totals_of(const struct totals *t, enum verdict_kind kind)
{
	return *(const size_t *)((const char *)t + counts[kind]);
}

/* The number of cells that were judged: passed or failed, known or not. */
static size_t totals_judged(const struct totals *t)
{
	return t->pass + t->fail + t->known + t->xpass;
}

int totals_status(const struct totals *t)
{
	if (t->broken)
		return EXIT_BROKEN;
	if (t->bad)
		return EXIT_FAILED;
	return totals_judged(t) ? EXIT_GOOD : EXIT_UNJUDGED;
}

static bool passes(enum verdict_kind kind)
{
	return kind == VERDICT_PASS || kind == VERDICT_XPASS;
}

void totals_add_again(struct totals *t, const char *tried_again, enum verdict_kind kind)
{
	if (!tried_again)
		return;
	t->tried_again++;
	t->passed_again += passes(kind);
}

const char *report_one_line(struct pool *pool, const char *text)
{
	return text_escape(pool, text ? text : "", text ? strlen(text) : 0, "\t");
}

struct block {
	FILE *out;
	enum report_format format;
};

/* What prove's YAMLish reader and the others agree on: no \u, no block scalars. */
static void entry(const struct block *b, const char *key, const char *text)
{
	AUTO_POOL pool = { 0 };

	if (text)
		fprintf(b->out, "%s%s: \"%s\"\n", b->format == REPORT_TAP ? "  " : "# ", key,
			text_escape(&pool, text, strlen(text), "\"\\"));
}

static const char *step_title(struct pool *pool, const struct script *script,
			      const struct script_step *s)
{
	return pool_printf(pool, "%s.%s%s", step_actor(script, s), step_op(s),
			   s->step->kind == STEP_FINISH ? ".finish" : "");
}

/* The story of a cell that did not go well, as a subtest. */
static void steps(FILE *out, enum report_format format, struct pool *pool, const char *name,
		  const struct script *script, const struct trace *trace,
			  const struct verdict *verdict)
{
	const char *indent = format == REPORT_TAP ? "    " : "  ";

	if (!script->n_steps)
		return;
	if (format == REPORT_TAP)
		fprintf(out, "# Subtest: %s\n", name);
	else
		fprintf(out, "%sKTAP version 1\n%s# Subtest: %s\n", indent, indent, name);
	fprintf(out, "%s1..%zu\n", indent, script->n_steps);
	for (size_t i = 0; i < script->n_steps; i++) {
		const char *title = step_title(pool, script, &script->steps[i]);
		bool reached = trace->outcomes[i].status != OUTCOME_NONE ||
			       (script->steps[i].step->background &&
				script->steps[i].step->kind == STEP_CALL);
		bool bad = (int)i == verdict->step || trace->outcomes[i].status >= OUTCOME_BROKEN;
		bool judged = verdict->step < 0 || (int)i <= verdict->step;

		fprintf(out, "%s%s %zu %s%s\n", indent, bad ? "not ok" : "ok", i + 1, title,
			bad ? "" : !reached ? " # SKIP not reached" : !judged ?
				" # SKIP not judged" : "");
	}
}

/* BROKEN, or NULL, is a clause that the scenario is not about. */
static void clauses(const struct block *b, struct pool *pool, const struct script *script,
		    struct catalogue *catalogue, const char *broken)
{
	const struct strs *ids = &script->cell->scenario->clauses;
	size_t before = broken != NULL;

	for (size_t i = 0; i < before + ids->n; i++) {
		const char *id = i < before ? broken : ids->v[i - before];
		const struct clause *c = clause_find(catalogue, id);
		const char *suffix = i ? pool_printf(pool, "%zu", i + 1) : "";

		entry(b, pool_printf(pool, "clause%s", suffix), id);
		if (c && i == 0) {
			entry(b, "rule", c->statement);
			entry(b, "source", c->source);
		}
	}
}

static void step_entries(const struct block *b, struct pool *pool, const struct script *script,
			 const struct trace *trace, const struct verdict *v)
{
	const struct script_step *s = &script->steps[v->step];
	const struct outcome *o = &trace->outcomes[v->step];

	entry(b, "actor", step_actor(script, s));
	entry(b, "op", step_op(s));
	entry(b, "call", s->step->op->source);
	/* Of a launch only the command is shown; the trace has its other parameters. */
	const struct value *command = s->step->kind == STEP_LAUNCH ? value_get(o->with, "command") :
		NULL;

	if (command)
		entry(b, "command", value_show(pool, command));
	else if (o->with && o->with->list.n)
		entry(b, "with", value_show(pool, o->with));
	entry(b, "field", v->what);
	entry(b, "expected", v->expected);
	entry(b, "seen", v->seen);
	if (o->out && v->what)
		entry(b, "results", value_show(pool, o->out));
	entry(b, "at", cell_place(pool, script->cell, s->step->at));
}

static void also_entries(const struct block *b, struct pool *pool, const struct script *script,
			 const struct verdict *v)
{
	for (size_t i = 0; i < v->n_also; i++) {
		const struct mismatch *m = &v->also[i];
		const struct script_step *s = &script->steps[m->step];

		entry(b, i ? pool_printf(pool, "also%zu", i + 1) : "also",
		      pool_printf(pool, "%s %s: expected %s, seen %s, at %s",
				  step_title(pool, script, s), m->what, m->expected, m->seen,
				  cell_place(pool, script->cell, s->step->at)));
	}
}

static void diagnose(FILE *out, enum report_format format, const char *name,
		     const struct script *script, const struct trace *trace,
		     const struct verdict *v, struct catalogue *catalogue)
{
	AUTO_POOL pool = { 0 };
	struct block b = { out, format };

	if (format == REPORT_TAP)
		fputs("  ---\n", out);
	entry(&b, "message", v->message);
	entry(&b, "severity", verdict_name(v->kind));
	entry(&b, "issue", v->kind == VERDICT_KNOWN || v->kind == VERDICT_XPASS ? v->reason : NULL);
	entry(&b, "reference", v->resolution);
	clauses(&b, &pool, script, catalogue, v->clause);
	if (v->step >= 0)
		step_entries(&b, &pool, script, trace, v);
	else {
		entry(&b, "call", v->call);
		entry(&b, "expected", v->call ? v->expected : NULL);
		entry(&b, "seen", v->call ? v->seen : NULL);
		entry(&b, "at", cell_place(&pool, script->cell, script->cell->scenario->at));
	}
	also_entries(&b, &pool, script, v);
	const struct runtime *runtime = script->cell->runtime;

	if (runtime)
		entry(&b, "runtime", pool_printf(&pool, "%s %s", runtime->name,
						 runtime->installed ? runtime->installed : "?"));
	entry(&b, "again", cell_again(&pool, script->cell, name));
	if (format == REPORT_TAP)
		fputs("  ...\n", out);
}

static const struct {
	const char *directive;
	bool reason;
} directives[] = {
	[VERDICT_PASS] = { "", false },
	[VERDICT_FAIL] = { "", false },
	[VERDICT_SKIP] = { " # SKIP ", true },
	[VERDICT_KNOWN] = { " # XFAIL ", true },
	[VERDICT_XPASS] = { " # XPASS ", true },
	[VERDICT_BROKEN] = { " # ERROR", false },
};

static void line(FILE *out, size_t number, const char *name, enum verdict_kind kind,
		 const char *reason, bool bad)
{
	fprintf(out, "%s %zu %s%s%s\n", bad ? "not ok" : "ok", number, name,
		directives[kind].directive, directives[kind].reason ? reason : "");
}

/* Report the second try of a cell, whether it passed or not. */
static void tell_again(FILE *out, struct pool *pool, const struct trace *trace,
		       enum verdict_kind kind)
{
	if (trace->tried_again)
		fprintf(out, "# %s when tried again alone: %s\n",
			passes(kind) ? "passed" : "no better",
			report_one_line(pool, trace->tried_again));
}

static void log_lines(FILE *out, struct pool *pool, const char *whose, const struct strs *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		fprintf(out, "# kernel log%s: %s\n", whose, report_one_line(pool, lines->v[i]));
}

void report_cell(FILE *out, enum report_format format, size_t number, const char *name,
		 const struct script *script, const struct trace *trace,
			 const struct verdict *verdict,
		 struct catalogue *catalogue, bool bad)
{
	AUTO_POOL pool = { 0 };

	if (bad)
		steps(out, format, &pool, name, script, trace, verdict);
	line(out, number, name, verdict->kind, verdict->reason, bad);
	if (bad)
		diagnose(out, format, name, script, trace, verdict, catalogue);
	tell_again(out, &pool, trace, verdict->kind);
	log_lines(out, &pool, "", &verdict->own_log);
	log_lines(out, &pool, " (this cell's or another's)", &verdict->log);
}

void report_skip(FILE *out, size_t number, const char *name, const struct cell *cell, bool bad)
{
	AUTO_POOL pool = { 0 };

	line(out, number, name, VERDICT_SKIP, cell->skip, bad);
	if (bad)
		fprintf(out, "# %s: %s; %s\n", cell->skip, report_one_line(&pool, cell->detail),
			report_one_line(&pool, cell->remedy));
}

void report_end(FILE *out, const struct totals *t)
{
	if (t->tried_again)
		fprintf(out, "# Tried again: %zu, passed %zu\n", t->tried_again, t->passed_again);
	fprintf(out, "# Totals: pass:%zu fail:%zu xfail:%zu xpass:%zu skip:%zu error:%zu\n", t->pass,
		t->fail, t->known, t->xpass, t->skip, t->broken);
}
