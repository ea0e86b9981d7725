/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a cell failed or broke, in one line: what result lines and summaries say.
 */
#ifndef NSC_REASON_H
#define NSC_REASON_H

#include "report/record.h"

/* The same as reason_line(), as it is: it may have several lines, and be long. */
const char *reason_text(struct pool *pool, const struct record *r);
/*
 * One line, from POOL, made of R's .message, .actor, .op, .field, .expected, .seen and .call, any
 * of which may be NULL. It is cut where it is longer than people read, is fit to be shown, and has
 * `#` and backslashes escaped as in TAP 14; no parser takes its first word for a directive.
 */
const char *reason_line(struct pool *pool, const struct record *r);

#endif
