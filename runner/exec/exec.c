// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event loop: fills idle slots, hands events to cells, watches deadlines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

#include "exec/cell.h"
#include "exec/cell_end.h"
#include "exec/cell_cgroups.h"
#include "exec/canary_cell.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

#define SECOND_LOOK_NS 1000000000ll

struct loop {
	const struct exec_config *config;
	struct slot *slots;
	struct shared shared;
	int epoll;
	int signals;   /* a signalfd, in the epoll with this loop as its data */
	sigset_t mask; /* before the signals were blocked */
	int signal;    /* the signal that ended the run, or 0 */
};

static const int end_signals[] = { SIGINT, SIGTERM, SIGHUP };

/* After a stall the canary runs first, and the next cells have the time factor that it measured. */
static bool next(struct loop *loop, size_t *index, const struct cell **cell)
{
	if (loop->shared.stalled && !loop->shared.over) {
		loop->shared.stalled = false;
		*index = EXEC_CANARY;
		*cell = &loop->config->canary->cell;
		return true;
	}
	return loop->config->next(loop->config->context, index, cell);
}

/* Fill idle slots; the number that are busy afterwards. */
static int fill(struct loop *loop)
{
	int busy = 0;

	for (int i = 0; i < loop->config->slots; i++) {
		struct slot *slot = &loop->slots[i];
		const struct cell *cell;
		size_t index;

		/* A cell may break before anything is to be waited for. */
		while (slot->phase == PHASE_IDLE && !loop->signal && next(loop, &index, &cell))
			cell_start(slot, index, cell);
		busy += slot->phase != PHASE_IDLE;
	}
	return busy;
}

static int timeout_ms(const struct loop *loop)
{
	int64_t first = INT64_MAX, now = sys_now_ns();

	for (int i = 0; i < loop->config->slots; i++)
		if (loop->slots[i].phase != PHASE_IDLE && loop->slots[i].deadline_ns < first)
			first = loop->slots[i].deadline_ns;
	if (first == INT64_MAX)
		return 0;
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
	slot->shared->stalled = slot->config->canary != NULL;
}

static void check_deadlines(struct loop *loop)
{
	int64_t now = sys_now_ns();
	bool over = loop->config->deadline_ns && now >= loop->config->deadline_ns;

	for (int i = 0; i < loop->config->slots; i++) {
		struct slot *slot = &loop->slots[i];

		if (slot->phase == PHASE_IDLE)
			continue;
		if (over && slot->phase != PHASE_DYING)
			cell_break(slot, "the run's time is over");
		else if (now >= slot->deadline_ns)
			overdue(slot, now);
	}
}

/* Signals that are not ignored, as for a job in the background, become events. */
static void signals_take(struct loop *loop)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = loop };
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(end_signals) / sizeof(*end_signals); i++)
		if (sigaction(end_signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaddset(&set, end_signals[i]);
	sigprocmask(SIG_BLOCK, &set, &loop->mask);
	loop->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signals < 0 || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->signals, &e) < 0)
		sigprocmask(SIG_SETMASK, &loop->mask, NULL);
}

static void signals_give_back(struct loop *loop)
{
	sigprocmask(SIG_SETMASK, &loop->mask, NULL);
	fd_close(&loop->signals);
}

/* End the cells that are under way, without verdicts. A second signal has its default action. */
static void on_signal(struct loop *loop)
{
	struct signalfd_siginfo info;

	if (read(loop->signals, &info, sizeof(info)) != sizeof(info))
		return;
	loop->signal = (int)info.ssi_signo;
	signals_give_back(loop);
	for (int i = 0; i < loop->config->slots; i++)
		cell_abandon(&loop->slots[i]);
}

/* When epoll fails, the cells that are left still get their lines, as broken. */
static void break_all(struct loop *loop, const char *why)
{
	loop->shared.over = why;
	for (int i = 0; i < loop->config->slots; i++)
		if (loop->slots[i].phase != PHASE_IDLE && loop->slots[i].phase != PHASE_DYING)
			cell_break(&loop->slots[i], why);
	for (int i = 0; i < loop->config->slots; i++) {
		if (loop->slots[i].phase == PHASE_DYING)
			cell_late(&loop->slots[i]);
	}
	fill(loop);
}

static int turn(struct loop *loop)
{
	struct epoll_event events[1];

	if (!fill(loop))
		return 0;
	/* Events are taken one at a time, because handling one may close what a later one refers
	 * to. */
	int n = epoll_wait(loop->epoll, events, 1, timeout_ms(loop));

	if (n < 0 && errno != EINTR) {
		perror("nsconform: epoll_wait");
		break_all(loop, "the runner can wait for nothing: epoll_wait failed");
		return -1;
	}
	if (n == 1 && events[0].data.ptr == loop)
		on_signal(loop);
	else if (n == 1)
		cell_event(events[0].data.ptr);
	check_deadlines(loop);
	return 1;
}

int exec_run(const struct exec_config *config)
{
	AUTO_POOL pool = { 0 };
	struct loop loop = { .config = config, .epoll = epoll_create1(EPOLL_CLOEXEC) };
	int rc;

	if (loop.epoll < 0) {
		perror("nsconform: epoll_create1");
		return -1;
	}
	if (config->time_factor)
		patience_set(config->time_factor);
	loop.slots = pool_array(&pool, struct slot, (size_t)config->slots);
	for (int i = 0; i < config->slots; i++) {
		loop.slots[i].config = config;
		loop.slots[i].epoll = loop.epoll;
		loop.slots[i].shared = &loop.shared;
	}
	kmsg_open(&loop.shared.kmsg);
	signals_take(&loop);
	while ((rc = turn(&loop)) > 0)
		;
	kmsg_close(&loop.shared.kmsg);
	for (int i = 0; i < config->slots; i++) {
		worker_stop(&loop.slots[i]);
		pool_free(&loop.slots[i].pool);
	}
	close(loop.epoll);
	cell_cgroups_end();
	signals_give_back(&loop);
	return loop.signal ? loop.signal : rc;
}
