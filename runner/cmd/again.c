// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second try.
 */
#include <string.h>

#include "cmd/again.h"
#include "compile/compile.h"
#include "load/yaml.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

/* The first try has shown what its patience was worth. */
enum { AGAIN_PATIENCE = 4 };
/* When so many in a row are no better, slowness is not what is wrong. */
enum { FRUITLESS_MAX = 8 };

bool again_hold(struct again *a, size_t index, struct pool *pool, const struct script *script,
		const struct trace *trace)
{
	const char *what;

	if (a->hopeless || !results_may_be_late(a->results, pool, script, trace, &what))
		return false;
	if (a->n == a->room) {
		struct held *old = a->held;

		a->room = a->room ? a->room * 2 : 16;
		a->held = pool_array(&a->pool, struct held, a->room);
		if (old)
			memcpy(a->held, old, a->n * sizeof(*old));
	}
	a->held[a->n++] = (struct held){
		index, pool_strdup(&a->pool, trace_line(pool, cell_name(pool, script->cell), script,
							trace)),
		pool_strdup(&a->pool, what ? what : "it was late"), false,
	};
	return true;
}

static bool next(void *context, size_t *index, const struct cell **cell)
{
	struct again *a = context;

	if (a->next == a->n || a->hopeless || a->results->stop)
		return false;
	*index = a->next++;
	*cell = &a->results->plan.cells[a->held[*index].index];
	return true;
}

static void done(void *context, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace)
{
	struct again *a = context;
	struct held *h = &a->held[index];
	struct trace second = *trace;
	const char *what;

	second.tried_again = h->what;
	trace_keep_log(pool, h->line, &second);
	h->told = true;
	a->fruitless = results_may_be_late(a->results, pool, script, &second, &what) ?
		a->fruitless + 1 : 0;
	a->hopeless = a->fruitless >= FRUITLESS_MAX;
	results_done(a->results, h->index, pool, script, &second, NULL);
}

/* Judge the trace of the first try, which no second one follows. */
static void judge_first(struct results *r, const struct held *h)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct script script;
	struct trace trace;
	const struct value *v = yaml_parse(&pool, "trace", h->line, strlen(h->line), &problems);

	cell_compile(&pool, &r->plan.cells[h->index], r->release, &script);
	if (!v || !trace_read(&pool, v, &script, &trace))
		trace = (struct trace){
			.outcomes = pool_array(&pool, struct outcome, script.n_steps + 1),
			.n = script.n_steps, .broken = "what was seen the first time is no trace",
		};
	results_done(r, h->index, &pool, &script, &trace, NULL);
}

int again_try(struct again *a, const struct exec_config *config)
{
	struct exec_config alone = *config;
	int factor = patience_factor(), rc = 0;
	bool over = config->deadline_ns && sys_now_ns() >= config->deadline_ns;
	size_t left = 0;

	alone.slots = 1;
	alone.time_factor = factor * AGAIN_PATIENCE;
	alone.canary = NULL;
	alone.context = a;
	alone.next = next;
	alone.done = done;
	a->next = 0;
	if (!over)
		rc = exec_run(&alone);
	patience_set(factor);
	for (size_t i = 0; i < a->n; i++) {
		if (a->held[i].told)
			continue;
		left++;
		judge_first(a->results, &a->held[i]);
	}
	if (left && a->hopeless)
		results_comment(a->results,
				pool_printf(&a->pool, "%zu were not tried again, as the last %d "
					    "were no better", left, FRUITLESS_MAX));
	a->n = a->room = 0;
	a->held = NULL;
	pool_reset(&a->pool);
	return rc;
}
