/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An event loop: fills its idle slots, hands events to their cells, watches deadlines.
 */
#ifndef NSC_LOOP_H
#define NSC_LOOP_H

#include <pthread.h>
#include <signal.h>

#include "exec/slot.h"

struct loop {
	const struct exec_config *config;
	struct shared *shared;
	struct slot *slots;
	int n;	     /* of them */
	int epoll;
	int wake;    /* an eventfd, in the epoll with its own address; -1: there is one loop */
	int signals; /* a signalfd, likewise; -1: another loop has it */
	sigset_t mask; /* before the signals were blocked */
	size_t seen;   /* shared->finished when no cell was to be had */
	bool resting;  /* nothing is under way, nor to be had before another loop ends a cell */
	int64_t processor; /* that it stays on; -1: on none */
	int64_t moves_ns;  /* when it chooses again, if there are more of them than loops */
	bool moving;
	pthread_t thread;
	bool started; /* the thread */
	int rc;
};

/*
 * Prepare a loop with N slots, which others can wake where it is ONE_OF_SEVERAL. 0, or -errno; in
 * any case loop_close() ends it.
 */
int loop_open(struct loop *loop, struct pool *pool, struct shared *shared,
	      const struct exec_config *config, int n, bool one_of_several);
/* Make signals that end the run events of this loop; those that are ignored stay so. */
void loop_take_signals(struct loop *loop);
/* Carry out cells until there are no more: .rc is 0, or -1 when it could not go on. */
void loop_run(struct loop *loop);
void loop_close(struct loop *loop);

#endif
