// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the lines of a saved trace to scripts and what was seen.
 */
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

	if (r)
		r->installed = version ? version : "?";
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
	return t->suite != NULL;
}

static const struct cell *find_cell(struct traced *t, struct pool *pool, const char *name)
{
	for (size_t i = 0; name && i < t->plan.n; i++) {
		const struct cell *cell = &t->plan.cells[(t->next + i) % t->plan.n];

		if (strcmp(cell_name(pool, cell), name))
			continue;
		t->next += i + 1;
		return cell;
	}
	return NULL;
}

bool traced_read(struct traced *t, struct pool *pool, const struct value *line,
		 struct traced_cell *s)
{
	s->name = value_text(value_get(line, "cell"));
	const struct cell *cell = find_cell(t, pool, s->name);

	if (!cell)
		return false;
	cell_compile(pool, cell, t->release, &s->script);
	return trace_read(pool, line, &s->script, &s->trace);
}
