/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the loops of a run share.  Who uses it, or calls back with a cell, has the lock: loops run
 * side by side.
 */
#ifndef NSC_SHARED_H
#define NSC_SHARED_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "exec/kmsg.h"

struct loop;

struct shared {
	pthread_mutex_t lock;
	struct loop *loops;
	int n_loops;
	int active, resting; /* loops that run, and those of them that have nothing to do */
	size_t finished;     /* cells that have ended */
	bool complete;	     /* there are no more */
	atomic_int signal;   /* the signal that ended the run, or 0 */
	struct kmsg kmsg;
	int running;	  /* cells under way */
	size_t starts;	  /* cells begun so far */
	const char *over; /* why no cell can be carried out any more, or NULL */
	bool stalled;	  /* a deadline passed unseen: measure how slow the machine is */
};

void shared_lock(struct shared *shared);
void shared_unlock(struct shared *shared);

/* With the lock: a cell has ended, after which others may be begun that were held back. */
void shared_finished(struct shared *shared);
/* All loops end what they have under way. */
void shared_signal(struct shared *shared, int signal);
/*
 * Nothing is under way in the loop: it rests until a cell of another one has ended, as there may be
 * a further one then; for good when all rest, and not at all when one has ended since it looked.
 */
enum rest { REST_NOT, REST, REST_FOR_GOOD } shared_rest(struct loop *loop);
/* The loop does not run, or cannot go on: the cells that there still are will be the others'. */
void shared_leave(struct loop *loop);

#endif
