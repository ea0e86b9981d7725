// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel messages.
 */
#define _GNU_SOURCE
#include <string.h>

#include "vm/console.h"

enum { EXCERPT_LINES = 30, BEFORE_LINES = 5 };

static const char panic_words[] = "Kernel panic - not syncing: ";

/* What the first line of a kernel's report about itself contains. */
static const char *const complaints[] = {
	"BUG: ", "Oops: ", "general protection fault", "sysrq: Trigger a crash", "watchdog: BUG",
	"INFO: task ", "WARNING: ", panic_words,
};

static const char *clean(struct pool *pool, const char *line, size_t len)
{
	char *text = pool_strndup(pool, line, len);

	while (len && (text[len - 1] == '\r' || text[len - 1] == ' '))
		text[--len] = 0;
	for (char *c = text; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
	return text;
}

const char *console_panic(struct pool *pool, const char *console)
{
	const char *at = strstr(console, panic_words);

	if (!at)
		return NULL;
	at += strlen(panic_words);
	return clean(pool, at, strcspn(at, "\r\n"));
}

static bool complains(const char *line)
{
	for (size_t i = 0; i < sizeof(complaints) / sizeof(*complaints); i++)
		if (strstr(line, complaints[i]))
			return true;
	return false;
}

struct strs console_excerpt(struct pool *pool, const char *console)
{
	size_t room = 1, first = SIZE_MAX;
	struct strs all = { 0 };

	for (const char *s = console; *s; s++)
		room += *s == '\n';
	all.v = pool_array(pool, const char *, room);
	while (*console) {
		size_t len = strcspn(console, "\n");
		const char *line = clean(pool, console, len);

		if (first == SIZE_MAX && complains(line))
			first = all.n;
		if (*line)
			all.v[all.n++] = line;
		console += len + (console[len] == '\n');
	}
	if (first == SIZE_MAX)
		first = all.n > EXCERPT_LINES ? all.n - EXCERPT_LINES : 0;
	else
		first -= first < BEFORE_LINES ? first : BEFORE_LINES;
	all.v += first;
	all.n -= first;
	if (all.n > EXCERPT_LINES)
		all.n = EXCERPT_LINES;
	return all;
}

void console_print(const char *console, FILE *out)
{
	AUTO_POOL pool = { 0 };
	struct strs lines = console_excerpt(&pool, console);

	for (size_t i = 0; i < lines.n; i++)
		fprintf(out, "# console: %s\n", lines.v[i]);
}
