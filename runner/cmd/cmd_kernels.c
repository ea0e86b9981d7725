// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform kernels: what fixtures/kernels declares, for people and (--list) for scripts.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "load/paths.h"
#include "vm/kernels.h"

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static void print(const struct kernel *k, bool list)
{
	if (list) {
		printf("%s %s %s %s %s %s %s", k->id, or_dash(k->package), or_dash(k->image),
		       or_dash(k->modules), or_dash(k->config), or_dash(k->arch),
		       k->archive ? k->archive : k->package ? "debian" : "-");
		for (size_t i = 0; i < k->from.n; i++)
			printf(" %s", k->from.v[i]);
		putchar('\n');
		return;
	}
	printf("%s  %s\n  %s %s\n", k->id, k->about, k->package ? "package" : "image",
	       k->package ? k->package : k->image);
	if (k->arch)
		printf("  for nsconform of %s\n", k->arch);
	for (size_t i = 0; i < k->from.n; i++)
		printf("  from %s %s\n", k->archive ? k->archive : "debian", k->from.v[i]);
}

/* Print the kernel named ID, or all, and return how many were printed. */
static size_t print_some(const struct kernel_list *kernels, const char *id, bool list)
{
	size_t n = 0;

	for (size_t i = 0; i < kernels->n; i++)
		if (!id || !strcmp(id, kernels->v[i].id)) {
			print(&kernels->v[i], list);
			n++;
		}
	return n;
}

static void unknown(struct pool *pool, const struct kernel_list *kernels, const char *id)
{
	struct nearest n = { .word = id };

	for (size_t i = 0; i < kernels->n; i++)
		nearest_offer(&n, kernels->v[i].id);
	fprintf(stderr, "nsconform: no kernel %s in fixtures/kernels%s\n", id,
		nearest_hint(pool, &n));
}

struct options {
	bool list;
};

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	const char *dir = paths_data(in->pool, "fixtures/kernels");
	struct problems problems = { .pool = in->pool };
	struct kernel_list kernels;
	bool good = true;

	kernels_load(in->pool, dir, &kernels, &problems);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	if (!kernels.n) {
		fprintf(stderr, "nsconform: no files in %s\n", dir);
		return EXIT_USAGE;
	}
	if (!in->n)
		print_some(&kernels, NULL, o->list);
	for (int i = 0; i < in->n; i++)
		if (!print_some(&kernels, in->operands[i], o->list)) {
			unknown(in->pool, &kernels, in->operands[i]);
			good = false;
		}
	return good ? EXIT_GOOD : EXIT_USAGE;
}

static const struct option_row rows[] = {
	{ .name = "list", OPTION_FLAG(struct options, list),
	  .help = "a line each, for scripts: id, package, image, modules, config and archive, or -; then its "
		  "suites" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = { { &group, 0 }, { 0 } };

const struct command command_kernels = {
	.name = "kernels", .purpose = "Show the kernels that fixtures/kernels declares",
	.operands = { ARGUMENT_KERNEL, 0, 0, "which of them; all when none is given" },
	.options = uses, .options_size = sizeof(struct options),
	.statuses = plain_statuses, .run = run,
};
