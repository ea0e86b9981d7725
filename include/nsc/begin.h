/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state in which a run begins.  A process inherits a state from who started it: signal
 * dispositions, limits, priorities, privileges.  One row of begin_attributes is one attribute of
 * it: how it is read, how it is set, and what it has to be.  The runner and each worker bring
 * themselves into that state before they do anything else.  What a process may not set is a
 * need `start.NAME` of the ops that depend on it (runner/machine/start.c).
 */
#ifndef NSC_BEGIN_H
#define NSC_BEGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nsc/pool.h"

enum begin_in {
	BEGIN_RUNNER = 1, /* set by the runner, too; it leaves the others as its parent set them */
	BEGIN_WORKER = 2, /* set by every worker, and by children that try what a need asks for */
	BEGIN_BOX = 4,	  /* ... also in a box that is under test: no part of what it promises */
};

enum begin_form { BEGIN_NUMBER, BEGIN_OCTAL, BEGIN_LIMIT, BEGIN_SIGNALS, BEGIN_CAPS, BEGIN_BITS };

/* Cells that depend on the attribute, whatever ops they have. */
enum begin_by { BEGIN_BY_ROOT = 1, BEGIN_BY_USER = 2, BEGIN_BY_ALL = 3 };

enum begin_rule {
	BEGIN_EXACT,	/* has to be .wanted */
	BEGIN_ROOTS,	/* has to be .wanted for uid 0, and is of no effect for others */
	BEGIN_AT_LEAST, /* is .wanted, or as close as the hard limit lets it; .enough will do */
	BEGIN_NOTED,	/* any will do; set where it can be, and recorded */
};

struct begin_attribute {
	const char *name;   /* umask: the need is start.umask */
	const char *doc;    /* what has to be so, in lower case, without a final period */
	const char *source; /* manual page with section */
	const char *wrong;  /* what is in the way when it is not: "cannot: WRONG" */
	const char *remedy; /* what to do before the run is started, to make it so */
	unsigned in;	    /* enum begin_in */
	unsigned by;	    /* enum begin_by: further needs are the ops' own, struct op's .asks */
	enum begin_form form;
	enum begin_rule rule;
	int64_t wanted, enough;
	int64_t argument; /* of get() and set(), for rows that share them */
	int (*get)(int64_t argument, int64_t *value);  /* 0, or -errno */
	int (*set)(int64_t argument, int64_t wanted); /* 0, or -errno; NULL: it cannot be set */
};

#define BEGIN_UNLIMITED INT64_MAX

enum { BEGIN_ATTRIBUTES_MAX = 64 };

/* Ends with a row without a name. In the order in which they are set. */
extern const struct begin_attribute begin_attributes[];
const struct begin_attribute *begin_find(const char *name);
bool begin_fits(const struct begin_attribute *a, int64_t value);
/* For people; from POOL. */
const char *begin_show(struct pool *pool, const struct begin_attribute *a, int64_t value);

/* Note what was found, once, at the very start of the runner; sets nothing. */
void begin_look(void);
/* Set all attributes of IN (enum begin_in). What cannot be set stays as it is. */
void begin_set(unsigned in);

struct begin_record {
	int64_t found; /* before anything was set */
	int64_t now;   /* as a worker has it */
	int found_error, now_error, set_error; /* positive errnos; 0: none */
};

/*
 * What became of the attribute. The first call forks a child that sets what a worker does, as
 * a worker's state cannot be the runner's own: the runner keeps the environment, the directory,
 * the descriptors and the ignored signals that it was given.
 */
struct begin_record begin_recall(const struct begin_attribute *a);

#endif
