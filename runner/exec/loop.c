// SPDX-License-Identifier: GPL-2.0-only
/*
 * The turns of a loop.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include "exec/canary_cell.h"
#include "exec/cell.h"
#include "exec/cell_end.h"
#include "exec/loop.h"
#include "exec/pin.h"
#include "exec/shared.h"
#include "nsc/patience.h"
#include "nsc/signals.h"
#include "nsc/sys.h"

#define SECOND_LOOK_NS 1000000000ll

/* After a stall the canary runs first, and the next cells have the time factor that it measured. */
static bool next(struct loop *loop, size_t *index, const struct cell **cell)
{
	struct shared *shared = loop->shared;

	if (shared->signal)
		return false;
	if (shared->stalled && !shared->over) {
		shared->stalled = false;
		*index = EXEC_CANARY;
		*cell = &loop->config->canary->cell;
		return true;
	}
	return loop->config->next(loop->config->context, index, cell);
}

static bool take(struct loop *loop, size_t *index, const struct cell **cell)
{
	shared_lock(loop->shared);
	bool taken = next(loop, index, cell);

	loop->seen = loop->shared->finished;
	shared_unlock(loop->shared);
	return taken;
}

/* Fill idle slots; the number that are busy afterwards. */
static int fill(struct loop *loop)
{
	bool more = true;
	int busy = 0;

	for (int i = 0; i < loop->n; i++) {
		struct slot *slot = &loop->slots[i];
		const struct cell *cell;
		size_t index;

		/* A cell may break before anything is to be waited for. */
		while (slot->phase == PHASE_IDLE && more && (more = take(loop, &index, &cell)))
			cell_start(slot, index, cell);
		busy += slot->phase != PHASE_IDLE;
	}
	return busy;
}

static int timeout_ms(const struct loop *loop)
{
	int64_t first = INT64_MAX, now = sys_now_ns(), over = loop->config->deadline_ns;

	for (int i = 0; i < loop->n; i++) {
		const struct slot *slot = &loop->slots[i];

		if (slot->phase != PHASE_IDLE && slot->deadline_ns < first)
			first = slot->deadline_ns;
		/* What dies already does not end sooner for it. */
		if (slot->phase != PHASE_IDLE && slot->phase != PHASE_DYING && over && over < first)
			first = over;
	}
	if (first == INT64_MAX)
		return -1;
	return first <= now ? 0 : (int)((first - now) / 1000000 + 1);
}

/*
 * When the machine stood still or the runner had no processor, every deadline has passed while
 * answers are still to come: grant each late cell one extra grace period before it is killed.
 */
static void overdue(struct slot *slot, int64_t now)
{
	if (slot->late_once) {
		cell_late(slot);
		return;
	}
	slot->late_once = true;
	slot->deadline_ns = now + patience(SECOND_LOOK_NS);
	if (!slot->config->canary)
		return;
	shared_lock(slot->shared);
	slot->shared->stalled = true;
	shared_unlock(slot->shared);
}

static void check_deadlines(struct loop *loop)
{
	int64_t now = sys_now_ns();
	bool over = loop->config->deadline_ns && now >= loop->config->deadline_ns;

	for (int i = 0; i < loop->n; i++) {
		struct slot *slot = &loop->slots[i];

		if (slot->phase == PHASE_IDLE)
			continue;
		if (over && slot->phase != PHASE_DYING)
			cell_break(slot, "the run's time is over");
		else if (now >= slot->deadline_ns)
			overdue(slot, now);
	}
}

static int watch(struct loop *loop, int *fd)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = fd };

	return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, *fd, &e) < 0 ? -errno : 0;
}

/* The mask from before signals were held, until a loop takes them. */
static struct {
	bool held;
	sigset_t mask;
} hold;

/* Those that end a run, where they are not ignored. */
static sigset_t ending(void)
{
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < END_SIGNALS; i++)
		if (sigaction(end_signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaddset(&set, end_signals[i]);
	return set;
}

void exec_hold_signals(void)
{
	sigset_t set = ending();

	pthread_sigmask(SIG_BLOCK, &set, &hold.mask);
	hold.held = true;
}

void loop_take_signals(struct loop *loop)
{
	sigset_t set = ending();

	pthread_sigmask(SIG_BLOCK, &set, &loop->mask);
	if (hold.held)
		loop->mask = hold.mask;
	hold.held = false;
	loop->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signals < 0 || watch(loop, &loop->signals) < 0)
		pthread_sigmask(SIG_SETMASK, &loop->mask, NULL);
}

static void give_back_signals(struct loop *loop)
{
	if (loop->signals < 0)
		return;
	pthread_sigmask(SIG_SETMASK, &loop->mask, NULL);
	fd_close(&loop->signals);
}

/*
 * A second signal has its default action, but for SIGTERM: run_kselftest.sh has one timeout(1) in
 * another, of the same length, and a supervisor that has no patience has SIGKILL.
 */
static void on_signal(struct loop *loop)
{
	struct signalfd_siginfo info;

	if (read(loop->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGTERM)
		sigaddset(&loop->mask, SIGTERM);
	give_back_signals(loop);
	shared_signal(loop->shared, (int)info.ssi_signo);
}

/* End the cells that are under way, without verdicts, once a signal has asked for that. */
static void heed_signal(struct loop *loop)
{
	for (int i = 0; loop->shared->signal && i < loop->n; i++)
		cell_abandon(&loop->slots[i]);
}

/* When epoll fails, the cells that are left still get their lines, as broken. */
static void break_all(struct loop *loop, const char *why)
{
	shared_lock(loop->shared);
	loop->shared->over = why;
	shared_unlock(loop->shared);
	for (int i = 0; i < loop->n; i++)
		if (loop->slots[i].phase != PHASE_IDLE && loop->slots[i].phase != PHASE_DYING)
			cell_break(&loop->slots[i], why);
	for (int i = 0; i < loop->n; i++) {
		if (loop->slots[i].phase == PHASE_DYING)
			cell_late(&loop->slots[i]);
	}
	fill(loop);
}

static void on_event(struct loop *loop, void *what)
{
	eventfd_t count;

	if (what == &loop->signals)
		on_signal(loop);
	else if (what == &loop->wake)
		eventfd_read(loop->wake, &count);
	else
		cell_event(what);
}

/* Fill slots and wait for one event; false when it is over. */
static bool turn(struct loop *loop)
{
	struct epoll_event events[1];
	enum rest rest = REST_NOT;

	while (rest == REST_NOT && !fill(loop))
		rest = shared_rest(loop);
	if (rest == REST_FOR_GOOD)
		return false;
	pin_before_wait(loop);
	/* Events are taken one at a time, because handling one may close what a later one refers
	 * to. */
	int n = epoll_wait(loop->epoll, events, 1, timeout_ms(loop));

	pin_after_wait(loop);
	if (n < 0 && errno != EINTR) {
		perror("nsconform: epoll_wait");
		break_all(loop, "the runner can wait for nothing: epoll_wait failed");
		shared_leave(loop);
		loop->rc = -1;
		return false;
	}
	if (n == 1)
		on_event(loop, events[0].data.ptr);
	heed_signal(loop);
	check_deadlines(loop);
	return true;
}

int loop_open(struct loop *loop, struct pool *pool, struct shared *shared,
	      const struct exec_config *config, int n, bool one_of_several)
{
	*loop = (struct loop){
		.config = config, .shared = shared, .n = n, .wake = -1, .signals = -1,
		.processor = -1, .slots = pool_array(pool, struct slot, (size_t)n),
		.epoll = epoll_create1(EPOLL_CLOEXEC),
	};
	if (loop->epoll < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		loop->slots[i].config = config;
		loop->slots[i].epoll = loop->epoll;
		loop->slots[i].shared = shared;
		loop->slots[i].first = loop->slots;
	}
	if (!one_of_several)
		return 0;
	loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return loop->wake < 0 ? -errno : watch(loop, &loop->wake);
}

void loop_run(struct loop *loop)
{
	pin_begin(loop);
	while (turn(loop))
		;
	for (int i = 0; i < loop->n; i++) {
		worker_stop(&loop->slots[i]);
		pool_free(&loop->slots[i].pool);
	}
	pin_end(loop);
}

void loop_close(struct loop *loop)
{
	give_back_signals(loop);
	fd_close(&loop->wake);
	fd_close(&loop->epoll);
}
