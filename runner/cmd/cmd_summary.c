// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform summary: what a results directory comes to, whatever the number of runs that
 * have added to it, and what failed there.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "report/colour.h"
#include "report/digest.h"
#include "report/records.h"
#include "report/report.h"
#include "report/unjudged.h"

struct summary_options {
	struct fail_on fail_on;
	enum exit_profile exit;
	enum colour_when colour;
};

struct summary {
	const struct fail_on *fail_on;
	struct totals totals;
	struct digest digest;
	struct unjudged unjudged;
	bool unended; /* a run was killed or interrupted */
	/* Of the directory that is read: cells that were planned, -1 where that is not known, and
	 * those of which there are records. */
	int64_t planned, records;
	size_t runs;
	struct added {
		const char *run, *path;
		struct added *next;
	} *added;
	struct problems *problems;
};

static void take(const struct record *record, void *context)
{
	struct summary *s = context;
	enum verdict_kind kind = (enum verdict_kind)record->verdict;

	/* What failed the run when it went on does so afterwards. */
	bool bad = record->fail_on || fail_on_hits(s->fail_on, kind, record_why(record));

	s->records++;
	totals_add(&s->totals, kind, bad);
	s->totals.flaky += record->flaky;
	digest_add(&s->digest, record, bad);
	totals_add_again(&s->totals, record->tried_again, kind);
	if (record->verdict == VERDICT_SKIP)
		unjudged_add(&s->unjudged, record->reason ? record->reason : "?", record->message,
			     record->remedy);
}

/* A run that is there twice would count twice, under whatever name. */
static void add_once(struct summary *s, const char *run, const char *path)
{
	struct pool *pool = s->problems->pool;

	for (const struct added *a = s->added; run && a; a = a->next)
		if (!strcmp(a->run, run)) {
			problem_add(s->problems, (struct mark){ .file = path },
				    "is of the run that %s is of", a->path);
			return;
		}
	if (!run)
		return;
	struct added *new = pool_new(pool, struct added);

	*new = (struct added){ pool_strdup(pool, run), pool_strdup(pool, path), s->added };
	s->added = new;
}

static void add_run(const struct run_record *run, const char *path, void *context)
{
	struct summary *s = context;

	add_once(s, run->run, path);
	digest_missed(&s->digest, &run->known_unseen);
	s->runs++;
	s->planned = s->planned < 0 || run->plan_cells < 0 ? -1 : s->planned + run->plan_cells;
}

/* Whether records of a run that has its end are missing, or there twice; said on stderr. */
static bool tell_missing(const struct summary *s, const char *dir)
{
	if (!s->runs || s->planned < 0 || s->planned == s->records)
		return false;
	fprintf(stderr, "nsconform: %s: there are records of %lld cells, and %lld were planned\n",
		dir, (long long)s->records, (long long)s->planned);
	return true;
}

static int run(struct invocation *in)
{
	const struct summary_options *o = in->options;
	struct problems problems = { .pool = in->pool };
	struct summary s = {
		.fail_on = &o->fail_on, .unjudged.pool = in->pool, .problems = &problems,
	};

	digest_begin(&s.digest, in->pool);
	for (int i = 0; i < in->n; i++) {
		s.planned = s.records = 0;
		s.runs = 0;
		runs_read(in->operands[i], add_run, &s, &problems);
		records_read(in->operands[i], take, &s, &problems);
		s.unended |= runs_tell_unended(in->operands[i], &problems) ||
			tell_missing(&s, in->operands[i]);
	}
	problems_print(&problems, stderr);
	if (problems.n)
		return HAPPENED_USAGE;
	digest_print(&s.digest, stdout, colour_wanted(stdout, o->colour));
	report_end(stdout, &s.totals);
	int happened = totals_happened(&s.totals);

	if (happened == HAPPENED_UNJUDGED)
		fprintf(stderr, "nsconform: %s\n", unjudged_text(in->pool, &s.unjudged));
	/* Whatever has failed, what is missing may have, too. */
	return s.unended ? HAPPENED_HARNESS : happened;
}

static const struct option_use uses[] = {
	{ &fail_on_options, offsetof(struct summary_options, fail_on) },
	{ &exit_options, offsetof(struct summary_options, exit) },
	{ &colour_options, offsetof(struct summary_options, colour) }, { 0 }
};

static const struct example examples[] = {
	{ "summary --fail-on 'skip:cannot*' results/latest",
	  "what a run comes to that has to look at all that the kernel has" },
	{ 0 }
};

const struct command command_summary = {
	.name = "summary",
	.purpose = "Add up saved runs: what failed, why, how to repeat it; and the exit status",
	.operands = { ARGUMENT_RESULTS, 1, 0, "directories that --output has left" },
	.options = uses, .options_size = sizeof(struct summary_options), .examples = examples,
	.run = run,
};
