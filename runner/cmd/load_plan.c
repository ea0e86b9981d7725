// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suites, the runtime and the plan, as options ask for them.
 */
#include <stdlib.h>

#include "cmd/baseline.h"
#include "cmd/known_plans.h"
#include "cmd/load_plan.h"
#include "cmd/reports.h"
#include "cmd/rerun.h"
#include "compile/compile.h"
#include "plan/shuffle.h"
#include "runtime/canary.h"

enum { QUICK_PAIRS = 12 };

static bool is_set(const char *variable)
{
	return variable && *variable;
}

/* What a variable says: a number from FIRST on, which it is also when not set or empty; or -1. */
static int part_number(const char *text, int first)
{
	char *end;

	if (!is_set(text))
		return first;
	long n = strtol(text, &end, 10);

	return *end || n < first || n > 999999 ? -1 : (int)n;
}

/*
 * Which part of NUMBER this is, from 1; or what is none. SHARD_INDEX is LKFT's (automated/linux/
 * kselftest/kselftest.yaml in Linaro's test-definitions). JOB_COMPLETION_INDEX, from 0, is in each
 * pod of an indexed job of Kubernetes, whatever that runs: it is no part where nobody says how many
 * there are. Where several are, and nobody says which one this is, all would take the same.
 */
static int part_index(int number)
{
	const char *index = getenv("SHARD_INDEX"), *completion = getenv("JOB_COMPLETION_INDEX");

	if (is_set(index))
		return part_number(index, 1);
	if (is_set(getenv("SHARD_NUMBER")) && is_set(completion))
		return part_number(completion, 0) + 1;
	return number > 1 ? -1 : 1;
}

static bool keep_shard(struct plan *plan, const struct run_options *o)
{
	int number = o->shard.number ? o->shard.number : part_number(getenv("SHARD_NUMBER"), 1);
	int index = o->shard.number ? o->shard.index : part_index(number);

	if (index < 1 || index > number) {
		fputs("nsconform: SHARD_NUMBER takes how many parts there are, and SHARD_INDEX which "
		      "one this is, from 1, or JOB_COMPLETION_INDEX, from 0\n", stderr);
		return false;
	}
	/* Who has asked for one part of one puts that together, too. */
	if (o->shard.number || (getenv("SHARD_NUMBER") && *getenv("SHARD_NUMBER")))
		plan_shard(plan, index, number);
	return true;
}

/* Leave out what --quick does, by what MACHINE (or NULL) can carry out, and shuffle the rest. */
static void arrange(struct plan *plan, const struct run_options *o, const struct machine *machine)
{
	if (machine)
		plan_require(plan, machine, false);
	if (!o->survey)
		plan_arrange(plan, o->quick, (uint32_t)o->seed);
}

bool load_plan(struct selection *s, struct plan *plan, struct runtime **runtime,
	       const struct run_options *o, const struct machine *machine, char **args)
{
	if (!select_load_narrow(s, plan->pool, args, &o->narrowing))
		return false;
	s->part = o->part;
	plan->inside = o->inside;
	plan->here = o->here;
	*runtime = o->runtime ? canary_load(plan->pool, o->runtime, &o->substitutes,
					    &s->problems) : NULL;
	plan->runtime = *runtime;
	plan->pairs = (size_t)(o->pairs ? o->pairs : o->quick ? QUICK_PAIRS : 0);
	plan->pairs_seed = (uint32_t)o->pairs_seed;
	problems_print(&s->problems, stderr);
	if (s->problems.n || !select_plan(s, plan, !o->no_controls) || !rerun_keep(plan, o) ||
	    !keep_shard(plan, o))
		return false;
	if (!plan->n && !plan->empty)
		plan->empty = "this part of the shards has no cell";
	arrange(plan, o, machine);
	/* Parts of a quick run have the same whole plan, too. */
	if (plan->whole && o->quick)
		arrange(plan->whole, o, machine);
	return true;
}

bool load_run(struct results *r, struct pool *pool, const struct machine *machine, char **args)
{
	r->plan.pool = pool;
	bool good = load_plan(&r->selection, &r->plan, &r->runtime, &r->options, machine, args) &&
		results_known(r, pool) &&
		!output_taken(pool, r->options.output, &r->selection, r->options.part) &&
		baseline_open(r, pool) && reports_open(r, pool);

	if (good)
		known_tell_unnamed(pool, r);
	return good;
}
