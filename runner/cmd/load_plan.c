// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suites, the runtime and the plan, as options ask for them.
 */
#include "runtime/canary.h"
#include "cmd/load_plan.h"

bool load_plan(struct selection *s, struct plan *plan, struct runtime **runtime,
	       const struct run_options *o, char **args)
{
	if (!select_load(s, plan->pool, args))
		return false;
	plan->inside = o->inside;
	plan->here = o->here;
	*runtime = o->runtime ? canary_load(plan->pool, o->runtime, &s->problems) : NULL;
	plan->runtime = *runtime;
	problems_print(&s->problems, stderr);
	if (s->problems.n || !select_plan(s, plan, !o->no_controls))
		return false;
	if (o->quick)
		plan_quick(plan);
	return true;
}

bool load_run(struct results *r, struct pool *pool, char **args)
{
	r->plan.pool = pool;
	return load_plan(&r->selection, &r->plan, &r->runtime, &r->options, args) &&
	       results_known(r, pool) &&
	       !output_taken(pool, r->options.output, &r->selection, r->options.part);
}
