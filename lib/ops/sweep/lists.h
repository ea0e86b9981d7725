/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sweeps may find, each with the line of documentation that says so. A file that is on no list
 * is a finding, also one that the suite has never heard of.
 */
#ifndef NSC_OPS_SWEEP_LISTS_H
#define NSC_OPS_SWEEP_LISTS_H

#include <stdbool.h>

#include "nsc/field.h"

/* Rows end with one without a pattern; the first that matches a name counts. */
struct sweep_row {
	const char *pattern; /* of fnmatch(3), for names below the directory that is swept */
	const char *source;  /* who says that it is the machine's; NULL: it is of a namespace */
	bool whole;	     /* of all in a directory, which then need not be written */
};

enum sweep_list { SWEEP_SYSCTLS, SWEEP_NET_FILES, SWEEP_LISTS };

/* The row of a file that is the machine's, or NULL. */
const struct sweep_row *sweep_global(enum sweep_list list, const char *name);

/* The files of /proc/PID by who may read them. */
enum sweep_reader {
	READ_ANYBODY, /* who sees the process */
	READ_OWNER,   /* who has its user id in the initial user namespace, by the file's mode */
	READ_TRACER,  /* who has ptrace access to it, PTRACE_MODE_READ or more */
};

struct sweep_pid_row {
	const char *pattern;
	enum sweep_reader reader;
	const char *source;
};

/* The row of a file below /proc/PID, or NULL. */
const struct sweep_pid_row *sweep_pid_file(const char *name);

#endif
