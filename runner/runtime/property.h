/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of properties as the words and lines of launchers want them.
 */
#ifndef NSC_RUNTIME_PROPERTY_H
#define NSC_RUNTIME_PROPERTY_H

#include "nsc/value.h"

/* Part number PART of TEXT, counted from 0; "" when there are fewer. */
const char *text_part(struct pool *pool, const char *text, char between, size_t part);
const char *text_lower(struct pool *pool, const char *text);
/* Parts of an element of a property's list, such as SOURCE and TARGET of a bind; "" when absent. */
const char *property_part(struct pool *pool, const struct value *element, size_t part);
/* A clock offset in nanoseconds, 0 where V is NULL. */
int64_t property_ns(const struct value *v);
/* The same in whole seconds, as most launchers take it. */
const char *property_seconds(struct pool *pool, const struct value *v);

#endif
