// SPDX-License-Identifier: GPL-2.0-only
/*
 * From an actor to the commands that build its box.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/config.h"
#include "runtime/launch.h"
#include "runtime/property.h"
#include "runtime/template.h"
#include "load/placeholders.h"
#include "nsc/box.h"

static void put_text(const struct box_spec *c, struct value *map, const char *key,
		     const char *text)
{
	value_put(c->pool, map, key, value_str(c->pool, text));
}

static struct value *list_of(struct pool *pool, const char *const *v, size_t n)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < n; i++)
		value_push(pool, list, value_str(pool, v[i]));
	return list;
}

static const char *plain_text(struct pool *pool, const char *name, const struct value *v)
{
	if (!strcmp(name, "monotonic") || !strcmp(name, "boottime"))
		return property_seconds(pool, v);
	if (!strcmp(name, "umask") && v->type == VALUE_INT)
		return pool_printf(pool, "%04llo", (long long)v->i);
	return value_text(v) ? value_text(v) : value_show(pool, v);
}

/* Elements with commas between, lower case, as ${NAME.list}. */
static const char *joined(struct pool *pool, const struct value *v)
{
	const char *text = "";

	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++)
		text = pool_printf(pool, "%s%s%s", text, i ? "," : "",
				   plain_text(pool, "", v->list.items[i]));
	return text_lower(pool, text);
}

/* Whether WORDS ask for a whole list: otherwise they are repeated for each element. */
static bool at_once(const struct box_spec *c, const struct value *words, const char *name)
{
	const char *list = pool_printf(c->pool, "${%s.list}", name);

	for (size_t i = 0; i < words->list.n; i++)
		if (strstr(value_text(words->list.items[i]), list))
			return true;
	return false;
}

static void put_part(const struct box_spec *c, struct value *texts, const char *name,
		     const char *text)
{
	put_text(c, texts, name, text);
	put_text(c, texts, pool_printf(c->pool, "%s.lower", name), text_lower(c->pool, text));
}

/* The words of option NAME for VALUE, one element of it when it is a list. */
static void ask(const struct box_spec *c, const struct value *words, const char *name,
		const struct value *v, struct value *list)
{
	struct value *texts = box_texts(c);
	struct filling w = { .pool = c->pool, .texts = texts, .lists = value_map(c->pool) };
	const struct property_parts *p = property_parts_find(name);

	put_text(c, texts, name, plain_text(c->pool, name, v));
	put_text(c, texts, pool_printf(c->pool, "%s.list", name), joined(c->pool, v));
	for (size_t k = 0; p && value_text(v) && k < PROPERTY_PARTS && p->parts[k]; k++)
		put_part(c, texts, pool_printf(c->pool, "%s.%s", name, p->parts[k]),
			 text_part(c->pool, value_text(v), p->between, k));
	template_expand(&w, words, list);
}

static struct value *option_words(const struct box_spec *c)
{
	struct value *list = value_list(c->pool);

	for (size_t i = 0; i < c->asked->list.n; i += 2) {
		const char *name = c->asked->list.items[i]->str.s;
		const struct value *v = c->asked->list.items[i + 1];
		struct way way = runtime_option(c->runtime, name);

		/* A property that is false adds no words. */
		if (way.kind != WAY_WORDS || (v->type == VALUE_BOOL && !v->b))
			continue;
		if (v->type != VALUE_LIST || at_once(c, way.words, name))
			ask(c, way.words, name, v, list);
		for (size_t k = 0; v->type == VALUE_LIST && !at_once(c, way.words, name) &&
		     k < v->list.n; k++)
			ask(c, way.words, name, v->list.items[k], list);
	}
	return list;
}

/* Where descriptors of the launcher begin: see lib/box/program.h. */
enum { PASSED = 20 };

static bool by_descriptor(const struct way *way)
{
	for (size_t i = 0; way->kind == WAY_WORDS && i < way->words->list.n; i++)
		if (strstr(value_text(way->words->list.items[i]), "${ns.fd}"))
			return true;
	return false;
}

/* The namespaces that are joined by descriptor. */
static struct value *joined_files(const struct box_spec *c)
{
	struct value *list = value_list(c->pool);

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (c->actor->actor->join_types & NS_BIT(ns) &&
		    by_descriptor(&c->runtime->ns[ns].join))
			value_push(c->pool, list, value_str(c->pool, box_join_path(c, ns)));
	return list;
}

static struct value *ns_words(const struct box_spec *c)
{
	struct value *list = value_list(c->pool);
	unsigned joined = c->actor->actor->join_types;
	int fds = 0;

	for (int ns = 0; ns < NS_COUNT; ns++) {
		const struct runtime_ns *r = &c->runtime->ns[ns];
		const struct way *way = joined & NS_BIT(ns)   ? &r->join :
					c->kinds & NS_BIT(ns) ? &r->new : &r->host;
		struct value *texts = box_texts(c);
		struct filling w = { .pool = c->pool, .texts = texts, .lists = value_map(c->pool) };

		if (joined & NS_BIT(ns)) {
			put_text(c, texts, "ns.path", box_join_path(c, ns));
			/* In the order in which joined_files() has them. */
			put_text(c, texts, "ns.fd", pool_printf(c->pool, "%d", PASSED + fds));
			fds += by_descriptor(way);
			put_text(c, texts, "ns.pid",
				 pool_printf(c->pool, "${%s.pid}", c->joined_saved));
		}
		if (way->kind == WAY_WORDS)
			template_expand(&w, way->words, list);
	}
	return list;
}

const char *launch_path(struct pool *pool, const struct strs *programs)
{
	const char *own = getenv("PATH");

	return pool_printf(pool, "%s%s%s/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			   programs->n ? MOAT_PROGRAMS ":" : "", own ? own : "",
			   own && *own ? ":" : "");
}

static const struct value *environment(const struct box_spec *c, const struct filling *w)
{
	const char *const always[] = {
		pool_printf(c->pool, "PATH=%s", launch_path(c->pool, &c->runtime->substitutes)),
		"HOME=/root", "LANG=C.UTF-8", "NSCONFORM_LEAK=1",
	};
	struct value *list = list_of(c->pool, always, sizeof(always) / sizeof(*always));
	const struct value *own = c->runtime->environment;

	for (size_t i = 0; own && i < own->list.n; i += 2)
		value_push(c->pool, list, value_str(c->pool, pool_printf(
			c->pool, "%s=%s", own->list.items[i]->str.s,
			template_text(w, value_text(own->list.items[i + 1])))));
	return list;
}

static struct value *texts_of(const struct filling *w, const struct strs *templates)
{
	struct value *list = value_list(w->pool);

	for (size_t i = 0; i < templates->n; i++)
		value_push(w->pool, list, value_str(w->pool, template_text(w, templates->v[i])));
	return list;
}

/* Each command of a list, or of daemons' argv, expanded. */
static struct value *commands(const struct filling *w, const struct value *templates)
{
	struct value *list = value_list(w->pool);

	for (size_t i = 0; templates && i < templates->list.n; i++) {
		struct value *one = value_list(w->pool);

		template_expand(w, templates->list.items[i], one);
		value_push(w->pool, list, one);
	}
	return list;
}

static struct value *daemons(const struct filling *w, const struct value *templates)
{
	struct value *list = value_list(w->pool);

	for (size_t i = 0; templates && i < templates->list.n; i++) {
		struct value *one = value_map(w->pool), *argv = value_list(w->pool);
		const char *ready = value_text(value_get(templates->list.items[i], "ready"));

		template_expand(w, value_get(templates->list.items[i], "argv"), argv);
		value_put(w->pool, one, "argv", argv);
		value_put(w->pool, one, "ready", value_str(w->pool, template_text(w, ready)));
		value_push(w->pool, list, one);
	}
	return list;
}

static void put_files(const struct box_spec *c, struct value *with)
{
	struct value *files = value_list(c->pool);
	bool oci = c->runtime->generate == GENERATE_OCI;

	if (c->runtime->generate == GENERATE_NOTHING)
		return;
	value_push(c->pool, files,
		   value_str(c->pool, pool_printf(c->pool, "%s/%s", c->bundle,
						  oci ? "config.json" : "config")));
	value_push(c->pool, files, value_str(c->pool, oci ? oci_config(c) : lxc_config(c)));
	value_put(c->pool, with, "files", files);
}

const struct value *launch_params(const struct box_spec *c)
{
	/* Properties of the request itself. */
	static const char *const copied[][2] = { { "image", "image" }, { "launcher", "with" } };
	struct pool *pool = c->pool;
	bool further = c->actor->actor->exec_of >= 0;
	struct value *with = value_map(pool), *argv = value_list(pool), *lists = value_map(pool);
	struct filling w = { .pool = pool, .texts = box_texts(c), .lists = lists };

	value_put(pool, lists, "command", (struct value *)c->command);
	value_put(pool, lists, "ns", ns_words(c));
	value_put(pool, lists, "options", option_words(c));
	template_expand(&w, further ? c->runtime->exec : c->runtime->launch, argv);
	value_put(pool, with, "id", value_str(pool, c->id));
	value_put(pool, with, "name", value_str(pool, c->name));
	value_put(pool, with, "nonce", value_str(pool, c->nonce));
	value_put(pool, with, "command", argv);
	value_put(pool, with, "open", joined_files(c));
	value_put(pool, with, "environment", (struct value *)environment(c, &w));
	value_put(pool, with, "place", (struct value *)place_of_agent(pool, c->actor->place));
	value_put(pool, with, "directory", value_bool(pool, !c->runtime->host_root));
	value_put(pool, with, "further", value_bool(pool, further));
	value_put(pool, with, "foreign", value_bool(pool, c->runtime->foreign));
	value_put(pool, with, "tolerates", texts_of(&w, &c->runtime->tolerates));
	value_put(pool, with, "move", value_bool(pool, !value_get(c->asked, "cwd") &&
						!value_get(c->of, "cwd")));
	value_put(pool, with, "detaches", value_bool(pool, c->runtime->detaches));
	for (size_t i = 0; i < sizeof(copied) / sizeof(*copied); i++)
		if (value_get(c->asked, copied[i][0]))
			value_put(pool, with, copied[i][1],
				  (struct value *)value_get(c->asked, copied[i][0]));
	if (further)
		return with;
	value_put(pool, with, "directories",
		  list_of(pool, c->runtime->directories.v, c->runtime->directories.n));
	value_put(pool, with, "prepare", commands(&w, c->runtime->prepare));
	value_put(pool, with, "daemons", daemons(&w, c->runtime->daemons));
	put_files(c, with);
	return with;
}

/* Kinds whose state in the moat the scenario's own ops may change. */
static unsigned changed_by_ops(const struct script *script)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].step->kind == STEP_CALL) {
			const struct op *op = script->steps[i].step->op;

			/* Programs that actors start stay as long as they want. */
			kinds |= op->mutates | (strncmp(op->name, "exec.", 5) ? 0 :
						NSM_PID | NSM_CGROUP);
		}
	return kinds;
}

static struct value *tolerated(const struct box_spec *c)
{
	struct filling w = { .pool = c->pool, .texts = box_texts(c), .lists = value_map(c->pool) };

	return texts_of(&w, &c->runtime->tolerates);
}

/* All boxes are taken into account, as the state that box.end compares with is older than the
 * later ones. */
static struct value *all_tolerated(struct pool *pool, const struct script *script)
{
	struct value *all = value_list(pool);

	for (size_t i = 0; i < script->n_actors; i++) {
		const struct box_spec *c = script->actors[i].spec;
		struct value *own = c ? tolerated(c) : value_list(pool);

		for (size_t k = 0; k < own->list.n; k++)
			value_push(pool, all, own->list.items[k]);
	}
	return all;
}

static bool has_launch(const struct script *script, size_t actor)
{
	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].step->kind == STEP_LAUNCH &&
		    script->steps[i].actor == (int)actor)
			return true;
	return false;
}

const struct value *end_params(const struct script *script, size_t actor, bool launched, bool last)
{
	enum { DAEMONS = 3 };
	static const char *const kept[] = { "launcher", "status", "listener", "daemons" };
	const struct box_spec *c = script->actors[actor].spec;
	struct pool *pool = c->pool;
	struct value *with = value_map(pool), *except = value_list(pool);
	struct filling w = { .pool = pool, .texts = box_texts(c), .lists = value_map(pool) };
	unsigned changed = changed_by_ops(script);
	bool started = launched || has_launch(script, actor);

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (changed & NS_BIT(ns))
			value_push(pool, except, value_str(pool, ns_kinds[ns].name));
	value_put(pool, with, "id", value_str(pool, c->id));
	if (launched)
		value_put(pool, with, "actor", value_str(pool, c->actor->actor->name));
	/* A box that was refused had its daemons, too: they are ours, not left by the runtime. */
	for (size_t i = launched ? 0 : DAEMONS; started && i <= DAEMONS; i++)
		value_put(pool, with, kept[i],
			  value_str(pool, pool_printf(pool, "$%s.%s", c->saved, kept[i])));
	if (last)
		value_put(pool, with, "before",
			  value_str(pool, pool_printf(pool, "$%s.before", c->saved)));
	value_put(pool, with, "cleanup", commands(&w, c->runtime->cleanup));
	value_put(pool, with, "removes", value_bool(pool, c->runtime->removes));
	value_put(pool, with, "environment", (struct value *)environment(c, &w));
	value_put(pool, with, "tolerates", last ? all_tolerated(pool, script) : tolerated(c));
	value_put(pool, with, "except", except);
	return with;
}
