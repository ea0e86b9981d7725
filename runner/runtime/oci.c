// SPDX-License-Identifier: GPL-2.0-only
/*
 * config.json of the OCI runtime specification (config.md, config-linux.md) for an actor.
 * Nothing is masked, filtered or limited unless it is asked for: scenarios test namespaces.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "runtime/fault.h"
#include "runtime/config.h"
#include "runtime/property.h"
#include "nsc/box.h"
#include "nsc/json.h"

/* Short names for building. */
#define MAP(c) value_map((c)->pool)
#define LIST(c) value_list((c)->pool)
#define PUT(c, map, key, v) value_put((c)->pool, map, key, v)
#define TEXT(c, s) value_str((c)->pool, s)
#define INT(c, i) value_int((c)->pool, i)
#define BOOL(c, b) value_bool((c)->pool, b)

static bool quirk(const struct box_spec *c, const char *name)
{
	return runtime_has_quirk(c->runtime, name);
}

static const struct value *asked(const struct box_spec *c, const char *name)
{
	return value_get(c->asked, name);
}

static bool has(const struct box_spec *c, unsigned kind)
{
	return (c->kinds & kind) != 0;
}

/* Namespaces. */

const char *const oci_types[NS_COUNT] = {
	[NS_USER] = "user", [NS_MNT] = "mount", [NS_PID] = "pid", [NS_NET] = "network",
	[NS_IPC] = "ipc", [NS_UTS] = "uts", [NS_CGROUP] = "cgroup", [NS_TIME] = "time",
};

static struct value *namespaces(const struct box_spec *c)
{
	struct value *list = LIST(c);

	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct value *one = MAP(c);

		if (!has(c, NS_BIT(ns)))
			continue;
		PUT(c, one, "type", TEXT(c, oci_types[ns]));
		if (c->actor->actor->join_types & NS_BIT(ns))
			PUT(c, one, "path", TEXT(c, box_join_path(c, ns)));
		value_push(c->pool, list, one);
	}
	return list;
}

static void put_maps(const struct box_spec *c, struct value *linux_)
{
	static const char *const keys[][2] = {
		{ "uid_map", "uidMappings" }, { "gid_map", "gidMappings" },
	};

	for (size_t i = 0; i < 2; i++) {
		const struct value *map = asked(c, keys[i][0]);
		struct value *list = LIST(c);

		/* Those of the one that is joined. */
		if (!map && c->actor->actor->join_types & NSM_USER && quirk(c, "user-needs-map"))
			map = value_get(c->joined->place, keys[i][0]);
		for (size_t k = 0; map && map->type == VALUE_LIST && k < map->list.n; k++) {
			struct value *one = MAP(c);
			const char *line = value_text(map->list.items[k]);
			long long in = 0, out = 0, count = 0;
			char *end;

			in = strtoll(line, &end, 10);
			out = strtoll(end, &end, 10);
			count = strtoll(end, &end, 10);
			PUT(c, one, "containerID", INT(c, in));
			PUT(c, one, "hostID", INT(c, out));
			PUT(c, one, "size", INT(c, count));
			value_push(c->pool, list, one);
		}
		if (map)
			PUT(c, linux_, keys[i][1], list);
	}
}

static void put_offsets(const struct box_spec *c, struct value *linux_)
{
	static const char *const clocks[] = { "monotonic", "boottime" };
	struct value *offsets = MAP(c);

	for (size_t i = 0; i < 2; i++) {
		const struct value *v = asked(c, clocks[i]);
		struct value *one = MAP(c);
		int64_t ns = property_ns(v), billion = 1000000000;

		if (!v)
			continue;
		int64_t secs = ns / billion - (ns % billion < 0);

		PUT(c, one, "secs", INT(c, secs));
		PUT(c, one, "nanosecs", INT(c, ns - secs * billion));
		PUT(c, offsets, clocks[i], one);
	}
	if (offsets->list.n)
		PUT(c, linux_, "timeOffsets", offsets);
}

/* Mounts. */

struct mount_row {
	const char *destination, *type, *source, *options; /* options with blanks between */
};

static void add_mount(const struct box_spec *c, struct value *list, const struct mount_row *m)
{
	struct value *one = MAP(c), *options = LIST(c);
	char *text = pool_strdup(c->pool, m->options), *word;

	while ((word = strsep(&text, " ")))
		if (*word)
			value_push(c->pool, options, TEXT(c, word));
	PUT(c, one, "destination", TEXT(c, m->destination));
	PUT(c, one, "type", TEXT(c, m->type));
	PUT(c, one, "source", TEXT(c, m->source));
	PUT(c, one, "options", options);
	value_push(c->pool, list, one);
}

/*
 * What a user namespace may mount belongs to a namespace that it owns; what does not is the
 * caller's, bound.
 */
static void add_usual_mounts(const struct box_spec *c, struct value *list)
{
	bool user = has(c, NSM_USER);
	bool proc = !user || has(c, NSM_PID), sys = !user || has(c, NSM_NET);
	const struct mount_row rows[] = {
		proc ? (struct mount_row){ "/proc", "proc", "proc", "nosuid noexec nodev" } :
		       (struct mount_row){ "/proc", "bind", "/proc", "rbind" },
		{ "/dev", "tmpfs", "tmpfs", "nosuid strictatime mode=755" },
		/* No gid=5: without a mapping for the group that is EINVAL. */
		{ "/dev/pts", "devpts", "devpts",
		  "nosuid noexec newinstance ptmxmode=0666 mode=0620" },
		{ "/dev/shm", "tmpfs", "shm", "nosuid noexec nodev mode=1777" },
		sys ? (struct mount_row){ "/sys", "sysfs", "sysfs", "nosuid noexec nodev" } :
		      (struct mount_row){ "/sys", "bind", "/sys", "rbind" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		add_mount(c, list, &rows[i]);
	if (!user || has(c, NSM_IPC))
		add_mount(c, list, &(struct mount_row){ "/dev/mqueue", "mqueue", "mqueue",
							"nosuid noexec nodev" });
	if (sys && !quirk(c, "no-cgroup-mount"))
		add_mount(c, list, &(struct mount_row){ "/sys/fs/cgroup", "cgroup", "cgroup",
							"nosuid noexec nodev" });
}

static const char *with_blanks(struct pool *pool, const char *options)
{
	char *text = pool_strdup(pool, options);

	for (char *comma = text; (comma = strchr(comma, ','));)
		*comma = ' ';
	return text;
}

static struct value *mounts(const struct box_spec *c)
{
	const struct value *bind = asked(c, "bind"), *tmpfs = asked(c, "tmpfs");
	const struct value *further = asked(c, "mounts");
	struct value *list = LIST(c);

	add_usual_mounts(c, list);
	for (size_t i = 0; tmpfs && i < tmpfs->list.n; i++)
		add_mount(c, list, &(struct mount_row){ value_text(tmpfs->list.items[i]), "tmpfs",
							"tmpfs", "" });
	for (size_t i = 0; further && i < further->list.n; i++) {
		const struct value *v = further->list.items[i];

		add_mount(c, list, &(struct mount_row){
			property_part(c->pool, v, 2), property_part(c->pool, v, 0),
			property_part(c->pool, v, 1),
			with_blanks(c->pool, property_part(c->pool, v, 3)) });
	}
	for (size_t i = 0; bind && i < bind->list.n; i++) {
		const struct value *v = bind->list.items[i];

		add_mount(c, list, &(struct mount_row){
			property_part(c->pool, v, 1), "bind", property_part(c->pool, v, 0),
			pool_printf(c->pool, "rbind %s", property_part(c->pool, v, 2)) });
	}
	return list;
}

/* The process. */

/* 0, or the first id of a map that has no 0, for a process must have some id. */
static int64_t first_id_of(const struct box_spec *c, const char *property, const char *map)
{
	const struct value *asked_id = asked(c, property), *lines = asked(c, map);

	if (asked_id)
		return asked_id->i;
	if (!lines || lines->type != VALUE_LIST || !lines->list.n)
		return 0;
	for (size_t i = 0; i < lines->list.n; i++)
		if (!atoll(property_part(c->pool, lines->list.items[i], 0)))
			return 0;
	return atoll(property_part(c->pool, lines->list.items[0], 0));
}

static int64_t first_id(const struct box_spec *c)
{
	return first_id_of(c, "uid", "uid_map");
}

static struct value *capability_names(const struct box_spec *c)
{
	const struct value *only = asked(c, "capabilities");
	struct value *list = LIST(c);

	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++) {
		char *name = cap_to_name(cap);
		const char *upper = pool_strdup(c->pool, name ? name : "");

		for (char *ch = (char *)upper; *ch; ch++)
			*ch = (char)(*ch >= 'a' && *ch <= 'z' ? *ch - 32 : *ch);
		/* Of a capability that libcap does not know the name is its number. */
		const char *base = strncmp(upper, "CAP_", 4) ? upper : upper + 4;
		bool wanted = !only;

		for (size_t i = 0; only && only->type == VALUE_LIST && i < only->list.n; i++)
			wanted |= !strcmp(base, value_text(only->list.items[i]));
		if (quirk(c, "old-capabilities") && cap > CAP_AUDIT_READ)
			wanted = false;
		if (name && wanted && cap_get_bound(cap) == 1)
			value_push(c->pool, list, TEXT(c, upper));
		cap_free(name);
	}
	return list;
}

static struct value *capabilities(const struct box_spec *c)
{
	static const char *const sets[] = {
		"bounding", "effective", "permitted", "inheritable", "ambient"
	};
	struct value *map = MAP(c), *names = capability_names(c);

	/* Who is not 0 in the box keeps none over the agent's execve(2) but ambient ones. */
	for (size_t i = 0; i < (first_id(c) ? 5 : 3); i++)
		PUT(c, map, sets[i], names);
	return map;
}

static struct value *user(const struct box_spec *c)
{
	static const char *const keys[][2] = {
		{ "groups", "additionalGids" }, { "umask", "umask" },
	};
	struct value *map = MAP(c);

	PUT(c, map, "uid", INT(c, first_id(c)));
	PUT(c, map, "gid", INT(c, first_id_of(c, "gid", "gid_map")));
	for (size_t i = 0; i < 2; i++)
		if (asked(c, keys[i][0]))
			PUT(c, map, keys[i][1], (struct value *)asked(c, keys[i][0]));
	return map;
}

static struct value *rlimits(const struct box_spec *c, const struct value *asked_limits)
{
	struct value *list = LIST(c);

	for (size_t i = 0; i < asked_limits->list.n; i++) {
		const struct value *v = asked_limits->list.items[i];
		struct value *one = MAP(c);

		PUT(c, one, "type", TEXT(c, pool_printf(c->pool, "RLIMIT_%s",
							property_part(c->pool, v, 0))));
		PUT(c, one, "soft", INT(c, atoll(property_part(c->pool, v, 1))));
		PUT(c, one, "hard", INT(c, atoll(property_part(c->pool, v, 2))));
		value_push(c->pool, list, one);
	}
	return list;
}

static struct value *environment(const struct box_spec *c)
{
	const struct value *env = asked(c, "env");
	struct value *list = LIST(c);

	value_push(c->pool, list, TEXT(c, "PATH=/bin"));
	for (size_t i = 0; env && env->type == VALUE_LIST && i < env->list.n; i++)
		value_push(c->pool, list, env->list.items[i]);
	return list;
}

static struct value *process(const struct box_spec *c)
{
	struct value *map = MAP(c);
	const struct value *cwd = asked(c, "cwd"), *limits = asked(c, "rlimits");
	const struct value *oom = asked(c, "oom_score_adj"), *nnp = asked(c, "no_new_privs");

	PUT(c, map, "terminal", BOOL(c, false));
	PUT(c, map, "user", user(c));
	PUT(c, map, "args", (struct value *)c->command);
	PUT(c, map, "env", environment(c));
	PUT(c, map, "cwd", cwd ? (struct value *)cwd : TEXT(c, "/work"));
	PUT(c, map, "capabilities", capabilities(c));
	PUT(c, map, "noNewPrivileges", nnp ? (struct value *)nnp : BOOL(c, false));
	if (limits)
		PUT(c, map, "rlimits", rlimits(c, limits));
	if (oom)
		PUT(c, map, "oomScoreAdj", (struct value *)oom);
	return map;
}

/* The rest of `linux`. */

static struct value *resources(const struct box_spec *c)
{
	struct value *all = MAP(c), *list = LIST(c), *map = MAP(c);

	PUT(c, all, "allow", BOOL(c, true));
	PUT(c, all, "access", TEXT(c, "rwm"));
	value_push(c->pool, list, all);
	PUT(c, map, "devices", list);
	return map;
}

/* Those asked for, and one that actors find on their machine. */
static struct value *devices(const struct box_spec *c)
{
	const struct value *asked_devices = asked(c, "devices");
	struct value *list = LIST(c), *usual = value_str(c->pool, "/dev/net/tun 10 200");
	size_t n = asked_devices && asked_devices->type == VALUE_LIST ? asked_devices->list.n : 0;

	for (size_t i = 0; i <= n; i++) {
		const struct value *v = i < n ? asked_devices->list.items[i] : usual;
		struct value *one = MAP(c);

		PUT(c, one, "path", TEXT(c, property_part(c->pool, v, 0)));
		PUT(c, one, "type", TEXT(c, "c"));
		PUT(c, one, "major", INT(c, atoll(property_part(c->pool, v, 1))));
		PUT(c, one, "minor", INT(c, atoll(property_part(c->pool, v, 2))));
		PUT(c, one, "fileMode", INT(c, 0666));
		PUT(c, one, "uid", INT(c, 0));
		PUT(c, one, "gid", INT(c, 0));
		value_push(c->pool, list, one);
	}
	return list;
}

static struct value *sysctls(const struct box_spec *c, const struct value *asked_sysctls)
{
	struct value *map = MAP(c);

	for (size_t i = 0; i < asked_sysctls->list.n; i++)
		PUT(c, map, property_part(c->pool, asked_sysctls->list.items[i], 0),
		    TEXT(c, property_part(c->pool, asked_sysctls->list.items[i], 1)));
	return map;
}

static struct value *seccomp(const struct box_spec *c, const struct value *names)
{
	struct value *map = MAP(c), *rules = LIST(c), *rule = MAP(c), *architectures = LIST(c);

	value_push(c->pool, architectures, TEXT(c, "SCMP_ARCH_X86_64"));
	PUT(c, rule, "names", (struct value *)names);
	PUT(c, rule, "action", TEXT(c, "SCMP_ACT_ERRNO"));
	PUT(c, rule, "errnoRet", INT(c, 1));
	value_push(c->pool, rules, rule);
	PUT(c, map, "defaultAction", TEXT(c, "SCMP_ACT_ALLOW"));
	PUT(c, map, "architectures", architectures);
	PUT(c, map, "syscalls", rules);
	return map;
}

static struct value *personality(const struct box_spec *c, const struct value *v)
{
	struct value *map = MAP(c);

	PUT(c, map, "domain", (struct value *)v);
	return map;
}

/* One program for all: it writes down where it runs. Those of the box see its root directory. */
static struct value *hooks(const struct box_spec *c, const struct value *names)
{
	struct value *map = MAP(c);

	for (size_t i = 0; i < names->list.n; i++) {
		const char *name = value_text(names->list.items[i]);
		struct value *list = LIST(c), *hook = MAP(c), *args = LIST(c);
		bool inside = !strcmp(name, "startContainer");
		const char *program = inside ? BOX_AGENT :
			pool_printf(c->pool, "%s/rootfs" BOX_AGENT, c->bundle);

		PUT(c, hook, "path", TEXT(c, program));
		value_push(c->pool, args, TEXT(c, "nsconform"));
		value_push(c->pool, args, TEXT(c, "hook"));
		value_push(c->pool, args, TEXT(c, pool_printf(c->pool, "%s/%s",
							      inside ? "/work" : c->share, name)));
		PUT(c, hook, "args", args);
		value_push(c->pool, list, hook);
		PUT(c, map, name, list);
	}
	return map;
}

static struct value *linux_part(const struct box_spec *c)
{
	static const struct {
		const char *property, *key;
		struct value *(*make)(const struct box_spec *c, const struct value *v);
	} rows[] = {
		{ "masked", "maskedPaths", NULL }, { "readonly_paths", "readonlyPaths", NULL },
		{ "sysctls", "sysctl", sysctls },
		{ "seccomp", "seccomp", seccomp }, { "personality", "personality", personality },
		{ "propagation", "rootfsPropagation", NULL },
	};
	struct value *map = MAP(c);

	PUT(c, map, "namespaces", namespaces(c));
	if (!quirk(c, "no-devices"))
		PUT(c, map, "resources", resources(c));
	if (!quirk(c, "no-cgroups-path"))
		PUT(c, map, "cgroupsPath", asked(c, "cgroup") ?
			(struct value *)asked(c, "cgroup") :
			TEXT(c, pool_printf(c->pool, "/%s", c->id)));
	PUT(c, map, "devices", devices(c));
	put_maps(c, map);
	put_offsets(c, map);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct value *v = asked(c, rows[i].property);

		if (v)
			PUT(c, map, rows[i].key, rows[i].make ? rows[i].make(c, v) :
			    (struct value *)v);
	}
	return map;
}

/* What the runtime knows of it; keys that it does not know it reads past. */
static const char *specification(const struct runtime *r)
{
	static const char oldest[] = "1.0.2", newest[] = "1.3.0";

	if (!r->specification || !version_reaches(r->specification, oldest))
		return oldest;
	return version_reaches(r->specification, newest) ? newest : r->specification;
}

const char *oci_config(const struct box_spec *c)
{
	static const char *const names[] = { "hostname", "domainname" };
	struct value *map = MAP(c), *root = MAP(c);
	const struct value *readonly = asked(c, "readonly_root");

	PUT(c, map, "ociVersion", TEXT(c, specification(c->runtime)));
	PUT(c, map, "process", process(c));
	PUT(c, root, "path", TEXT(c, quirk(c, "absolute-root") ?
		pool_printf(c->pool, "%s/rootfs", c->bundle) : "rootfs"));
	PUT(c, root, "readonly", readonly ? (struct value *)readonly : BOOL(c, false));
	PUT(c, map, "root", root);
	PUT(c, map, "mounts", mounts(c));
	for (size_t i = 0; i < 2; i++)
		if (asked(c, names[i]))
			PUT(c, map, names[i], (struct value *)asked(c, names[i]));
	if (asked(c, "hooks"))
		PUT(c, map, "hooks", hooks(c, asked(c, "hooks")));
	PUT(c, map, "linux", linux_part(c));
	fault_put(c, map);
	const char *text = json_text(c->pool, map);

	return fault_is(c, FAULT_NO_JSON) ? pool_strndup(c->pool, text, strlen(text) / 2) : text;
}
