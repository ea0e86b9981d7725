// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several machines at once: what their ends mean for the run, and when the run ends.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/patience.h"
#include "nsc/signals.h"
#include "nsc/sys.h"
#include "plan/shuffle.h"
#include "report/exit_status.h"
#include "vm/lines.h"
#include "vm/shard.h"

enum { FRUITLESS_BOOTS_MAX = 2 };
/* A guest gives a sign of life every second; the limit grows with the time that its boot took. */
#define SILENCE_NS 15000000000ll
enum { SILENCE_BOOTS = 10 };
/* Time without a processor does not count, up to this. */
enum { STARVED_TIMES = 10 };

/* Until there are results: of the machine that the verdict on all of them is about. */
static void note_console(struct shard *s, const char *console)
{
	s->run->console = pool_strdup(s->run->pool, console);
	s->run->machine = shard_machine(s);
}

/* A machine ended before any has said what it is, and WHY. */
static void ended_unknown(struct shard *s, const char *why, const char *console)
{
	struct run *run = s->run;

	if (s->kvm && !run->config->accel_is_given) {
		/* KVM may be at fault, and not the kernel: go on without it. */
		run->racing = run->vm.kvm = false;
	} else if (run->racing) {
		/* The machine with KVM is still booting. */
		run->racing = false;
	} else {
		if (s->by_qemu)
			run->broken = why;
		run->dead = why;
		note_console(s, console);
	}
}

/* Keep its console with the results; before there are any ended_unknown() has it. */
static void keep_console(struct shard *s, const char *console)
{
	struct run *run = s->run;

	s->console = run->begun && run->results->said && s->boots ?
		output_console(&run->results->output, shard_machine(s), console) : NULL;
}

/* One machine has carried out the survey; all of them carry out what it has left. */
static void survey_over(struct shard *s, const char *console)
{
	struct run *run = s->run;

	shard_survey_over(s);
	if (run->dead)
		return;
	/* There were no results to keep it with before. */
	keep_console(s, console);
	deal(run->pool, &run->results->plan, (size_t)run->config->machines, &run->batches);
	for (int i = 0; i < run->n; i++)
		if (run->shards[i].over)
			shard_boot(&run->shards[i]);
}

/* The machine has ended: decide what that means, and what it runs next. */
static void ended(struct shard *s)
{
	struct run *run = s->run;
	int status = vm_stop(&s->vm);
	const char *console = vm_console(&s->pool, &s->vm);
	bool good = s->ended && WIFEXITED(status) &&
		WEXITSTATUS(status) == (s->exits ? LINES_EXIT_STATUS : 0);
	const char *why = good ? NULL : pool_strdup(run->pool, crash_cause(s, status, console));

	if (!good)
		s->by_qemu = crash_is_qemus(s, status, console);
	vm_forget(&s->vm);
	keep_console(s, console);
	if (good && run->results->options.survey && s->batch.n)
		survey_over(s, console);
	else if (good && s->trying)
		crash_clear_or_fail(s);
	else if (good)
		crash_keep_undone(s);
	else if (!run->begun)
		ended_unknown(s, why, console);
	else
		crash_blame(s, why, console);
	if (run->dead)
		return;
	if (good && s->batch.n && !s->n_results)
		s->fruitless++;
	if (s->fruitless >= FRUITLESS_BOOTS_MAX) {
		shard_give_up(s, pool_printf(run->pool, "no machine for it: %s",
					     why ? why : "no results"));
		s->fruitless = 0;
	}
	shard_boot(s);
}

/* When the machine has been silent for too long. */
static int64_t silent_until(const struct shard *s)
{
	const struct run *run = s->run;
	int64_t from = s->booted ? s->vm.alive_ns : s->vm.started_ns;
	int64_t within = s->booted ? patience(SILENCE_NS) + SILENCE_BOOTS * run->boot_ns :
				     patience(run->config->boot_within_ns);
	int64_t at = from + within;

	if (at <= sys_now_ns()) {
		/* A kernel that still prints still starts, but one may print that it is stuck. */
		int64_t starved = vm_starved_ns(&s->vm), most = STARVED_TIMES * within;
		int64_t printed = s->booted ? 0 : vm_printed_ns(&s->vm) - from;
		int64_t more = printed > starved ? printed : starved;

		at += more < most ? more : most;
	}
	return at;
}

/* A machine has booted first: those of the other kind that are still booting start again as its
 * kind. */
static void settle(struct run *run)
{
	for (int i = 0; i < run->n; i++) {
		struct shard *s = &run->shards[i];

		if (s->over || s->booted || s->kvm == run->vm.kvm)
			continue;
		vm_stop(&s->vm);
		vm_forget(&s->vm);
		shard_boot(s);
	}
}

static bool time_is_over(const struct run *run)
{
	return run->deadline_ns && sys_now_ns() >= run->deadline_ns;
}

static struct shard *find(struct run *run, int lines)
{
	for (int i = 0; i < run->n; i++)
		if (!run->shards[i].over && run->shards[i].vm.lines == lines)
			return &run->shards[i];
	return NULL;
}

/* Read what the machine has sent, or end it when it was silent for too long. */
static void attend(struct run *run, struct shard *s, bool readable)
{
	bool late = !readable && sys_now_ns() >= silent_until(s), raced = run->racing;

	s->late |= late;
	if (late || (readable && !vm_read(&s->vm, shard_line, s)))
		ended(s);
	if (raced && !run->racing && !run->dead)
		settle(run);
}

static void on_signal(struct run *run, int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) == sizeof(info))
		run->signal = (int)info.ssi_signo;
}

/* Poll all machines once; false when none is left. */
static bool turn(struct run *run, int signals)
{
	struct pollfd polls[MACHINES_MAX + 2] = { { .fd = signals, .events = POLLIN } };
	/* The end of the run's time says nothing about a machine: must_stop() looks at it. */
	int64_t now = sys_now_ns(), first = run->deadline_ns ? run->deadline_ns : INT64_MAX;
	nfds_t n = 1;

	for (int i = 0; i < run->n; i++) {
		struct shard *s = &run->shards[i];

		if (s->over)
			continue;
		if (silent_until(s) < first)
			first = silent_until(s);
		polls[n++] = (struct pollfd){ .fd = s->vm.lines, .events = POLLIN };
	}
	if (n == 1)
		return false;
	poll(polls, n, first <= now ? 0 : (int)((first - now) / 1000000 + 1));
	if (polls[0].revents)
		on_signal(run, signals);
	for (nfds_t i = 1; i < n && !run->dead && !run->signal && !time_is_over(run); i++) {
		/* What another machine said may have ended this one. */
		struct shard *s = find(run, polls[i].fd);

		if (s)
			attend(run, s, polls[i].revents != 0);
	}
	return true;
}

/* Signals that are not ignored, as for a job in the background, become readable; or -1. */
static int signals_take(sigset_t *before)
{
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < END_SIGNALS; i++)
		if (sigaction(end_signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaddset(&set, end_signals[i]);
	sigprocmask(SIG_BLOCK, &set, before);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static bool must_stop(const struct run *run)
{
	return run->dead || run->signal || results_stopped(run->results) || time_is_over(run);
}

static void start(struct run *run)
{
	int n = run->config->machines;

	run->racing = run->vm.kvm && !run->config->accel_is_given;
	if (run->results->options.survey)
		deal_one(run->pool, &run->results->plan, &run->batches);
	else
		deal(run->pool, &run->results->plan, (size_t)n, &run->batches);
	if (run->racing && n == 1)
		n = 2;
	run->shards = pool_array(run->pool, struct shard, (size_t)n);
	for (; run->n < n; run->n++) {
		run->shards[run->n] =
			(struct shard){ .run = run, .vm = { .lines = -1, .console = -1 } };
		shard_boot(&run->shards[run->n]);
	}
}

static void boot_all(struct run *run)
{
	for (int i = 0; i < run->n; i++)
		shard_boot(&run->shards[i]);
}

/* Go on with what --fail-fast has put off; false when there is nothing. */
static bool resume(struct run *run)
{
	run->retrying = false;
	if (run->later.n)
		run->batches = run->later;
	run->later = (struct batches){ 0 };
	if (run->batches.taken == run->batches.n)
		return false;
	boot_all(run);
	return true;
}

/* Boot machines again for cells of which another attempt is wanted; false when there are none. */
static bool next_round(struct run *run)
{
	const struct run_options *o = &run->results->options;
	struct plan *plan = &run->results->plan, open = { .pool = run->pool };
	size_t *at = pool_array(run->pool, size_t, plan->n + 1);

	run->round++;
	open.cells = pool_array(run->pool, struct cell, plan->n + 1);
	for (size_t i = 0; i < plan->n; i++)
		if (attempts_open(&run->attempts, i)) {
			at[open.n] = i;
			open.cells[open.n++] = plan->cells[i];
		}
	if (!open.n)
		return resume(run);
	if (run->attempts.failed || (o->until_fail && run->round == o->repeat))
		return false;
	if (!o->retry)
		results_round(run->results, run->round + 1, o->repeat);
	if (!run->retrying)
		run->later = run->batches;
	run->retrying = o->retry > 0;
	deal(run->pool, &open, (size_t)run->config->machines, &run->batches);
	for (size_t b = 0; b < run->batches.n; b++)
		for (size_t i = 0; i < run->batches.v[b].n; i++)
			run->batches.v[b].cells[i] = at[run->batches.v[b].cells[i]];
	boot_all(run);
	return true;
}

/* No machine runs any more: cells without a result are broken, unless a signal ended the run. */
static void stop(struct run *run)
{
	/* The time of --until-fail may be over after any round. */
	const bool round = run->results->options.until_fail && run->round;
	const bool breaks = run->begun && !run->dead && !run->signal && !round &&
		!results_stopped(run->results);
	const char *why = run->broken ? run->broken : "the run's time is over";

	run->results->cut_short = breaks && time_is_over(run);

	for (int i = 0; i < run->n; i++) {
		struct shard *s = &run->shards[i];

		vm_stop(&s->vm);
		if (!s->over && run->begun)
			keep_console(s, vm_console(&s->pool, &s->vm));
		else if (!s->over && !run->console)
			note_console(s, vm_console(&s->pool, &s->vm));
		vm_forget(&s->vm);
		if (breaks)
			shard_give_up(s, why);
		while (breaks && batch_take(s))
			shard_give_up(s, why);
		/* One machine does so for all. */
		run->batches = run->later;
		run->later = (struct batches){ 0 };
		while (breaks && batch_take(s))
			shard_give_up(s, why);
		pool_free(&s->pool);
	}
}

/* Ended by a signal before there was a machine: the plan, and that nothing of it was done. */
static int ended_unbegun(struct run *run)
{
	struct results *r = run->results;

	if (r->options.survey)
		plan_arrange(&r->plan, r->options.quick, (uint32_t)r->options.seed);
	return results_begin(r, run->pool, 1, "{}") ? results_end(r, run->signal) :
						      HAPPENED_USAGE;
}

int shards_run(struct pool *pool, struct results *results, const struct shards_config *config)
{
	struct run run = { .pool = pool, .results = results, .config = config, .vm = config->vm };
	sigset_t before;
	AUTO_FD signals = signals_take(&before);

	if (results->options.timeout_s)
		run.deadline_ns = sys_now_ns() + results->options.timeout_s * 1000000000ll;
	start(&run);
	view_status(&results->view, pool_printf(pool, "starting %s", config->given));
	do {
		while (!must_stop(&run) && turn(&run, signals))
			;
	} while (run.begun && !must_stop(&run) && next_round(&run));
	stop(&run);
	attempts_end(&run.attempts);
	results->stop |= run.attempts.failed;
	/* As in a run on this machine, a second SIGTERM does not cut what the first one ends. */
	if (run.signal == SIGTERM)
		sigaddset(&before, SIGTERM);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (!run.begun && run.signal)
		return ended_unbegun(&run);
	if (!run.begun && !run.dead) {
		results->cut_short = !run.broken;
		if (!run.broken)
			run.broken = "the run's time was over before a kernel had started";
		run.dead = run.broken;
	}
	if (!run.begun)
		return crash_no_boot(&run);
	/* results_begin() has told why not. */
	if (!results->said)
		return HAPPENED_USAGE;
	return results_end(results, run.signal ? run.signal : run.dead ? -1 : 0);
}
