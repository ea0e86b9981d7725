/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The agent: a process (or thread) that takes ops from its channel one by one, tries them
 * and answers.  It never sees an expectation.  Every actor is one, and so is the worker
 * that makes arenas.
 */
#ifndef NSC_AGENT_H
#define NSC_AGENT_H

#include "nsc/ns.h"
#include "nsc/op.h"

struct agent {
	int channel;
	const struct op *const *ops; /* what it can be asked for: a table as of op_find() */
	bool host_known;
	struct ns_id host[NS_COUNT]; /* the namespaces that must not be changed */
	/*
	 * The namespaces that it is in, as far as it has looked; forgotten with an op that moves
	 * it (OP_SINGLE).
	 */
	struct ns_id here[NS_COUNT];
	unsigned looked; /* NSM_*: at which */
	unsigned fenced; /* NSM_*: left behind for certain; counts where /proc cannot be asked */
	bool disposable; /* the machine is thrown away afterwards: OP_HOST is allowed */
	bool leads;	 /* its process group goes with it: actors may be too busy to see end of file */
	bool patient;	 /* reaps all its children before it exits: runtimes count what is left */
	bool opens_pidfd; /* pidfd_open(2) is there, and no filter forbids it */
	int keep;	 /* a descriptor to hold as long as the agent lives, or -1 */
};

/*
 * Serve the channel until end of file, then exit(0).  Calls use POOL, and what is in it is forgotten:
 * that of whoever forked the process does, and a pool of its own would be further pages to touch.
 */
void agent_serve(struct agent *agent, struct pool *pool) __attribute__((noreturn));
/* ns_self() of the process or thread that AGENT is, which does not look twice. */
int agent_ns(struct agent *agent, enum ns ns, struct ns_id *id);
enum agent_kind {
	AGENT_GUARDED,	  /* the namespaces that it starts in are not changed */
	AGENT_DISPOSABLE, /* and the machine is thrown away afterwards */
	AGENT_INSIDE,	  /* the namespaces are a box's, except those known to be the machine's */
	AGENT_HERE,	  /* the machine's namespaces may be changed, too */
};
/* Entry of the worker process: CHANNEL is inherited, and OPS is what it can be asked for. */
int agent_main(int channel, enum agent_kind kind, const struct op *const *ops);
/*
 * Entry of a process that measures, on PROCESSOR: it forks as many times as each byte from CHANNEL
 * says, at first once, and writes after each how many microseconds of processor time that took.
 */
int agent_forks(int channel, int64_t processor);
/* Entry of a program that writes CLOCK_MONOTONIC in nanoseconds to CHANNEL, an int64_t, and ends. */
int agent_clock(int channel);
/*
 * Entry of a program that the kernel starts by itself: it tells its ids and namespaces to the
 * datagram socket that is bound to the abstract NAME in the network namespace where it is.
 */
int agent_upcall(const char *name);
/*
 * Entry of the program that an agent has executed in its place (exec.self): answers the call SEQ,
 * and then serves CHANNEL with OPS.  KEEP and PATIENT are the old agent's.  It changes none of the
 * namespaces that it starts in.
 */
int agent_again(int channel, uint32_t seq, int keep, bool patient, const struct op *const *ops);

#endif
