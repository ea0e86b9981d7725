// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the lines of a saved trace to scripts and what was seen.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compile/compile.h"
#include "load/configured.h"
#include "load/release.h"
#include "load/runtime.h"
#include "plan/check.h"
#include "report/traced.h"

/* Boxes are planned as the runtime's file says, for the version that was there. */
static bool read_runtime(struct traced *t, const struct value *header)
{
	const char *file = value_text(value_get(header, "runtime"));
	const char *version = value_text(value_get(header, "version"));

	if (!file)
		return true;
	const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	struct runtime *r = runtime_load(t->pool, access(file, R_OK) == 0 ? file :
					 pool_strndup(t->pool, name, strcspn(name, ".")),
					 t->problems);

	if (r) {
		r->installed = version ? version : "?";
		r->specification = value_text(value_get(header, "specification"));
	}
	t->plan.runtime = r;
	return r != NULL;
}

/* Before there were end marks the release was MAJOR * 1000 + MINOR. */
static int header_release(const struct value *header, int64_t version)
{
	const struct value *release = value_get(header, "release");

	if (version == 1 && release && release->type == VALUE_INT)
		return (int)RELEASE(release->i / 1000, release->i % 1000, 0);
	return version == TRACE_VERSION && value_text(release) ?
		release_parse(value_text(release)) : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct traced_name *)a)->name, ((const struct traced_name *)b)->name);
}

/* Cells are in a trace as they ended, so that each is looked up. */
static void sort_names(struct traced *t)
{
	t->names = pool_array(t->pool, struct traced_name, t->plan.n + 1);
	for (size_t i = 0; i < t->plan.n; i++)
		t->names[i] = (struct traced_name){ cell_name(t->pool, &t->plan.cells[i]), i };
	qsort(t->names, t->plan.n, sizeof(*t->names), by_name);
}

bool traced_begin(struct traced *t, const struct value *header, const char *path)
{
	const struct value *source = value_get(header, "source"),
		*version = value_get(header, "nsconform_trace");
	const char *file = value_text(value_get(header, "file"));

	t->marked = version && version->type == VALUE_INT && version->i != 1;
	if (version && version->type == VALUE_INT)
		t->release = header_release(header, version->i);
	if (!value_text(source) || !file || !t->release) {
		problem_add(t->problems, (struct mark){ path, 1, 1 },
			    "expected the header of a trace of version 1 to %d: "
			    "nsconform_trace, release, file, source", TRACE_VERSION);
		return false;
	}
	t->plan.pool = t->pool;
	t->plan.inside = value_true(value_get(header, "inside"));
	const struct value *seed = value_get(header, "pairs_seed");

	t->plan.pairs_seed = seed && seed->type == VALUE_INT ? (uint32_t)seed->i : 0;
	t->plan.again = value_text(value_get(header, "again"));
	confinement_read(t->pool, value_get(header, "confinement"), &t->confinement);
	if (!read_runtime(t, header))
		return false;
	t->suite = suite_parse(t->pool, file, source->str.s, source->str.len, t->catalogue,
			       t->problems);
	if (!t->suite)
		problem_add(t->problems, (struct mark){ path, 1, 1 },
			    "the suite in this trace is not one of nsconform %s: judge it with the nsconform "
			    "that has written it", configured_version);
	for (size_t i = 0; t->suite && i < t->suite->n; i++)
		plan_add(&t->plan, &t->suite->scenarios[i], true);
	sort_names(t);
	return t->suite != NULL;
}

static const struct cell *find_cell(struct traced *t, const char *name)
{
	const struct traced_name key = { .name = name };
	const struct traced_name *found = name ?
		bsearch(&key, t->names, t->plan.n, sizeof(key), by_name) : NULL;

	return found ? &t->plan.cells[found->cell] : NULL;
}

bool traced_read(struct traced *t, struct pool *pool, const struct value *line,
		 struct traced_cell *s)
{
	s->name = value_text(value_get(line, "cell"));
	const struct cell *cell = find_cell(t, s->name);

	if (!cell)
		return false;
	cell_compile(pool, cell, t->release, &s->script);
	return trace_read(pool, line, &s->script, &s->trace);
}
