/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carrying out cells.  The controller never enters a namespace: it starts one worker for
 * each slot (itself, executed anew, so that agents are small and cannot see a plan), has the
 * worker make an arena for each cell, and from there on talks to the arena's and the actors'
 * agents, all slots at once in one event loop.  The state of a slot is where its cell's script
 * stands; every wait has a deadline.  With several loops, which are threads, each has its slots
 * and takes cells from the same plan; what they share has one lock.
 */
#ifndef NSC_EXEC_H
#define NSC_EXEC_H

#include "trace/trace.h"

struct canary_cell;

struct exec_config {
	int slots;	    /* cells at a time, of all loops */
	int loops;	    /* at least one */
	/* Those that the run may use, on one of which each loop stays; NULL: on none. */
	const struct ints *pin;
	int release;	    /* of the running kernel */
	bool root;	    /* privileged in the initial user namespace: machine_read() */
	bool disposable;    /* the machine is thrown away afterwards */
	bool inside;	    /* agents may change the namespaces they are in */
	bool here;	    /* agents may change the machine's namespaces, too */
	int time_factor;    /* all limits on waiting are that many times longer; 0: as they are */
	/* Called after a stall, to measure again how slow the machine is; NULL: never. */
	const struct canary_cell *canary;
	int64_t deadline_ns; /* of the whole run in sys_now_ns() terms, 0: none */
	void *context;
	/* Both are called by one loop at a time. */
	/* The next cell to run and its index in the plan; false when there is none (for now). */
	bool (*next)(void *context, size_t *index, const struct cell **cell);
	/* A cell's trace is complete. POOL holds all of it and is reset afterwards. */
	void (*done)(void *context, size_t index, struct pool *pool, const struct script *script,
		     const struct trace *trace);
};

/* Whoever sees that a run has begun may end it: signals wait from here on for exec_run(), which has
 * to follow. */
void exec_hold_signals(void);

/*
 * 0 when every cell that next() gave was done; -1 when the harness could not go on, said on
 * stderr, and all the rest was broken; the number of the signal that asked for the end: what
 * was under way is then not done().
 */
int exec_run(const struct exec_config *config);

#endif
