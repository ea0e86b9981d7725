// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shows that an act was done.
 *
 * A control cell has no checks: its acts are looked at in the plain cell. Of a twin only the last
 * step is its own, and nothing comes after it.
 */
#include <string.h>

#include "load/refs.h"
#include "plan/acts.h"
#include "plan/contrast.h"

/* Whether the op is of one of FAMILIES, blanks between. */
static bool is_of(const struct op *op, const char *families)
{
	size_t family = strcspn(op->name, ".");

	for (; *families; families += strspn(families, " ")) {
		size_t len = strcspn(families, " ");

		if (len == family && !strncmp(op->name, families, len))
			return true;
		families += len;
	}
	return false;
}

/* Whether what the step expects is more than that its own act succeeds. */
static bool looks(const struct script_step *s)
{
	const struct step *step = s->step;

	if (!step->op || !s->expect || step->control == CONTROL_ONLY)
		return false;
	return contrast_refusal(s->expect) || step->op->unseen ||
	       step->op->out->type != FIELD_END;
}

static bool seen_later(const struct script *script, size_t at)
{
	const struct op *op = script->steps[at].step->op;

	for (size_t i = at + 1; op->seen && i < script->n_steps; i++)
		if (looks(&script->steps[i]) && is_of(script->steps[i].step->op, op->seen))
			return true;
	return false;
}

static bool is_act(const struct script_step *s)
{
	const struct op *op = s->step->op;

	return s->step->kind == STEP_CALL && op && (op->check || op->seen) &&
	       contrast_refusal(s->expect) != 1;
}

void acts_mark(struct script *script)
{
	const struct cell *cell = script->cell;
	bool twin = cell->kind == CELL_TWIN;

	if (cell->kind == CELL_CONTROL || !script->n_steps)
		return;
	for (size_t i = twin ? script->n_steps - 1 : 0; i < script->n_steps; i++) {
		struct script_step *s = &script->steps[i];

		s->check = is_act(s) && s->step->op->check && (twin || !seen_later(script, i));
	}
}

bool act_unseen(const struct script *script, size_t at)
{
	const struct script_step *s = &script->steps[at];

	return is_act(s) && !s->step->op->check && s->step->control != CONTROL_ONLY &&
	       !seen_later(script, at);
}
