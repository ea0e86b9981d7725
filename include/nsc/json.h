/* SPDX-License-Identifier: GPL-2.0-only */
/* Values as JSON. */
#ifndef NSC_JSON_H
#define NSC_JSON_H

#include "nsc/value.h"

/* V as JSON on one line; descriptors become the string "descriptor", bytes that are no UTF-8
 * U+FFFD. */
const char *json_text(struct pool *pool, const struct value *v);
/* TEXT as a JSON string with its quotes. */
const char *json_string(struct pool *pool, const char *text);

#endif
