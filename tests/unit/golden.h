/* SPDX-License-Identifier: GPL-2.0-only */
/* Golden files for unit tests, which run in the top directory; REGOLD=1 rewrites them. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <glob.h>
#include <regex.h>
#include <stdlib.h>

#include "nsc/pool.h"
#include "nsc/sys.h"
#include "tap.h"

/* INPUT with another ending. */
__attribute__((unused)) static const char *golden_path(struct pool *pool, const char *input,
							const char *ending)
{
	return pool_printf(pool, "%.*s%s", (int)(strrchr(input, '.') - input), input, ending);
}

/* What this C library says of "(" as a regular expression; golden files have what glibc says, UNMATCHED. */
#define UNMATCHED "Unmatched ( or \\("
__attribute__((unused)) static const char *golden_unmatched(void)
{
	static char text[80];
	regex_t re;

	regerror(regcomp(&re, "(", REG_EXTENDED), &re, text, sizeof(text));
	return text;
}

/* TEXT with what glibc says in place of what this C library does. */
__attribute__((unused)) static const char *golden_by_glibc(struct pool *pool, const char *text)
{
	const char *ours = golden_unmatched(), *found = strstr(text, ours);

	return found ? pool_printf(pool, "%.*s" UNMATCHED "%s", (int)(found - text), text,
				   golden_by_glibc(pool, found + strlen(ours))) : text;
}

/* TEXT is what the file PATH has; the first line that differs is shown. */
__attribute__((unused)) static bool golden(const char *path, const char *text)
{
	AUTO_POOL pool = { 0 };
	char *wanted = NULL;
	size_t len, line = 1;

	if (getenv("REGOLD")) {
		FILE *f = fopen(path, "we");

		return ok(f && fputs(text, f) >= 0 && !fclose(f), "%s: written anew", path);
	}
	if (sys_read_file(&pool, path, 1 << 24, &wanted, &len) < 0)
		wanted = pool_strdup(&pool, "");
	if (ok(!strcmp(text, wanted), "%s", path))
		return true;
	while (*text && *text == *wanted) {
		size_t same = strcspn(text, "\n");

		if (strncmp(text, wanted, same + 1))
			break;
		text += same + 1;
		wanted += same + 1;
		line++;
	}
	printf("# line %zu is  %.*s\n", line, (int)strcspn(text, "\n"), text);
	printf("# and was      %.*s\n", (int)strcspn(wanted, "\n"), wanted);
	return false;
}

/* Each file of PATTERN, in order; there are some. */
__attribute__((unused)) static void golden_each(const char *pattern, void (*test)(const char *path))
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found)) {
		ok(false, "%s: there are none", pattern);
		return;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		test(found.gl_pathv[i]);
	globfree(&found);
}

#endif
