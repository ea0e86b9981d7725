/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * On how many processors cells are carried out.  On each an event loop stays with its workers and
 * all that they fork, as a wake-up on another processor costs an interrupt there.
 */
#ifndef NSC_PINNING_H
#define NSC_PINNING_H

#include "cmd/options.h"
#include "nsc/value.h"

struct exec_config;

enum pin { PIN_MEASURED, PIN_NONE, PIN_ONE, PIN_ALL };
/* In an enum pin. */
extern const struct option_group pin_options;

struct pinning {
	struct ints processors; /* that this process may run on */
	bool free;	 /* the one loop stays on none of them */
	int loops;	 /* else how many do, on one each */
	int slots;	 /* cells at a time */
	const char *why; /* that many */
};

/*
 * Choose for CELLS cells; JOBS at a time, or 0; INSIDE of a box.  Measures, but where that takes
 * longer than it can save.
 */
void pinning_choose(struct pool *pool, enum pin pin, size_t cells, int jobs, bool inside,
		    struct pinning *pinning);
/* The choice for CONFIG. */
void pinning_apply(const struct pinning *pinning, struct exec_config *config);
/* ... and for the description of the machine. */
void pinning_describe(struct pool *pool, const struct pinning *pinning, struct value *machine);

#endif
