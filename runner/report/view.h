/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What somebody at a terminal sees of a run: failures as they happen, one line of progress below
 * them, and at the end what digest.h has. On stderr, and only where that is a terminal; TAP, which
 * goes to stdout, is left out when that is the same terminal and nobody has asked for it.
 */
#ifndef NSC_VIEW_H
#define NSC_VIEW_H

#include "report/colour.h"
#include "report/digest.h"

struct view {
	bool on;
	bool replaces; /* TAP is not printed */
	bool shared;   /* TAP is printed on the same terminal, or goes to a pipe and may be */
	bool colour, draws;
	struct digest digest;
	size_t cells, todo;	 /* of the plan; to be carried out, as far as is known */
	bool unknown;		 /* skips show one by one, as in virtual machines */
	size_t ended, carried_out;
	size_t attempts;     /* that are over, where cells are carried out more than once */
	int round, rounds;   /* which one of how many; 0: there are none, or no limit */
	int times;	     /* how often each cell is carried out, one after another; or 0 */
	size_t verdicts[VERDICT_BROKEN + 1];
	int64_t began_ns, drawn_ns;
	const char *status; /* in place of numbers, before there are any; or NULL */
	bool drawn; /* the line is there */
};

/* FORMAT: somebody has asked for TAP in so many words. */
void view_open(struct view *v, struct pool *pool, enum colour_when colour, bool format);
/* What is done before the first cell. */
void view_status(struct view *v, const char *what);
/* CELLS are in the plan, and TODO of these are to be carried out. */
void view_begin(struct view *v, size_t cells, size_t todo);
void view_cell(struct view *v, const struct record *record, bool bad);
/* An attempt of a cell is over that is perhaps not the last one. */
void view_attempt(struct view *v);
/* A round of attempts begins, of ROUNDS (0: nobody knows). */
void view_round(struct view *v, int round, int rounds);
/* A line among the failures. */
void view_note(struct view *v, const char *text);
/* Take the line of progress away before something else is printed, and put it back after that. */
void view_hide(struct view *v);
void view_show(struct view *v);
/* Take it away for good. */
void view_stop(struct view *v);
/* The end: WHY it came before that of the plan, or NULL; and where results are, or NULL. */
void view_end(struct view *v, const char *why, const char *dir);

#endif
