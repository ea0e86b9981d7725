/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of a runtime is on this machine, and what it makes of harmless requests.
 */
#ifndef NSC_CANARY_H
#define NSC_CANARY_H

#include "load/runtime.h"
#include "plan/plan.h"
#include "trace/trace.h"

/*
 * runtime_load() and that; NULL when there were problems. SUBSTITUTES: what --runtime-path says,
 * each [PROGRAM=]FILE, without PROGRAM the launcher, which the file names first.
 */
struct runtime *canary_load(struct pool *pool, const char *name_or_path,
			    const struct strs *substitutes, struct problems *problems);

/* What brings a runtime that is not there: "install ...". */
const char *canary_install(struct pool *pool, const struct runtime *r);

/* What it asks of PROPERTY, as YAML has it; NULL when it has no value for it. */
const char *canary_value(struct pool *pool, const char *property);
/* That suite's cells. False when there were problems. ROOT: as machine_read() has it. */
bool canary_plan(struct pool *pool, const struct runtime *r, bool root, bool all,
		 struct catalogue *catalogue, struct problems *problems, struct plan *plan);

/* The cell's launch; NULL when the moat was not even made. */
const struct outcome *canary_launch(const struct script *script, const struct trace *trace);
/* Whether an agent has reported from the box. */
bool canary_started(const struct script *script, const struct trace *trace);
/* What a bare launch took gives the deadline of all others, where that is longer. */
void canary_measured(struct runtime *r, int64_t took_ns);

#endif
