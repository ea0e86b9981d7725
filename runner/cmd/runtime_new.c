// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform runtime --new NAME: the file of a runtime that nobody has described yet. Every key,
 * option, quirk and feature comes from the tables that read such files, and what holds from the
 * program itself.
 *
 * A line of prose begins with ##; one with a single # is YAML that holds where the # is taken away.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/runtimes.h"
#include "load/features.h"
#include "load/placeholders.h"
#include "nsc/text.h"
#include "runtime/config.h"
#include "runtime/discover.h"
#include "runtime/template.h"

enum { PRINTED_LINES = 3 };

struct skeleton {
	struct pool *pool;
	const struct discovered *d;
	struct filling names; /* ${NAME} and ${WORD} of the rows below */
};

/* TEXT as a scalar of YAML that is read as a text. */
static const char *scalar(struct pool *pool, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.";
	static const char *const words[] = { "true", "false", "null", "yes", "no", "on", "off" };
	struct text t = { .pool = pool };
	bool is_plain = *text && strchr(plain, *text) && strspn(text, plain) == strlen(text) &&
		!strchr("0123456789.-", *text);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		is_plain &= strcmp(text, words[i]) != 0;
	if (is_plain)
		return text;
	text_puts(&t, "'");
	for (; *text; text++)
		text_add(&t, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
	text_puts(&t, "'");
	return t.s;
}

static void put_symbols(const struct symbol *symbols)
{
	for (const struct symbol *s = symbols; s->name; s++)
		printf("##   %s: %s\n", s->name, s->doc);
}

static void put_version(const struct skeleton *s)
{
	const struct discovered *d = s->d;
	const char *line = d->printed;

	if (!d->program)
		printf("## There is no program %s in PATH: this is a guess.\n", d->word);
	else
		printf("## The program printed%s\n", *line ? ":" : " nothing: this is a guess.");
	for (int i = 0; *line && i < PRINTED_LINES; i++) {
		size_t len = strcspn(line, "\n");

		printf("##   %s\n", text_escape(s->pool, line, len, ""));
		line += len + (line[len] == '\n');
	}
	printf("version: {argv: [%s, --version], matches: %s}\n", scalar(s->pool, d->word),
	       scalar(s->pool, d->expression));
}

static void put_quirks(const struct skeleton *s)
{
	put_symbols(quirk_symbols);
	printf("#quirks: [%s]\n", quirk_symbols[0].name);
}

static void put_launch(const struct skeleton *s)
{
	puts("## Words in which ${NAME} is replaced; also those of daemons, prepare, exec and cleanup:");
	for (const struct symbol *p = placeholder_symbols; p->name; p++)
		printf("##   ${%s}: %s\n", p->name, p->doc);
	puts(template_text(&s->names, s->d->oci ?
			   "launch: [${WORD}, --root, '${work}/state', run, --bundle, '${bundle}', '${id}']" :
			   "launch: [${WORD}, '${ns...}', '${options...}', '${command...}']"));
}

/* Whether LIST has TEXT. */
static bool lists(const struct value *list, const char *text)
{
	for (size_t i = 0; list && list->type == VALUE_LIST && i < list->list.n; i++)
		if (value_is(list->list.items[i], text))
			return true;
	return false;
}

/* Without its features a runtime is taken for one that can make all kinds: a probe tells. */
static bool makes(const struct discovered *d, int ns)
{
	return d->oci && (!d->features ||
			  lists(value_get(value_get(d->features, "linux"), "namespaces"),
				oci_types[ns]));
}

static void put_namespaces(const struct skeleton *s)
{
	const struct discovered *d = s->d;

	puts(d->oci ? "## What it cannot make is never. `host` without a mount namespace would "
		      "change the caller's mounts." :
		      "## Nothing is asked for yet. A kind that it can make has the launcher's words:\n"
		      "##   uts: {new: [--uts], host: []}");
	puts("namespaces:");
	for (int ns = 0; ns < NS_COUNT; ns++) {
		const char *new = makes(d, ns) ? "config" : "never";
		const char *host = !d->oci ? "always" : ns == NS_MNT ? "never" : "config";
		bool joins = makes(d, ns) && ns != NS_MNT && ns != NS_TIME;

		printf("  %s: {new: %s, host: %s, join: %s}\n", ns_kinds[ns].name, new, host,
		       joins ? "config" : "never");
	}
}

/* Properties of which the features of a runtime say whether it has them. */
static bool featured(const struct discovered *d, const char *property)
{
	const struct value *seccomp = value_get(value_get(d->features, "linux"), "seccomp");

	if (!d->features)
		return true;
	if (!strcmp(property, "hooks"))
		return value_get(d->features, "hooks") != NULL;
	if (!strcmp(property, "seccomp"))
		return value_true(value_get(seccomp, "enabled"));
	if (!strcmp(property, "monotonic") || !strcmp(property, "boottime"))
		return makes(d, NS_TIME);
	return true;
}

/* The words of a launcher whose options have the names of the table. */
static const char *words_for(struct pool *pool, const struct field *f)
{
	const struct property_parts *p = property_parts_find(f->name);
	char *option = pool_printf(pool, "--%s", f->name);
	const char *text = option;

	for (char *c = option; *c; c++)
		*c = *c == '_' ? '-' : *c;
	if (f->type == FIELD_BOOL)
		return option;
	if (!p)
		return pool_printf(pool, "%s, '${%s}'", option, f->name);
	for (size_t i = 0; i < p->always; i++)
		text = pool_printf(pool, "%s, '${%s.%s}'", text, f->name, p->parts[i]);
	return text;
}

/* What an OCI runtime is asked for is in config.json, which has maps in place of `map`. */
static void put_options(const struct skeleton *s)
{
	const struct field *f;

	if (s->d->oci)
		puts("options:");
	else
		puts("## ${NAME} is the value, of a list each element: the words are added for each.\n"
		     "#options:");
	for (size_t i = 0; (f = property_at(i)); i++)
		if (!s->d->oci)
			printf("#  ## %s\n#  %s: [%s]\n", f->doc, f->name, words_for(s->pool, f));
		else if (strcmp(f->name, "map"))
			printf("%s  %s: config  # %s\n", featured(s->d, f->name) ? "" : "#",
			       f->name, f->doc);
}

static void put_lacks(const struct skeleton *s)
{
	for (const struct box_feature *b = box_features; b->name; b++)
		if (!box_feature_native(b))
			printf("##   %s: %s\n", b->name, b->doc);
	puts(s->d->oci ? "#lacks: [fresh-numbers, loopback-down, survival]" : "#lacks: [survival]");
}

/* How a key is begun: a text, of OCI runtimes another one, or a function. */
static const struct key {
	const char *name, *text, *oci;
	void (*put)(const struct skeleton *s);
} keys[] = {
	{ "runtime", "runtime: ${NAME}", NULL, NULL },
	{ "about", "about: A runtime that is described here for the first time.", NULL, NULL },
	{ "untried", "#untried: nobody has run it by this file", NULL, NULL },
	{ "packages", "#packages: [${NAME}]", NULL, NULL },
	{ "programs", "programs: [${WORD}]", NULL, NULL },
	{ "version", NULL, NULL, put_version },
	{ "privilege", "privilege: root", NULL, NULL },
	{ "kernel", "kernel: shared", NULL, NULL },
	{ "root", "root: host", "root: directory", NULL },
	{ "directories", "#directories: [usr, var]", NULL, NULL },
	{ "first", "first: true", NULL, NULL },
	{ "detaches", "#detaches: true", NULL, NULL },
	{ "generate", "#generate: oci", "generate: oci", NULL },
	{ "quirks", NULL, NULL, put_quirks },
	{ "daemons", "#daemons:\n"
	  "#  - {argv: [${WORD}, --serve, '${work}/socket'], ready: '${work}/socket'}", NULL, NULL },
	{ "prepare", "#prepare:\n#  - [${WORD}, prepare, '${rootfs}']", NULL, NULL },
	{ "launch", NULL, NULL, put_launch },
	{ "exec", "#exec: [${WORD}, exec, '${id}', '${command...}']",
	  "exec: [${WORD}, --root, '${work}/state', exec, '${id}', '${command...}']", NULL },
	{ "cleanup", "#cleanup:\n#  - [${WORD}, delete, '${id}']",
	  "cleanup:\n  - [${WORD}, --root, '${work}/state', delete, --force, '${id}']", NULL },
	{ "removes", "#removes: true", "#removes: true", NULL },
	{ "namespaces", NULL, NULL, put_namespaces },
	{ "options", NULL, NULL, put_options },
	{ "inherits", "#inherits: [environment, descriptors]", NULL, NULL },
	{ "lacks", NULL, NULL, put_lacks },
	{ "without", "#without: ['mq.*', 'link.set']", NULL, NULL },
	{ "disclaims", "#disclaims:\n#  runtime.fds.only-stdio: why it does not promise that", NULL,
	  NULL },
	{ "tolerates", "#tolerates: [/run/${NAME}]", NULL, NULL },
	{ "within", "within: 10s", NULL, NULL },
	{ "environment", "#environment: {XDG_RUNTIME_DIR: '${work}/run'}", NULL, NULL },
};

static void put_key(const struct skeleton *s, const struct field *f)
{
	printf("\n## %s%s\n", f->doc, f->need == REQUIRED ? " Required." : "");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(keys[i].name, f->name))
			continue;
		if (keys[i].put)
			keys[i].put(s);
		else
			puts(template_text(&s->names, s->d->oci && keys[i].oci ? keys[i].oci :
					   keys[i].text));
	}
}

static void put_head(const struct skeleton *s)
{
	const struct discovered *d = s->d;

	printf("## A runtime file of nsconform: nsconform-runtime(5), docs/runtimes.md.\n"
	       "## A line that begins with one # is an example: it holds where the # is taken away.\n"
	       "## `nsconform validate ./FILE` tells what is wrong with the file, and\n"
	       "## `nsconform runtime ./FILE --probe` whether boxes are as it says.\n##\n");
	if (d->program)
		printf("## %s is %s, %s.\n", d->name, d->program,
		       d->oci ? pool_printf(s->pool, "an OCI runtime: %s", d->oci) :
		       "taken for a launcher with options of its own");
	else
		printf("## There is no program %s in PATH: nothing is known of it.\n", d->word);
}

const char *take_new(struct pool *pool, void *target, const char *value)
{
	bool good = *value && value[strlen(value) - 1] != '/';

	for (const char *c = value; *c; c++)
		good &= (unsigned char)*c > ' ' && (unsigned char)*c < 127 && !strchr("${}", *c);
	*(const char **)target = value;
	return good ? NULL : pool_printf(pool, "--new takes %s",
					 argument_kinds[ARGUMENT_NAME].doc);
}

void runtime_new(struct pool *pool, const char *name)
{
	struct discovered d;
	struct value *texts = value_map(pool);
	struct skeleton s = { .pool = pool, .d = &d,
			      .names = { .pool = pool, .texts = texts, .lists = value_map(pool) } };

	discover(pool, name, &d);
	value_put(pool, texts, "NAME", value_str(pool, scalar(pool, d.name)));
	value_put(pool, texts, "WORD", value_str(pool, scalar(pool, d.word)));
	put_head(&s);
	for (const struct field *f = runtime_fields; f->type != FIELD_END; f++)
		put_key(&s, f);
}
