// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the time says that a canary cell has taken.
 */
#include "exec/canary_cell.h"
#include "nsc/patience.h"

bool canary_is_complete(const struct trace *trace)
{
	bool complete = !trace->broken;

	for (size_t i = 0; i < trace->n; i++)
		complete &= trace->outcomes[i].status == OUTCOME_DONE;
	return complete;
}

int canary_factor(const struct canary_cell *canary, int64_t took_ns)
{
	int64_t factor = (took_ns + canary->usual_ns - 1) / canary->usual_ns;

	return factor > TIME_FACTOR_MEASURED_MAX ? TIME_FACTOR_MEASURED_MAX : (int)factor;
}

void canary_felt(const struct canary_cell *canary, const struct trace *trace, int64_t took_ns)
{
	int factor = trace->late || canary_is_complete(trace) ? canary_factor(canary, took_ns) : 1;

	if (factor > patience_factor())
		patience_set(factor);
}
