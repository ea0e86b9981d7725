/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files with placeholders, such as jobs of a CI. What a template declares is a setting of its own:
 *
 *   #: NAME         somebody has to say what it is (nsconform export --set NAME=VALUE)
 *   #: NAME=VALUE   it is VALUE where nobody does; VALUE may be empty
 *
 * These lines are no part of what becomes of it. In the others @NAME@ stands for a value, and
 * @NAME:compression@ for how a file of that name is compressed: xz, gz, bz2, zstd, zip or null. A
 * line with a placeholder for nothing is left out; a value of several lines is indented as its
 * placeholder is.
 */
#ifndef NSC_TEMPLATE_H
#define NSC_TEMPLATE_H

#include <stdbool.h>

#include "load/problems.h"

struct placeholder {
	const char *name;  /* NULL ends them */
	const char *value; /* NULL or "": nothing */
};

struct template {
	const char *file, *text;
	struct placeholder *settings;
	size_t n_settings;
};

/* Read the template; what is wrong with it goes to PROBLEMS. */
void template_load(struct template *t, struct pool *pool, const char *path,
		   struct problems *problems);
/* PAIR is NAME=VALUE, of a setting that the template declares. */
void template_set(struct template *t, const char *pair, struct problems *problems);
/* The text with VALUES and the settings in their places (from POOL). */
const char *template_fill(const struct template *t, struct pool *pool,
			  const struct placeholder *values, struct problems *problems);

/* NULL, or why TEXT can be no value: it has to fit between quotes, in YAML and in a shell (from
 * POOL). */
const char *template_refuses(struct pool *pool, const char *text);

#endif
