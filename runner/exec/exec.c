// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loops of a run: the first in the calling thread, each other in a thread of its own.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "exec/cell_cgroups.h"
#include "exec/loop.h"
#include "nsc/patience.h"

/* What loop I of N has of the slots. */
static int slots_of(int slots, int i, int n)
{
	return slots / n + (i < slots % n);
}

/* As many loops as are wanted and can be; 0, or -errno when there is none. */
static int open_loops(struct shared *shared, struct pool *pool, const struct exec_config *config)
{
	int n = config->loops > config->slots ? config->slots : config->loops;
	int rc = 0;

	if (n < 1)
		n = 1;
	shared->loops = pool_array(pool, struct loop, (size_t)n);
	while (shared->n_loops < n && !rc) {
		struct loop *loop = &shared->loops[shared->n_loops];

		rc = loop_open(loop, pool, shared, config,
			       slots_of(config->slots, shared->n_loops, n), n > 1);
		if (rc < 0)
			loop_close(loop);
		else
			shared->n_loops++;
	}
	shared->active = shared->n_loops;
	return shared->n_loops ? 0 : rc;
}

static void *run(void *loop)
{
	loop_run(loop);
	return NULL;
}

static void run_all(struct shared *shared)
{
	struct loop *loops = shared->loops;

	/* A fork is not for a process of several threads, where one may be in malloc(3). */
	if (shared->n_loops > 1)
		cell_cgroups_begin();
	for (int i = 1; i < shared->n_loops; i++) {
		loops[i].started = pthread_create(&loops[i].thread, NULL, run, &loops[i]) == 0;
		if (!loops[i].started)
			shared_leave(&loops[i]);
	}
	loop_run(&loops[0]);
	for (int i = 1; i < shared->n_loops; i++)
		if (loops[i].started)
			pthread_join(loops[i].thread, NULL);
}

/* Where the C library, musl, has none that spin a while. */
#ifndef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
#define PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP PTHREAD_MUTEX_INITIALIZER
#endif

int exec_run(const struct exec_config *config)
{
	AUTO_POOL pool = { 0 };
	struct shared shared = { .lock = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP };
	int rc = open_loops(&shared, &pool, config);

	if (rc < 0) {
		fprintf(stderr, "nsconform: epoll_create1: %s\n", strerror(-rc));
		return -1;
	}
	if (config->time_factor)
		patience_set(config->time_factor);
	kmsg_open(&shared.kmsg);
	loop_take_signals(&shared.loops[0]);
	run_all(&shared);
	kmsg_close(&shared.kmsg);
	cell_cgroups_end();
	for (int i = 0; i < shared.n_loops; i++) {
		rc = shared.loops[i].rc < 0 ? -1 : rc;
		loop_close(&shared.loops[i]);
	}
	return shared.signal ? shared.signal : rc;
}
