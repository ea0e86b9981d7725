// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expanding templates of commands.
 */
#include <string.h>

#include "runtime/template.h"

const char *template_text(const struct filling *w, const char *template)
{
	const char *made = "";

	for (const char *at = template; *at;) {
		const char *open = strstr(at, "${"), *close = open ? strchr(open, '}') : NULL;
		const char *text = NULL;

		if (!close)
			return pool_printf(w->pool, "%s%s", made, at);
		const char *name = pool_strndup(w->pool, open + 2, (size_t)(close - open - 2));

		text = value_text(value_get(w->texts, name));
		if (text)
			made = pool_printf(w->pool, "%s%.*s%s", made, (int)(open - at), at, text);
		else
			made = pool_printf(w->pool, "%s%.*s", made, (int)(close + 1 - at), at);
		at = close + 1;
	}
	return made;
}

/* The list that WORD as a whole stands for, or NULL. */
static const struct value *list_behind(const struct filling *w, const char *word)
{
	size_t len = strlen(word);

	if (len < 7 || strncmp(word, "${", 2) || strcmp(word + len - 4, "...}"))
		return NULL;
	return value_get(w->lists, pool_strndup(w->pool, word + 2, len - 6));
}

void template_expand(const struct filling *w, const struct value *template, struct value *list)
{
	for (size_t i = 0; template && i < template->list.n; i++) {
		const char *word = value_text(template->list.items[i]);
		const struct value *several = list_behind(w, word);

		for (size_t k = 0; several && k < several->list.n; k++)
			value_push(w->pool, list, several->list.items[k]);
		if (!several)
			value_push(w->pool, list, value_str(w->pool, template_text(w, word)));
	}
}
