// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the canary asks for, as a suite: one box with nothing in particular, and for a probe
 * one for each namespace kind and for each property, with a value that harms nobody and that
 * no box has by itself.  What the runtime's file says it cannot do is skipped by the rules
 * that skip scenarios, and what it does is judged as they are.
 */
#include <string.h>

#include "runtime/canary.h"
#include "load/placeholders.h"
#include "nsc/box.h"
#include "nsc/place.h"
#include "nsc/text.h"
#include "plan/check.h"

/* What a launch in general has to keep: box.launch compares all kinds. */
#define CLAUSE "api.clone.each-type"
/* Where nothing else is read: box.read and box.seen are implied by the property. */
#define READ "{box: box.read, expect: {uid: {ge: 0}}}"

/* Refused where the same call is allowed without the property. */
#define REFUSED(path, twin) \
	"{box: {file.access: {path: " twin "}}, expect: ok}, " \
	"{box: {file.access: {path: " path ", mode: [WRITE]}}, expect: {errno: EROFS}}"

/* Values are as YAML has them, and so is what is seen inside. */
static const struct canary_ask {
	const char *property, *kinds, *value, *steps;
} asks[] = {
	{ "uid_map", "user", "['0 100000 65536'], gid_map: ['0 100000 65536']", READ },
	{ "gid_map", "user", "['0 100000 65536'], uid_map: ['0 100000 65536']", READ },
	{ "map", "user", "root", READ },
	{ "monotonic", "time", "1000s", READ },
	{ "boottime", "time", "1000s", READ },
	{ "hostname", "uts", "canary", READ },
	{ "domainname", "uts", "canary.example", READ },
	{ "cwd", "mnt", "/tmp", READ },
	{ "readonly_root", "mnt", "true", REFUSED("/", "/") },
	{ "no_new_privs", "mnt", "true", READ },
	{ "masked", "mnt", "[/proc/cmdline]",
	  "{box: {file.read: {path: /proc/cmdline}}, expect: {size: 0}}" },
	{ "readonly_paths", "mnt", "[/proc/sys]",
	  REFUSED("/proc/sys/kernel/hostname", "/proc/sys/kernel/hostname") },
	{ "rlimits", "mnt", "['NOFILE 500 600']", READ },
	{ "sysctls", "net", "['net.ipv4.ip_forward=1']",
	  "{box: {net.sysctl_get: {name: net.ipv4.ip_forward}}, expect: {value: '1'}}" },
	{ "devices", "mnt", "['/dev/fuse 10 229']",
	  "{box: {file.list: {path: /dev}}, expect: {names: {contains: fuse}}}" },
	{ "bind", "mnt", "['/work /mnt']",
	  "{host: {file.mkdir: {path: /work/canary}}}, "
	  "{box: {file.list: {path: /mnt}}, expect: {names: {contains: canary}}}" },
	{ "tmpfs", "mnt", "[/mnt]",
	  "{box: {file.read: {path: /proc/self/mountinfo}}, "
	  "expect: {text: {matches: ' /mnt [^-]*- tmpfs '}}}" },
	{ "env", "mnt", "['CANARY=1']", READ },
	{ "seccomp", "mnt", "[acct]", READ },
	{ "groups", "mnt", "[7]", READ },
	{ "uid", "mnt", "7", READ },
	{ "gid", "mnt", "7", READ },
	{ "umask", "mnt", "23", READ },
	{ "oom_score_adj", "mnt", "100", READ },
	{ "capabilities", "mnt", "[CHOWN, KILL]", READ },
	{ "propagation", "mnt", "shared",
	  "{box: {mnt.info: {path: /}}, expect: {propagation: shared}}" },
};

static const struct canary_ask *ask_for(const char *property)
{
	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++)
		if (!strcmp(asks[i].property, property))
			return &asks[i];
	return NULL;
}

/* One scenario: IN is what stands beside `new:` in the box's attributes. */
static const char *scenario(struct pool *pool, bool root, const char *id, const char *kinds,
			    const char *in, const char *further, const char *steps)
{
	return pool_printf(pool, "  - {id: %s, about: A canary., clauses: [" CLAUSE "], %s"
			   "actors: {host: {}, box: {new: [%s]%s}%s}, steps: [%s]}\n", id,
			   root ? "" : "matrix: {as: [user]}, ", kinds, in, further, steps);
}

/* A box with a root directory of its own has a /proc when it has mounts of its own. */
static const char *with_company(struct pool *pool, const struct runtime *r, const char *kinds)
{
	bool mnt = !r->host_root && strcmp(kinds, "mnt");
	bool user = !strcmp(kinds, "time") && runtime_has_quirk(r, "time-needs-user");

	return pool_printf(pool, "%s%s%s", mnt ? "mnt, " : "", user ? "user, " : "", kinds);
}

/* Identities cannot be compared with those of another kernel's namespaces. */
static const char *kind_scenario(struct pool *pool, const struct runtime *r, bool root, int ns)
{
	const char *name = ns_kinds[ns].name;

	return scenario(pool, root, pool_printf(pool, "canary-%s", name),
			with_company(pool, r, name), "", "",
			r->foreign ? READ : pool_printf(pool,
			"{host: {ns.id: {type: %s}}, save: host}, "
			"{box: {ns.id: {type: %s}}, expect: {id: {not: $host.id}}}",
			name, name));
}

static const char *property_scenario(struct pool *pool, const struct runtime *r, bool root,
				     const char *property)
{
	const struct canary_ask *ask = ask_for(property);

	if (!ask)
		return "";
	bool of_box = field_find(box_fields, property) != NULL;
	char *id = pool_printf(pool, "canary-%s", property);

	for (char *c = id; *c; c++)
		if (*c == '_')
			*c = '-';
	return scenario(pool, root, id, with_company(pool, r, ask->kinds),
			pool_printf(pool, of_box ? ", box: {%s: %s}" : ", %s: %s", property,
				    ask->value), "", ask->steps);
}

const char *canary_value(struct pool *pool, const char *property)
{
	const struct canary_ask *ask = ask_for(property);

	return ask ? pool_strndup(pool, ask->value, strcspn(ask->value, "]") +
				  (strchr(ask->value, ']') != NULL)) : NULL;
}

/* The canary's suite as YAML: runtime.canary, and with ALL one box for each kind and property. */
static const char *canary_text(struct pool *pool, const struct runtime *r, bool root, bool all)
{
	const char *text = pool_printf(pool, "suite: runtime\nabout: The canary.\nscenarios:\n%s",
				       scenario(pool, root, "canary", "", "", "", READ));
	const struct field *f;

	for (int ns = 0; all && ns < NS_COUNT; ns++)
		text = pool_printf(pool, "%s%s", text, kind_scenario(pool, r, root, ns));
	for (size_t i = 0; all && (f = property_at(i)); i++)
		text = pool_printf(pool, "%s%s", text, property_scenario(pool, r, root, f->name));
	return !all ? text : pool_printf(pool, "%s%s", text, scenario(
		pool, root, "canary-exec", "mnt, pid", "", ", further: {exec: box}",
		"{further: box.read, expect: {uid: {ge: 0}}}"));
}

/* The words by which a user sees the same. */
static const char *probe_again(struct pool *pool, const struct runtime *r)
{
	const char *again = pool_printf(pool, "runtime %s --probe", text_shell_word(pool, r->file));

	for (size_t i = 0; i < r->substitutes.n; i++)
		again = pool_printf(pool, "%s --runtime-path %s", again,
				    text_shell_word(pool, r->substitutes.v[i]));
	return again;
}

bool canary_plan(struct pool *pool, const struct runtime *r, bool root, bool all,
		 struct catalogue *catalogue, struct problems *problems, struct plan *plan)
{
	const char *text = canary_text(pool, r, root, all);
	struct suite *suite = suite_parse(pool, "canary", text, strlen(text), catalogue, problems);

	if (suite)
		suite->again = probe_again(pool, r);
	*plan = (struct plan){ .pool = pool, .runtime = r };
	for (size_t i = 0; suite && i < suite->n; i++)
		plan_add(plan, &suite->scenarios[i], false);
	return plan->n > 0;
}
