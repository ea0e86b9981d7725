/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may stand between ${ and } in a runtime's file; runtime/template.c gives them their values.
 */
#ifndef NSC_PLACEHOLDERS_H
#define NSC_PLACEHOLDERS_H

#include "load/loader.h"

enum { PROPERTY_PARTS = 3 };

/* What the elements of a list property are made of: ${bind.source} and the like. */
struct property_parts {
	const char *property;
	const char *parts[PROPERTY_PARTS];
	char between;
	size_t always; /* how many of them every element has */
};

/*
 * Properties of a box that a runtime may be asked for, in the order of their tables; NULL at the
 * end.
 */
const struct field *property_at(size_t index);
/* Whether `box:` says that of the request itself: no option of a runtime's asks for it. */
bool property_of_request(const char *name);
/* The row of PROPERTY, or NULL. */
const struct property_parts *property_parts_find(const char *property);

/* What stands for the same in every command; .name without ${ and }. */
extern const struct symbol placeholder_symbols[];

/* Report each ${NAME} in the text V that no command is given a value for. */
void placeholders_check(struct loader *l, const struct value *v);

#endif
