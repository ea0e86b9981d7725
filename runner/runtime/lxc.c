// SPDX-License-Identifier: GPL-2.0-only
/*
 * lxc.container.conf(5) for an actor: one line for each thing asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/config.h"
#include "runtime/property.h"
#include "nsc/box.h"

struct lxc {
	const struct box_spec *c;
	const char *text;
};

static void line(struct lxc *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void line(struct lxc *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	l->text = pool_printf(l->c->pool, "%s%s\n", l->text, pool_vprintf(l->c->pool, fmt, ap));
	va_end(ap);
}

static const struct value *asked(const struct lxc *l, const char *name)
{
	return value_get(l->c->asked, name);
}

static void namespaces(struct lxc *l)
{
	unsigned joined = l->c->actor->actor->join_types;
	const char *new = "";

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (l->c->kinds & ~joined & NS_BIT(ns))
			new = pool_printf(l->c->pool, "%s %s", new, ns_kinds[ns].name);
	line(l, "lxc.namespace.clone =%s", new);
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (joined & NS_BIT(ns))
			line(l, "lxc.namespace.share.%s = %s", ns_kinds[ns].name,
			     box_join_path(l->c, ns));
	line(l, "lxc.net.0.type = %s", l->c->kinds & NSM_NET ? "empty" : "none");
	/* Without a UTS namespace of its own the box would rename the host. */
	if (l->c->kinds & ~joined & NSM_UTS && !asked(l, "hostname"))
		line(l, "lxc.uts.name = %s", l->c->id);
}

/* What a user namespace may mount belongs to one that it owns; the rest is the caller's. */
static void mounts(struct lxc *l)
{
	static const char *const nodes[] = { "null", "zero", "full", "random", "urandom", "tty",
					     "net/tun" };
	unsigned kinds = l->c->kinds;
	bool user = kinds & NSM_USER;

	line(l, "lxc.mount.entry = %s", !user || kinds & NSM_PID ?
	     "proc proc proc nosuid,nodev,noexec 0 0" : "/proc proc none rbind 0 0");
	line(l, "lxc.mount.entry = %s", !user || kinds & NSM_NET ?
	     "sysfs sys sysfs nosuid,nodev,noexec 0 0" : "/sys sys none rbind 0 0");
	line(l, "lxc.mount.entry = tmpfs dev tmpfs nosuid,mode=755 0 0");
	for (size_t i = 0; i < sizeof(nodes) / sizeof(*nodes); i++)
		line(l, "lxc.mount.entry = /dev/%s dev/%s none bind,create=file 0 0", nodes[i],
		     nodes[i]);
	line(l, "lxc.mount.entry = tmpfs dev/shm tmpfs nosuid,nodev,mode=1777,create=dir 0 0");
	if (!user || kinds & NSM_IPC)
		line(l, "lxc.mount.entry = mqueue dev/mqueue mqueue nosuid,nodev,noexec,create=dir 0 0");
	if (!user || (kinds & NSM_CGROUP && kinds & NSM_NET))
		line(l, "lxc.mount.entry = cgroup sys/fs/cgroup cgroup2 nosuid,nodev,noexec 0 0");
}

/* Properties: one row each; a list gives a line for each element. */

static void put_bind(struct lxc *l, const struct value *v)
{
	const char *option = property_part(l->c->pool, v, 2);

	line(l, "lxc.mount.entry = %s %s none rbind,create=dir%s%s 0 0",
	     property_part(l->c->pool, v, 0), property_part(l->c->pool, v, 1) + 1,
	     *option ? "," : "", option);
}

static void put_tmpfs(struct lxc *l, const struct value *v)
{
	line(l, "lxc.mount.entry = tmpfs %s tmpfs create=dir 0 0", value_text(v) + 1);
}

static void put_mount(struct lxc *l, const struct value *v)
{
	struct pool *pool = l->c->pool;
	const char *at = property_part(pool, v, 2);

	line(l, "lxc.mount.entry = %s %s %s %s,create=dir 0 0", property_part(pool, v, 1),
	     at + (*at == '/'), property_part(pool, v, 0), property_part(pool, v, 3));
}

static void put_masked(struct lxc *l, const struct value *v)
{
	/* A file or a directory: one of the two fits. */
	line(l, "lxc.mount.entry = /dev/null %s none bind,optional 0 0", value_text(v) + 1);
	line(l, "lxc.mount.entry = tmpfs %s tmpfs ro,optional 0 0", value_text(v) + 1);
}

static void put_readonly(struct lxc *l, const struct value *v)
{
	line(l, "lxc.mount.entry = %s %s none bind,ro,relative 0 0", value_text(v) + 1,
	     value_text(v) + 1);
}

static void put_readonly_root(struct lxc *l, const struct value *v)
{
	if (v->b)
		line(l, "lxc.rootfs.options = ro");
}

static void put_device(struct lxc *l, const struct value *v)
{
	const char *path = property_part(l->c->pool, v, 0);

	line(l, "lxc.mount.entry = %s %s none bind,create=file 0 0", path, path + 1);
}

static void put_capability(struct lxc *l, const struct value *v)
{
	line(l, "lxc.cap.keep = %s", text_lower(l->c->pool, value_text(v)));
}

static void put_rlimit(struct lxc *l, const struct value *v)
{
	line(l, "lxc.prlimit.%s = %s:%s", text_lower(l->c->pool, property_part(l->c->pool, v, 0)),
	     property_part(l->c->pool, v, 1), property_part(l->c->pool, v, 2));
}

static void put_sysctl(struct lxc *l, const struct value *v)
{
	line(l, "lxc.sysctl.%s = %s", property_part(l->c->pool, v, 0),
	     property_part(l->c->pool, v, 1));
}

static void put_no_new_privs(struct lxc *l, const struct value *v)
{
	line(l, "lxc.no_new_privs = %d", v->b);
}

static void put_uid_map(struct lxc *l, const struct value *v)
{
	line(l, "lxc.idmap = u %s", value_text(v));
}

static void put_gid_map(struct lxc *l, const struct value *v)
{
	line(l, "lxc.idmap = g %s", value_text(v));
}

static void put_monotonic(struct lxc *l, const struct value *v)
{
	line(l, "lxc.time.offset.monotonic = %ss", property_seconds(l->c->pool, v));
}

static void put_boottime(struct lxc *l, const struct value *v)
{
	line(l, "lxc.time.offset.boot = %ss", property_seconds(l->c->pool, v));
}

static const struct {
	const char *property;
	const char *key; /* its value is what was asked for, or ... */
	void (*put)(struct lxc *l, const struct value *v);
} rows[] = {
	{ "uid_map", NULL, put_uid_map },
	{ "gid_map", NULL, put_gid_map },
	{ "monotonic", NULL, put_monotonic },
	{ "boottime", NULL, put_boottime },
	{ "hostname", "lxc.uts.name", NULL },
	{ "tmpfs", NULL, put_tmpfs },
	{ "mounts", NULL, put_mount },
	{ "bind", NULL, put_bind },
	{ "masked", NULL, put_masked },
	{ "readonly_paths", NULL, put_readonly },
	{ "readonly_root", NULL, put_readonly_root },
	{ "devices", NULL, put_device },
	{ "capabilities", NULL, put_capability },
	{ "rlimits", NULL, put_rlimit },
	{ "sysctls", NULL, put_sysctl },
	{ "cwd", "lxc.init.cwd", NULL },
	{ "uid", "lxc.init.uid", NULL },
	{ "gid", "lxc.init.gid", NULL },
	{ "groups", "lxc.init.groups", NULL },
	{ "no_new_privs", NULL, put_no_new_privs },
	{ "oom_score_adj", "lxc.proc.oom_score_adj", NULL },
	{ "env", "lxc.environment", NULL },
};

/* Numbers of a list stand in one line, texts in a line each. */
static void property(struct lxc *l, size_t row, const struct value *v)
{
	const char *joined = "";

	if (!strcmp(rows[row].property, "capabilities") && v->type == VALUE_LIST && !v->list.n)
		line(l, "lxc.cap.keep = none");
	if (rows[row].put && v->type == VALUE_LIST)
		for (size_t i = 0; i < v->list.n; i++)
			rows[row].put(l, v->list.items[i]);
	else if (rows[row].put)
		rows[row].put(l, v);
	if (rows[row].put)
		return;
	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++) {
		const struct value *e = v->list.items[i];

		if (value_text(e))
			line(l, "%s = %s", rows[row].key, value_text(e));
		else
			joined = pool_printf(l->c->pool, "%s%s%s", joined, *joined ? "," : "",
					     value_show(l->c->pool, e));
	}
	if (v->type != VALUE_LIST)
		joined = value_text(v) ? value_text(v) : value_show(l->c->pool, v);
	if (*joined)
		line(l, "%s = %s", rows[row].key, joined);
}

/* LXC wants the maps written also for a user namespace that is joined. */
static void joined_maps(struct lxc *l)
{
	static const char *const maps[] = { "uid_map", "gid_map" };
	const struct actor *a = l->c->actor->actor;

	for (size_t i = 0; i < 2 && a->join_types & NSM_USER; i++) {
		const struct value *map = value_get(l->c->joined->place, maps[i]);

		for (size_t k = 0; map && map->type == VALUE_LIST && k < map->list.n; k++)
			(i ? put_gid_map : put_uid_map)(l, map->list.items[k]);
	}
}

const char *lxc_config(const struct box_spec *c)
{
	struct lxc l = { .c = c, .text = "" };

	line(&l, "lxc.rootfs.path = dir:%s/rootfs", c->bundle);
	namespaces(&l);
	line(&l, "lxc.pty.max = 1024\nlxc.tty.max = 0\nlxc.console.path = none\nlxc.autodev = 0");
	line(&l, "lxc.apparmor.profile = unconfined\nlxc.mount.auto =");
	if (!asked(&l, "capabilities"))
		line(&l, "lxc.cap.drop =");
	if (!asked(&l, "cwd"))
		line(&l, "lxc.init.cwd = /work");
	mounts(&l);
	joined_maps(&l);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (asked(&l, rows[i].property))
			property(&l, i, asked(&l, rows[i].property));
	return l.text;
}
