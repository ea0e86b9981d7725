// SPDX-License-Identifier: GPL-2.0-only
/*
 * The formats that there are.
 */
#include <string.h>

#include "export/export.h"

const struct export_format export_formats[] = {
	{ "md", "a summary in Markdown, for the job page of a CI", true, export_md },
	{ 0 }
};

const struct export_format *export_find(const char *name)
{
	for (const struct export_format *f = export_formats; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}
