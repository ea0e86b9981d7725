/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Running a program of the machine's where it can do the machine no harm.
 */
#ifndef NSC_ISOLATED_H
#define NSC_ISOLATED_H

#include <stdint.h>

#include "nsc/field.h"
#include "nsc/value.h"

/*
 * What the command prints, to either output, up to MAX bytes; NULL when it cannot be run.
 * It runs in namespaces of its own, where everything is read-only but a /run and a /tmp that
 * are its own, and is killed with all that it has started at the latest after WITHIN_NS. PROGRAMS:
 * as sys_programs_open() has them, found before those in the caller's PATH.
 */
char *isolated_output(struct pool *pool, const struct value *argv, const struct strs *programs,
		      size_t max, int64_t within_ns);

#endif
