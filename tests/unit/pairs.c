// SPDX-License-Identifier: GPL-2.0-only
/*
 * The covering array over a table of properties: that each two values that can be asked for together
 * stand in a row, that none do which cannot, and that rows keep their names.
 */
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "load/pairs.h"
#include "nsc/text.h"
#include "plan/check.h"

static const char table[] =
	"suite: tests/pairs\nabout: A.\nproperties:\n"
	"  - {name: one, title: One, clause: c, values: [{name: a, box: {umask: 1}}, {name: b, box: {umask: 2}},\n"
	"     {name: c, box: {umask: 3}}, {name: d, box: {umask: 4}}, {name: e, box: {umask: 5}}]}\n"
	"  - {name: two, title: Two, clause: c, values: [{name: a, box: {uid: 1}, when: {one: {umask: ~}}},\n"
	"     {name: b, box: {uid: 2}}]}\n"
	"  - {name: three, title: Three, clause: c, except: [two], values: [{name: a, box: {groups: [1]}},\n"
	"     {name: b, box: {groups: [2]}}]}\n"
	"  - {name: four, title: Four, clause: c, values: [{name: a, box: {cwd: /a}},\n"
	"     {name: b, box: {cwd: /b}, needs: [box.oci-1.1]}]}\n"
	"  - {name: five, title: Five, clause: c, needs: [box.oci-1.1], values: [{name: a, box: {gid: 1}}]}\n"
	"  - {name: six, title: Six, clause: c, values: [{name: a, box: {env: [a]}}, {name: b, box: {env: [b]}},\n"
	"     {name: c, box: {env: [c]}}, {name: d, box: {env: [d]}}, {name: e, box: {env: [e]}}]}\n"
	"scenarios:\n  - {id: pairs, asks: pairs, about: A., clauses: [uts.names.hostname-isolated],\n"
	"     actors: {a: {box: $row.box}}, steps: [{a: box.read, expect: $row.is}]}\n";

static bool asks_for(const struct value *row, const struct trial *t)
{
	const struct value *box = value_get(row, "box");
	bool all = true;

	for (size_t i = 0; i < t->box->list.n; i += 2) {
		const struct value *has = value_get(box, t->box->list.items[i]->str.s);

		all &= has && value_equal(has, t->box->list.items[i + 1]);
	}
	return all;
}

static size_t together(const struct value *rows, const struct trial *a, const struct trial *b)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->list.n; i++)
		n += asks_for(rows->list.items[i], a) && asks_for(rows->list.items[i], b);
	return n;
}

/* How many pairs of values of two properties stand in a row. */
static size_t pairs_of(const struct value *rows, const struct suite *s, size_t one, size_t other)
{
	const struct property *p = &s->properties[one], *q = &s->properties[other];
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < q->n; k++)
			n += together(rows, &p->trials[i], &q->trials[k]) > 0;
	return n;
}

static bool not_two(const struct property *p, const struct trial *t, void *context)
{
	(void)t;
	return strcmp(p->name, context) != 0;
}

static bool nothing(const struct property *p, const struct trial *t, void *context)
{
	(void)p, (void)t, (void)context;
	return false;
}

/* Names of rows follow from what is in them: each seed has its own, and always the same. */
static void show_seeds(struct text *out, const struct suite *s, struct pairs_request request)
{
	/* With the last one the generator would begin with 0, and not leave it. */
	static const uint32_t seeds[] = { 0, 1, 2, 3, 4, 5, 6, 7, 999999, 4050964655 };

	for (size_t i = 0; i < sizeof(seeds) / sizeof(*seeds); i++) {
		request.seed = seeds[i];
		const struct value *rows = pairs_rows(out->pool, s, &request);

		text_printf(out, "%u:", seeds[i]);
		for (size_t k = 0; k < rows->list.n; k++)
			text_printf(out, " %s", value_text(value_get(rows->list.items[k], "name")));
		text_puts(out, "\n");
	}
}

int main(void)
{
	struct pool pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue catalogue = { .pool = &pool, .problems = &problems,
				       .dir = "suites/clauses" };
	const struct suite *s = suite_parse(&pool, "pairs.yaml", table, strlen(table), &catalogue,
					    &problems);

	problems_print(&problems, stdout);
	ok(s && s->n_properties == 6 && s->n == 1, "the table is read, and the template is a scenario");
	if (!s)
		return done();
	struct value *rows = pairs_rows(&pool, s, &(struct pairs_request){ 0 });

	ok(pairs_of(rows, s, 0, 1) == 10 && pairs_of(rows, s, 0, 2) == 10, "all pairs of values are in a row");
	ok(pairs_of(rows, s, 1, 2) == 0, "but of two that are not asked for together");
	ok(pairs_of(rows, s, 0, 3) == 5, "and those with a value that needs something");
	size_t unsaid = 0, beside = 0;

	for (size_t i = 0; i < rows->list.n; i++)
		if (asks_for(rows->list.items[i], &s->properties[1].trials[0])) {
			beside++;
			unsaid += !value_get(value_get(rows->list.items[i], "is"), "umask");
		}
	ok(beside && unsaid == beside, "what differs beside another property is laid over");
	ok(value_equal(rows, pairs_rows(&pool, s, &(struct pairs_request){ 0 })), "the same rows again");
	ok(!value_equal(rows, pairs_rows(&pool, s, &(struct pairs_request){ .seed = 1 })),
	   "others by another seed");
	struct value *few = pairs_rows(&pool, s, &(struct pairs_request){ .max = 2 });

	ok(few->list.n == 2 && value_equal(few->list.items[1], rows->list.items[1]),
	   "a bound takes the first ones");
	struct value *less = pairs_rows(&pool, s, &(struct pairs_request){
		.can_ask = not_two, .context = "two" });

	ok(pairs_of(less, s, 0, 1) == 0 && pairs_of(less, s, 0, 2) == 10,
	   "what cannot be asked for takes no part");
	ok(!pairs_rows(&pool, s, &(struct pairs_request){ .can_ask = nothing })->list.n,
	   "where nothing can be asked for there are no rows");
	struct text out = { .pool = &pool };

	show_seeds(&out, s, (struct pairs_request){ 0 });
	text_puts(&out, "all of which can be asked for together\n");
	show_seeds(&out, s, (struct pairs_request){ .can_ask = not_two, .context = "two" });
	golden("tests/golden/pairs.txt", out.s);
	pool_free(&pool);
	return done();
}
