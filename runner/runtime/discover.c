// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking a program what it is, where it can do no harm.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/discover.h"
#include "runtime/isolated.h"
#include "runtime/launch.h"
#include "load/yaml.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

/* What fits into a pipe, which is read when the program has ended. */
enum { PRINTED_BYTES = 64000 };
#define WITHIN_NS 10000000000ll
static const struct strs no_programs;

static const char *printed_by(struct pool *pool, const struct discovered *d, const char *argument)
{
	struct value *argv = value_list(pool);

	value_push(pool, argv, value_str(pool, d->program));
	value_push(pool, argv, value_str(pool, argument));
	const char *text = isolated_output(pool, argv, &no_programs, PRINTED_BYTES,
					   patience(WITHIN_NS));

	return text ? text : "";
}

/* The first number of LINE that begins a word, or follows a v or a hyphen; NULL when none does. */
static const char *find_number(const char *line)
{
	for (const char *c = line; *c && *c != '\n'; c++)
		if (isdigit((unsigned char)*c) && (c == line || strchr(" \tv-", c[-1])))
			return c;
	return NULL;
}

static const char *escaped(struct pool *pool, const char *text, size_t len)
{
	char *made = pool_alloc(pool, 2 * len + 1), *to = made;

	for (size_t i = 0; i < len; i++) {
		if (strchr(".[]\\()*+?{}|^$", text[i]))
			*to++ = '\\';
		*to++ = text[i];
	}
	return made;
}

/* The version is the first number in what was printed, behind what stands before it in its line. */
static void find_version(struct pool *pool, struct discovered *d)
{
	const char *line = d->printed, *number = find_number(line);

	while (!number && (line = strchr(line, '\n')))
		number = find_number(++line);
	d->expression = pool_printf(pool, "%s version ([0-9.]+)",
				    escaped(pool, d->name, strlen(d->name)));
	if (!number)
		return;
	d->version = pool_strndup(pool, number, strspn(number, "0123456789."));
	/* Colours of a terminal and the like are no part of it. */
	for (const char *c = line; c < number; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			line = c + 1;
	d->expression = pool_printf(pool, "%s([0-9.]+)",
				    escaped(pool, line, (size_t)(number - line)));
}

/* The document of features.md has versions of the specification. */
static const struct value *read_features(struct pool *pool, const char *text)
{
	struct problems ignored = { .pool = pool };
	const struct value *v = yaml_parse(pool, "features", text, strlen(text), &ignored);

	return value_get(v, "ociVersionMin") || value_get(v, "ociVersionMax") ? v : NULL;
}

static void find_specification(struct pool *pool, struct discovered *d)
{
	d->features = read_features(pool, printed_by(pool, d, "features"));
	if (d->features)
		d->oci = pool_printf(pool, "`%s features` works", d->name);
	else if (!strncmp(d->printed, "spec: ", 6) || strstr(d->printed, "\nspec: "))
		d->oci = "--version names a specification, as OCI runtimes do (`spec:`)";
}

void discover(struct pool *pool, const char *name, struct discovered *d)
{
	const char *slash = strrchr(name, '/');
	char path[PATH_MAX];

	*d = (struct discovered){ .name = slash ? slash + 1 : name, .word = name, .printed = "" };
	d->program = sys_find_program(pool, launch_path(pool, &no_programs), name);
	/* Boxes are built in another directory. */
	if (d->program && slash && realpath(name, path))
		d->word = d->program = pool_strdup(pool, path);
	if (d->program)
		d->printed = printed_by(pool, d, "--version");
	find_version(pool, d);
	if (d->program)
		find_specification(pool, d);
}
