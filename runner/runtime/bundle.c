// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the launch of a box in the sandbox to the same launch without it.
 */
#include <string.h>

#include "runtime/bundle.h"
#include "runtime/expect.h"
#include "runtime/launch.h"
#include "runtime/property.h"
#include "load/configured.h"
#include "nsc/box.h"
#include "nsc/text.h"

/* What of a box is there only while its cell is carried out. */

static bool is_further(const struct box_spec *c)
{
	return c->actor->actor->exec_of >= 0;
}

static bool is_joined(const struct box_spec *c)
{
	return c->joined != NULL;
}

static bool has_daemons(const struct box_spec *c)
{
	return c->runtime->daemons && c->runtime->daemons->list.n;
}

static bool has_launcher(const struct box_spec *c)
{
	return value_get(c->asked, "launcher") != NULL;
}

static bool has_reference(const struct box_spec *c)
{
	return c->asked->dollar;
}

/* Whether the path leads to what only the steps of a cell can have put there. */
static bool is_of_cell(const char *path)
{
	static const char *const own[] = { "run", "tmp", "work" };

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (*path == '/' && !strncmp(path + 1, own[i], strlen(own[i])) &&
		    strchr("/", path[1 + strlen(own[i])]))
			return true;
	return false;
}

static bool has_source(const struct box_spec *c)
{
	static const struct {
		const char *property;
		size_t part;
	} sources[] = { { "bind", 0 }, { "mounts", 1 } };

	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		const struct value *v = value_get(c->asked, sources[i].property);

		for (size_t k = 0; v && v->type == VALUE_LIST && k < v->list.n; k++)
			if (is_of_cell(property_part(c->pool, v->list.items[k], sources[i].part)))
				return true;
	}
	return false;
}

static const struct {
	bool (*is)(const struct box_spec *c);
	const char *why;
} bound[] = {
	{ is_further, "it is a further process of a box that another launch has built" },
	{ is_joined, "it joins namespaces of an actor that is there only while the cell runs" },
	{ has_daemons, "its runtime needs daemons, which are started in the sandbox" },
	{ has_launcher, "what its launcher is to have (`launcher`) only the sandbox gives it" },
	{ has_reference, "it is asked for what is known only while the cell runs" },
	{ has_source, "it mounts files that are there only while the cell runs" },
};

/* The script. */

static void put_words(struct text *t, const struct value *words)
{
	for (size_t i = 0; i < words->list.n; i++)
		text_printf(t, "%s%s", i ? " " : "",
			    text_shell_word(t->pool, value_text(words->list.items[i])));
}

/* A command with the environment that the sandbox gives it, and END behind it. */
static void put_command(struct text *t, const struct value *words, const char *end)
{
	text_puts(t, "clean ");
	put_words(t, words);
	text_puts(t, end);
}

static void put_commands(struct text *t, const struct value *list, const char *end)
{
	for (size_t i = 0; list && i < list->list.n; i++)
		put_command(t, list->list.items[i], end);
}

static void put_expected(struct text *t, const char *of, const struct value *expected)
{
	if (expected && expected->list.n)
		text_printf(t, "# %s: %s\n", of, value_show(t->pool, expected));
}

/* A text on the line of a comment, which it does not leave. */
static const char *one_line(struct pool *pool, const char *text)
{
	return text_escape(pool, text, strlen(text), "");
}

static void put_head(struct text *t, const struct script *script, size_t launch,
		     const struct box_spec *c)
{
	const struct value *expected = script->steps[launch].expect;
	const struct runtime *r = c->runtime;

	text_printf(t, "#!/bin/sh\n# Box `%s` of %s,\n# built by %s %s without the sandbox of nsconform "
		    "%s. The cell is about this:\n# %s\n#\n", c->actor->actor->name,
		    cell_name(t->pool, script->cell), one_line(t->pool, r->name),
		    one_line(t->pool, r->installed ? r->installed : "?"), configured_version,
		    one_line(t->pool, script->cell->scenario->about));
	put_expected(t, "The launch has to give", expected);
	if (value_is(value_get(expected, "state"), "started")) {
		put_expected(t, "Of what the process prints there has to be",
			     expect_read(c));
		put_expected(t, "and in its /proc/PID", r->foreign ? NULL :
			     expect_seen(c));
	}
	text_puts(t, "# In the sandbox the launcher leads a session, and has descriptor 100 beside 9.\n");
}

static const char *script_text(struct pool *pool, const struct script *script, size_t launch,
			       const struct box_spec *c, const struct value *with,
			       const struct value *end)
{
	struct text t = { .pool = pool };

	put_head(&t, script, launch, c);
	text_puts(&t, "clean() {\n\tenv -i ");
	put_words(&t, value_get(with, "environment"));
	text_puts(&t, " \\\n\t\t\"$@\"\n}\ncd / || exit\n");
	put_commands(&t, value_get(with, "prepare"), " < /dev/null || exit\n");
	text_puts(&t, "status=0\n");
	put_command(&t, value_get(with, "command"), " < /dev/null 9< / || status=$?\n");
	put_commands(&t, value_get(end, "cleanup"), " < /dev/null > /dev/null 2>&1 || :\n");
	text_puts(&t, "exit $status\n");
	return t.s;
}

static struct strs texts_of(struct pool *pool, const struct value *list)
{
	struct strs v = { .v = pool_array(pool, const char *, list ? list->list.n + 1 : 1) };

	for (size_t i = 0; list && list->type == VALUE_LIST && i < list->list.n; i++)
		v.v[v.n++] = value_text(list->list.items[i]);
	return v;
}

const char *bundle_make(struct pool *pool, struct script *script, size_t launch, const char *dir,
			struct bundle *b)
{
	struct script_actor *a = &script->actors[script->steps[launch].actor];

	if (script->cell->as == AS_USER)
		return "its launcher is root of a user namespace of the sandbox";
	for (size_t i = 0; i < sizeof(bound) / sizeof(*bound); i++)
		if (bound[i].is(a->spec))
			return bound[i].why;
	const struct box_spec *c = a->spec = box_spec_at(a->spec, dir);
	const struct value *with = launch_params(c);
	const struct value *end = end_params(script, (size_t)script->steps[launch].actor, false,
					     false);

	*b = (struct bundle){
		.actor = a->actor->name, .files = value_get(with, "files"),
		.bare = c->runtime->host_root,
		.root = c->runtime->host_root ? dir : pool_printf(pool, "%s/rootfs", c->bundle),
		.directories = c->runtime->directories,
		.image = texts_of(pool, value_get(with, "image")),
		.launch = pool_printf(pool, "%s/launch", dir),
		.script = script_text(pool, script, launch, c, with, end),
	};
	return NULL;
}
