/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The report page: what its sections share. The runs are columns, their cells are merged by name;
 * each section is a file of its own, which writes HTML that can be read without the script.
 *
 * Anchors: a cell has its name, a scenario `scenario:NAME`, a clause `clause:ID`, a known issue
 * `known:ID`, a family `family:NAME`, a group of skips `skip:N`.
 */
#ifndef NSC_HTML_PAGE_H
#define NSC_HTML_PAGE_H

#include <stdio.h>

#include "load/clauses.h"
#include "load/runtime.h"
#include "report/known.h"
#include "report/ran.h"
#include "report/traced.h"

/* A blank at which no line breaks. */
#define NBSP "\u00a0"

/* How a cell ended, what is worth looking at first: rows of looks[]. */
enum look {
	LOOK_FAIL,
	LOOK_BROKEN,
	LOOK_XPASS,
	LOOK_EMPTY, /* it passed, and its control or twin shows that this proves nothing */
	LOOK_FLAKY, /* it passed, and another attempt did not */
	LOOK_KNOWN,
	LOOK_SKIP,
	LOOK_PASS,
	LOOKS,
	LOOK_NONE = LOOKS, /* not run */
};

struct look_row {
	const char *class, *glyph, *word, *doc;
};
extern const struct look_row looks[LOOKS + 1];

/* A run. */
struct html_column {
	const struct ran *ran;
	const struct run_record *run; /* of parts the first */
	const char *title, *brief;    /* no other column has them; brief: of a kernel its version */
	int release;		      /* of its kernel; 0: not known */
	const struct runtime *runtime; /* name and installed version alone; NULL: a kernel's run */
	size_t count[LOOKS];
	size_t flaky; /* cells whose attempts differ, however they ended */
	struct traced_file *traced; /* the last that was read: html_steps.c */
};

struct html_scenario;

struct html_cell {
	const char *name, *variant; /* variant is "" where the scenario has but one */
	struct html_scenario *scenario;
	const struct html_cell *plain; /* whose control or twin it is; NULL: it is no such cell */
	const struct record **in;      /* its record by column, or NULL */
	unsigned char *look;	       /* by column */
	enum look worst;
	bool told; /* it has an entry of its own, with all that is known of it */
	const struct html_cell *like; /* whose entry has the same rule and steps, or NULL */
};

struct html_scenario {
	const char *name, *family, *title; /* title: the name without the family */
	struct html_cell *cells;
	size_t n;
	size_t *count;		     /* [column * LOOKS + look] */
	const struct scenario *text; /* as its suite has it, or NULL */
};

struct html_skip;

struct html_page {
	FILE *out;
	struct pool *pool;
	struct pool scratch; /* of what is written next; reset by whoever begins something */
	struct html_column *columns;
	size_t n;
	const struct html_column *baseline; /* as asked for, or NULL */
	struct html_cell *cells;
	size_t n_cells;
	struct html_scenario *scenarios;
	size_t n_scenarios;
	struct catalogue catalogue;
	struct known_list known;
	struct problems problems; /* of catalogue and known issues, which the page can do without */
	struct html_skip *skips;
	size_t n_skips;
};

/* html_model.c: merge the runs. */
void html_model(struct html_page *p, const struct ran *runs, size_t n);

/* html_text.c. S for text and for quoted attributes: nothing of it is markup. */
const char *html_esc(struct html_page *p, const char *s);
/* The same for text alone, where quotes may stay: there are many. */
const char *html_text(struct html_page *p, const char *s);
/* 12,345 */
const char *html_number(struct html_page *p, size_t n);
/* From microseconds to hours, with what is worth reading. */
const char *html_duration(struct html_page *p, int64_t ns);
/* S in which addresses and CVE numbers are links. */
const char *html_linked(struct html_page *p, const char *s);
/* Glyph and word of LOOK. */
void html_look(struct html_page *p, enum look look);
/* Glyph and count of each look that there is. There are many: they have no words. */
void html_counts(struct html_page *p, const size_t *count);
/* The same as a bar of which each part is as wide as it counts. */
void html_bar(struct html_page *p, const size_t *count);
/* Begin a grid that has a column for each run: their names. */
void html_heads(struct html_page *p);
/* A link to the cell, TEXT being its name or a part of it. */
void html_cell_link(struct html_page *p, const struct html_cell *cell, const char *text);
/* A rule by its name, as a link where this catalogue has it: results may be of another release. */
void html_clause(struct html_page *p, const char *id);
/* What there is to say about a record in a few words: reason, message, or seen for expected. */
const char *html_why(struct html_page *p, const struct record *r);

/* html_stories.c: the texts of all scenarios, from the traces or the installed suites. */
void html_stories(struct html_page *p);

/* html_steps.c: what was done in a cell, step by step. */
enum step_mark { STEP_WENT, STEP_WRONG, STEP_UNREACHED, STEP_UNJUDGED };
struct html_step {
	enum step_mark mark;
	const char *who, *does, *must, *saw; /* must may be NULL */
};
/* Its steps in COLUMN; *N is 0 where the results have no trace of it that fits its suite. */
const struct html_step *html_steps(struct html_page *p, struct html_column *column,
				   const struct html_cell *cell, size_t *n);

/* html_console.c: a link to the file NAME of the results, or its name where it is not there; and
 * links to all consoles of the run, NULL where it has none. */
const char *html_console(struct html_page *p, const struct html_column *c, const char *name);
const char *html_consoles(struct html_page *p, const struct html_column *c);

/* html_cell.c: all that is known of a cell that did not simply pass or skip. */
void html_entry(struct html_page *p, const struct html_cell *cell, bool open);

/* html_skips.c: which group the skip is of. */
void html_group_skips(struct html_page *p);
size_t html_skip_of(const struct html_page *p, const struct record *r);

/* The sections. */
void html_runs(struct html_page *p);
void html_changes(struct html_page *p);
void html_failures(struct html_page *p);
void html_promises(struct html_page *p);
void html_grid(struct html_page *p);
void html_known(struct html_page *p);
void html_skips(struct html_page *p);
void html_clauses(struct html_page *p);

#endif
