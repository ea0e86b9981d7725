// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page's view of the runs: cells of all of them by name, their scenarios, and what each cell
 * proves.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "export/html_page.h"
#include "load/release.h"
#include "report/promise.h"

/* An entry takes some kilobytes, half of them the steps: the page stays below five megabytes. Of
 * more than WHOLE_MAX those that are like another one have none of their own. */
enum { TOLD_MAX = 300, WHOLE_MAX = 50 };

/* A record and the column that it is of. */
struct entry {
	const struct record *record;
	size_t column;
};

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strverscmp(x->record->scenario, y->record->scenario);

	if (!order)
		order = strverscmp(x->record->cell, y->record->cell);
	return order ? order : (int)x->column - (int)y->column;
}

static struct entry *entries(struct html_page *p, size_t *n)
{
	struct entry *v;

	*n = 0;
	for (size_t i = 0; i < p->n; i++)
		*n += p->columns[i].ran->n;
	v = pool_array(p->pool, struct entry, *n + 1);
	*n = 0;
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->columns[i].ran->n; k++)
			v[(*n)++] = (struct entry){ &p->columns[i].ran->cells[k], i };
	qsort(v, *n, sizeof(*v), by_name);
	return v;
}

static enum look look_of(const struct record *r)
{
	static const enum look of[] = {
		[VERDICT_PASS] = LOOK_PASS, [VERDICT_FAIL] = LOOK_FAIL,
		[VERDICT_SKIP] = LOOK_SKIP, [VERDICT_KNOWN] = LOOK_KNOWN,
		[VERDICT_XPASS] = LOOK_XPASS, [VERDICT_BROKEN] = LOOK_BROKEN,
	};

	return r->verdict == VERDICT_PASS && r->flaky ? LOOK_FLAKY : of[r->verdict];
}

static struct html_scenario *scenario_of(struct html_page *p, const struct record *r)
{
	struct html_scenario *s = &p->scenarios[p->n_scenarios - !!p->n_scenarios];
	const char *dot = strchr(r->scenario, '.');

	if (p->n_scenarios && !strcmp(s->name, r->scenario))
		return s;
	s = &p->scenarios[p->n_scenarios++];
	s->name = r->scenario;
	s->family = pool_strndup(p->pool, r->scenario, strcspn(r->scenario, "."));
	s->title = dot ? dot + 1 : r->scenario;
	s->cells = &p->cells[p->n_cells];
	s->count = pool_array(p->pool, size_t, p->n * LOOKS);
	return s;
}

static struct html_cell *cell_of(struct html_page *p, const struct record *r)
{
	struct html_scenario *s = scenario_of(p, r);
	struct html_cell *c = &p->cells[p->n_cells - !!p->n_cells];
	size_t len = strlen(s->name);

	if (s->n && !strcmp(c->name, r->cell))
		return c;
	c = &p->cells[p->n_cells++];
	s->n++;
	c->name = r->cell;
	c->variant = !strncmp(c->name, s->name, len) && c->name[len] ? c->name + len + 1 : "";
	c->scenario = s;
	c->in = pool_array(p->pool, const struct record *, p->n);
	c->look = (unsigned char *)pool_array(p->pool, char, p->n);
	memset(c->look, LOOK_NONE, p->n);
	return c;
}

static void merge(struct html_page *p)
{
	size_t n;
	struct entry *v = entries(p, &n);

	p->cells = pool_array(p->pool, struct html_cell, n + 1);
	p->scenarios = pool_array(p->pool, struct html_scenario, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct html_cell *c = cell_of(p, v[i].record);

		c->in[v[i].column] = v[i].record;
		c->look[v[i].column] = (unsigned char)look_of(v[i].record);
	}
}

/* The plain cell of a control or twin, which stands before it. */
static struct html_cell *plain_of(struct html_scenario *s, size_t at)
{
	size_t len = promise_plain(s->cells[at].name);

	if (!s->cells[at].name[len])
		return NULL;
	for (size_t i = at; i-- > 0;)
		if (!strncmp(s->cells[i].name, s->cells[at].name, len) && !s->cells[i].name[len])
			return &s->cells[i];
	return NULL;
}

/* A pass proves nothing when the cell that shows how it could fail did not end as it must. */
static void doubt(struct html_page *p, struct html_scenario *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct html_cell *plain = plain_of(s, i);

		s->cells[i].plain = plain;
		for (size_t k = 0; plain && k < p->n; k++) {
			unsigned char look = s->cells[i].look[k];
			bool bad = look == LOOK_FAIL || look == LOOK_BROKEN;

			if ((plain->look[k] == LOOK_PASS || plain->look[k] == LOOK_FLAKY) && bad)
				plain->look[k] = LOOK_EMPTY;
		}
	}
}

static void count(struct html_page *p, struct html_scenario *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct html_cell *c = &s->cells[i];

		c->worst = LOOK_NONE;
		for (size_t k = 0; k < p->n; k++) {
			if (c->look[k] < c->worst)
				c->worst = (enum look)c->look[k];
			if (c->look[k] == LOOK_NONE)
				continue;
			s->count[k * LOOKS + c->look[k]]++;
			p->columns[k].count[c->look[k]]++;
			p->columns[k].flaky += c->in[k]->flaky;
		}
	}
}

/* Where more went wrong than anybody reads, the others have what was seen in their rows. */
static size_t choose_told(struct html_page *p)
{
	size_t n = 0;

	for (int look = LOOK_FAIL; look <= LOOK_KNOWN; look++)
		for (size_t i = 0; look != LOOK_EMPTY && i < p->n_cells; i++)
			if (p->cells[i].worst == (enum look)look)
				p->cells[i].told = n++ < TOLD_MAX;
	return n;
}

/* The record that the entry tells about: of the first run in which the cell ended worst. */
static const struct record *told_of(const struct html_cell *c)
{
	size_t i = 0;

	while (c->look[i] != c->worst)
		i++;
	return c->in[i];
}

static bool same(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool went_alike(const struct html_cell *x, const struct html_cell *y)
{
	const struct record *a = told_of(x), *b = told_of(y);

	return x->worst == y->worst && a->run && same(a->run, b->run) && same(a->at, b->at) &&
	       same(a->message, b->message) && same(a->expected, b->expected) &&
	       same(a->seen, b->seen);
}

/* Variants of a scenario that went wrong alike in a run: the first of them has the steps. */
static void find_likes(struct html_scenario *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; s->cells[i].told && !s->cells[i].like && k < i; k++)
			if (s->cells[k].told && !s->cells[k].like &&
			    went_alike(&s->cells[i], &s->cells[k]))
				s->cells[i].like = &s->cells[k];
}

static const char *base_name(struct pool *pool, const char *dir)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	const char *path = pool_strndup(pool, dir, len), *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* Versions in a runtime's own words may begin with its name, and have lines. */
static const char *runtime_title(struct pool *pool, const struct run_record *r)
{
	const char *version = r->runtime_version ? r->runtime_version : "";

	version = pool_strndup(pool, version, strcspn(version, "\n"));
	if (!strncmp(version, r->runtime, strlen(r->runtime)))
		return version;
	return pool_printf(pool, "%s%s%s", r->runtime, *version ? " " : "", version);
}

static void begin_column(struct html_page *p, struct html_column *c, const struct ran *ran)
{
	static const struct run_record none = { 0 };
	const struct run_record *r = ran->n_runs ? &ran->runs[0] : &none;

	c->ran = ran;
	c->run = r;
	c->title = r->runtime ? runtime_title(p->pool, r) : r->kernel ? r->kernel :
		base_name(p->pool, ran->dir);
	c->release = r->kernel ? release_of_kernel(r->kernel, r->kernel_version) : 0;
	if (r->runtime) {
		struct runtime *runtime = pool_new(p->pool, struct runtime);

		runtime->name = r->runtime;
		runtime->installed = r->runtime_version;
		c->runtime = runtime;
	}
	if (ran->baseline)
		p->baseline = c;
}

/* The last part of its directory, where no other one is called so. */
static const char *own_dir(const struct html_page *p, size_t column)
{
	const char *dir = p->columns[column].ran->dir, *name = base_name(p->pool, dir);

	for (size_t i = 0; i < p->n; i++)
		if (i != column && !strcmp(base_name(p->pool, p->columns[i].ran->dir), name))
			return dir;
	return name;
}

/* Runs of the same kernel are told apart by their directories. */
static void tell_apart(struct html_page *p)
{
	const char **titles = pool_array(p->pool, const char *, p->n);

	for (size_t i = 0; i < p->n; i++) {
		titles[i] = p->columns[i].title;
		for (size_t k = 0; k < p->n; k++)
			if (k != i && !strcmp(p->columns[i].title, p->columns[k].title))
				titles[i] = pool_printf(p->pool, "%s (%s)", p->columns[i].title,
							own_dir(p, i));
	}
	for (size_t i = 0; i < p->n; i++)
		p->columns[i].title = titles[i];
}

static const char *kernel_version(struct pool *pool, const struct html_column *c)
{
	return c->release && !c->runtime ? release_text(pool, c->release) : c->title;
}

/* Where two have the same version, their directories tell them apart. */
static void name_briefly(struct html_page *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const char *own = kernel_version(p->pool, &p->columns[i]);

		p->columns[i].brief = own;
		for (size_t k = 0; k < p->n; k++)
			if (k != i && !strcmp(own, kernel_version(p->pool, &p->columns[k])))
				p->columns[i].brief = pool_printf(p->pool, "%s (%s)", own,
								  own_dir(p, i));
	}
}

void html_model(struct html_page *p, const struct ran *runs, size_t n)
{
	p->n = n;
	p->columns = pool_array(p->pool, struct html_column, n);
	for (size_t i = 0; i < n; i++)
		begin_column(p, &p->columns[i], &runs[i]);
	tell_apart(p);
	name_briefly(p);
	merge(p);
	for (size_t i = 0; i < p->n_scenarios; i++) {
		doubt(p, &p->scenarios[i]);
		count(p, &p->scenarios[i]);
	}
	if (choose_told(p) > WHOLE_MAX)
		for (size_t i = 0; i < p->n_scenarios; i++)
			find_likes(&p->scenarios[i]);
}
