// SPDX-License-Identifier: GPL-2.0-only
/*
 * What follows when a machine dies: why it died, which cell is to blame, and which cells run again.
 * When several cells were running, none is blamed before it has killed a machine alone.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/wait.h>

#include "report/exit_status.h"
#include "nsc/json.h"
#include "vm/console.h"
#include "vm/shard.h"

const char *crash_cause(struct shard *s, int status, const char *console)
{
	const char *panic = console_panic(&s->pool, console);

	if (panic)
		return pool_printf(&s->pool, "the kernel died: %s", panic);
	if (s->complaint)
		return s->complaint;
	if (s->late)
		return s->booted ? "the machine gave no sign of life any more, and was ended" :
				   "the kernel did not start in time, and was ended";
	if (WIFSIGNALED(status))
		return pool_printf(&s->pool, "qemu was killed by signal %d", WTERMSIG(status));
	return pool_printf(&s->pool,
			   "qemu ended with status %d before the end of the results",
			   WEXITSTATUS(status));
}

bool crash_is_qemus(struct shard *s, int status, const char *console)
{
	return !s->complaint && !s->late && !console_panic(&s->pool, console) &&
	       (WIFSIGNALED(status) || WEXITSTATUS(status));
}

static const struct value *excerpt(struct pool *pool, const char *console)
{
	struct value *log = value_list(pool);
	struct strs lines = console_excerpt(pool, console);

	for (size_t i = 0; i < lines.n; i++)
		value_push(pool, log, value_str(pool, lines.v[i]));
	return log;
}

static void fail_cell(struct shard *s, size_t index, const char *why, const char *console)
{
	struct verdict v = {
		.kind = s->by_qemu ? VERDICT_BROKEN : VERDICT_FAIL, .message = why,
		.console = s->console,
	};

	shard_conclude(s->run, index, &v, excerpt(&s->pool, console));
}

int crash_no_boot(struct run *run)
{
	const char *kernel = run->config->given, *console = run->console ? run->console : "";
	const struct suite suite = {
		.file = kernel, .name = "vm", .prefix = "vm", .about = "The kernel itself.",
	};
	const struct scenario boot = {
		.suite = &suite, .id = "boot",
		.about = "The kernel starts, and runs its first program.",
	};
	struct verdict v = {
		.kind = run->broken ? VERDICT_BROKEN : VERDICT_FAIL, .message = run->dead,
	};
	struct results *r = run->results;
	struct value *environment = value_map(run->pool);

	value_put(run->pool, environment, "kernel", value_str(run->pool, kernel));
	r->plan = (struct plan){ .pool = run->pool, .again = r->plan.again };
	plan_add(&r->plan, &boot, false);
	r->unstarted = true;
	if (!results_begin(r, run->pool, 1, json_text(run->pool, environment)))
		return HAPPENED_USAGE;
	if (run->machine)
		v.console = output_console(&r->output, run->machine, console);
	attempts_begin(&run->attempts, r);
	shard_conclude(run, 0, &v, excerpt(run->pool, *console ? console : "(empty)"));
	return results_end(r, 0);
}

void crash_keep_undone(struct shard *s)
{
	size_t kept = 0;

	for (size_t k = 0; k < s->n_job; k++)
		if (s->stage[k] != CELL_DONE)
			s->job[kept++] = s->job[k];
	if (s->trying)
		s->n_suspects = kept;
	else
		s->batch.n = kept;
}

/* Collect the cells of the job that were running; their number. */
static size_t running(struct shard *s, size_t *first)
{
	size_t n = 0;

	for (size_t k = s->n_job; k-- > 0;)
		if (s->stage[k] == CELL_RUNS) {
			*first = k;
			n++;
		}
	return n;
}

static void suspect(struct shard *s, size_t n)
{
	size_t *suspects = pool_array(s->run->pool, size_t, n), kept = 0;

	s->n_suspects = 0;
	for (size_t k = 0; k < s->n_job; k++)
		if (s->stage[k] == CELL_RUNS)
			suspects[s->n_suspects++] = s->job[k];
		else if (s->stage[k] == CELL_WAITS)
			s->batch.cells[kept++] = s->job[k];
	s->suspects = suspects;
	s->batch.n = kept;
}

/* Results of suspects before the culprit was found count; the suspects after it are cells like
 * others. */
static void clear_suspects(struct shard *s)
{
	size_t *cells = pool_array(s->run->pool, size_t, s->n_job + s->batch.n), n = 0;

	for (size_t k = 0; k < s->n_job; k++)
		if (s->stage[k] == CELL_DONE && s->held[k])
			shard_deliver(s->run, s->job[k], s->held[k]);
		else if (s->stage[k] != CELL_DONE)
			cells[n++] = s->job[k];
	memcpy(cells + n, s->batch.cells, s->batch.n * sizeof(*cells));
	s->batch.cells = cells;
	s->batch.n += n;
	s->n_suspects = 0;
}

static void fail_together(struct shard *s, size_t index)
{
	struct verdict v = {
		.kind = VERDICT_FAIL,
		.message = pool_printf(&s->pool, "the machine died while this and %zu other cells "
				       "ran; none kills it alone", s->n_job - 1),
		.console = s->suspect_console,
	};

	shard_conclude(s->run, index, &v, NULL);
}

void crash_clear_or_fail(struct shard *s)
{
	for (size_t k = 0; k < s->n_job; k++)
		if (s->by_qemu && s->held[k])
			shard_deliver(s->run, s->job[k], s->held[k]);
		else
			fail_together(s, s->job[k]);
	s->n_suspects = 0;
}

void crash_blame(struct shard *s, const char *why, const char *console)
{
	size_t first = 0, n = running(s, &first);

	if (!n && s->trying && s->last != SIZE_MAX) {
		/* Suspects run one at a time, so the machine died of the cell that ran or of the
		 * one just before. */
		first = s->last;
		n = 1;
	}
	/* That qemu was killed from outside says nothing about a cell, also where only one ran. */
	if ((n > 1 || (n && s->by_qemu)) && !s->trying) {
		suspect(s, n);
		s->suspect_console = s->console;
		return;
	}
	if (n) {
		s->stage[first] = CELL_DONE;
		s->held[first] = NULL;
		fail_cell(s, s->job[first], why, console);
	} else if (s->booted && s->n_results) {
		s->run->results->lost |= !s->by_qemu;
		view_hide(&s->run->results->view);
		console_print(console, stderr);
		results_comment(s->run->results,
				pool_printf(&s->pool, "%s, when no cell was running", why));
	} else
		s->fruitless++;
	if (s->trying)
		clear_suspects(s);
	else
		crash_keep_undone(s);
}
