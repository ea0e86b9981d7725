/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program that nobody has described tells of itself.
 */
#ifndef NSC_DISCOVER_H
#define NSC_DISCOVER_H

#include "nsc/value.h"

struct discovered {
	const char *name;	/* of the runtime: the program's, without its directory */
	const char *program;	/* its path; NULL: no such program is in PATH */
	const char *word;	/* by which commands name it */
	const char *printed;	/* by --version; "" where it printed nothing or is not there */
	const char *version;	/* in there, or NULL */
	const char *expression; /* an extended regular expression whose group finds it */
	const char *oci;	/* why it is taken for an OCI runtime (runtime.md), or NULL */
	const struct value *features; /* what `NAME features` says (features.md), or NULL */
};

/* NAME is looked for in PATH; with a slash it is the path of the program. */
void discover(struct pool *pool, const char *name, struct discovered *d);

#endif
