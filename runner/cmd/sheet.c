// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of help, on a terminal and in Markdown.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "cmd/reference.h"
#include "cmd/sheet.h"

enum { WIDTH = 80, INDENT = 2 };

void help_wrap(FILE *out, const char *text, int at)
{
	int column = at;

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (column > at && column + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", at, "");
			column = at;
		} else if (column > at) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", len, text);
		column += len;
		text += len + (text[len] == ' ');
	}
	fputc('\n', out);
}

void sheet_section(const struct sheet *s, const char *title)
{
	if (s->markdown)
		fprintf(s->out, "\n## %c%s\n\n", toupper((unsigned char)*title), title + 1);
	else
		fprintf(s->out, "\n%s:\n", title);
}

void sheet_text(const struct sheet *s, const char *text)
{
	AUTO_POOL pool = { 0 };

	if (s->markdown)
		page_text(0, "%s", page_escape(&pool, text));
	else
		help_wrap(s->out, text, 0);
}

void sheet_row(const struct sheet *s, const char *name, const char *text)
{
	AUTO_POOL pool = { 0 };

	if (s->markdown) {
		page_text(2, "- `%s`: %s", name, page_escape(&pool, text));
		return;
	}

	int len = fprintf(s->out, "%*s%s", INDENT, "", name);

	if (len > s->column - INDENT)
		fprintf(s->out, "\n%*s", s->column, "");
	else
		fprintf(s->out, "%*s", s->column - len, "");
	help_wrap(s->out, text, s->column);
}

void sheet_example(const struct sheet *s, const char *command, const char *text)
{
	if (s->markdown) {
		sheet_row(s, command, text);
		return;
	}
	fprintf(s->out, "%*s%s\n%*s", INDENT, "", command, 3 * INDENT, "");
	help_wrap(s->out, text, 3 * INDENT);
}
