// SPDX-License-Identifier: GPL-2.0-only
/*
 * The texts of scenarios: as the traces of a run have them, else as they are installed here.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "export/html_page.h"
#include "load/paths.h"
#include "load/yaml.h"
#include "plan/check.h"

/*
 * The header of the suite's trace is its first line. Problems of a suite, which may be of another
 * nsconform, are its own: the page can do without its text.
 */
static const struct suite *from_trace(struct html_page *p, const struct ran *ran,
				      const char *prefix)
{
	const char *path = pool_printf(p->pool, "%s/traces/%s.jsonl", ran->dir, prefix);
	FILE *f = fopen(path, "re");
	struct problems own = { .pool = p->pool };
	struct suite *suite = NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t len = f ? getline(&line, &room, f) : -1;

	if (len > 0) {
		const struct value *header = yaml_parse(p->pool, path, line, (size_t)len, &own);
		const struct value *source = value_get(header, "source");
		const char *file = value_text(value_get(header, "file"));

		if (value_text(source) && file)
			suite = suite_parse(p->pool, file, source->str.s, source->str.len,
					    &p->catalogue, &own);
	}
	free(line);
	if (f)
		fclose(f);
	return suite;
}

static const struct suite *installed(struct html_page *p, const char *prefix)
{
	struct problems own = { .pool = p->pool };
	char *name = pool_strdup(p->pool, prefix);

	for (char *c = name; *c; c++)
		if (*c == '.')
			*c = '/';
	const char *file = paths_data(p->pool, pool_printf(p->pool, "suites/%s.yaml", name));

	return suite_load(p->pool, file, &p->catalogue, &own, false);
}

static const struct suite *suite_of(struct html_page *p, const char *prefix)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct suite *s = from_trace(p, p->columns[i].ran, prefix);

		if (s)
			return s;
	}
	return installed(p, prefix);
}

static const struct scenario *find(const struct suite *suite, const char *id)
{
	for (size_t i = 0; suite && i < suite->n; i++)
		if (!strcmp(suite->scenarios[i].id, id))
			return &suite->scenarios[i];
	return NULL;
}

void html_stories(struct html_page *p)
{
	const struct suite *suite = NULL;
	const char *prefix = "";

	for (size_t i = 0; i < p->n_scenarios; i++) {
		struct html_scenario *s = &p->scenarios[i];
		const char *dot = strrchr(s->name, '.');

		if (!dot)
			continue;
		const char *own = pool_strndup(p->pool, s->name, (size_t)(dot - s->name));

		if (strcmp(own, prefix))
			suite = suite_of(p, own);
		prefix = own;
		s->text = find(suite, dot + 1);
	}
}
