// SPDX-License-Identifier: GPL-2.0-only
/*
 * Candidates, from the tables and files that the readers of arguments use.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/candidates.h"
#include "cmd/reference.h"
#include "export/export.h"
#include "export/jobs.h"
#include "load/paths.h"
#include "nsc/registry.h"
#include "plan/select.h"
#include "report/fail_on.h"
#include "vm/arch.h"
#include "vm/kernels.h"

void candidate_offer(struct unfinished *u, const char *name, const char *doc)
{
	if (strncmp(name, u->argument, strlen(u->argument)))
		return;
	if (u->n == u->room) {
		struct candidate *v = pool_array(u->pool, struct candidate, 2 * u->room + 64);

		if (u->n)
			memcpy(v, u->v, u->n * sizeof(*v));
		u->v = v;
		u->room = 2 * u->room + 64;
	}
	u->v[u->n++] = (struct candidate){ name, doc };
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct candidate *)a)->name, ((const struct candidate *)b)->name);
}

void candidates_print(const struct unfinished *u)
{
	if (u->n)
		qsort(u->v, u->n, sizeof(*u->v), by_name);
	for (size_t i = 0; i < u->n; i++)
		if (!i || strcmp(u->v[i].name, u->v[i - 1].name))
			printf("%s%s\t%s\n", u->before, u->v[i].name,
			       u->v[i].doc ? u->v[i].doc : "");
	if (u->paths)
		printf("%s\t%s%s\n", u->paths, u->before, u->before_path ? u->before_path : "");
}

static void offer_symbols(struct unfinished *u, const struct symbol *symbols)
{
	for (const struct symbol *s = symbols; s && s->name; s++)
		candidate_offer(u, s->name, s->doc);
}

/* Each file's name: what of it PATTERN has a * for, behind PREFIX. */
static void offer_names(struct unfinished *u, const char *pattern, const char *prefix)
{
	const char *path = paths_data(u->pool, pattern), *star = strrchr(path, '*');
	glob_t found;

	if (glob(paths_glob(u->pool, pattern), 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *name = found.gl_pathv[i] + (star - path);
		size_t len = strlen(name) - strlen(star + 1);

		candidate_offer(u, pool_printf(u->pool, "%s%.*s", prefix, (int)len, name), NULL);
	}
	globfree(&found);
}

static void offer_paths(struct unfinished *u)
{
	u->paths = ":files";
}

static void offer_directories(struct unfinished *u)
{
	u->paths = ":directories";
}

static void offer_results(struct unfinished *u)
{
	offer_names(u, "results/baseline/*.jsonl.gz", "");
	offer_directories(u);
}

static void offer_words(struct unfinished *u)
{
	offer_symbols(u, u->row ? u->row->words : NULL);
}

static void offer_kernels(struct unfinished *u)
{
	struct problems problems = { .pool = u->pool };
	struct kernel_list kernels;

	kernels_load(u->pool, paths_data(u->pool, "fixtures/kernels"), &kernels, &problems);
	for (size_t i = 0; i < kernels.n; i++)
		candidate_offer(u, kernels.v[i].id, kernels.v[i].about);
}

static void offer_archs(struct unfinished *u)
{
	for (const struct vm_arch *a = vm_archs; a->name; a++)
		candidate_offer(u, a->name, a->qemu);
}

static void offer_runtimes(struct unfinished *u)
{
	offer_names(u, "fixtures/runtimes/*.yaml", "");
	offer_paths(u);
}

static void offer_families(struct unfinished *u)
{
	offer_names(u, "suites/clauses/*.tsv", "");
}

/* Families, and the ops of one whose dot is typed. */
static void offer_ops(struct unfinished *u)
{
	const struct op *op;

	for (const struct op_family *f = op_families; f->name; f++)
		candidate_offer(u, f->name, f->doc);
	for (size_t i = 0; strchr(u->argument, '.') && (op = op_registry[i]); i++)
		if (!(op->flags & OP_INTERNAL))
			candidate_offer(u, op->name, op->doc);
}

static void offer_commands(struct unfinished *u)
{
	for (size_t i = 0; u->commands[i]; i++)
		candidate_offer(u, u->commands[i]->name, u->commands[i]->purpose);
}

static void offer_formats(struct unfinished *u)
{
	for (const struct export_format *f = export_formats; f->name; f++)
		candidate_offer(u, f->name, f->doc);
}

static void offer_engines(struct unfinished *u)
{
	for (const struct job_engine *e = job_engines; e->name; e++)
		candidate_offer(u, e->name, e->doc);
}

static void offer_templates(struct unfinished *u)
{
	for (const struct job_engine *e = job_engines; e->name; e++)
		offer_names(u, pool_printf(u->pool, "%s/*.yaml", e->dir), "");
	offer_paths(u);
}

static void offer_reports(struct unfinished *u)
{
	const char *colon = strchr(u->argument, ':');

	if (colon) {
		offer_paths(u);
		u->before_path = pool_strndup(u->pool, u->argument,
					      (size_t)(colon + 1 - u->argument));
	}
	for (const struct export_format *f = export_formats; !colon && f->name; f++)
		candidate_offer(u, pool_printf(u->pool, "%s:", f->name), f->doc);
}

static void offer_fail_on(struct unfinished *u)
{
	for (int i = 0; i < FAIL_ON_KINDS; i++)
		candidate_offer(u, verdict_name(fail_on_kinds[i]), NULL);
}

/* Takes names that scenarios can be selected by. */
struct collector {
	struct name_taker taker;
	struct unfinished *unfinished;
	const char *doc;
};

static void collect(struct name_taker *t, const char *name)
{
	struct collector *c = (struct collector *)t;

	candidate_offer(c->unfinished, name, c->doc);
}

/* What kind K can name among the scenarios that ARGS select. */
static void offer_of_scenarios(struct unfinished *u, const struct selector_kind *k,
			       char *const *args)
{
	AUTO_SELECTION selection = { 0 };
	struct collector c = { { collect }, u, NULL };

	if (!select_load(&selection, u->pool, args))
		return;
	for (size_t i = 0; i < selection.n_suites; i++)
		for (size_t s = 0; s < selection.suites[i]->n; s++) {
			c.doc = *k->prefix ? NULL : selection.suites[i]->scenarios[s].about;
			k->offer(u->pool, &selection.suites[i]->scenarios[s], k->prefix, &c.taker);
		}
}

/*
 * Dotted names grow by a part at a time, as the suites are files of family directories: only those
 * of one suite are loaded.  What is no family is the last part of a scenario's name.
 */
static void offer_ids(struct unfinished *u, const struct selector_kind *k)
{
	const char *dot = strchr(u->argument, '.');
	const char *family = pool_strndup(u->pool, u->argument, strcspn(u->argument, "."));
	char *args[] = { NULL, NULL };

	if (!dot) {
		offer_names(u, "suites/*/config", "");
	} else if (!strchr(dot + 1, '.')) {
		offer_names(u, pool_printf(u->pool, "suites/%s/*.yaml", family),
			    pool_printf(u->pool, "%s.", family));
	} else {
		args[0] = pool_strndup(u->pool, u->argument, (size_t)(dot - u->argument) + 1 +
				       strcspn(dot + 1, "."));
		if (k->home(u->pool, args[0]))
			offer_of_scenarios(u, k, args);
		return;
	}
	if (!dot && !u->n)
		offer_of_scenarios(u, k, args);
}

static void offer_selectors(struct unfinished *u)
{
	char *const everything[] = { NULL };

	for (const struct selector_kind *k = selector_kinds; k->fits; k++) {
		size_t len = strlen(k->prefix);

		if (k->path)
			offer_paths(u);
		else if (!len)
			offer_ids(u, k);
		else if (strncmp(u->argument, k->prefix, len))
			candidate_offer(u, k->prefix, k->help);
		else if (k->offer)
			offer_of_scenarios(u, k, everything);
		for (const struct symbol *s = k->words; s && s->name; s++)
			if (!strncmp(u->argument, k->prefix, len))
				candidate_offer(u, pool_printf(u->pool, "%s%s", k->prefix, s->name),
						s->doc);
	}
}

static void offer_schemas(struct unfinished *u)
{
	offer_symbols(u, schema_symbols);
}

/* Arguments of the other kinds are made up by who types them. */
static void (*const offers[ARGUMENTS])(struct unfinished *u) = {
	[ARGUMENT_WORD] = offer_words,
	[ARGUMENT_FILE] = offer_paths,
	[ARGUMENT_DIR] = offer_directories,
	[ARGUMENT_PATH] = offer_paths,
	[ARGUMENT_PROGRAM] = offer_paths,
	[ARGUMENT_KERNEL] = offer_kernels,
	[ARGUMENT_ARCH] = offer_archs,
	[ARGUMENT_PROGRAM_FILE] = offer_paths,
	[ARGUMENT_RUNTIME] = offer_runtimes,
	[ARGUMENT_NAME] = offer_runtimes,
	[ARGUMENT_SELECTION] = offer_selectors,
	[ARGUMENT_FAMILY] = offer_families,
	[ARGUMENT_OP] = offer_ops,
	[ARGUMENT_SCHEMA] = offer_schemas,
	[ARGUMENT_RESULTS] = offer_results,
	[ARGUMENT_COMMAND] = offer_commands,
	[ARGUMENT_FAIL_ON] = offer_fail_on,
	[ARGUMENT_FORMAT] = offer_formats,
	[ARGUMENT_REPORT] = offer_reports,
	[ARGUMENT_RERUN] = offer_directories,
	[ARGUMENT_ENGINE] = offer_engines,
	[ARGUMENT_TEMPLATE] = offer_templates,
};

void candidates_add(struct unfinished *u, enum argument kind)
{
	if (offers[kind])
		offers[kind](u);
}
