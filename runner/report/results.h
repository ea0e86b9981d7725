/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every command that carries out cells shares: what was asked for, the selection, the way
 * from traces to verdicts, output in plan order whatever the order of completion, and
 * the exit status.
 */
#ifndef NSC_RESULTS_H
#define NSC_RESULTS_H

#include "machine/confine.h"
#include "report/known.h"
#include "machine/machine.h"
#include "report/exit_status.h"
#include "report/output.h"
#include "report/promise.h"
#include "report/report.h"
#include "report/unjudged.h"
#include "report/view.h"
#include "plan/select.h"

/* Options that are zero are not given. */
struct run_options {
	int jobs;
	int pin; /* an enum pin of cmd/pinning.h */
	enum report_format format;
	bool format_given;
	enum colour_when colour;
	struct strs known; /* files and directories of known issues, beside those of nsconform */
	const char *output;
	const char *runtime; /* name or path, or NULL */
	struct strs substitutes; /* --runtime-path: as canary_load() has them */
	const char *bundle;  /* where boxes are exported, and no cell is run; or NULL */
	struct narrowing narrowing;
	const char *rerun;	   /* DIR[:VERDICT]: what that run has recorded; or NULL */
	bool last_failed;	   /* what failed or broke in it, or in results/latest */
	struct {
		int index, number; /* of .number parts that one, from 1; 0: not said */
	} shard;
	bool no_controls, quick, fail_fast, keep_going;
	bool survey; /* before --quick the kernel in a virtual machine says what skips there */
	enum exit_profile exit;
	bool part; /* --part: the run is a part of one that is summed up later */
	struct fail_on fail_on;
	const char *baseline; /* results to compare with, or NULL */
	struct strs reports; /* FORMAT:FILE of each, as cmd/reports.h reads them */
	bool inside, here; /* in a box that somebody else has made; or on a machine to be changed */
	bool no_traces; /* of cells that went well */
	int timeout_s;
	int retry;	/* attempts beyond the first of what fails */
	int repeat;	/* attempts of each cell; with .until_fail of all, 0: no limit */
	bool until_fail;
	enum flaky_counts { FLAKY_BY_OPTION, FLAKY_PASS, FLAKY_FAIL } flaky;
	int seed;	/* of the order of cells; 0: that of the plan */
	int time_factor; /* 0: measured */
	int pairs;	/* rows of properties beside each other, at most; 0: by .quick */
	int pairs_seed; /* another choice of them for each */
};

struct results {
	struct run_options options;
	struct selection selection;
	struct plan plan;
	struct runtime *runtime; /* the plan's, or NULL */
	struct known_list known;
	const struct ran *baseline; /* that run, or NULL: cmd/baseline.h */
	const struct record **baseline_cells; /* of it, by name */
	FILE *copy; /* output.copy, or NULL */
	struct output output;
	struct totals totals;
	size_t failures; /* that the baseline, if there is one, does not have */
	struct unjudged unjudged;
	const struct value *command; /* what was typed, a list */
	const char *image, *image_sha256; /* of the kernel in a virtual machine, or NULL */
	struct said {
		signed char kind;    /* enum verdict_kind, -1: none yet */
		signed char promise; /* by itself */
	} *said; /* of each cell of the plan */
	int release; /* of the kernel that is judged */
	int64_t begun_ns; /* in sys_now_ns() terms */
	const struct confinement *confinement; /* of a run on this machine, or NULL */
	struct result {
		char *text; /* rendered, waiting for its turn */
		size_t len;
	} *window;
	size_t room; /* cells that may be finished but not printed */
	size_t printed;
	bool stop;   /* --until-fail, and something failed; or nobody reads what is printed */
	struct view view;
	bool unstarted; /* the only cell says that no other can run */
	bool cut_short; /* --timeout: cells that are broken have not been carried out */
	bool lost; /* something failed that is no cell: a machine died when none ran */
	bool none; /* options.part, and the whole plan skips: it is said in one line */
};

/* The command line, for the record, and what of it repeats a cell whose name follows. The options
 * are there, and what a terminal shows begins. */
void results_typed(struct results *r, struct pool *pool, int argc, char **argv,
		   const char *again);
/* Load the known issues, once there is a plan; false when there were problems, now printed. */
bool results_known(struct results *r, struct pool *pool);
/*
 * Open the output for ROOM cells between done and printed and print the plan.
 * ENVIRONMENT describes the machine as JSON. False, with a message, when it cannot be.
 */
bool results_begin(struct results *r, struct pool *pool, size_t room, const char *environment);
/* The cell's .skip, .detail and .remedy say why it is not run. */
void results_skip(struct results *r, size_t index);
/*
 * Whether the cell is worth another try before it is judged: it went wrong, no known issue says
 * why, and it may only have been late.  *WHAT (in POOL) is what happened.
 */
bool results_may_be_late(struct results *r, struct pool *pool, const struct script *script,
			 const struct trace *trace, const char **what);
/* The verdict that results_done() would find, and what happened in one line (in POOL, or NULL). */
const char *results_foresee(struct results *r, size_t index, struct pool *pool,
			    const struct script *script, const struct trace *trace,
			    struct verdict *verdict);
/* Whether a cell with that verdict is a failure, and none that the baseline, if there is one, has,
 * too. */
bool results_counts(struct results *r, size_t index, const struct script *script,
		    const struct trace *trace, const struct verdict *verdict);
/* Whether no further cell is to begin: --fail-fast and a failure that counts, or .stop. */
bool results_stopped(const struct results *r);
/* Another attempt of the cell is to come: keep what came of it so far. */
void results_so_far(struct results *r, size_t index, const struct script *script,
		    const struct trace *trace, const struct verdict *verdict);
/* An attempt is over, or a round of attempts begins, of which LIMIT is the last one (0: none); for
 * who waits for the end. */
void results_attempt(struct results *r);
void results_round(struct results *r, int round, int limit);
/* The cell was carried out. LINE is its trace_line(), or NULL to have it made when wanted. */
void results_done(struct results *r, size_t index, struct pool *pool, const struct script *script,
		  const struct trace *trace, const char *line);
/* The same when the verdict is known already. */
void results_verdict(struct results *r, size_t index, struct pool *pool,
		     const struct script *script,
		     const struct trace *trace, struct verdict *verdict, const char *line);
/* A TAP comment line, printed now. */
void results_comment(struct results *r, const char *text);
/* Print the end. RC is exec_run()'s; what has happened, a row of exit_rows. */
int results_end(struct results *r, int rc);
/* After that something else HAPPENED, which the record has to say, too; what has happened then. */
int results_ended_with(struct results *r, struct pool *pool, int happened);
void results_free(struct results *r);

#endif
