// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform run: the window between parallel execution and output in plan order.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/canary.h"
#include "runtime/inside.h"
#include "cmd/again.h"
#include "cmd/baseline.h"
#include "cmd/bundles.h"
#include "cmd/command.h"
#include "cmd/load_plan.h"
#include "cmd/pinning.h"
#include "cmd/reports.h"
#include "cmd/shared_options.h"
#include "cmd/time_factor.h"
#include "compile/compile.h"
#include "exec/exec.h"
#include "nsc/json.h"
#include "nsc/patience.h"
#include "nsc/sys.h"
#include "machine/confine.h"
#include "report/results.h"
#include "machine/describe.h"

/* Cells that may be finished but not yet printed: bounds memory whatever the plan's size. */
enum { WINDOW = 1024 };

struct run {
	struct results results;
	struct again again;
	struct attempts attempts;
	struct pinning pinning;
	size_t started;
	int times;	 /* begun, of the cell at .started; with --until-fail of the whole plan */
	bool any;	 /* of this round */
};

/* What was begun is to be printed in the plan's order, with --until-fail after the last round. */
static size_t window(const struct results *r)
{
	return r->options.until_fail ? r->plan.n + 1 : WINDOW;
}

/* From the last cell to the first one again. */
static bool is_over(const struct run *run)
{
	return run->attempts.over_ns && sys_now_ns() >= run->attempts.over_ns;
}

static bool next_round(struct run *run)
{
	const struct run_options *o = &run->results.options;
	bool more = o->until_fail && run->any && (!o->repeat || run->times + 1 < o->repeat) &&
		!is_over(run);

	if (!more)
		return false;
	run->times++;
	run->started = 0;
	run->any = false;
	results_round(&run->results, run->times + 1, o->repeat);
	return true;
}

/* Begin the cell at .started, which is done with when all its attempts are begun. */
static void begin(struct run *run)
{
	const struct run_options *o = &run->results.options;

	run->any = true;
	if (!o->until_fail && ++run->times < o->repeat && !is_over(run))
		return;
	run->times = o->until_fail ? run->times : 0;
	run->started++;
}

static bool next(void *context, size_t *index, const struct cell **cell)
{
	struct run *run = context;
	struct results *r = &run->results;

	/* With --fail-fast what may be the first failure is tried again before anything else. */
	if (results_stopped(r) || run->attempts.failed || (r->options.fail_fast && run->again.n))
		return false;
	while (!r->stop && (run->started < r->plan.n || next_round(run)) &&
	       run->started < r->printed + window(r)) {
		*index = run->started;
		*cell = &r->plan.cells[*index];
		if (!(*cell)->skip && !run->attempts.over[*index]) {
			begin(run);
			return true;
		}
		run->started++;
		if ((*cell)->skip && !run->times)
			results_skip(r, *index);
		run->times = r->options.until_fail ? run->times : 0;
	}
	return false;
}

static void done(void *context, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace)
{
	struct run *run = context;

	again_done(&run->again, index, pool, script, trace);
}

/* The canary: one bare launch, before anything is asked of the runtime. */
struct canary {
	struct results *results;
	struct plan plan;
	const char *environment;
	bool started, given;
	bool over, begun; /* its verdict is all that there is to say; and could be said */
};

static bool next_canary(void *context, size_t *index, const struct cell **cell)
{
	struct canary *c = context;

	if (c->given)
		return false;
	c->given = true;
	*index = 0;
	*cell = &c->plan.cells[0];
	return true;
}

static void done_canary(void *context, size_t index, struct pool *pool,
			const struct script *script, const struct trace *trace)
{
	struct canary *c = context;
	struct results *r = c->results;

	c->started = canary_started(script, trace);
	if (c->started) {
		canary_measured(r->runtime, canary_launch(script, trace)->took_ns);
		return;
	}
	r->plan = c->plan;
	c->over = r->unstarted = true;
	c->begun = results_begin(r, c->plan.pool, 1, c->environment);
	if (c->begun)
		results_done(r, index, pool, script, trace, NULL);
}

/* Nothing is launched where every cell is skipped. */
static bool wants_canary(const struct results *r)
{
	for (size_t i = 0; r->runtime && i < r->plan.n; i++)
		if (r->plan.cells[i].runtime && !r->plan.cells[i].skip)
			return true;
	return false;
}

/* True when the run is over with it: *HAPPENED says how. */
static bool canary(struct results *r, struct pool *pool, const struct machine *machine,
		   const char *environment, int *happened)
{
	struct canary c = { .results = r, .environment = environment };
	struct exec_config config = {
		.slots = 1, .release = machine->release, .root = machine->root, .context = &c,
		.next = next_canary, .done = done_canary,
	};

	if (!wants_canary(r))
		return false;
	if (!canary_plan(pool, r->runtime, machine->root, false, &r->selection.catalogue,
			 &r->selection.problems, &c.plan)) {
		problems_print(&r->selection.problems, stderr);
		*happened = HAPPENED_HARNESS;
		return true;
	}
	int rc = exec_run(&config);

	if (c.started && !rc)
		return false;
	/* Ended by a signal: the plan, and that nothing of it was done. */
	if (!c.over)
		c.begun = results_begin(r, pool, 1, environment);
	if (!c.begun)
		*happened = HAPPENED_USAGE;
	else
		*happened = results_end(r, c.over || rc ? rc : -1);
	return true;
}

/* Why no cell can run here, or NULL: one line for the run, and not one for each cell. */
static const char *run_unfit(struct pool *pool)
{
	const char *call = confine_essential(confinement());

	if (call)
		return pool_printf(pool, "a seccomp filter forbids %s, and without it nothing can be run: "
				   CONFINE_REMEDY, call);
	AUTO_FD self = open("/proc/self/exe", O_PATH | O_CLOEXEC);

	return self >= 0 ? NULL : "/proc is not mounted, and without it nothing can be run or seen: "
				  "mount -t proc proc /proc";
}

static const char *filter_text(struct pool *pool, const struct confinement *c)
{
	const char *text = "there is a seccomp filter, which forbids:";

	for (size_t i = 0; i < c->forbidden.n; i++)
		text = pool_printf(pool, "%s %s", text, c->forbidden.v[i]);
	for (size_t i = 0; i < c->killing.n; i++)
		text = pool_printf(pool, "%s %s (kills)", text, c->killing.v[i]);
	return c->forbidden.n || c->killing.n ? text :
		"there is a seccomp filter; if it forbids anything that runs use, it does so by arguments";
}

/*
 * How slow the machine is, unless somebody has said it or nothing is going to be waited for, and
 * on how many processors to run; what measures the former again after a stall, or NULL. *SIGNAL
 * asked for the end meanwhile, or is 0.
 */
static const struct canary_cell *measure(struct run *run, struct pool *pool,
					 const struct machine *machine, int *signal)
{
	struct results *r = &run->results;
	const struct exec_config config = {
		.release = machine->release, .root = machine->root, .inside = r->options.inside,
		.here = r->options.here,
	};
	const struct canary_cell *canary = NULL;
	size_t runs = 0;

	for (size_t i = 0; i < r->plan.n; i++)
		runs += !r->plan.cells[i].skip;
	patience_set(r->options.time_factor);
	if (runs && !r->options.time_factor) {
		int factor = time_factor_measure(pool, &config, r->options.inside,
						 &r->selection.catalogue, &canary);

		*signal = factor < 0 ? -factor : 0;
		patience_set(factor < 0 ? 1 : factor);
	}
	pinning_choose(pool, (enum pin)r->options.pin, runs, r->options.jobs, r->options.inside,
		       &run->pinning);
	return canary;
}

static int carry_out(struct run *run, const struct machine *machine,
		     const struct canary_cell *canary)
{
	struct results *r = &run->results;

	if (r->confinement->filtered)
		results_comment(r, filter_text(r->plan.pool, r->confinement));
	struct exec_config config = {
		.release = machine->release, .root = machine->root,
		.inside = r->options.inside, .here = r->options.here,
		.context = run, .next = next, .done = done, .canary = canary,
		.deadline_ns = r->options.timeout_s ?
			sys_now_ns() + r->options.timeout_s * 1000000000ll : 0,
	};

	int rc;

	pinning_apply(&run->pinning, &config);
	attempts_begin(&run->attempts, r);
	if (r->options.until_fail)
		results_round(r, 1, r->options.repeat);
	r->view.times = r->options.until_fail ? 0 : r->options.repeat;
	run->again.attempts = &run->attempts;
	run->attempts.over_ns = config.deadline_ns;
	/* Cells that are held back end a round when too many wait behind them. */
	while (!(rc = exec_run(&config)) && run->again.n && !(rc = again_try(&run->again, &config)))
		;
	r->cut_short = config.deadline_ns && !r->options.until_fail &&
		sys_now_ns() >= config.deadline_ns;
	config.deadline_ns = sys_now_ns();
	if (run->again.n)
		again_try(&run->again, &config);
	pool_free(&run->again.pool);
	attempts_end(&run->attempts);
	r->stop |= run->attempts.failed;
	return results_end(r, rc);
}

/* Nothing of a machine is changed because somebody forgot where they are. 0, or HAPPENED_USAGE. */
static int check_inside(struct pool *pool, struct run_options *o)
{
	struct inside inside;
	const char *why = NULL;

	inside_read(&inside);
	if (o->inside && !o->here)
		why = inside_refuses(pool, &inside);
	/* All cells share the one box. */
	if (o->inside)
		o->jobs = 1;
	if (why)
		fprintf(stderr, "nsconform: %s\n", why);
	return why ? HAPPENED_USAGE : 0;
}

static int run(struct invocation *in)
{
	struct pool *pool = in->pool;
	struct run *run = pool_new(pool, struct run);
	struct results *r = &run->results;
	struct machine machine;
	struct run_options *given = in->options;

	if (given->bundle)
		return bundles_export(pool, given, in->operands);
	const char *unfit = run_unfit(pool);

	if (unfit) {
		fprintf(stderr, "nsconform: %s\n", unfit);
		return HAPPENED_HARNESS;
	}
	machine_read(&machine);
	r->confinement = confinement();
	r->release = machine.release;
	given->exit = report_profile(given->format, given->exit);
	r->options = *given;
	r->options.format_given = invocation_gave(in, "format");
	results_typed(r, pool, in->argc, in->argv,
		      invocation_again(pool, in));
	int happened = check_inside(pool, &r->options);

	if (!happened)
		happened = load_run(r, pool, &machine, in->operands) ? 0 : HAPPENED_USAGE;
	if (!happened) {
		int signal = 0;
		const struct canary_cell *slow = measure(run, pool, &machine, &signal);
		struct value *described = machine_describe(pool, r->runtime);

		value_put(pool, described, "time_factor", value_int(pool, patience_factor()));
		pinning_describe(pool, &run->pinning, described);
		const char *environment = json_text(pool, described);

		if (signal) {
			happened = results_begin(r, pool, 1, environment) ?
				results_end(r, signal) : HAPPENED_USAGE;
		} else if (!canary(r, pool, &machine, environment, &happened)) {
			exec_hold_signals();
			happened = results_begin(r, pool, window(r), environment) ?
				carry_out(run, &machine, slow) : HAPPENED_USAGE;
		}
	}
	happened = reports_write(r, pool, baseline_end(r, pool, happened));
	results_free(r);
	return happened;
}

static const struct option_row here_rows[] = {
	{ .name = "yes-here", OPTION_FLAG(struct run_options, here), .again = true, .needs = "inside",
	  .help = "with --inside: this machine may be changed, where its namespaces are the box's" },
	{ 0 }
};
static const struct option_group here_options = { "boxes", here_rows };

static const struct option_row bundle_rows[] = {
	{ .name = "export-bundle", OPTION_TEXT(ARGUMENT_DIR, struct run_options, bundle),
	  .needs = "runtime",
	  .not_with = "output report baseline retry repeat until-fail format fail-on strict rerun "
		      "last-failed",
	  .help = "run nothing, but write the boxes of the one cell that is selected into DIR, new or "
		  "empty: configuration, root directory, and the launcher's command as the script "
		  "`launch`, which builds them without the sandbox" },
	{ 0 }
};
static const struct option_group bundle_options = { "boxes", bundle_rows };

static const struct option_row part_rows[] = {
	{ .name = "part", OPTION_FLAG(struct run_options, part),
	  .help = "of a run that `nsconform summary` adds up: when all of it skips that is one "
		  "line and status 0, as prove(1) wants it" },
	{ 0 }
};
static const struct option_group part_options = { "verdicts", part_rows };

static const struct option_use uses[] = {
	{ &running_options, 0 }, { &pin_options, offsetof(struct run_options, pin) },
	{ &attempt_options, 0 }, { &report_options, 0 },
	{ &baseline_options, 0 },
	{ &narrowing_options, offsetof(struct run_options, narrowing) },
	{ &rerun_options, 0 }, { &shard_options, 0 }, { &cell_options, 0 },
	{ &format_options, offsetof(struct run_options, format) },
	{ &fail_on_options, offsetof(struct run_options, fail_on) },
	{ &exit_options, offsetof(struct run_options, exit) }, { &part_options, 0 },
	{ &known_options, offsetof(struct run_options, known) },
	{ &colour_options, offsetof(struct run_options, colour) },
	{ &runtime_options, 0 }, { &bundle_options, 0 }, { &inside_options, 0 },
	{ &here_options, 0 }, { 0 }
};

static const struct example examples[] = {
	{ "run", "everything, on this kernel" },
	{ "run uts 'mnt.prop*' call:setns", "a family, scenarios by a glob, and a system call's" },
	{ "run ./mine.yaml", "the scenarios of a file" },
	{ "run --suites ./mine.yaml set-is-private", "one of them" },
	{ "run --last-failed", "what failed or broke in results/latest" },
	{ "run --runtime runc --quick --output results/runc", "boxes of a container runtime" },
	{ "run --runtime crun --runtime-path ./crun --quick", "... that was just built" },
	{ "run --runtime crun --export-bundle ./box runtime.files.owners-stay",
	  "a box of crun, to be built by ./box/launch" },
	{ "run --report junit:junit.xml --report md:summary.md uts",
	  "for a CI, too: `nsconform report` makes the same from what --output has left" },
	{ "run --baseline 6.12-cloud", "what is worse here than there" },
	{ "run -j1 uts.hostname.set-is-private.clone3.root", "one cell, as a failure says" },
	{ 0 }
};

const struct command command_run = {
	.name = "run", .purpose = "Run scenarios on this kernel and print TAP",
	.operands = { ARGUMENT_SELECTION, 0, 0, SELECTION_HELP },
	.options = uses, .options_size = sizeof(struct run_options), .examples = examples,
	.run = run,
};
