// SPDX-License-Identifier: GPL-2.0-only
/*
 * The consoles of virtual machines, among the results.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "report/output.h"

/* A kernel that complains without end leaves how that began, and its last words. */
enum { HEAD_BYTES = 64 * 1024, TAIL_BYTES = 192 * 1024 };

static bool put(FILE *f, const char *text, size_t len)
{
	size_t rest = len - HEAD_BYTES - TAIL_BYTES;

	if (len <= HEAD_BYTES + TAIL_BYTES)
		return fwrite(text, 1, len, f) == len;
	return fwrite(text, 1, HEAD_BYTES, f) == HEAD_BYTES &&
	       fprintf(f, "\n[%zu bytes are left out here]\n", rest) > 0 &&
	       fwrite(text + len - TAIL_BYTES, 1, TAIL_BYTES, f) == TAIL_BYTES;
}

const char *output_console(struct output *o, const char *machine, const char *text)
{
	AUTO_POOL pool = { 0 };

	if (!o->dir)
		return NULL;
	const char *name = pool_printf(o->pool, "consoles/%s.log", machine);
	FILE *f = NULL;

	if (mkdir(pool_printf(&pool, "%s/consoles", o->dir), 0777) == 0 || errno == EEXIST)
		f = fopen(pool_printf(&pool, "%s/%s", o->dir, name), "we");
	bool good = f && put(f, text, strlen(text));

	if ((f && fclose(f)) || !good)
		o->failed = true;
	return good ? name : NULL;
}
