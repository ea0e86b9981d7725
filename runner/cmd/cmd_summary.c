// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform summary: what a results directory comes to, whatever the number of runs that
 * have added to it.
 */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "report/records.h"
#include "report/report.h"
#include "report/unjudged.h"

struct summary {
	struct fail_on fail_on;
	struct totals totals;
	struct unjudged unjudged;
	bool unended; /* a run was killed or interrupted */
};

static void take(const struct record *record, void *context)
{
	struct summary *s = context;
	enum verdict_kind kind = (enum verdict_kind)record->verdict;

	totals_add(&s->totals, kind, fail_on_hits(&s->fail_on, kind, record_why(record)));
	totals_add_again(&s->totals, record->tried_again, kind);
	if (record->verdict == VERDICT_SKIP)
		unjudged_add(&s->unjudged, record->reason ? record->reason : "?", record->message,
			     record->remedy);
}

static int run(struct invocation *in)
{
	struct problems problems = { .pool = in->pool };
	struct summary s = {
		.fail_on = *(const struct fail_on *)in->options, .unjudged.pool = in->pool,
	};

	for (int i = 0; i < in->n; i++) {
		records_read(in->operands[i], take, &s, &problems);
		s.unended |= runs_tell_unended(in->operands[i], &problems);
	}
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	report_end(stdout, &s.totals);
	int status = totals_status(&s.totals);

	if (status == EXIT_UNJUDGED)
		fprintf(stderr, "nsconform: %s\n", unjudged_text(in->pool, &s.unjudged));
	/* What is missing may have failed, so the part that is there is no success. */
	return s.unended && (status == EXIT_GOOD || status == EXIT_UNJUDGED) ? EXIT_BROKEN : status;
}

static const struct option_use uses[] = { { &fail_on_options, 0 }, { 0 } };

static const struct example examples[] = {
	{ "summary --fail-on 'skip:cannot*' results/latest",
	  "what a run comes to that has to look at all that the kernel has" },
	{ 0 }
};

const struct command command_summary = {
	.name = "summary",
	.purpose = "Add up saved runs, and end with the exit status that they come to",
	.operands = { ARGUMENT_RESULTS, 1, 0, "directories that --output has left" },
	.options = uses, .options_size = sizeof(struct fail_on), .examples = examples,
	.statuses = verdict_statuses, .run = run,
};
