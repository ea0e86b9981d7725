// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named numbers.
 */
#include <string.h>

#include "nsc/field.h"

const struct symbol *symbol_find(const struct symbol *symbols, const char *name)
{
	for (; symbols && symbols->name; symbols++)
		if (*symbols->name == *name && !strcmp(symbols->name, name))
			return symbols;
	return NULL;
}

const struct symbol *symbol_of(const struct symbol *symbols, int64_t value)
{
	for (; symbols && symbols->name; symbols++)
		if (symbols->value == value)
			return symbols;
	return NULL;
}
