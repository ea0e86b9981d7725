// SPDX-License-Identifier: GPL-2.0-only
/*
 * The run that is under way, compared with an earlier one. What it prints stays TAP: the comparison
 * goes to stderr.
 */
#include "cmd/baseline.h"
#include "cmd/reports.h"
#include "cmd/shared_options.h"
#include "compare/compare.h"
#include "report/exit_status.h"

static const struct option_row baseline_rows[] = {
	{ .name = "baseline", OPTION_TEXT(ARGUMENT_RESULTS, struct run_options, baseline),
	  .not_with = "part print",
	  .help = "say at the end, on stderr, what changed from that run, as compare does; what failed or "
		  "broke there, too, does not fail this run, and ends none with --fail-fast" },
	{ 0 }
};
const struct option_group baseline_options = { "verdicts", baseline_rows };

bool baseline_open(struct results *r, struct pool *pool)
{
	struct problems problems = { .pool = pool };
	struct ran *base;

	if (!r->options.baseline)
		return true;
	base = pool_new(pool, struct ran);
	ran_load(pool, r->options.baseline, base, &problems);
	if (base->n_runs && !base->runs[0].runtime != !r->options.runtime)
		problem_add(&problems, (struct mark){ .file = r->options.baseline },
			    "is of %s: boxes are others than what the kernel gives",
			    base->runs[0].runtime ? base->runs[0].runtime : "no runtime");
	problems_print(&problems, stderr);
	r->baseline = base;
	r->baseline_cells = ran_by_name(pool, base);
	return !problems.n;
}

/* Whether HAPPENED says what verdicts of cells come to, and nothing else went wrong. */
static bool is_of_cells(const struct results *r, int happened)
{
	bool ended = r->output.run.record.state == RUN_COMPLETE || results_stopped(r);

	return happened >= HAPPENED_FAILED && happened <= HAPPENED_BROKE && !r->lost && ended &&
	       happened == totals_happened(&r->totals);
}

/* What the regressions alone come to. */
static int happened_by(const struct comparison *c)
{
	struct totals totals = { .pass = 1 };

	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].regression)
			totals_add(&totals, (enum verdict_kind)c->v[i].new->verdict, true);
	return totals_happened(&totals);
}

int baseline_end(struct results *r, struct pool *pool, int happened)
{
	struct comparison c;
	struct ran ran;

	if (!r->baseline || !r->output.run.record.ended)
		return happened;
	if (!reports_take(r, pool, &ran))
		return HAPPENED_HARNESS;
	compare(&c, pool, r->baseline, &ran, &r->options.fail_on);
	clearerr(stderr);
	comparison_print(&c, false, stderr);
	/* Nobody has what the status is about. */
	if (ferror(stderr))
		return results_ended_with(r, pool, HAPPENED_HARNESS);
	/* That nothing could be compared is no "no regression". */
	if (happened < HAPPENED_UNJUDGED && !c.judged)
		return results_ended_with(r, pool, HAPPENED_UNJUDGED);
	return is_of_cells(r, happened) ? results_ended_with(r, pool, happened_by(&c)) : happened;
}
