/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words about cells that all forms of results share.
 */
#ifndef NSC_CELL_TEXT_H
#define NSC_CELL_TEXT_H

#include "plan/script.h"

/* What results call the suite's file: two runs of the same thing agree, whatever path named it. */
const char *suite_place(const struct suite *suite);
/* FILE:LINE; a verdict on a whole kernel (vm.boot) belongs to no line of a suite. */
const char *cell_place(struct pool *pool, const struct cell *cell, struct mark at);
/* AGAIN, the command of a run, with what finds the suite's cells by their names. */
const char *suite_again(struct pool *pool, const struct suite *suite, const char *again);
/* The command that runs the cell NAME again. */
const char *cell_again(struct pool *pool, const struct cell *cell, const char *name);
/* The name of the actor that carries the step out, and of what it does. */
const char *step_actor(const struct script *script, const struct script_step *s);
const char *step_op(const struct script_step *s);

#endif
