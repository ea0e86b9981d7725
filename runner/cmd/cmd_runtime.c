// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform runtime: the runtimes that are known, those that are here, and what one is like.
 */
#define _GNU_SOURCE
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/canary.h"
#include "cmd/command.h"
#include "cmd/runtimes.h"
#include "cmd/shared_options.h"
#include "load/features.h"
#include "load/paths.h"
#include "load/placeholders.h"
#include "nsc/json.h"

struct options {
	bool probe, json, packages, words;
	const char *new; /* a program, or NULL */
	struct strs substitutes;
};

static void print_line(struct pool *pool, const struct runtime *r)
{
	printf("%-30s %-12s ", r->name, r->installed ? r->installed : "-");
	if (r->lacks)
		printf("not here: %s; %s\n", r->lacks, canary_install(pool, r));
	else
		printf("%s\n", r->about);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each once, sorted. */
static void print_packages(struct pool *pool, struct runtime *const *v, size_t n)
{
	const char **all;
	size_t k = 0, room = 0;

	for (size_t i = 0; i < n; i++)
		room += v[i]->packages.n;
	all = pool_array(pool, const char *, room + 1);
	for (size_t i = 0; i < n; i++)
		for (size_t p = 0; p < v[i]->packages.n; p++)
			all[k++] = v[i]->packages.v[p];
	qsort(all, k, sizeof(*all), by_text);
	for (size_t i = 0; i < k; i++)
		if (!i || strcmp(all[i], all[i - 1]))
			puts(all[i]);
}

static void print_all(struct pool *pool, struct runtime *const *v, size_t n,
		      const struct options *o)
{
	struct value *list = value_list(pool);

	if (o->packages) {
		print_packages(pool, v, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (o->json)
			value_push(pool, list, runtime_describe(pool, v[i]));
		else
			print_line(pool, v[i]);
	if (o->json)
		puts(json_text(pool, list));
}

static void print_one(struct pool *pool, const struct runtime *r, const struct options *o)
{
	if (o->json) {
		struct value *map = runtime_describe(pool, r);

		value_put(pool, map, "cannot", runtime_cannot(pool, r));
		puts(json_text(pool, map));
		return;
	}
	print_line(pool, r);
	if (r->packages.n)
		printf("packages: %s\n", strs_join(pool, &r->packages, " "));
	runtime_print_cannot(pool, r);
}

/* What a runtime's file may say, from the tables that read it. */
static void print_words(void)
{
	const struct field *f;

	puts("keys:");
	for (f = runtime_fields; f->type != FIELD_END; f++)
		printf("  %-14s %s%s\n", f->name, f->doc, f->need == REQUIRED ? " Required." : "");
	puts("\noptions, each `config`, `always`, or words with ${NAME} and, of lists, of each element:");
	for (size_t i = 0; (f = property_at(i)); i++)
		printf("  %-14s %s\n", f->name, f->doc);
	puts("\nwhat stands for the same in every command, as ${NAME}:");
	for (const struct symbol *s = placeholder_symbols; s->name; s++)
		printf("  %-14s %s\n", s->name, s->doc);
	puts("\nquirks:");
	for (const struct symbol *s = quirk_symbols; s->name; s++)
		printf("  %-22s %s\n", s->name, s->doc);
	puts("\nfeatures, for `lacks` in the file and `needs: [box.NAME]` in scenarios:");
	for (const struct box_feature *b = box_features; b->name; b++)
		printf("  %-22s %s\n", b->name, b->doc);
}

/* NULL when there were problems. */
static struct runtime **load_all(struct pool *pool, size_t *n, struct problems *problems)
{
	const struct strs none = { 0 };
	struct runtime **v;
	glob_t found;

	*n = 0;
	if (glob(paths_glob(pool, "fixtures/runtimes/*.yaml"), 0, NULL, &found)) {
		fprintf(stderr, "nsconform: no files in %s\n",
			paths_data(pool, "fixtures/runtimes"));
		return NULL;
	}
	v = pool_array(pool, struct runtime *, found.gl_pathc);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		v[*n] = canary_load(pool, pool_strdup(pool, found.gl_pathv[i]), &none, problems);
		*n += v[*n] != NULL;
	}
	globfree(&found);
	return v;
}

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	struct problems problems = { .pool = in->pool };
	struct runtime **all, *one = NULL;
	size_t n = 0;

	if (o->new) {
		runtime_new(in->pool, o->new);
		return EXIT_GOOD;
	}
	if (o->words) {
		print_words();
		return EXIT_GOOD;
	}
	if (o->probe && !in->n)
		return usage_error(in->command, "--probe is about one RUNTIME, and none is given");
	if (o->substitutes.n && !in->n)
		return usage_error(in->command, "--runtime-path is about one RUNTIME, and none is "
				   "given");
	if (in->n) {
		one = canary_load(in->pool, in->operands[0], &o->substitutes, &problems);
		all = &one;
		n = one != NULL;
	} else {
		all = load_all(in->pool, &n, &problems);
	}
	problems_print(&problems, stderr);
	if (problems.n || !n)
		return EXIT_USAGE;
	if (o->probe)
		return runtime_probe(in->pool, one, o->json);
	if (one && !o->packages)
		print_one(in->pool, one, o);
	else
		print_all(in->pool, all, n, o);
	return EXIT_GOOD;
}

static const struct option_row rows[] = {
	{ .name = "probe", OPTION_FLAG(struct options, probe), .not_with = "packages words",
	  .help = "ask it once for all that its file says it can be asked for, and show what comes" },
	{ .name = "runtime-path", .argument = ARGUMENT_PROGRAM_FILE, .take = option_text,
	  .repeats = true, .at = OPTION_AT(struct options, substitutes, struct strs),
	  .not_with = "packages words new", .help = RUNTIME_PATH_HELP },
	{ .name = "packages", OPTION_FLAG(struct options, packages), .not_with = "json words",
	  .help = "the packages to install, a line each" },
	{ .name = "words", OPTION_FLAG(struct options, words), .not_with = "json",
	  .no_operands = true, .help = "what a runtime's file may say" },
	{ .name = "new", OPTION_TEXT(ARGUMENT_NAME, struct options, new), .take = take_new,
	  .not_with = "probe packages words json", .no_operands = true,
	  .help = "print the file of another runtime, by what the program of that name tells: it is "
		  "valid, and says what may be added" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = {
	{ &group, 0 }, { &json_options, offsetof(struct options, json) }, { 0 }
};

static const struct example examples[] = {
	{ "runtime", "those that are known, and whether they are here" },
	{ "runtime runc --probe", "whether it gives what it is asked for" },
	{ "runtime crun --runtime-path ./crun --probe", "the same of one that was just built" },
	{ "runtime --new mine > mine.yaml", "a file for a runtime of your own, to be completed" },
	{ 0 }
};

static const struct exit_meaning statuses[] = {
	{ "0", "it is printed; with --probe: nothing is other than asked for" },
	{ "1", "with --probe: something is" },
	STATUS_USAGE, STATUS_BROKEN,
	{ "4", "with --probe: it could be asked for nothing" },
	{ "128+N", "ended by signal N" },
	{ 0 }
};

const struct command command_runtime = {
	.name = "runtime",
	.purpose = "List container runtimes, or show what one of them gives",
	.operands = { ARGUMENT_RUNTIME, 0, 1, "a name from that list, or the path of a file; all "
					      "that are known when none is given" },
	.options = uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = statuses, .run = run,
};
