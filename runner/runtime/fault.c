// SPDX-License-Identifier: GPL-2.0-only
/*
 * One row a fault.
 */
#include <string.h>

#include "runtime/fault.h"

static struct value *text(const struct box_spec *c, const char *s)
{
	return value_str(c->pool, s);
}

/* The map or list behind KEY, made when it is not there. */
static struct value *below(const struct box_spec *c, struct value *map, const char *key,
			   bool list)
{
	struct value *v = (struct value *)value_get(map, key);

	if (!v) {
		v = list ? value_list(c->pool) : value_map(c->pool);
		value_put(c->pool, map, key, v);
	}
	return v;
}

static struct value *typed(const struct box_spec *c, const char *type)
{
	struct value *one = value_map(c->pool);

	value_put(c->pool, one, "type", text(c, type));
	return one;
}

static void set(const struct box_spec *c, struct value *map, const char *key, struct value *v)
{
	for (size_t i = 0; i < map->list.n; i += 2)
		if (value_is(map->list.items[i], key)) {
			map->list.items[i + 1] = v;
			return;
		}
	value_put(c->pool, map, key, v);
}

static void namespace_twice(const struct box_spec *c, struct value *config)
{
	struct value *list = below(c, below(c, config, "linux", false), "namespaces", true);

	value_push(c->pool, list, typed(c, value_text(value_get(
		list->list.items[list->list.n - 1], "type"))));
}

static void namespace_unknown(const struct box_spec *c, struct value *config)
{
	value_push(c->pool, below(c, below(c, config, "linux", false), "namespaces", true),
		   typed(c, "nonsense"));
}

static void add_limit(const struct box_spec *c, struct value *config, const char *type)
{
	struct value *one = typed(c, type);

	value_put(c->pool, one, "soft", value_int(c->pool, 64));
	value_put(c->pool, one, "hard", value_int(c->pool, 64));
	value_push(c->pool, below(c, below(c, config, "process", false), "rlimits", true), one);
}

static void rlimit_twice(const struct box_spec *c, struct value *config)
{
	add_limit(c, config, "RLIMIT_NOFILE");
	add_limit(c, config, "RLIMIT_NOFILE");
}

static void rlimit_unknown(const struct box_spec *c, struct value *config)
{
	add_limit(c, config, "RLIMIT_NONSENSE");
}

static void cwd_relative(const struct box_spec *c, struct value *config)
{
	set(c, below(c, config, "process", false), "cwd", text(c, "work"));
}

static void args_empty(const struct box_spec *c, struct value *config)
{
	set(c, below(c, config, "process", false), "args", value_list(c->pool));
}

static void offsets_alone(const struct box_spec *c, struct value *config)
{
	struct value *clock = value_map(c->pool);

	value_put(c->pool, clock, "secs", value_int(c->pool, 5));
	value_put(c->pool, clock, "nanosecs", value_int(c->pool, 0));
	value_put(c->pool, below(c, below(c, config, "linux", false), "timeOffsets", false),
		  "monotonic", clock);
}

/* Both hooks are this program: `hook` without a path exits with a failure. */
static void add_hook(const struct box_spec *c, struct value *config, const char *program)
{
	struct value *hook = value_map(c->pool), *args = value_list(c->pool);

	value_push(c->pool, args, text(c, "nsconform"));
	value_push(c->pool, args, text(c, "hook"));
	value_put(c->pool, hook, "path", text(c, pool_printf(
		c->pool, "%s/rootfs%s", c->bundle, program)));
	value_put(c->pool, hook, "args", args);
	value_push(c->pool, below(c, below(c, config, "hooks", false), "createRuntime", true),
		   hook);
}

static void hook_fails(const struct box_spec *c, struct value *config)
{
	add_hook(c, config, BOX_AGENT);
}

static void hook_missing(const struct box_spec *c, struct value *config)
{
	add_hook(c, config, "/nowhere");
}

static void property_unknown(const struct box_spec *c, struct value *config)
{
	value_put(c->pool, config, "nonsense", text(c, "of nobody's concern"));
	value_put(c->pool, below(c, config, "linux", false), "nonsense", value_int(c->pool, 1));
}

static void hostname_alone(const struct box_spec *c, struct value *config)
{
	set(c, config, "hostname", text(c, "nsconform-alone"));
}

static void seccomp_unknown(const struct box_spec *c, struct value *config)
{
	set(c, below(c, below(c, config, "linux", false), "seccomp", false), "defaultAction",
	    text(c, "SCMP_ACT_NONSENSE"));
}

static void version(const struct box_spec *c, struct value *config)
{
	set(c, config, "ociVersion", text(c, "nonsense"));
}

static void no_dev(const struct box_spec *c, struct value *config)
{
	struct value *all = below(c, config, "mounts", true), *kept = value_list(c->pool);

	for (size_t i = 0; i < all->list.n; i++)
		if (strncmp(value_text(value_get(all->list.items[i], "destination")), "/dev", 4))
			value_push(c->pool, kept, all->list.items[i]);
	set(c, config, "mounts", kept);
}

/* Without a function the fault is put in elsewhere, for whatever runtime. */
static const struct {
	void (*put)(const struct box_spec *c, struct value *config);
	bool oci;
} faults[FAULT_COUNT] = {
	[FAULT_NAMESPACE_TWICE] = { namespace_twice, true },
	[FAULT_NAMESPACE_UNKNOWN] = { namespace_unknown, true },
	[FAULT_RLIMIT_TWICE] = { rlimit_twice, true },
	[FAULT_RLIMIT_UNKNOWN] = { rlimit_unknown, true },
	[FAULT_CWD_RELATIVE] = { cwd_relative, true },
	[FAULT_ARGS_EMPTY] = { args_empty, true },
	[FAULT_OFFSETS_ALONE] = { offsets_alone, true },
	[FAULT_HOOK_FAILS] = { hook_fails, true },
	[FAULT_HOOK_MISSING] = { hook_missing, true },
	[FAULT_PROPERTY_UNKNOWN] = { property_unknown, true },
	[FAULT_HOSTNAME_ALONE] = { hostname_alone, true },
	[FAULT_SECCOMP_UNKNOWN] = { seccomp_unknown, true },
	[FAULT_VERSION] = { version, true },
	[FAULT_NO_DEV] = { no_dev, true },
	[FAULT_NO_JSON] = { NULL, true },
};

static enum fault fault_of(const struct value *v)
{
	for (const struct symbol *s = fault_symbols; v && s->name; s++)
		if (value_is(v, s->name))
			return (enum fault)s->value;
	return FAULT_NONE;
}

bool fault_is(const struct box_spec *c, enum fault fault)
{
	return fault_of(value_get(c->asked, "fault")) == fault;
}

bool fault_possible(const struct runtime *r, const struct value *v)
{
	return !faults[fault_of(v)].oci || r->generate == GENERATE_OCI;
}

void fault_put(const struct box_spec *c, struct value *config)
{
	enum fault fault = fault_of(value_get(c->asked, "fault"));

	if (faults[fault].put)
		faults[fault].put(c, config);
}
