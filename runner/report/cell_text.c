// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a cell stands, who acts in it, and how it is run again.
 */
#include "load/runtime.h"
#include "report/cell_text.h"

const char *cell_place(struct pool *pool, const struct cell *cell, struct mark at)
{
	const char *file = cell->scenario->suite->file;

	return at.line ? pool_printf(pool, "%s:%d", file, at.line) : file;
}

const char *cell_again(struct pool *pool, const struct cell *cell, const char *name)
{
	const struct runtime *runtime = cell->runtime;
	const char *again = cell->scenario->suite->again;

	if (again)
		return pool_printf(pool, "nsconform %s", again);
	return pool_printf(pool, "nsconform run %s%s%s%s%s", runtime ? "--runtime " : "",
			   runtime ? runtime->file : "", runtime ? " " : "",
			   cell->inside ? "--inside " : "", name);
}

const char *step_actor(const struct script *script, const struct script_step *s)
{
	return s->actor >= 0 ? script->actors[s->actor].actor->name : "?";
}

const char *step_op(const struct script_step *s)
{
	return s->step->kind == STEP_START ? "start" : s->step->op->name;
}
