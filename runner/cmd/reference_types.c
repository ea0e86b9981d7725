// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of types: what a field of each holds, and the lists of names that many fields take.
 */
#include <stdio.h>

#include "cmd/reference.h"

void reference_types(struct page *page)
{
	page_begin("ops --markdown types", "Types");
	page_text(0, "What parameters and results of [ops](../ops.md), attributes of actors and properties of "
		  "boxes ([keys](../keys.md)) hold. A reference such as `$before.name` stands for a value "
		  "of any type. The unit of a number and its range are said beside its name.");
	for (int t = FIELD_END + 1; t < FIELD_TYPES; t++) {
		printf("\n## %s\n\n", field_kinds[t].name);
		page_text(0, "%s", page_escape(page->pool, field_kinds[t].doc));
	}
	puts("\n# Names");
	for (const struct type_section *s = type_sections; s->symbols; s++) {
		if (!s->doc)
			continue;
		printf("\n## %s\n\n", s->name);
		page_text(0, "%s %s.", s->doc, page_symbols(page->pool, s->symbols));
	}
}
