// SPDX-License-Identifier: GPL-2.0-only
/*
 * The catalogue clause by clause, for people, programs and docs/.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/coverage.h"
#include "cmd/reference.h"
#include "nsc/json.h"

struct coverage_count coverage_count(const struct family *f)
{
	struct coverage_count n = { .clauses = f->n };

	for (size_t i = 0; i < f->n; i++) {
		const struct clause *c = &f->v[i];
		bool waived = c->waived && !c->covered;

		n.covered += c->covered > 0;
		n.judged += c->judged;
		n.elsewhere += !c->judged && c->elsewhere;
		n.waived += waived;
		n.proofs[c->proof] += !waived;
	}
	return n;
}

const char *coverage_status(const struct clause *c)
{
	return c->waived && !c->covered ? "waived" : symbol_of(proof_symbols, c->proof)->name;
}

/* A scenario of the selection that names the clause, after LAST (NULL: the first); or NULL. */
static const struct scenario *scenario_after(const struct coverage *c, const struct clause *clause,
					     const struct scenario *last)
{
	bool past = !last;

	for (size_t i = 0; i < c->plan.n; i++) {
		const struct scenario *s = c->plan.cells[i].scenario;

		if (i && s == c->plan.cells[i - 1].scenario)
			continue;
		if (past && proof_of(s, clause->id))
			return s;
		past |= s == last;
	}
	return NULL;
}

static const char *name_of(const struct coverage *c, const struct scenario *s)
{
	return pool_printf(c->pool, "%s.%s", s->suite->prefix, s->id);
}

static const char *judged(const struct clause *c)
{
	return c->judged ? "judged here" : c->elsewhere ? "judged elsewhere" : "not judged";
}

static void list_clause(const struct coverage *c, const struct clause *k)
{
	printf("%-8s %s", coverage_status(k), k->id);
	if (c->results->n && k->covered)
		printf("  (%s)", judged(k));
	printf("\n         %s\n         source: %s\n", k->statement, k->source);
	if (k->waived && !k->covered)
		printf("         waived: %s\n         evidence: %s\n", k->waived, k->evidence);
	for (const struct scenario *s = NULL; (s = scenario_after(c, k, s));)
		printf("         %-7s  %s\n", symbol_of(proof_symbols, proof_of(s, k->id))->name,
		       name_of(c, s));
}

typedef void take_clause(const struct coverage *c, const struct clause *k, void *context);

static void each_clause(const struct coverage *c, take_clause *take, void *context)
{
	const struct catalogue *catalogue = &c->selection.catalogue;

	for (size_t i = 0; i < catalogue->n; i++) {
		const struct family *f = &catalogue->families[i];

		for (size_t k = 0; k < f->n && (!c->only || !strcmp(c->only, f->name)); k++)
			take(c, &f->v[k], context);
	}
}

static void list_one(const struct coverage *c, const struct clause *k, void *context)
{
	(void)context;
	list_clause(c, k);
}

void coverage_list(const struct coverage *c)
{
	each_clause(c, list_one, NULL);
}

static void put_text(const struct coverage *c, struct value *map, const char *key,
		     const char *text)
{
	value_put(c->pool, map, key, value_str(c->pool, text));
}

static void push_clause(const struct coverage *c, const struct clause *k, void *context)
{
	struct value *map = value_map(c->pool), *scenarios = value_list(c->pool);

	put_text(c, map, "id", k->id);
	put_text(c, map, "statement", k->statement);
	put_text(c, map, "source", k->source);
	put_text(c, map, "status", coverage_status(k));
	if (k->waived && !k->covered) {
		put_text(c, map, "reason", k->waived);
		put_text(c, map, "evidence", k->evidence);
	}
	if (c->results->n) {
		value_put(c->pool, map, "judged_here", value_bool(c->pool, k->judged));
		value_put(c->pool, map, "judged_elsewhere", value_bool(c->pool, k->elsewhere));
	}
	for (const struct scenario *s = NULL; (s = scenario_after(c, k, s));) {
		struct value *entry = value_map(c->pool);

		put_text(c, entry, "id", name_of(c, s));
		put_text(c, entry, "proof", symbol_of(proof_symbols, proof_of(s, k->id))->name);
		value_push(c->pool, scenarios, entry);
	}
	value_put(c->pool, map, "scenarios", scenarios);
	value_push(c->pool, context, map);
}

void coverage_list_json(const struct coverage *c)
{
	struct value *list = value_list(c->pool);

	each_clause(c, push_clause, list);
	puts(json_text(c->pool, list));
}

/* A cell of a table in Markdown: bars would end it. */
static const char *cell(const struct coverage *c, const char *text)
{
	char *s = pool_strdup(c->pool, page_escape(c->pool, text)), *bar = s;

	while ((bar = strchr(bar, '|')))
		*bar = '/';
	return s;
}

static void page_clause(const struct coverage *c, const struct clause *k, void *context)
{
	const char *sep = "";

	(void)context;
	printf("| `%s` | %s | %s | %s | ", k->id, cell(c, k->statement), cell(c, k->source),
	       coverage_status(k));
	if (k->waived && !k->covered)
		printf("%s Evidence: %s", cell(c, k->waived), cell(c, k->evidence));
	for (const struct scenario *s = NULL; (s = scenario_after(c, k, s)); sep = "<br>")
		printf("%s`%s`: %s", sep, name_of(c, s),
		       symbol_of(proof_symbols, proof_of(s, k->id))->name);
	puts(" |");
}

static void page_family(const struct coverage *c)
{
	page_begin(pool_printf(c->pool, "coverage --markdown %s", c->only),
		   pool_printf(c->pool, "Clauses of %s", c->only));
	page_text(0, "What the words of the fourth column mean is in [clauses.md](../clauses.md).\n");
	puts("| clause | what it says | source | shown by | scenarios |\n|---|---|---|---|---|");
	each_clause(c, page_clause, NULL);
}

static void page_row(const char *name, const struct coverage_count *n)
{
	printf("| %s | %zu | %zu |", name, n->clauses, n->covered);
	for (int i = PROOFS - 1; i > PROOF_NONE; i--)
		printf(" %zu |", n->proofs[i]);
	printf(" %zu | %zu |\n", n->waived, n->proofs[PROOF_NONE]);
}

void coverage_add(struct coverage_count *all, const struct coverage_count *n)
{
	all->clauses += n->clauses;
	all->covered += n->covered;
	all->judged += n->judged;
	all->elsewhere += n->elsewhere;
	all->waived += n->waived;
	for (int i = 0; i < PROOFS; i++)
		all->proofs[i] += n->proofs[i];
}

void coverage_page(const struct coverage *c)
{
	const struct catalogue *catalogue = &c->selection.catalogue;
	struct coverage_count all = { 0 };

	if (c->only) {
		page_family(c);
		return;
	}
	page_begin("coverage --markdown", "The catalogue of clauses");
	page_text(0, "A clause is one rule that a manual page, a document of the kernel, a commit or a "
		  "specification states. Scenarios name the clauses that they are about, and where they "
		  "name several, each of their expectations says which it proves (`proves`). A clause is "
		  "as well shown as the best of these expectations is, and that is:\n");
	for (int i = PROOFS - 1; i >= PROOF_NONE; i--)
		page_text(2, "- **%s**: %s", symbol_of(proof_symbols, i)->name,
			  symbol_of(proof_symbols, i)->doc);
	page_text(2, "- **waived**: no scenario can prove it; the reason and its evidence are beside it "
		  "(`suites/clauses/waived.tsv`)\n");
	page_text(0, "`nsconform coverage --list` prints the same; with `--results` it says which clauses a "
		  "run has judged.\n");
	puts("| family | clauses | covered | control | twin | pair | value | waived | open |\n"
	     "|---|---|---|---|---|---|---|---|---|");
	for (size_t i = 0; i < catalogue->n; i++) {
		const struct family *f = &catalogue->families[i];
		struct coverage_count n = coverage_count(f);

		page_row(pool_printf(c->pool, "[%s](clauses/%s.md)", f->name, f->name), &n);
		coverage_add(&all, &n);
	}
	page_row("all", &all);
}
