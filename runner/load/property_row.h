/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A row of a scenario that asks for values of properties: box, is, seen, paths, files, needs.
 */
#ifndef NSC_PROPERTY_ROW_H
#define NSC_PROPERTY_ROW_H

#include "load/properties.h"

/* The row in which the N trials, each of the property beside it, are asked for together. */
struct value *properties_row(struct pool *pool, const struct property *const *properties,
			     const struct trial *const *trials, size_t n);

#endif
