// SPDX-License-Identifier: GPL-2.0-only
/*
 * From an actor to what its box is asked for.
 */
#include <stdint.h>
#include <string.h>

#include "runtime/fault.h"
#include "runtime/spec.h"
#include "load/box_paths.h"
#include "nsc/box.h"

static struct value *one_line(struct pool *pool, const char *text)
{
	struct value *list = value_list(pool);

	value_push(pool, list, value_str(pool, text));
	return list;
}

/* `map: root` and `map: same` are the same where the caller is root. */
static void ask_for_maps(struct pool *pool, const struct runtime *r, const struct script_actor *a,
			 const struct place *p, struct value *asked)
{
	static const char *const names[] = { "uid_map", "gid_map" };
	bool explicit = p->uid_map.v || p->gid_map.v;

	if (!(p->new & NSM_USER) || (!explicit && p->map == MAP_NONE))
		return;
	/* The usual map has a name of its own, because it needs fewer rights than explicit
	 * lines. */
	if (!explicit && runtime_option(r, "map").kind != WAY_NEVER) {
		value_put(pool, asked, "map", value_str(pool, "root"));
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		const struct value *given = value_get(a->place, names[i]);

		if (given && given->type == VALUE_STR)
			given = one_line(pool, given->str.s);
		if (given)
			value_put(pool, asked, names[i], (struct value *)given);
		else if (!explicit)
			value_put(pool, asked, names[i], one_line(pool, "0 0 1"));
	}
}

static unsigned kinds_of(const struct runtime *r, const struct script_actor *a)
{
	unsigned kinds = (unsigned)a->bound.new | a->actor->join_types;

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (r->ns[ns].host.kind == WAY_NEVER && r->ns[ns].new.kind != WAY_NEVER)
			kinds |= NS_BIT(ns);
	return kinds;
}

static const struct value *properties_of(struct pool *pool, const struct runtime *r,
					 const struct script_actor *a, unsigned kinds)
{
	static const char *const clocks[] = { "monotonic", "boottime" };
	struct value *asked = value_map(pool);
	struct place place = a->bound;

	/* Where a user namespace is made unasked, it is like one that is asked for. */
	place.new |= kinds & NSM_USER & ~a->actor->join_types;
	ask_for_maps(pool, r, a, &place, asked);
	for (size_t i = 0; i < 2; i++)
		if (value_get(a->place, clocks[i]))
			value_put(pool, asked, clocks[i],
				  (struct value *)value_get(a->place, clocks[i]));
	for (size_t i = 0; a->box && i < a->box->list.n; i++)
		value_push(pool, asked, a->box->list.items[i]);
	return asked;
}

const struct value *place_of_agent(struct pool *pool, const struct value *place)
{
	static const char *const kept[] = { "uid", "gid", "groups", "drop", "root", "proc",
					    "ignore", "subreaper" };
	struct value *made = value_map(pool);

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		const struct value *v = value_get(place, kept[i]);

		if (v)
			value_put(pool, made, kept[i], (struct value *)v);
	}
	return made;
}

static const char *saved_of(struct pool *pool, const struct script_actor *a)
{
	return a ? pool_printf(pool, "box-%s", a->actor->name) : NULL;
}

const char *box_join_path(const struct box_spec *c, int ns)
{
	return pool_printf(c->pool, "%sproc/${%s.pid}/%s/%s",
			   fault_is(c, FAULT_PATH_RELATIVE) ? "" : "/", c->joined_saved,
			   fault_is(c, FAULT_PATH_MISSING) ? "nowhere" : "ns",
			   ns_kinds[fault_is(c, FAULT_PATH_OF_OTHER_TYPE) ?
				    (ns == NS_UTS ? NS_IPC : NS_UTS) : ns].name);
}

/* The nonce differs from cell to cell, so that no agent is taken for another one. */
static const char *nonce(struct pool *pool, const struct script *script, size_t actor)
{
	uint64_t hash = 14695981039346656037u;

	for (const char *c = cell_name(pool, script->cell); *c; c++)
		hash = (hash ^ (unsigned char)*c) * 1099511628211u;
	return pool_printf(pool, "%016llx", (unsigned long long)(hash ^ actor));
}

/* From outside: below the box's root directory, or where it has none of its own below its work. */
static const char *in_root(const struct box_spec *c, const char *file)
{
	return c->runtime->host_root ? pool_printf(c->pool, "%s%s", c->work, file) :
		pool_printf(c->pool, "%s/rootfs%s", c->bundle, file);
}

struct value *box_texts(const struct box_spec *c)
{
	const struct {
		const char *name, *text;
	} texts[] = {
		{ "id", c->id },
		{ "work", c->work },
		{ "bundle", c->bundle },
		{ "rootfs", pool_printf(c->pool, "%s/rootfs", c->bundle) },
		{ "agent", in_root(c, BOX_AGENT) },
		{ "channel", in_root(c, BOX_CHANNEL) },
	};
	struct value *map = value_map(c->pool);

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		value_put(c->pool, map, texts[i].name, value_str(c->pool, texts[i].text));
	return map;
}

/* The agent's own command in the box. */
static const struct value *agent_command(const struct box_spec *c)
{
	bool host = c->runtime->host_root;
	const char *const words[] = {
		fault_is(c, FAULT_PROGRAM_MISSING) ? "/nowhere/to/be/found" :
		host ? in_root(c, BOX_AGENT) : BOX_AGENT, "box",
		pool_printf(c->pool, "%s/%s", host ? in_root(c, BOX_CHANNEL) : BOX_CHANNEL,
			    c->name),
		c->nonce,
	};
	struct value *list = value_list(c->pool);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		value_push(c->pool, list, value_str(c->pool, words[i]));
	return list;
}

const struct box_spec *box_spec_make(struct pool *pool, const struct script *script, size_t actor)
{
	const struct script_actor *a = &script->actors[actor];
	const struct actor *as = a->actor;
	const struct script_actor *joined = as->join_of < 0 ? NULL : &script->actors[as->join_of];
	const struct runtime *r = script->cell->runtime;
	struct box_spec *spec = pool_new(pool, struct box_spec);
	unsigned kinds = kinds_of(r, a);

	*spec = (struct box_spec){
		.pool = pool, .runtime = r, .actor = a, .joined = joined,
		.id = box_id(pool, as->exec_of >= 0 ? (size_t)as->exec_of : actor),
		.name = pool_printf(pool, "s%zu", actor), .nonce = nonce(pool, script, actor),
		.of = as->exec_of >= 0 ? script->actors[as->exec_of].box : NULL,
		.saved = saved_of(pool, a), .joined_saved = saved_of(pool, joined),
		.kinds = kinds, .asked = properties_of(pool, r, a, kinds),
	};
	spec->work = pool_printf(pool, MOAT_DIR "/%s", spec->id);
	spec->bundle = pool_printf(pool, "%s/bundle", spec->work);
	spec->share = "/work";
	spec->command = agent_command(spec);
	return spec;
}

const struct box_spec *box_spec_at(const struct box_spec *spec, const char *dir)
{
	struct box_spec *made = pool_new(spec->pool, struct box_spec);

	*made = *spec;
	made->work = made->bundle = dir;
	made->share = in_root(made, "/work");
	made->command = agent_command(made);
	return made;
}
