// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform summary: what a results directory comes to, whatever the number of runs that
 * have added to it.
 */
#include <getopt.h>
#include <stdio.h>

#include "cmd/command.h"
#include "report/records.h"
#include "report/report.h"
#include "report/unjudged.h"

struct summary {
	struct fail_on fail_on;
	struct totals totals;
	struct unjudged unjudged;
};

static void take(const struct record *record, void *context)
{
	struct summary *s = context;

	totals_add(&s->totals, record->verdict,
		   fail_on_hits(&s->fail_on, record->verdict, record->reason));
	if (record->verdict == VERDICT_SKIP)
		unjudged_add(&s->unjudged, record->reason ? record->reason : "?", record->message,
			     record->remedy);
}

int cmd_summary(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "strict", no_argument, NULL, 's' }, { "fail-on", required_argument, NULL, 'f' },
		{ 0 }
	};
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct summary s = { .unjudged.pool = &pool };
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
		if (c == '?')
			return command_usage("summary");
		else if (!(c == 's' ? fail_on_strict(&s.fail_on) : fail_on_add(&s.fail_on, optarg)))
			return EXIT_USAGE;
	if (optind == argc)
		return command_usage("summary");
	for (int i = optind; i < argc; i++)
		records_read(argv[i], take, &s, &problems);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	report_end(stdout, &s.totals);
	if (totals_status(&s.totals) == EXIT_UNJUDGED)
		fprintf(stderr, "nsconform: %s\n", unjudged_text(&pool, &s.unjudged));
	return totals_status(&s.totals);
}
