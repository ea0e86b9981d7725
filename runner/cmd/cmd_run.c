// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform run: the window between parallel execution and output in plan order.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "cmd/command.h"
#include "exec/exec.h"
#include "report/json.h"
#include "nsc/sys.h"
#include "report/results.h"

/* Cells that may be finished but not yet printed: bounds memory whatever the plan's size. */
enum { WINDOW = 1024 };
/* An arena's death and its namespaces' clean-up mean waiting: other cells use that time. */
enum { SLOTS_PER_CPU = 4 };

struct run {
	struct results results;
	size_t started;
};

static bool next(void *context, size_t *index, const struct cell **cell)
{
	struct run *run = context;
	struct results *r = &run->results;

	while (!r->stop && run->started < r->plan.n && run->started < r->printed + WINDOW) {
		*index = run->started++;
		*cell = &r->plan.cells[*index];
		if (!(*cell)->skip)
			return true;
		results_skip(r, *index);
	}
	return false;
}

static void done(void *context, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace)
{
	struct run *run = context;

	results_done(&run->results, index, pool, script, trace, NULL);
}

/* 0, or an exit status. */
static int parse(struct run_options *o, int argc, char **argv)
{
	static const struct option longs[] = { RUN_OPTIONS, { 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "j:", longs, NULL)) != -1)
		if (!run_option(o, c, optarg))
			return c == '?' ? command_usage("run") : EXIT_USAGE;
	return 0;
}

int cmd_run(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	struct run *run = pool_new(&pool, struct run);
	struct results *r = &run->results;
	struct machine machine;

	machine_read(&machine);
	r->release = machine.release;
	r->options = (struct run_options){ .jobs = SLOTS_PER_CPU * machine.cpus, .controls = true,
					   .output = getenv("NSCONFORM_OUTPUT") };
	int status = parse(&r->options, argc, argv);

	if (!status)
		status = results_load(r, &pool, argv + optind);
	if (!status) {
		plan_require(&r->plan, &machine, false);
		status =
			results_begin(r, &pool, WINDOW, json_text(&pool, machine_describe(&pool,
								    r->plan.runtime))) ?
				 0 : EXIT_USAGE;
	}
	if (!status) {
		struct exec_config config = {
			.slots = r->options.jobs, .release = machine.release, .root = machine.root,
			.context = run, .next = next, .done = done,
			.deadline_ns = r->options.timeout_ns ?
			sys_now_ns() + r->options.timeout_ns : 0,
		};

		status = results_end(r, exec_run(&config));
	}
	results_free(r);
	return status;
}
