// SPDX-License-Identifier: GPL-2.0-only
/*
 * The formats that verdicts are printed in.
 */
#include <string.h>

#include "load/runtime.h"
#include "nsc/text.h"
#include "report/cell_text.h"
#include "report/exit_status.h"
#include "report/flaky.h"
#include "report/reason.h"
#include "report/report.h"

/* How a result line ends: its reason follows where the directive ends in a blank. */
struct ending {
	const char *result, *directive;
};

/* Where the formats differ. */
struct style {
	const char *version;
	bool block;	/* a YAML block and comments follow the result line, the last being the
			 * time; else comments come before it, and it ends in the time */
	bool skips_all; /* its readers take a plan without tests */
	enum exit_profile profile; /* the exit statuses that they take */
	struct ending endings[VERDICT_BROKEN + 1];
};

/* ktap.rst, and ksft_test_result_code() of kselftest.h, which has FAILS. */
#define KERNEL_ENDINGS(fails) { \
	[VERDICT_PASS] = { "ok", "" }, \
	[VERDICT_FAIL] = { "not ok", fails }, \
	[VERDICT_SKIP] = { "ok", " # SKIP " }, \
	[VERDICT_KNOWN] = { "ok", " # XFAIL " }, \
	[VERDICT_XPASS] = { "ok", " # XPASS " }, \
	[VERDICT_BROKEN] = { "not ok", " # ERROR " }, \
}

static const struct style styles[] = {
	/* tap2subunit takes no line on which anything but a directive follows the `#`. */
	[REPORT_TAP] = {
		.version = "TAP version 13", .block = true, .skips_all = true,
		.endings = {
			[VERDICT_PASS] = { "ok", "" },
			[VERDICT_FAIL] = { "not ok", " # " },
			[VERDICT_SKIP] = { "ok", " # SKIP " },
			[VERDICT_KNOWN] = { "not ok", " # TODO " },
			[VERDICT_XPASS] = { "ok", " # TODO " },
			[VERDICT_BROKEN] = { "not ok", " # ERROR " },
		},
	},
	/* To kunit.py a plan without tests is an error. */
	[REPORT_KTAP] = {
		.version = "KTAP version 1", .profile = EXIT_PROFILE_KSELFTEST,
		.endings = KERNEL_ENDINGS(" # "),
	},
	[REPORT_KSELFTEST] = {
		.version = "TAP version 13", .skips_all = true,
		.profile = EXIT_PROFILE_KSELFTEST,
		.endings = KERNEL_ENDINGS(" #  "),
	},
};

void report_begin(FILE *out, enum report_format format, size_t n)
{
	fprintf(out, "%s\n1..%zu\n", styles[format].version, n);
}

bool report_skips_all(enum report_format format)
{
	return styles[format].skips_all;
}

void report_none(FILE *out, enum report_format format, const char *reason)
{
	fprintf(out, "%s\n1..0 # SKIP %s\n", styles[format].version, reason);
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

int totals_happened(const struct totals *t)
{
	/* What failed is worth more than what broke beside it. */
	if (t->bad > t->broken)
		return t->broken ? HAPPENED_FAILED_AND_BROKE : HAPPENED_FAILED;
	if (t->broken)
		return HAPPENED_BROKE;
	if (t->xpass)
		return HAPPENED_XPASS;
	if (t->pass)
		return HAPPENED_PASSED;
	return t->known ? HAPPENED_KNOWN : HAPPENED_UNJUDGED;
}

enum exit_profile report_profile(enum report_format format, enum exit_profile profile)
{
	return profile == EXIT_PROFILE_DEFAULT ? styles[format].profile : profile;
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
	const char *indent;
};

/* What prove's YAMLish reader and the others agree on: no \u, no block scalars. */
static void entry(const struct block *b, const char *key, const char *text)
{
	AUTO_POOL pool = { 0 };

	if (text)
		fprintf(b->out, "%s%s: \"%s\"\n", b->indent, key,
			text_escape(&pool, text, strlen(text), "\"\\"));
}

static const char *step_title(struct pool *pool, const struct script *script,
			      const struct script_step *s)
{
	return pool_printf(pool, "%s.%s%s", step_actor(script, s), step_op(s),
			   s->step->kind == STEP_FINISH ? ".finish" : "");
}

static const char *step_end(const struct script *script, const struct trace *trace,
			    const struct verdict *verdict, size_t at)
{
	const struct step *step = script->steps[at].step;
	enum outcome_status status = trace->outcomes[at].status;

	if (status == OUTCOME_BROKEN || ((int)at == verdict->step &&
					 verdict->kind == VERDICT_BROKEN))
		return "broke";
	if (status > OUTCOME_BROKEN || (int)at == verdict->step)
		return "failed";
	if (status == OUTCOME_NONE && !(step->background && step->kind == STEP_CALL))
		return "not reached";
	return verdict->step >= 0 && (int)at > verdict->step ? "not judged" : "done";
}

/*
 * The story of a cell that did not go well, as comments: meson, kunit.py and LKFT's parser make
 * tests of subtests, and the latter of comments that begin with `ok`, too.
 */
static void steps(FILE *out, struct pool *pool, const struct script *script,
		  const struct trace *trace, const struct verdict *verdict)
{
	for (size_t i = 0; i < script->n_steps; i++)
		fprintf(out, "# step %zu %s: %s\n", i + 1, step_end(script, trace, verdict, i),
			step_title(pool, script, &script->steps[i]));
}

/*
 * V's clause, if it has one, is one that the scenario is not about. Of the scenario's, where the
 * expectation that was not met says which it proves, these.
 */
static void clauses(const struct block *b, struct pool *pool, const struct script *script,
		    struct catalogue *catalogue, const struct verdict *v)
{
	const char *broken = v->clause;
	const struct strs *proves = v->step >= 0 ? &script->steps[v->step].step->proves : NULL;
	const struct strs *ids = proves && proves->n ? proves : &script->cell->scenario->clauses;
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

static void diagnose(FILE *out, bool block, const char *name, const struct script *script,
		     const struct trace *trace, const struct verdict *v,
		     struct catalogue *catalogue)
{
	AUTO_POOL pool = { 0 };
	struct block b = { out, block ? "  " : "# " };

	if (block)
		fputs("  ---\n", out);
	entry(&b, "message", v->message);
	entry(&b, "severity", verdict_name(v->kind));
	entry(&b, "issue", v->kind == VERDICT_KNOWN || v->kind == VERDICT_XPASS ? v->reason : NULL);
	entry(&b, "reference", v->resolution);
	clauses(&b, &pool, script, catalogue, v);
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
	if (block)
		fputs("  ...\n", out);
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

/* TIME, or NULL, is the end of the line. */
static void line(FILE *out, enum report_format format, size_t number, const char *name,
		 enum verdict_kind kind, const char *reason, bool bad, const char *time)
{
	const struct ending *e = &styles[format].endings[kind];

	/* Not by a directive: many take `not ok # SKIP` for a skip, and all of TAP's readers
	 * `not ok # TODO` for an expected failure. */
	if (bad && kind != VERDICT_FAIL && kind != VERDICT_BROKEN)
		fprintf(out, "not ok %zu %s # --fail-on %s: %s", number, name, verdict_name(kind),
			reason);
	else
		fprintf(out, "%s %zu %s%s%s", e->result, number, name, e->directive,
			*e->directive ? reason : "");
	fprintf(out, "%s%s\n", time ? " # " : "", time ? time : "");
}

static const char *time_text(struct pool *pool, int64_t ns)
{
	return pool_printf(pool, "time=%lldms", (long long)((ns + 500000) / 1000000));
}

static const char *reason_of(struct pool *pool, const struct script *script,
			     const struct verdict *v)
{
	const struct script_step *s = v->step < 0 ? NULL : &script->steps[v->step];

	if (v->kind != VERDICT_FAIL && v->kind != VERDICT_BROKEN)
		return v->reason;
	return reason_line(pool, &(struct record){
		.message = v->message, .actor = s ? step_actor(script, s) : NULL,
		.op = s ? step_op(s) : NULL, .field = v->what, .expected = v->expected,
		.seen = v->seen, .call = v->call,
	});
}

void report_cell(FILE *out, enum report_format format, size_t number, const char *name,
		 const struct script *script, const struct trace *trace,
			 const struct verdict *verdict,
		 struct catalogue *catalogue, bool bad)
{
	AUTO_POOL pool = { 0 };
	const char *reason = reason_of(&pool, script, verdict);
	/* To LKFT's parser the reason of a skip is part of the name: nothing there may vary. */
	bool timed = trace->started_ns && verdict->kind != VERDICT_SKIP;
	const char *time = timed ? time_text(&pool, trace->took_ns) : NULL;
	bool block = styles[format].block;

	if (block)
		line(out, format, number, name, verdict->kind, reason, bad, NULL);
	if (bad) {
		diagnose(out, block, name, script, trace, verdict, catalogue);
		steps(out, &pool, script, trace, verdict);
	}
	tell_again(out, &pool, trace, verdict->kind);
	flaky_tell(out, &pool, trace, verdict->kind);
	log_lines(out, &pool, "", &verdict->own_log);
	log_lines(out, &pool, " (this cell's or another's)", &verdict->log);
	if (!block)
		line(out, format, number, name, verdict->kind, reason, bad, time);
	else if (time)
		fprintf(out, "# %s\n", time);
}

void report_skip(FILE *out, enum report_format format, size_t number, const char *name,
		 const struct cell *cell, bool bad)
{
	AUTO_POOL pool = { 0 };
	bool block = styles[format].block;

	if (block)
		line(out, format, number, name, VERDICT_SKIP, cell->skip, bad, NULL);
	if (bad)
		fprintf(out, "# %s: %s; %s\n", cell->skip, report_one_line(&pool, cell->detail),
			report_one_line(&pool, cell->remedy));
	if (!block)
		line(out, format, number, name, VERDICT_SKIP, cell->skip, bad, NULL);
}

/* To tap-parser the last such comment is about the whole. */
const char *report_time(struct pool *pool, enum report_format format, int64_t ns)
{
	return styles[format].block ? time_text(pool, ns) : NULL;
}

void report_end(FILE *out, const struct totals *t)
{
	if (t->tried_again)
		fprintf(out, "# Tried again: %zu, passed %zu\n", t->tried_again, t->passed_again);
	if (t->flaky)
		fprintf(out, "# Flaky: %zu\n", t->flaky);
	fprintf(out, "# Totals: pass:%zu fail:%zu xfail:%zu xpass:%zu skip:%zu error:%zu\n", t->pass,
		t->fail, t->known, t->xpass, t->skip, t->broken);
}
