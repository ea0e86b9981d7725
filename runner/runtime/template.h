/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands from their templates: ${name} stands for one text within a word, ${name...} as a
 * whole word for several words.
 */
#ifndef NSC_TEMPLATE_H
#define NSC_TEMPLATE_H

#include "nsc/value.h"

/* What stands for the names in templates. */
struct filling {
	struct pool *pool;
	const struct value *texts; /* name: text, also NAME.PART */
	const struct value *lists; /* name: list of words */
};

/* TEMPLATE expanded, appended to LIST. What is not known stays as it stands. */
void template_expand(const struct filling *w, const struct value *template, struct value *list);
const char *template_text(const struct filling *w, const char *template);

#endif
