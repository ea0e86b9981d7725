// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event loop: fills idle slots, hands events to cells, watches deadlines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/epoll.h>

#include "cell.h"
#include "cells.h"
#include "nsc/sys.h"

struct loop {
	const struct exec_config *config;
	struct slot *slots;
	struct shared shared;
	int epoll;
};

/* Fill idle slots; the number that are busy afterwards, or -1. */
static int fill(struct loop *loop)
{
	int busy = 0;

	for (int i = 0; i < loop->config->slots; i++) {
		struct slot *slot = &loop->slots[i];
		const struct cell *cell;
		size_t index;

		if (slot->phase == PHASE_IDLE && loop->config->next(loop->config->context, &index, &cell)) {
			if ((slot->worker_pid <= 0 || slot->worker.channel < 0)) {
				worker_stop(slot);
				if (worker_start(slot) < 0)
					return -1;
			}
			cell_start(slot, index, cell);
		}
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
			cell_late(slot);
	}
}

static int turn(struct loop *loop)
{
	struct epoll_event events[1];
	int busy = fill(loop);

	if (busy <= 0)
		return busy;
	/* One at a time: handling an event may close what a later one refers to. */
	int n = epoll_wait(loop->epoll, events, 1, timeout_ms(loop));

	if (n < 0 && errno != EINTR) {
		perror("nsconform: epoll_wait");
		return -1;
	}
	if (n == 1)
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
	loop.slots = pool_array(&pool, struct slot, (size_t)config->slots);
	for (int i = 0; i < config->slots; i++) {
		loop.slots[i].config = config;
		loop.slots[i].epoll = loop.epoll;
		loop.slots[i].shared = &loop.shared;
	}
	kmsg_open(&loop.shared.kmsg);
	while ((rc = turn(&loop)) > 0)
		;
	kmsg_close(&loop.shared.kmsg);
	for (int i = 0; i < config->slots; i++) {
		worker_stop(&loop.slots[i]);
		pool_free(&loop.slots[i].pool);
	}
	close(loop.epoll);
	cells_end();
	return rc;
}
