// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which processor a loop stays on.
 */
#define _GNU_SOURCE
#include <sched.h>

#include "exec/pin.h"
#include "nsc/processors.h"
#include "nsc/sys.h"

/* Short for a run of seconds, and so long that moving costs nothing that could be measured. */
#define STAY_NS 250000000ll

static bool is_taken(const struct loop *loop, int64_t processor)
{
	const struct shared *shared = loop->shared;

	for (int i = 0; i < shared->n_loops; i++)
		if (&shared->loops[i] != loop && shared->loops[i].processor == processor)
			return true;
	return false;
}

/* The processor that the scheduler has put this thread on, or one that no other loop has. */
static int64_t choose(const struct loop *loop)
{
	const struct ints *all = loop->config->pin;
	int64_t processor = sched_getcpu();

	for (size_t i = 0; (processor < 0 || is_taken(loop, processor)) && i < all->n; i++)
		processor = all->v[i];
	return processor;
}

/* Cells that are under way end where they are; their workers go along for the next ones. */
static void settle(struct loop *loop)
{
	shared_lock(loop->shared);
	loop->processor = choose(loop);
	shared_unlock(loop->shared);
	const struct ints one = { .v = &loop->processor, .n = 1 };

	processors_set(0, &one);
	for (int i = 0; i < loop->n; i++)
		if (loop->slots[i].worker_pid > 0)
			processors_set(loop->slots[i].worker_pid, &one);
	loop->moves_ns = sys_now_ns() + STAY_NS;
}

void pin_begin(struct loop *loop)
{
	if (loop->config->pin)
		settle(loop);
}

void pin_before_wait(struct loop *loop)
{
	const struct ints *all = loop->config->pin;

	loop->moving = all && (size_t)loop->shared->n_loops < all->n &&
		sys_now_ns() >= loop->moves_ns;
	if (loop->moving)
		processors_set(0, all);
}

void pin_after_wait(struct loop *loop)
{
	if (loop->moving)
		settle(loop);
}

void pin_end(struct loop *loop)
{
	if (loop->config->pin)
		processors_set(0, loop->config->pin);
}
