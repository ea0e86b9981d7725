// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform kernels: what fixtures/kernels declares, for people and (--list) for scripts.
 */
#include <getopt.h>
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
		printf("%s %s %s %s %s\n", k->id, or_dash(k->package), or_dash(k->image),
		       or_dash(k->modules), or_dash(k->config));
		return;
	}
	printf("%s  %s\n  %s %s\n", k->id, k->about, k->package ? "package" : "image",
	       k->package ? k->package : k->image);
	for (size_t i = 0; i < k->from.n; i++)
		printf("  from %s\n", k->from.v[i]);
}

/* Those named ID, or all; their number. */
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

int cmd_kernels(int argc, char **argv)
{
	static const struct option longs[] = { { "list", no_argument, NULL, 'l' }, { 0 } };
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct kernel_list kernels;
	bool list = false, good = true;
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == '?')
			return command_usage("kernels");
		list = true;
	}
	kernels_load(&pool, paths_data(&pool, "fixtures/kernels"), &kernels, &problems);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	if (optind == argc)
		return print_some(&kernels, NULL, list) ? EXIT_GOOD : EXIT_USAGE;
	for (int i = optind; i < argc; i++)
		if (!print_some(&kernels, argv[i], list)) {
			unknown(&pool, &kernels, argv[i]);
			good = false;
		}
	return good ? EXIT_GOOD : EXIT_USAGE;
}
