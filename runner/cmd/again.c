// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second try, and further ones.
 */
#include "cmd/again.h"
#include "compile/compile.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

/* The first try has shown what its patience was worth. */
enum { AGAIN_PATIENCE = 4 };
/* When so many in a row are no better, slowness is not what is wrong. */
enum { FRUITLESS_MAX = 8 };

static void hold(struct again *a, struct held held)
{
	a->held = pool_grow(&a->pool, a->held, a->n, &a->room, sizeof(held));
	a->held[a->n++] = held;
}

static bool hold_late(struct again *a, size_t index, struct pool *pool,
		      const struct script *script, const struct trace *trace)
{
	const char *what;

	if (a->hopeless ||
	    !results_may_be_late(a->attempts->results, pool, script, trace, &what))
		return false;
	hold(a, (struct held){
		index, pool_strdup(&a->pool, trace_line(pool, cell_name(pool, script->cell), script,
							trace)),
		pool_strdup(&a->pool, what ? what : "it was late"), false,
	});
	return true;
}

static void attempt_over(struct again *a, size_t index, struct pool *pool,
			 const struct script *script, const struct trace *trace)
{
	/* What is repeated comes round by itself. */
	if (attempts_done(a->attempts, index, pool, script, trace, NULL) &&
	    a->attempts->results->options.retry)
		hold(a, (struct held){ .index = index });
}

void again_done(struct again *a, size_t index, struct pool *pool, const struct script *script,
		const struct trace *trace)
{
	if (!hold_late(a, index, pool, script, trace))
		attempt_over(a, index, pool, script, trace);
}

static bool next(void *context, size_t *index, const struct cell **cell)
{
	struct again *a = context;
	struct results *r = a->attempts->results;

	/* With --fail-fast what has begun has all of its attempts: else what would have passed in
	 * one of them had failed.  Where patience is of no use, what was not late is tried again
	 * all the same. */
	while (a->next < a->n && a->hopeless && a->held[a->next].what)
		a->next++;
	if (a->next == a->n || r->stop)
		return false;
	*index = a->next++;
	*cell = &r->plan.cells[a->held[*index].index];
	return true;
}

static void done(void *context, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace)
{
	struct again *a = context;
	const struct held *h = &a->held[index];
	struct trace second = *trace;
	const char *what;

	a->held[index].told = true;
	if (!h->what) {
		attempt_over(a, h->index, pool, script, trace);
		return;
	}
	second.tried_again = h->what;
	trace_keep_log(pool, h->line, &second);
	a->fruitless = results_may_be_late(a->attempts->results, pool, script, &second, &what) ?
		a->fruitless + 1 : 0;
	a->hopeless = a->fruitless >= FRUITLESS_MAX;
	attempt_over(a, h->index, pool, script, &second);
}

/* Judge the trace of the first try, which no second one follows. */
static void judge_first(struct again *a, const struct held *h)
{
	AUTO_POOL pool = { 0 };
	const struct results *r = a->attempts->results;
	struct script script;
	struct trace trace;

	cell_compile(&pool, &r->plan.cells[h->index], r->release, &script);
	trace_read_line(&pool, h->line, &script, &trace);
	attempts_done(a->attempts, h->index, &pool, &script, &trace, NULL);
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
		left += a->held[i].line != NULL;
		if (a->held[i].line)
			judge_first(a, &a->held[i]);
		if (a->attempts->results->options.retry)
			attempts_conclude(a->attempts, a->held[i].index);
	}
	if (left && a->hopeless)
		results_comment(a->attempts->results,
				pool_printf(&a->pool, "%zu were not tried again, as the last %d "
					    "were no better", left, FRUITLESS_MAX));
	a->n = a->room = 0;
	a->held = NULL;
	pool_reset(&a->pool);
	return rc;
}
