// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an op needs, changes and leaves behind, beside parameters and results.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/op_notes.h"
#include "cmd/reference.h"

bool op_in_family(const char *op, const char *family)
{
	size_t len = strlen(family);

	return !strncmp(op, family, len) && op[len] == '.';
}

static void print_kinds(const char *lead, const char *what, unsigned mask)
{
	if (!mask)
		return;
	printf("%s%s:", lead, what);
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (mask & NS_BIT(ns))
			printf(" %s", ns_kinds[ns].name);
	putchar('\n');
}

static const struct {
	unsigned flag;
	const char *text;
} flag_texts[] = {
	{ OP_ENDS, "the actor does not answer any more" },
	{ OP_PROC, "uses the arena's own /proc" },
	{ OP_PROC_OF, "uses the arena's own /proc to find another process" },
	{ OP_ASKS, "of an actor that is dead, or dies before it answers, the errno is ESRCH" },
	{ OP_HOST, "changes the whole machine: needs a disposable one" },
	{ OP_SPOILS, "cannot be undone: each cell has a boot of its own" },
	{ OP_CGROUP, "works in cgroup directories of the cell" },
	{ OP_CONSUMES, "the descriptors given to it are closed everywhere" },
	{ OP_OUTSIDE, "done outside of the cell, in the namespaces of the run" },
	{ OP_PROCESSORS, "the actors of its cell may run on all processors of the run" },
	{ OP_SINGLE, "moves the actor itself, unless `trial: true`" },
};

/* What shows that it was done: see `.check` in nsc/op.h. */
static void print_effect(const struct op *op, const char *note)
{
	if (op->check)
		printf("%slooks itself whether it was done%s\n", note,
		       op->seen ? ", where no expectation shows it" : "");
	if (op->seen)
		page_text((int)strlen(note), "%sseen by expectations of these families: %s", note,
			  op->seen);
	if (op->unseen)
		printf("%snothing has to show that it was done: %s\n", note, op->unseen);
}

void op_notes(const struct op *op, const char *kinds, const char *note)
{
	print_kinds(kinds, "touches", op->touches);
	if (op->chosen.param) {
		char what[128];

		snprintf(what, sizeof(what), "touches, if `%s` is %s", op->chosen.param,
			 op->chosen.value);
		print_kinds(kinds, what, op->chosen.touches);
	}
	print_kinds(kinds, "mutates", op->mutates);
	if (op->config)
		printf("%sneeds the kernel option %s\n", note, op->config);
	if (op->asks)
		printf("%sasks for %s\n", note, op->asks);
	for (size_t i = 0; i < sizeof(flag_texts) / sizeof(*flag_texts); i++)
		if (op->flags & flag_texts[i].flag)
			printf("%s%s\n", note, flag_texts[i].text);
	print_effect(op, note);
}
