// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a cell stands, who acts in it, and how it is run again.
 */
#include "load/paths.h"
#include "load/runtime.h"
#include "nsc/text.h"
#include "report/cell_text.h"

const char *suite_place(const struct suite *suite)
{
	return suite->place ? suite->place : suite->file;
}

const char *cell_place(struct pool *pool, const struct cell *cell, struct mark at)
{
	const char *file = suite_place(cell->scenario->suite);

	return at.line ? pool_printf(pool, "%s:%d", file, at.line) : file;
}

/* What is known of a cell that was read from a trace: how its run began may not be. */
static const char *guess(struct pool *pool, const struct cell *cell)
{
	const char *again = "nsconform run";

	if (cell->runtime)
		again = pool_printf(pool, "%s --runtime %s", again,
				    text_shell_word(pool, cell->runtime->file));
	return cell->inside ? pool_printf(pool, "%s --inside", again) : again;
}

const char *suite_again(struct pool *pool, const struct suite *suite, const char *again)
{
	return suite->own ? pool_printf(pool, "%s --suites %s", again,
					text_shell_word(pool, suite->file)) : again;
}

const char *cell_again(struct pool *pool, const struct cell *cell, const char *name)
{
	const struct suite *suite = cell->scenario->suite;

	if (suite->again)
		return pool_printf(pool, "%s %s", paths_program(pool), suite->again);
	/* vm.boot: a cell of no file, and no name to select by. */
	if (!suite->source)
		return cell->again ? cell->again : guess(pool, cell);
	return pool_printf(pool, "%s %s",
			   suite_again(pool, suite, cell->again ? cell->again : guess(pool, cell)),
			   text_shell_word(pool, name));
}

const char *step_actor(const struct script *script, const struct script_step *s)
{
	return script->actors[s->actor].actor->name;
}

const char *step_op(const struct script_step *s)
{
	return s->step->kind == STEP_START ? "start" : s->step->op->name;
}
