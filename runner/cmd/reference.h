/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reference in Markdown: pages made from the tables of ops, types and keys, with examples
 * from the suites.  Pages go to stdout; `make docs` keeps them in docs/.
 */
#ifndef NSC_REFERENCE_H
#define NSC_REFERENCE_H

#include "load/suite.h"
#include "plan/select.h"

/* The index of families and their ops (docs/ops.md), or the page of NAME: a family
 * (docs/ops/FAMILY.md), `types`, `keys`, `selectors` or `reports`.  An exit status. */
int reference_index(struct pool *pool);
int reference_page(struct pool *pool, const char *name);

/* A sentence for each family; ends with a row without a name. */
struct op_family {
	const char *name;
	const char *doc;
};

extern const struct op_family op_families[];

enum { PAGE_SYMBOLS_MAX = 200 };

/* A page being written. */
struct page {
	struct pool *pool;
	const char *types;   /* the way from here to ops/types.md */
	const char *subject; /* the op that fields belong to, for references to them; or "" */
	struct {
		const struct symbol *symbols;
		const char *where;
	} seen[PAGE_SYMBOLS_MAX]; /* names that are on the page already */
	size_t n_seen;
};

/* The comment and the title that a page begins with; COMMAND makes it. */
void page_begin(const char *command, const char *title);
/* Print the text in lines below 120 columns; those after the first are indented by HANG. */
void page_text(int hang, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* TEXT with what Markdown would take for emphasis or HTML escaped (from POOL). */
const char *page_escape(struct pool *pool, const char *text);
/* An item for each field; LEAD stands before its name. */
void page_fields(struct page *page, const char *lead, const struct field *fields, bool in);
/* "`A`, `B` (what it is)" (from POOL). */
const char *page_symbols(struct pool *pool, const struct symbol *symbols);

void reference_types(struct page *page);
void reference_keys(struct page *page);
void reference_selectors(struct page *page);
void reference_reports(struct page *page);
void reference_exits(struct page *page);
/* docs/results-format.md */
void reference_results(struct pool *pool);

/* Names that have a section of their own in ops/types.md; ends with a row without symbols.  Tables
 * of the same names share a section, which the first of them describes. */
struct type_section {
	const struct symbol *symbols;
	const char *name;
	const char *doc; /* NULL: described by another row */
};

extern const struct type_section type_sections[];
/* The section of ops/types.md that lists these names, or NULL. */
const char *types_section(const struct symbol *symbols);

/* How scenarios use an op. */
struct op_use {
	const struct scenario *scenario; /* of the example; NULL: no scenario uses the op */
	const char *yaml;   /* the step as it was written, from its dash on, not indented */
	const char *errors; /* the errors that scenarios expect, as "`EPERM`, `EINVAL`", or "" */
};

struct op_use op_use(struct pool *pool, const struct selection *s, const struct op *op);

#endif
