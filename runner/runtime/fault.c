// SPDX-License-Identifier: GPL-2.0-only
/*
 * One row a fault.
 */
#include <string.h>

#include "load/yaml.h"
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

static void args_empty(const struct box_spec *c, struct value *config)
{
	set(c, below(c, config, "process", false), "args", value_list(c->pool));
}

/* The hook is this program, which ends with a failure as it is given no path. */
static void add_hook(const struct box_spec *c, struct value *config, const char *kind,
		     const char *program)
{
	struct value *hook = value_map(c->pool), *args = value_list(c->pool);
	bool inside = !strcmp(kind, "startContainer");

	value_push(c->pool, args, text(c, "nsconform"));
	value_push(c->pool, args, text(c, "hook"));
	value_put(c->pool, hook, "path", text(c, inside ? program : pool_printf(
		c->pool, "%s/rootfs%s", c->bundle, program)));
	value_put(c->pool, hook, "args", args);
	value_push(c->pool, below(c, below(c, config, "hooks", false), kind, true), hook);
}

static void hook_missing(const struct box_spec *c, struct value *config)
{
	add_hook(c, config, "createRuntime", "/nowhere");
}

static void no_dev(const struct box_spec *c, struct value *config)
{
	struct value *all = below(c, config, "mounts", true), *kept = value_list(c->pool);

	for (size_t i = 0; i < all->list.n; i++)
		if (strncmp(value_text(value_get(all->list.items[i], "destination")), "/dev", 4))
			value_push(c->pool, kept, all->list.items[i]);
	set(c, config, "mounts", kept);
}

/* How a fault gets into config.json. */
static const struct {
	void (*put)(const struct box_spec *c, struct value *config);
	const char *hook;  /* one of that kind, which fails */
	const char *merge; /* YAML: maps are merged, lists get longer, all else is replaced */
	bool any;	   /* it is no matter of config.json, but of whatever launcher */
} faults[FAULT_COUNT] = {
	[FAULT_NONE] = { .any = true },
	[FAULT_PROGRAM_MISSING] = { .any = true },
	[FAULT_PATH_OF_OTHER_TYPE] = { .any = true },
	[FAULT_PATH_RELATIVE] = { .any = true },
	[FAULT_PATH_MISSING] = { .any = true },
	[FAULT_NO_JSON] = { .put = NULL },
	[FAULT_NAMESPACE_TWICE] = { .put = namespace_twice },
	[FAULT_ARGS_EMPTY] = { .put = args_empty },
	[FAULT_HOOK_FAILS] = { .hook = "createRuntime" },
	[FAULT_HOOK_MISSING] = { .put = hook_missing },
	[FAULT_NO_DEV] = { .put = no_dev },
	[FAULT_NAMESPACE_UNKNOWN] =
	{ .merge = "{linux: {namespaces: [{type: nonsense}]}}" },
	[FAULT_RLIMIT_TWICE] =
	{ .merge = "{process: {rlimits: [{type: RLIMIT_NOFILE, soft: 64, hard: 64}, {type: "
	  "RLIMIT_NOFILE, soft: 64, hard: 64}]}}" },
	[FAULT_RLIMIT_UNKNOWN] =
	{ .merge = "{process: {rlimits: [{type: RLIMIT_NONSENSE, soft: 64, hard: 64}]}}" },
	[FAULT_CWD_RELATIVE] =
	{ .merge = "{process: {cwd: work}}" },
	[FAULT_OFFSETS_ALONE] =
	{ .merge = "{linux: {timeOffsets: {monotonic: {secs: 5, nanosecs: 0}}}}" },
	[FAULT_PROPERTY_UNKNOWN] =
	{ .merge = "{nonsense: of nobody's concern, linux: {nonsense: 1}}" },
	[FAULT_HOSTNAME_ALONE] =
	{ .merge = "{hostname: nsconform-alone}" },
	[FAULT_SECCOMP_UNKNOWN] =
	{ .merge = "{linux: {seccomp: {defaultAction: SCMP_ACT_NONSENSE}}}" },
	[FAULT_VERSION] =
	{ .merge = "{ociVersion: nonsense}" },
	[FAULT_MASK_RELATIVE] =
	{ .merge = "{linux: {maskedPaths: [proc/kcore]}}" },
	[FAULT_READONLY_RELATIVE] =
	{ .merge = "{linux: {readonlyPaths: [proc/sys]}}" },
	[FAULT_HOOK_RELATIVE] =
	{ .merge = "{hooks: {createRuntime: [{path: bin/true}]}}" },
	[FAULT_SECCOMP_NO_NAMES] =
	{ .merge = "{linux: {seccomp: {defaultAction: SCMP_ACT_ALLOW, syscalls: [{names: [], "
	  "action: SCMP_ACT_ERRNO}]}}}" },
	[FAULT_SECCOMP_ERRNO] =
	{ .merge = "{linux: {seccomp: {defaultAction: SCMP_ACT_ALLOW, syscalls: [{names: [acct], "
	  "action: SCMP_ACT_ALLOW, errnoRet: 1}]}}}" },
	[FAULT_SECCOMP_METADATA] =
	{ .merge = "{linux: {seccomp: {defaultAction: SCMP_ACT_ALLOW, listenerMetadata: x}}}" },
	[FAULT_MAPS_ALONE] =
	{ .merge = "{linux: {uidMappings: [{containerID: 0, hostID: 0, size: 1}], gidMappings: "
	  "[{containerID: 0, hostID: 0, size: 1}]}}" },
	[FAULT_MAPS_OVERLAP] =
	{ .merge = "{linux: {namespaces: [{type: user}], uidMappings: [{containerID: 0, hostID: "
	  "0, size: 10}, {containerID: 5, hostID: 100, size: 10}], gidMappings: "
	  "[{containerID: 0, hostID: 0, size: 10}]}}" },
	[FAULT_IDMAP_ALONE] =
	{ .merge = "{mounts: [{destination: /mnt, source: /work, type: none, options: [bind, "
	  "idmap]}]}" },
	[FAULT_ROOT_MISSING] =
	{ .merge = "{root: {path: /nowhere}}" },
	[FAULT_UNIFIED_UNKNOWN] =
	{ .merge = "{linux: {resources: {unified: {nonsense.max: \"1\"}}}}" },
	[FAULT_RDT_ALONE] =
	{ .merge = "{linux: {intelRdt: {closID: nsconform}}}" },
	[FAULT_PROPAGATION_UNKNOWN] =
	{ .merge = "{linux: {rootfsPropagation: nonsense}}" },
	[FAULT_UID_UNMAPPABLE] =
	{ .merge = "{process: {user: {uid: 4294967295}}}" },
	[FAULT_ANNOTATION_NUMBER] =
	{ .merge = "{annotations: {org.example.nsconform: 1}}" },
	[FAULT_ANNOTATION_NO_KEY] =
	{ .merge = "{annotations: {\"\": x}}" },
	[FAULT_SYSCTL_UNKNOWN] =
	{ .merge = "{linux: {sysctl: {net.nonsense: \"1\"}}}" },
	[FAULT_CAPABILITY_UNKNOWN] =
	{ .merge = "{process: {capabilities: {bounding: [CAP_NONSENSE], permitted: "
	  "[CAP_NONSENSE], effective: [CAP_NONSENSE]}}}" },
	[FAULT_HOOK_FAILS_PRESTART] = { .hook = "prestart" },
	[FAULT_HOOK_FAILS_CONTAINER] = { .hook = "createContainer" },
	[FAULT_HOOK_FAILS_START] = { .hook = "startContainer" },
	[FAULT_HOOK_FAILS_POSTSTART] = { .hook = "poststart" },
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
	return faults[fault_of(v)].any || r->generate == GENERATE_OCI;
}

void fault_put(const struct box_spec *c, struct value *config)
{
	enum fault fault = fault_of(value_get(c->asked, "fault"));
	const char *yaml = faults[fault].merge;
	struct problems problems = { .pool = c->pool };

	if (faults[fault].put)
		faults[fault].put(c, config);
	if (faults[fault].hook)
		add_hook(c, config, faults[fault].hook, BOX_AGENT);
	if (yaml)
		*config = *value_merge(c->pool, config, yaml_parse(c->pool, "a fault", yaml,
								   strlen(yaml), &problems));
}
