// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform coverage: the catalogue against the scenarios.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "report/json.h"
#include "load/paths.h"
#include "plan/select.h"

struct count {
	size_t clauses, covered, proven, waived;
};

/* A scenario shows that it can fail when a control or a twin goes with it. */
static bool shows_it_can_fail(const struct scenario *s)
{
	for (size_t i = 0; i < s->n_steps; i++)
		if (s->steps[i].isolates || s->steps[i].twin)
			return true;
	return false;
}

static void mark(struct selection *selection)
{
	for (size_t i = 0; i < selection->n_suites; i++)
		for (size_t k = 0; k < selection->suites[i]->n; k++) {
			const struct scenario *s = &selection->suites[i]->scenarios[k];
			bool proven = shows_it_can_fail(s);

			for (size_t c = 0; c < s->clauses.n; c++) {
				struct clause *clause =
					clause_find(&selection->catalogue, s->clauses.v[c]);

				clause->covered++;
				clause->proven |= proven;
			}
		}
}

static struct count count(const struct family *f)
{
	struct count n = { .clauses = f->n };

	for (size_t i = 0; i < f->n; i++) {
		n.covered += f->v[i].covered > 0;
		n.proven += f->v[i].proven;
		n.waived += f->v[i].waived && !f->v[i].covered;
	}
	return n;
}

static void print_line(const char *name, const struct count *n)
{
	printf("%-8s %7zu %8zu %17zu %7zu\n", name, n->clauses, n->covered, n->proven, n->waived);
}

static void print_family(const struct family *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct clause *c = &f->v[i];

		printf("%-9s %-55s %s\n", c->proven ? "proven" : c->covered ? "covered" :
		       c->waived ? "waived" : "open", c->id, c->waived &&
			       !c->covered ? c->waived : "");
	}
}

static void print_json(struct pool *pool, const struct catalogue *c, const char *only)
{
	struct value *families = value_list(pool);

	for (size_t i = 0; i < c->n; i++) {
		const struct family *f = &c->families[i];
		struct count n = count(f);
		struct value *map = value_map(pool);

		if (only && strcmp(only, f->name))
			continue;
		value_put(pool, map, "family", value_str(pool, f->name));
		value_put(pool, map, "clauses", value_int(pool, (int64_t)n.clauses));
		value_put(pool, map, "covered", value_int(pool, (int64_t)n.covered));
		value_put(pool, map, "with_control_or_twin", value_int(pool, (int64_t)n.proven));
		value_put(pool, map, "waived", value_int(pool, (int64_t)n.waived));
		value_push(pool, families, map);
	}
	puts(json_text(pool, families));
}

static void print_table(const struct catalogue *c)
{
	struct count all = { 0 };

	printf("family   clauses  covered  control-or-twin  waived\n");
	for (size_t i = 0; i < c->n; i++) {
		struct count n = count(&c->families[i]);

		print_line(c->families[i].name, &n);
		all.clauses += n.clauses;
		all.covered += n.covered;
		all.proven += n.proven;
		all.waived += n.waived;
	}
	print_line("all", &all);
}

int cmd_coverage(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	AUTO_SELECTION selection = { 0 };
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	const char *only = argc > 1 + json ? argv[1 + json] : NULL;
	char *const everything[] = { NULL };
	struct catalogue *c = &selection.catalogue;

	if (argc > 2 + json || (only && *only == '-'))
		return command_usage("coverage");
	if (!select_load(&selection, &pool, everything))
		return EXIT_USAGE;
	catalogue_load_all(c);
	mark(&selection);
	struct family *f = only ? catalogue_family(c, only) : NULL;

	if (f && !f->n) {
		struct nearest n = { .word = only };

		for (size_t i = 0; i < c->n; i++)
			if (c->families[i].n)
				nearest_offer(&n, c->families[i].name);
		fprintf(stderr, "nsconform: no family %s%s\n", only, nearest_hint(&pool, &n));
		return EXIT_USAGE;
	}
	if (json)
		print_json(&pool, c, only);
	else if (f)
		print_family(f);
	else
		print_table(c);
	return EXIT_GOOD;
}
