// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loops that rest, and what wakes them.
 */
#include <sys/eventfd.h>

#include "exec/loop.h"
#include "exec/shared.h"

void shared_lock(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
}

void shared_unlock(struct shared *shared)
{
	pthread_mutex_unlock(&shared->lock);
}

static void wake(struct loop *loop)
{
	if (loop->resting)
		loop->shared->resting--;
	loop->resting = false;
	if (loop->wake >= 0)
		eventfd_write(loop->wake, 1);
}

static void wake_resting(struct shared *shared)
{
	for (int i = 0; shared->resting && i < shared->n_loops; i++)
		if (shared->loops[i].resting)
			wake(&shared->loops[i]);
}

void shared_finished(struct shared *shared)
{
	shared->finished++;
	wake_resting(shared);
}

void shared_signal(struct shared *shared, int signal)
{
	shared_lock(shared);
	shared->signal = signal;
	for (int i = 0; i < shared->n_loops; i++)
		wake(&shared->loops[i]);
	shared_unlock(shared);
}

/* When all loops rest there are no further cells. */
static void end_if_all_rest(struct shared *shared)
{
	if (shared->resting < shared->active)
		return;
	shared->complete = true;
	wake_resting(shared);
}

enum rest shared_rest(struct loop *loop)
{
	struct shared *shared = loop->shared;
	enum rest rest = REST_NOT;

	shared_lock(shared);
	if (loop->seen == shared->finished) {
		loop->resting = true;
		shared->resting++;
		end_if_all_rest(shared);
		rest = shared->complete ? REST_FOR_GOOD : REST;
	}
	shared_unlock(shared);
	return rest;
}

void shared_leave(struct loop *loop)
{
	struct shared *shared = loop->shared;

	shared_lock(shared);
	shared->active--;
	end_if_all_rest(shared);
	shared_unlock(shared);
}
