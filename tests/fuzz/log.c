// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's log, record by record, and the console of a machine. */
#include <string.h>

#include "exec/kmsg.h"
#include "fuzz.h"
#include "vm/console.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	AUTO_POOL pool = { 0 };
	/* As long as its text, so that what reads on is noticed. */
	const char *text = pool_strndup(&pool, (const char *)data, len);
	struct kmsg_line line = { 0 };

	text = pool_strdup(&pool, text);
	if (kmsg_parse(&pool, text, &line))
		MUST(line.text && !strchr(line.text, '\n'));
	const char *panic = console_panic(&pool, text);
	struct strs lines = console_excerpt(&pool, text);

	MUST(!panic || !strchr(panic, '\n'));
	for (size_t i = 0; i < lines.n; i++)
		for (const char *c = lines.v[i]; *c; c++)
			MUST(*c >= ' ' && *c <= '~');
	return 0;
}
