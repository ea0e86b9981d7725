// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of problems, and the nearest known word.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "load/problems.h"
#include "nsc/text.h"

enum { PROBLEMS_MAX = 500, WORD_MAX = 64 };

void problem_add(struct problems *p, struct mark at, const char *fmt, ...)
{
	va_list ap;

	/* Whoever asks whether there was one more is told so, also of those that are not kept. */
	if (p->n >= PROBLEMS_MAX) {
		p->n++;
		return;
	}
	p->v = pool_grow(p->pool, p->v, p->n, &p->room, sizeof(*p->v));
	va_start(ap, fmt);
	p->v[p->n++] = (struct problem){ .at = at, .text = pool_vprintf(p->pool, fmt, ap) };
	va_end(ap);
}

static int compare(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	int order = strcmp(x->at.file ? x->at.file : "", y->at.file ? y->at.file : "");

	if (!order)
		order = (x->at.line > y->at.line) - (x->at.line < y->at.line);
	if (!order)
		order = (x->at.column > y->at.column) - (x->at.column < y->at.column);
	return order ? order : strcmp(x->text, y->text);
}

/* Names and values are the input's, which may hold anything. */
static const char *shown(const struct problems *p, const char *text)
{
	if (!*text)
		return "''";
	return text_escape(p->pool, text, strlen(text), "\t");
}

void problems_print(const struct problems *p, FILE *out)
{
	size_t kept = p->n < PROBLEMS_MAX ? p->n : PROBLEMS_MAX;

	if (!p->n)
		return;
	qsort(p->v, kept, sizeof(*p->v), compare);
	for (size_t i = 0; i < kept; i++) {
		const struct problem *problem = &p->v[i];

		/* The rows of a table can each cause the same problem at the same place, which
		 * is shown once. */
		if (i && !compare(problem, problem - 1))
			continue;
		if (problem->at.line)
			fprintf(out, "%s:%d:%d: %s\n", shown(p, problem->at.file), problem->at.line,
				problem->at.column, shown(p, problem->text));
		else
			fprintf(out, "%s: %s\n",
				problem->at.file ? shown(p, problem->at.file) : "nsconform",
				shown(p, problem->text));
	}
	if (p->n > PROBLEMS_MAX)
		fprintf(out, "nsconform: there are more: only the first %d are shown\n",
			PROBLEMS_MAX);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Levenshtein distance of short words; long ones are never near. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[WORD_MAX + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > WORD_MAX || lb > WORD_MAX)
		return UINT_MAX;
	for (unsigned j = 0; j <= lb; j++)
		row[j] = j;
	for (unsigned i = 1; i <= la; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= lb; j++) {
			unsigned replace = diagonal + (a[i - 1] != b[j - 1]);
			unsigned shorter = least(row[j - 1], row[j]);

			diagonal = row[j];
			row[j] = least(replace, shorter + 1);
		}
	}
	return row[lb];
}

void nearest_offer(struct nearest *n, const char *candidate)
{
	unsigned d = distance(n->word, candidate);
	unsigned limit = (unsigned)strlen(n->word) / 3 + 1;

	if (d <= limit && (!n->best || d < n->distance)) {
		n->best = candidate;
		n->distance = d;
	}
}

const char *nearest_hint(struct pool *pool, const struct nearest *n)
{
	return n->best ? pool_printf(pool, ", did you mean %s?", n->best) : "";
}
