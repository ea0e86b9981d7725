/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel releases, and versions of runtimes, as numbers that compare; and ranges of them
 * that know about stable branches.
 */
#ifndef NSC_RELEASE_H
#define NSC_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

#include "nsc/pool.h"

/* Linux MAJOR.MINOR.PATCH as one number; stable branches have reached patch levels of 340. */
#define RELEASE(major, minor, patch) (((major) * 1000 + (minor)) * 1000 + (patch))

/* "6.12" as RELEASE(6, 12, 0), "6.12.117-cloud" as RELEASE(6, 12, 117); 0 when TEXT is none. */
int release_parse(const char *text);
/* One to three numbers of at most three digits, and nothing else: how suites write a release. */
bool release_is_exact(const char *text);
/*
 * The release of uname(2)'s RELEASE. Distributions that keep "6.1.0" through all stable releases
 * say which one it is in TEXT (NULL: nothing): Debian in uname(2)'s version, Ubuntu in
 * /proc/version_signature.
 */
int release_of_kernel(const char *release, const char *text);
/* As release_parse() reads it, "6.9" for RELEASE(6, 9, 0); from POOL. */
const char *release_text(struct pool *pool, int release);

/* The first three numbers in a version: "6.12.117-cloud", "0.9.72", "252". */
struct version {
	long n[3];
};

/* False when TEXT does not begin with a digit. */
bool version_parse(const char *text, struct version *v);
/* Below, equal to or above 0 as A is below, equal to or above B. */
int version_compare(const struct version *a, const struct version *b);
struct version release_version(int release);
/* "6.9", or "6.12.117" (from POOL). */
const char *version_text(struct pool *pool, const struct version *v);

/*
 * Whether V has a repair that was released with the N versions of FIXED. One whose third number is
 * 0 or left out ("7.0") is the branch in which the repair first came: it and every later version
 * have it. Another one ("6.12.117") is a stable release: it and later ones of its own branch
 * ("6.12") have it. So a branch before the first kind that is not listed is not repaired.
 */
bool version_fixed(const struct version *fixed, size_t n, const struct version *v);
/* NULL, or what is wrong with the list: FIXED[*AT] is not as it must be. */
const char *version_fixed_check(const struct version *fixed, size_t n, size_t *at);

#endif
