/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * badrt DEFECT ROOTFS [OPTION...] -- COMMAND...
 * badrt --version DEFECT
 * badrt --list
 *
 * A container runtime for the tests: it builds what is asked for but for one defect, given by
 * name.  `honest` is none.  There are
 *
 *   drop-KIND     no namespace of that kind though it was asked for
 *   add-KIND      one though it was not
 *   ignore-NAME   option --NAME has no effect
 *   others        the rows of defects[] (defects.c)
 */
#ifndef BADRT_H
#define BADRT_H

#include <stdbool.h>

/* When something is done, and by whom. */
enum stage {
	STAGE_LAUNCHER, /* before anything else */
	STAGE_MAPS,	/* by the launcher, which alone may write the builder's maps */
	STAGE_BUILDER,	/* in the new namespaces, before the box's first process is born */
	STAGE_BOX,	/* in the box's first process, before its root (options only) */
	STAGE_PROCESS,	/* there, just before the command is executed */
	STAGE_STARTED,	/* by the launcher, once the box has been started */
	STAGE_ENDED,	/* by the launcher, once the box has ended */
};

struct badrt {
	const char *defect, *rootfs;
	char **command; /* the agent's: PATH `box` SOCKET NONCE */
	unsigned kinds; /* NSM_*: what to make */
	int builder;	/* its number, once it is there */
};

/* Carry out the defect's deed, if its stage is this one. */
void defect_act(const struct badrt *b, enum stage stage);
bool defect_known(const char *name);
bool defect_is(const struct badrt *b, const char *name);
/* Print the names of all that are rows. */
void defects_list(void);

/* Says what failed, with errno, and exits. */
void die(const char *what) __attribute__((noreturn));
/* The agent's executable and socket, seen from outside of the box. */
const char *outside(const struct badrt *b, const char *path);

#endif
