/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs of the machine, run in the moat.  Never a shell.
 */
#ifndef NSC_PROGRAM_H
#define NSC_PROGRAM_H

#include "nsc/field.h"

/* Descriptors that every launcher has, and that no box should have. */
enum { LEAK_LOW = 9, LEAK_HIGH = 100 };

struct program {
	int pidfd;  /* of the program, to kill it */
	int status; /* readable when the program ends: its exit status as a shell has it */
};

struct program_config {
	const struct strs *environment; /* NAME=VALUE */
	const struct fds *pass;		/* become descriptors 20, 21, ... */
	int log;			/* takes standard output and error */
	uint64_t with;			/* WITH_*: what it has beside */
};

enum { PROGRAM_PASS = 20 };

/* 0, or -errno. ARGV is found in PATH; a program that cannot be executed exits with 127. */
int program_start(struct pool *pool, const struct strs *argv, const struct program_config *config,
		  struct program *out);
/* Its exit status (128 + signal), or -1 when it still runs at the deadline. */
int program_wait(struct program *p, int64_t deadline_ns);
/* Kill the program if it runs, and close its descriptors. */
void program_kill(struct program *p);
/* A new file for what programs say, or -1 with errno. */
int program_log(void);
/* The end of what programs printed, as one printable line. */
const char *program_said(struct pool *pool, int log);

#endif
