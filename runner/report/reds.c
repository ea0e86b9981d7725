// SPDX-License-Identifier: GPL-2.0-only
/*
 * What controls and twins show, as lines.
 */
#include "report/judge.h"
#include "report/reds.h"

void reds_print(FILE *out, struct pool *pool, const struct traced_cell *cell)
{
	for (size_t i = 0; i < cell->script.n_steps; i++) {
		const struct script_step *s = &cell->script.steps[i];
		const struct outcome *o = &cell->trace.outcomes[i];
		struct mismatch red = { .what = "-", .expected = "met", .seen = "met" };
		const char *missing;

		if (!s->contrary || o->status != OUTCOME_DONE)
			continue;
		const struct value *expect = trace_resolve(pool, &cell->script, &cell->trace, i,
							   s->contrary, &missing);

		if (expect)
			judge_mismatches(pool, s, o, expect, NULL, &red, 1);
		fprintf(out, "%s\t%d\t%s\t%s\t%s\t%s\n", cell->name, s->step->at.line,
			s->step->op->name, red.what, red.expected, red.seen);
	}
}
