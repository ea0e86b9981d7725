/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands from their templates: ${name} stands for one text within a word, ${name...} as a
 * whole word for several words.
 */
#ifndef NSC_WORDS_H
#define NSC_WORDS_H

#include "nsc/value.h"

struct words {
	struct pool *pool;
	const struct value *texts; /* name: text, also NAME.PART */
	const struct value *lists; /* name: list of words */
};

/* TEMPLATE expanded, appended to LIST. What is not known stays as it stands. */
void words_expand(const struct words *w, const struct value *template, struct value *list);
const char *words_text(const struct words *w, const char *template);

#endif
