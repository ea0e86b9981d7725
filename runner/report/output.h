/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where results go: TAP on stdout, and with --output DIR also
 *   DIR/tap/SUITE.tap           what was printed
 *   DIR/traces/SUITE.jsonl      what was seen: a header line with the suite's text, a line a cell,
 *                               and an end mark with their number (report/trace.h)
 *   DIR/cells.jsonl             one line a cell (report/record.h); parts of one run add to it
 *   DIR/run.json                the run, or of its parts DIR/parts/NAME.json (report/run_file.h)
 *   DIR/run.plan                the names of its cells, or DIR/parts/NAME.plan
 *   DIR/run.attempts            while further attempts of cells are under way, or if it was killed
 *                               then: what came of them so far; or DIR/parts/NAME.attempts
 *   DIR/environment.json        the machine
 *   DIR/consoles/MACHINE.log    of virtual machines, one a boot (report/consoles.c)
 */
#ifndef NSC_OUTPUT_H
#define NSC_OUTPUT_H

#include <stdio.h>

#include "machine/confine.h"
#include "report/judge.h"
#include "plan/select.h"
#include "report/run_file.h"

struct output {
	struct pool *pool;
	const char *dir; /* NULL: stdout alone */
	const struct runtime *runtime; /* or NULL */
	uint32_t pairs_seed; /* of the plan */
	bool inside, part;
	bool silent; /* nothing is printed: the view has it on the terminal */
	int seed; /* of the order, or 0 */
	const struct fail_on *fail_on; /* what makes failures of other verdicts */
	const char *image, *image_sha256; /* of the kernel in a virtual machine, or NULL */
	const struct confinement *confinement; /* that verdicts take into account, or NULL */
	const char *release;
	const struct value *command; /* a list of texts: what was typed */
	const char *again; /* plan.again */
	FILE *tap, *cells, *attempts;
	FILE *copy; /* of the lines of cells.jsonl, for who reads them at the end; or NULL */
	struct run_file run;
	FILE *trace;
	struct traced {
		const struct suite *suite;
		size_t cells; /* written since its header or last end mark */
	} *traced; /* trace files of this run; the last is the one that is open */
	size_t n_traced, room_traced;
	bool no_traces; /* but of cells that did not go well, when they are there */
	bool failed;
};

/* Whether DIR (or NULL) cannot take the results of the selection, as another run's are there; said
 * on stderr. */
bool output_taken(struct pool *pool, const char *dir, const struct selection *s, bool part);
/*
 * O is set up but for what is opened here; ENVIRONMENT (JSON) is that of the machine that is
 * judged. False with a message on stderr when O->dir cannot be used.
 */
bool output_open(struct output *o, const struct selection *s, const struct plan *plan,
		 const char *environment);
/* The names of the cells of PLAN, in POOL. */
void output_plan(struct pool *pool, const struct plan *plan, struct strs *names);
void output_tap(struct output *o, const char *text, size_t len);
void output_text(struct output *o, const char *text);
bool output_wants_traces(const struct output *o);
/* What is known of a cell that is over; of a skip there are neither script nor trace. */
struct cell_result {
	const struct cell *cell;
	const char *name;
	const struct verdict *verdict;
	const struct script *script;
	const struct trace *trace;
	const char *line; /* trace_line(), or NULL */
};

/* The cell's record, which lives as long as POOL and what C has. */
void output_record(struct pool *pool, const struct output *o, const struct cell_result *c,
		   struct record *r);
void output_cell(struct output *o, const struct cell_result *c, const struct record *r);
/* Keep the record of a cell of which another attempt is to come, for whoever kills the run. */
void output_so_far(struct output *o, const struct record *r);
/* The record of the run says that it has come to that round. */
void output_round(struct output *o, int round);
/*
 * Keep the console of a virtual machine: its beginning and its end, where it is long. What the file
 * is called below O->dir (from O->pool), or NULL when there is none.
 */
const char *output_console(struct output *o, const char *machine, const char *text);
/* INTERRUPTED: the plan has more cells. False when anything could not be written. */
bool output_close(struct output *o, bool interrupted);
/* The last of all: the run's own record. False when it cannot be written. */
bool output_end(struct output *o, bool interrupted, int status, const struct totals *totals);

#endif
