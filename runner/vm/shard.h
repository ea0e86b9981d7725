/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One of the machines of a run: what it was given, how far it is, what it said. For
 * shards.c, shard.c and crash.c alone.
 */
#ifndef NSC_SHARD_H
#define NSC_SHARD_H

#include "report/attempts.h"
#include "vm/deal.h"
#include "vm/shards.h"

enum stage { CELL_WAITS, CELL_RUNS, CELL_DONE };

struct shard {
	struct run *run;
	struct vm vm;
	struct pool pool; /* of this boot */
	struct batch batch; /* what it has still to do */
	size_t *suspects; /* cells that ran when it died; run one by one in the next boot */
	size_t n_suspects;
	/* This boot: */
	size_t *job;
	size_t n_job, n_results;
	unsigned char *stage; /* of each of the job */
	char **held;	      /* result lines of suspects, until it is clear what they mean */
	bool kvm, trying, booted, ended, late, exits;
	size_t last;	      /* the cell of the job that ended last */
	const char *complaint; /* the guest's own words */
	bool by_qemu;	      /* its last death was qemu's: crash_is_qemus() */
	int boots;	      /* so far */
	const char *console;  /* file of the results with the last one's, or NULL */
	const char *suspect_console; /* the one of the boot in which the suspects ran */
	int fruitless;	      /* boots in a row without a result */
	bool over;
};

struct run {
	struct pool *pool;
	struct results *results;
	const struct shards_config *config;
	struct vm_config vm;
	struct attempts attempts;
	struct batches batches, later; /* --fail-fast: later, when no attempt is open any more */
	struct shard *shards;
	int n;
	bool racing;	     /* KVM against TCG: the first that boots is what all machines use */
	bool retrying;	     /* the batches are of cells that are tried again */
	int round;	     /* of --retry, --repeat and --until-fail */
	bool begun;	     /* a guest has said what it is, the plan is printed */
	struct unloaded {    /* modules that could not be loaded, each said once */
		const char *what; /* NAME ERROR */
		struct unloaded *next;
	} *unloaded;
	int signal;	     /* the signal that ended the run, or 0 */
	int64_t boot_ns;     /* the longest that a boot took */
	int64_t deadline_ns; /* of the run, or 0 */
	const char *dead;    /* why no machine can be started */
	const char *broken;  /* .dead is this machine's fault: a guest could not be prepared */
	const char *environment;
	const char *console; /* console of a machine that ran no cell, or NULL */
	const char *machine; /* which one that was */
};

/* Boot the machine with the cells that are next for it; it is over when there are none. */
void shard_boot(struct shard *s);
/* Take the next batch when there is none; false when all are taken. */
bool batch_take(struct shard *s);
/* What the file of the console of its last boot is called (from its run's pool). */
const char *shard_machine(const struct shard *s);
/* The guest has said of all cells whether they skip: make the plan of --quick, and begin. */
void shard_survey_over(struct shard *s);
/* For vm_read(): one line of the guest. */
void shard_line(void *shard, char *line);
/* Hand over a result line ("pass", "trace JSON", "skip ...") of a cell of the plan. */
void shard_deliver(struct run *run, size_t index, char *line);
/* Report the cells of the machine as broken, because it cannot go on. */
void shard_give_up(struct shard *s, const char *why);
/* A verdict of the host's own; LOG is a list of the console's lines, or NULL. */
void shard_conclude(struct run *run, size_t index, struct verdict *verdict,
		    const struct value *log);

/* crash.c: why the machine ended. */
const char *crash_cause(struct shard *s, int status, const char *console);
/* Whether qemu failed or was killed, as for want of memory, which says nothing about the kernel. */
bool crash_is_qemus(struct shard *s, int status, const char *console);
/* The machine died in this boot: find the cell to blame, and what is left to do. */
void crash_blame(struct shard *s, const char *why, const char *console);
/* The machine ran all suspects and did not die: their results count if the death was qemu's. */
void crash_clear_or_fail(struct shard *s);
/* No machine has run a cell: print the only verdict, RUN's .dead with the console. What
 * has happened. */
int crash_no_boot(struct run *run);
/* Remove the cells that are done from the machine's list. */
void crash_keep_undone(struct shard *s);

#endif
