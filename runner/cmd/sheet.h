/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page of help while it is written: for a terminal, or in Markdown, of which manual pages are
 * made.
 */
#ifndef NSC_SHEET_H
#define NSC_SHEET_H

#include <stdbool.h>
#include <stdio.h>

struct sheet {
	FILE *out;
	bool markdown;
	int column; /* where texts begin beside names, on a terminal */
};

/* TITLE in lower case begins a section. */
void sheet_section(const struct sheet *s, const char *title);
/* A paragraph. */
void sheet_text(const struct sheet *s, const char *text);
/* A name, and its text beside it or below. */
void sheet_row(const struct sheet *s, const char *name, const char *text);
/* A command line, and what it does. */
void sheet_example(const struct sheet *s, const char *command, const char *text);
/* The words of TEXT from column AT on, where the line already is; the next lines hang below. */
void help_wrap(FILE *out, const char *text, int at);

#endif
