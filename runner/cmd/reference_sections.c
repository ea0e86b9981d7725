// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of names that many fields take: pages refer to them in place of repeating them.
 */
#include "cmd/reference.h"
#include "nsc/clock.h"
#include "nsc/place.h"
#include "nsc/signals.h"

const struct type_section type_sections[] = {
	{ cap_symbols, "capabilities",
	  "As in capabilities(7), without `CAP_`; `all` is every one that the kernel has." },
	{ ns_symbols, "namespaces", "The kinds of namespaces(7)." },
	{ ns_type_symbols, "namespaces", NULL },
	{ clone_symbols, "clone-flags", "Flags of clone(2) and unshare(2), without `CLONE_`." },
	{ clock_symbols, "clocks", "Clocks of clock_gettime(2), without `CLOCK_`, in lower case." },
	{ signal_numbers, "signals",
	  "As in signal(7), without `SIG`; `NONE` is 0, the null signal, by which kill(2) asks whether "
	  "it may." },
	{ 0 }
};

const char *types_section(const struct symbol *symbols)
{
	for (const struct type_section *s = type_sections; s->symbols; s++)
		if (s->symbols == symbols)
			return s->name;
	return NULL;
}
