// SPDX-License-Identifier: GPL-2.0-only
/*
 * From finished cells to printed results.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load/paths.h"
#include "load/release.h"
#include "report/change.h"
#include "report/confined.h"
#include "report/flaky.h"
#include "report/ran.h"
#include "report/results.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

void results_typed(struct results *r, struct pool *pool, int argc, char **argv,
		   const char *again)
{
	struct value *command = value_list(pool);

	for (int i = 0; i < argc; i++)
		value_push(pool, command, value_str(pool, argv[i]));
	r->command = command;
	r->plan.again = again;
	view_open(&r->view, pool, r->options.colour, r->options.format_given);
}

bool results_known(struct results *r, struct pool *pool)
{
	known_load_shipped(pool, &r->options.known, &r->known, &r->selection.problems);
	known_check(&r->known, &r->plan, false, &r->selection.problems);
	problems_print(&r->selection.problems, stderr);
	return !r->selection.problems.n;
}

/* With --part, a run in which all cells skip is one line, `1..0 # SKIP`, as prove(1) wants it. */
static void begin_text(const struct results *r, FILE *out)
{
	struct unjudged why = { .pool = r->plan.pool };

	for (size_t i = 0; r->none && i < r->plan.n; i++)
		unjudged_add(&why, r->plan.cells[i].skip, NULL, NULL);
	if (r->none && !r->plan.n)
		unjudged_add(&why, r->plan.empty, NULL, NULL);
	if (r->none)
		report_none(out, r->options.format, unjudged_first(&why)->reason);
	else
		report_begin(out, r->options.format, r->plan.n);
}

static bool all_skip(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (!plan->cells[i].skip)
			return false;
	return true;
}

static size_t carried_out(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		n += !plan->cells[i].skip;
	return n;
}

bool results_begin(struct results *r, struct pool *pool, size_t room, const char *environment)
{
	FILE *out;
	char *text;
	size_t len;

	r->output = (struct output){
		.pool = pool, .dir = r->options.output, .runtime = r->plan.runtime,
		.inside = r->options.inside, .release = release_text(pool, r->release),
		.command = r->command, .again = r->plan.again, .pairs_seed = r->plan.pairs_seed,
		.no_traces = r->options.no_traces,
		.part = r->options.part, .seed = r->options.seed, .image = r->image,
		.image_sha256 = r->image_sha256, .copy = r->copy,
		.fail_on = &r->options.fail_on,
	};
	if (!output_open(&r->output, &r->selection, &r->plan, environment))
		return false;
	r->begun_ns = sys_now_ns();
	r->output.confinement = r->confinement;
	r->unjudged.pool = pool;
	r->none = r->options.part && report_skips_all(r->options.format) &&
		all_skip(&r->plan) && !(r->plan.n && r->options.fail_on.n);
	r->room = room;
	r->window = pool_array(pool, struct result, room);
	r->said = pool_array(pool, struct said, r->plan.n + 1);
	memset(r->said, -1, (r->plan.n + 1) * sizeof(*r->said));
	r->output.silent = r->view.replaces;
	view_begin(&r->view, r->plan.n, carried_out(&r->plan));
	out = open_memstream(&text, &len);
	begin_text(r, out);
	fclose(out);
	if (r->view.shared)
		view_hide(&r->view);
	output_tap(&r->output, text, len);
	view_show(&r->view);
	free(text);
	if (r->options.seed && !r->none)
		results_comment(r, pool_printf(pool, "Order: --shuffle %d", r->options.seed));
	return true;
}

/* Whether a failure is none of those that the baseline has, too. */
static bool counts(const struct results *r, const struct record *record)
{
	const struct record *base;

	if (!r->baseline)
		return true;
	base = ran_find(r->baseline_cells, r->baseline->n, record->cell);
	return change_is_regression(change_of(base, record), base, record, &r->options.fail_on);
}

/* Hand the cell to whoever keeps or shows it. */
static void show(struct results *r, const struct cell_result *c, bool bad)
{
	AUTO_POOL pool = { 0 };
	struct record record;

	output_record(&pool, &r->output, c, &record);
	output_cell(&r->output, c, &record);
	view_cell(&r->view, &record, bad);
	r->failures += bad && counts(r, &record);
}

bool results_counts(struct results *r, size_t index, const struct script *script,
		    const struct trace *trace, const struct verdict *v)
{
	AUTO_POOL pool = { 0 };
	struct record record;

	if (!fail_on_hits(&r->options.fail_on, v->kind, v->reason))
		return false;
	output_record(&pool, &r->output, &(struct cell_result){
		script->cell, cell_name(&pool, &r->plan.cells[index]), v, script, trace, NULL,
	}, &record);
	return counts(r, &record);
}

bool results_stopped(const struct results *r)
{
	return r->stop || (r->options.fail_fast && r->failures);
}

void results_so_far(struct results *r, size_t index, const struct script *script,
		    const struct trace *trace, const struct verdict *v)
{
	AUTO_POOL pool = { 0 };
	struct record record;

	output_record(&pool, &r->output, &(struct cell_result){
		script->cell, cell_name(&pool, &r->plan.cells[index]), v, script, trace, NULL,
	}, &record);
	output_so_far(&r->output, &record);
}

void results_attempt(struct results *r)
{
	view_attempt(&r->view);
}

/* In a log each round would be too many: 1, 2, 5, 10, 20, 50, and so on. */
static bool is_told(int round)
{
	while (round % 10 == 0)
		round /= 10;
	return round == 1 || round == 2 || round == 5;
}

void results_round(struct results *r, int round, int limit)
{
	AUTO_POOL pool = { 0 };

	output_round(&r->output, round);
	if (r->view.shared)
		view_hide(&r->view);
	if (is_told(round) && round > 1)
		output_text(&r->output, pool_printf(&pool, "# Round %d begins\n", round));
	view_round(&r->view, round, limit);
}

/* Print the cells that are complete, in plan order. */
static void flush(struct results *r)
{
	if (r->view.shared)
		view_hide(&r->view);
	while (r->printed < r->plan.n && r->window[r->printed % r->room].text) {
		struct result *result = &r->window[r->printed % r->room];

		output_tap(&r->output, result->text, result->len);
		/* The reader of stdout is gone (head(1)), and results are not saved: end the
		 * run. */
		if (r->output.failed && !r->output.dir)
			r->stop = true;
		free(result->text);
		result->text = NULL;
		r->printed++;
	}
	view_show(&r->view);
}

/* True when it makes a `not ok`. */
static bool count(struct results *r, size_t index, enum verdict_kind kind, const char *reason)
{
	bool bad = fail_on_hits(&r->options.fail_on, kind, reason);

	totals_add(&r->totals, kind, bad);
	r->said[index] = (struct said){ (signed char)kind, (signed char)promise_of(kind, reason) };
	return bad;
}

void results_skip(struct results *r, size_t index)
{
	AUTO_POOL pool = { 0 };
	const struct cell *cell = &r->plan.cells[index];
	struct result *result = &r->window[index % r->room];
	FILE *out = open_memstream(&result->text, &result->len);
	const char *name = cell_name(&pool, cell);
	struct verdict verdict =
		{ .kind = VERDICT_SKIP, .reason = cell->skip, .message = cell->detail,
				   .resolution = cell->remedy, .step = -1 };

	bool bad = count(r, index, VERDICT_SKIP, cell->skip);

	unjudged_add(&r->unjudged, cell->skip, cell->detail, cell->remedy);
	if (!r->none)
		report_skip(out, r->options.format, index + 1, name, cell, bad);
	fclose(out);
	show(r, &(struct cell_result){
		.cell = cell, .name = name, .verdict = &verdict }, bad);
	flush(r);
}

void results_verdict(struct results *r, size_t index, struct pool *pool,
		     const struct script *script,
		     const struct trace *trace, struct verdict *verdict, const char *line)
{
	struct result *result = &r->window[index % r->room];
	const char *name = cell_name(pool, script->cell);

	known_apply(pool, &r->known, r->release, script, trace, verdict);
	known_log(pool, &r->known, r->release, name, trace, verdict);
	bool bad = count(r, index, verdict->kind, verdict->reason);

	/* confined_judge(): only what was seen has shown that the cell cannot be judged here. */
	if (verdict->kind == VERDICT_SKIP)
		unjudged_add(&r->unjudged, verdict->reason, verdict->message, verdict->resolution);
	totals_add_again(&r->totals, trace->tried_again, verdict->kind);
	r->totals.flaky += flaky(trace, verdict->kind);
	FILE *out = open_memstream(&result->text, &result->len);

	report_cell(out, r->options.format, index + 1, name, script, trace, verdict,
		    &r->selection.catalogue, bad);
	fclose(out);
	if (!line && output_wants_traces(&r->output))
		line = trace_line(pool, name, script, trace);
	show(r, &(struct cell_result){
		script->cell, name, verdict, script, trace, line }, bad);
	flush(r);
}

/* What came of a cell, in one line, or NULL. */
static const char *happened_text(struct pool *pool, const struct script *script,
				 const struct verdict *v)
{
	if (!v->what)
		return v->message;
	return pool_printf(pool, "%s: %s was to be %s, and was %s",
			   script->steps[v->step].step->op->name, v->what, v->expected, v->seen);
}

const char *results_foresee(struct results *r, size_t index, struct pool *pool,
			    const struct script *script, const struct trace *trace,
			    struct verdict *verdict)
{
	const char *name = cell_name(pool, &r->plan.cells[index]);

	judge(pool, script, trace, verdict);
	if (r->confinement)
		confined_judge(pool, r->confinement, script, trace, verdict);
	known_apply(pool, &r->known, r->release, script, trace, verdict);
	known_log(pool, &r->known, r->release, name, trace, verdict);
	return happened_text(pool, script, verdict);
}

bool results_may_be_late(struct results *r, struct pool *pool, const struct script *script,
			 const struct trace *trace, const char **what)
{
	struct verdict v;

	judge(pool, script, trace, &v);
	if (v.kind == VERDICT_PASS)
		return false;
	known_apply(pool, &r->known, r->release, script, trace, &v);
	*what = happened_text(pool, script, &v);
	return judge_may_be_late(trace, &v);
}

void results_done(struct results *r, size_t index, struct pool *pool, const struct script *script,
		  const struct trace *trace, const char *line)
{
	struct verdict verdict;

	judge(pool, script, trace, &verdict);
	if (r->confinement)
		confined_judge(pool, r->confinement, script, trace, &verdict);
	results_verdict(r, index, pool, script, trace, &verdict, line);
}

void results_comment(struct results *r, const char *text)
{
	AUTO_POOL pool = { 0 };

	if (r->view.shared)
		view_hide(&r->view);
	output_text(&r->output, pool_printf(&pool, "# %s\n", report_one_line(&pool, text)));
	if (r->view.replaces)
		view_note(&r->view, text);
	view_show(&r->view);
}

static void tell_time_factor(struct results *r)
{
	int factor = patience_factor();

	if (factor > 1)
		results_comment(r, pool_printf(r->plan.pool, "Time factor: %d%s", factor,
					       factor == r->options.time_factor ?
					       " (--time-factor)" : ""));
}

static void bail_out(struct results *r, const char *why)
{
	AUTO_POOL pool = { 0 };

	output_text(&r->output, pool_printf(&pool, "Bail out! %s\n", why));
}

static const char *quick_text(struct results *r)
{
	return pool_printf(r->plan.pool, "quick: one variant of each row of each scenario, %zu cells; "
			   "%zu left out", r->plan.n, r->plan.left_out);
}

/* Of the cell that was that number before they were shuffled: its controls and twins follow it. */
static enum promise promise_at(const struct results *r, size_t number)
{
	AUTO_POOL pool = { 0 };
	size_t index = plan_at(&r->plan, number);
	enum promise promise = (enum promise)r->said[index].promise;
	const char *name = cell_name(&pool, &r->plan.cells[index]);

	while (++number < r->plan.n) {
		size_t i = plan_at(&r->plan, number);
		const char *other = cell_name(&pool, &r->plan.cells[i]);

		if (r->plan.cells[i].kind == CELL_PLAIN)
			break;
		if (r->said[i].kind >= 0 && promise_plain(other) == strlen(name) &&
		    !strncmp(other, name, strlen(name)))
			promise = promise_doubted(promise, (enum verdict_kind)r->said[i].kind);
	}
	return promise;
}

/* Print the counts of promises that the runtime keeps, fails, does not make, and cannot keep. */
static void tell_promises(struct results *r)
{
	const char *text = "Promises:";
	size_t n[PROMISES] = { 0 };

	for (size_t i = 0; i < r->plan.n; i++) {
		size_t at = plan_at(&r->plan, i);

		if (r->plan.cells[at].kind == CELL_PLAIN && r->said[at].kind >= 0)
			n[promise_at(r, i)]++;
	}
	for (int i = 0; i < PROMISES; i++)
		text = pool_printf(r->plan.pool, "%s %s:%zu", text, promise_names[i], n[i]);
	results_comment(r, text);
}

/* Name the known issues that were not there; the run's record has all that it is concerned with. */
static void tell_unseen(struct results *r)
{
	struct strs ids = known_unseen(r->plan.pool, &r->known);
	const char *text = "Known issues that were not seen:";

	for (size_t i = 0; i < ids.n; i++)
		text = pool_printf(r->plan.pool, "%s %s", text, ids.v[i]);
	if (ids.n)
		results_comment(r, text);
	r->output.run.record.known_unseen = ids;
	r->output.run.record.known_issues = known_record(r->plan.pool, &r->known);
}

/* Print how many of the clauses of the cells were judged here. */
static void tell_clauses(struct results *r)
{
	size_t covered = 0, judged = 0;

	for (size_t i = 0; i < r->plan.n; i++) {
		const struct cell *cell = &r->plan.cells[i];
		int kind = r->said[i].kind;
		bool good = cell->kind == CELL_PLAIN && kind >= 0 && kind != VERDICT_SKIP &&
			kind != VERDICT_BROKEN;

		for (size_t c = 0; c < cell->scenario->clauses.n; c++) {
			struct clause *clause = clause_find(&r->selection.catalogue,
							    cell->scenario->clauses.v[c]);

			if (!clause)
				continue;
			covered += !clause->covered++;
			judged += good && !clause->judged;
			clause->judged |= good;
		}
	}
	if (covered)
		results_comment(r, pool_printf(r->plan.pool, "Clauses: judged:%zu of:%zu", judged,
					       covered));
}

static int end_happened(const struct results *r, int rc, bool complete)
{
	int happened = totals_happened(&r->totals);

	if (rc > 0)
		return HAPPENED_INTERRUPTED + rc;
	if (!complete || rc < 0)
		return HAPPENED_HARNESS;
	if (r->unstarted && happened == HAPPENED_FAILED)
		return HAPPENED_UNSTARTED;
	if (r->lost && happened < HAPPENED_FAILED)
		return HAPPENED_FAILED;
	/* Parts of a run leave it to the sum; to run_kselftest.sh each is a test, and may skip. */
	return r->options.part && r->options.exit != EXIT_PROFILE_KSELFTEST &&
			       happened == HAPPENED_UNJUDGED ? HAPPENED_PASSED : happened;
}

static const char *none_text(const struct results *r)
{
	return r->plan.n || !r->plan.empty ? unjudged_text(r->plan.pool, &r->unjudged) :
		pool_printf(r->plan.pool, "nothing was judged: %s", r->plan.empty);
}

/* In TAP alone: stderr has it anyway. */
static void tell_none(struct results *r)
{
	output_text(&r->output, pool_printf(r->plan.pool, "# %s\n",
					    report_one_line(r->plan.pool, none_text(r))));
}

/* What the run was ended by before its plan was carried out, or NULL. */
static const char *cut_by(const struct results *r, int rc)
{
	if (rc > 0)
		return strsignal(rc);
	if (r->printed == r->plan.n)
		return NULL;
	if (rc < 0)
		return "the harness broke";
	if (r->output.failed && !r->output.dir)
		return "what it prints could not be written";
	return "stopped at the first failure";
}

/* What is over behind cells that are not, where no further one is to come: the failure itself may
 * be among it. */
static void flush_rest(struct results *r)
{
	for (size_t i = r->printed; i < r->plan.n && i < r->printed + r->room; i++) {
		struct result *result = &r->window[i % r->room];

		if (result->text)
			output_tap(&r->output, result->text, result->len);
		free(result->text);
		result->text = NULL;
	}
}

int results_end(struct results *r, int rc)
{
	FILE *out;
	char *text;
	size_t len;

	r->stop = results_stopped(r);
	/* A cell that was never finished is no success. */
	if (!rc && !r->stop && r->printed < r->plan.n)
		rc = -1;
	view_stop(&r->view);
	if (r->stop)
		flush_rest(r);
	tell_time_factor(r);
	if (r->output.run.record.rounds > 0)
		results_comment(r, pool_printf(r->plan.pool, "Rounds: %d",
					       (int)r->output.run.record.rounds));
	if (r->options.quick)
		results_comment(r, quick_text(r));
	if (r->said)
		tell_clauses(r);
	tell_unseen(r);
	const char *why = cut_by(r, rc);
	const char *took = report_time(r->plan.pool, r->options.format,
				       sys_now_ns() - r->begun_ns);

	if (took)
		output_text(&r->output, pool_printf(r->plan.pool, "# %s\n", took));
	/* Readers of kselftest's output look for the totals at the end. */
	if (why)
		bail_out(r, why);
	out = open_memstream(&text, &len);
	report_end(out, &r->totals);
	fclose(out);
	output_tap(&r->output, text, len);
	free(text);
	if (r->runtime && r->said)
		tell_promises(r);
	bool none = !rc && totals_happened(&r->totals) == HAPPENED_UNJUDGED;

	if (none)
		tell_none(r);
	bool cut = rc || r->printed < r->plan.n;
	bool complete = output_close(&r->output, cut);

	view_end(&r->view, why, r->output.dir);
	if (none && !r->options.part)
		fprintf(stderr, "nsconform: %s\n", none_text(r));
	int happened = end_happened(r, rc, complete);

	int status = exit_status(r->options.exit, happened);

	return output_end(&r->output, cut || r->cut_short, status, &r->totals) ? happened :
										 HAPPENED_HARNESS;
}

int results_ended_with(struct results *r, struct pool *pool, int happened)
{
	r->output.run.record.exit_status = exit_status(r->options.exit, happened);
	return run_file_write(&r->output.run, pool) ? happened : HAPPENED_HARNESS;
}

void results_free(struct results *r)
{
	for (size_t i = 0; i < r->room; i++)
		free(r->window[i].text);
	r->room = 0;
	select_free(&r->selection);
}
