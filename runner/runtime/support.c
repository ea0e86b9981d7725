// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime can build.  Reasons are constant for the cell: they name the lack, not the
 * runtime; details name both.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/capability.h>

#include "runtime/support.h"
#include "runtime/canary.h"
#include "runtime/fault.h"
#include "runtime/property.h"
#include "runtime/spec.h"
#include "load/features.h"
#include "load/placeholders.h"
#include "nsc/box.h"
#include "nsc/text.h"
#include "plan/needs.h"

struct asking {
	struct pool *pool;
	const struct runtime *runtime;
	const struct script *script;
	struct missing *missing;
};

#define WITHOUT "test the kernel without RUNTIME"

/* No runtime has it. */
static bool only_native(struct asking *a, const char *need, const char *detail)
{
	return !lacks(a->pool, a->missing, need, detail, WITHOUT);
}

/* The runtime does not have it, by its file. */
static bool without(struct asking *a, const char *need, const char *detail)
{
	const struct box_feature *f = strncmp(need, "box.", 4) ? NULL : box_feature_find(need + 4);

	if (f && box_feature_native(f))
		return only_native(a, need, detail);
	return !lacks(a->pool, a->missing, need, detail,
		      pool_printf(a->pool, "use another runtime; if this one can, say so in %s",
				  a->runtime->file));
}

/* File systems that show a namespace of who mounts them, which has to own that namespace. */
static const struct {
	const char *type;
	unsigned kind;
} shows[] = {
	{ "cgroup", NSM_CGROUP }, { "cgroup2", NSM_CGROUP }, { "mqueue", NSM_IPC },
	{ "proc", NSM_PID },	  { "sysfs", NSM_NET },
};

static unsigned kinds_shown(const struct op *op, const struct value *with)
{
	const char *type = value_text(value_get(with, "type"));

	if (!type || strncmp(op->name, "mnt.", 4))
		return 0;
	for (size_t i = 0; i < sizeof(shows) / sizeof(*shows); i++)
		if (!strcmp(type, shows[i].type))
			return shows[i].kind;
	return 0;
}

/* Kinds that ops of the cell read or change, or that what they mount shows. */
static unsigned kinds_of_ops(const struct script *script)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].step->kind == STEP_CALL && script->steps[i].step->at.line)
			kinds |= script_touches(script->steps[i].step->op, script->steps[i].with) |
				 kinds_shown(script->steps[i].step->op, script->steps[i].with);
	return kinds;
}

/* Such as proot, which traces what it starts and makes believe. */
static bool makes_none(const struct runtime *r)
{
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (r->ns[ns].new.kind != WAY_NEVER)
			return false;
	return true;
}

static bool lacks_new(struct asking *a, int ns)
{
	const struct runtime_ns *r = &a->runtime->ns[ns];
	const char *since = r->since, *is = a->runtime->installed;

	if (r->new.kind != WAY_NEVER && (!since || (is && version_reaches(is, since))))
		return false;
	if (makes_none(a->runtime))
		return without(a, "box.namespaces",
			       pool_printf(a->pool, "%s makes no namespaces, and what else it does "
					   "is not judged", a->runtime->name));
	return without(a, pool_printf(a->pool, "box.%s", ns_kinds[ns].name),
		     pool_printf(a->pool, "%s%s%s makes no %s namespaces%s%s", a->runtime->name,
				 is ? " " : "", is ? is : "", ns_kinds[ns].title,
				 since ? " before " : "", since ? since : ""));
}

/* Whether it asks for what only runtimes can be asked for. */
static bool about_runtimes(const struct script *s)
{
	for (size_t i = 0; i < s->n_actors; i++)
		if (s->actors[i].box || s->actors[i].actor->exec_of >= 0)
			return true;
	return false;
}

static bool lacks_kind(struct asking *a, const struct script_actor *actor, int ns, unsigned asked)
{
	const struct runtime_ns *r = &a->runtime->ns[ns];

	if (actor->actor->join_types & NS_BIT(ns)) {
		if (r->join.kind != WAY_NEVER)
			return false;
		return without(a, pool_printf(a->pool, "box.join-%s", ns_kinds[ns].name),
			     pool_printf(a->pool, "%s joins no %s namespaces", a->runtime->name,
					 ns_kinds[ns].title));
	}
	if (asked & NS_BIT(ns))
		return lacks_new(a, ns);
	/* A user namespace made unasked matters even when no op touches it: the box then has no
	 * rights over its caller's namespaces. */
	bool matters = (kinds_of_ops(a->script) & NS_BIT(ns)) ||
		(ns == NS_USER && !about_runtimes(a->script));

	if (r->host.kind != WAY_NEVER || !matters)
		return false;
	return without(a, pool_printf(a->pool, "box.host-%s", ns_kinds[ns].name),
		     pool_printf(a->pool,
				 "%s always makes a %s namespace, which would change the cell",
				 a->runtime->name, ns_kinds[ns].title));
}

static bool lacks_property(struct asking *a, const struct value *asked, unsigned kinds)
{
	for (size_t i = 0; i < asked->list.n; i += 2) {
		const char *name = asked->list.items[i]->str.s;
		const struct value *v = asked->list.items[i + 1];
		const char *lack = !strcmp(name, "fault") && !fault_possible(a->runtime, v) ?
			"its configuration cannot have that fault" :
			runtime_lack(a->pool, a->runtime, name, v, kinds);

		if (lack)
			return without(a, pool_printf(a->pool, "box.%s", name), lack);
	}
	return false;
}

/* Attributes that only a forked child of the harness can have. */
static bool lacks_native(struct asking *a, const struct script_actor *actor)
{
	static const char *const native[] = { "share", "setgroups" };
	const struct place *place = &actor->bound;

	for (size_t i = 0; i < sizeof(native) / sizeof(*native); i++)
		if (value_get(actor->place, native[i]))
			return only_native(a, pool_printf(a->pool, "native.%s", native[i]),
					   "no runtime gives a box that");
	if ((place->new & NSM_USER) && place->map == MAP_NONE && !place->uid_map.v &&
	    !place->gid_map.v)
		return only_native(a, "native.map",
				   "runtimes write the maps of their user namespaces");
	if ((place->new & NSM_PID) && !a->runtime->first &&
	    (kinds_of_ops(a->script) & NSM_PID))
		return without(a, "box.first",
			       pool_printf(a->pool, "the actor is not PID 1 with %s",
					   a->runtime->name));
	return false;
}

/* Launchers that count clock offsets in seconds. */
static bool lacks_precision(struct asking *a, const struct value *asked)
{
	static const char *const clocks[] = { "monotonic", "boottime" };

	for (size_t i = 0; i < 2 && runtime_has_quirk(a->runtime, "whole-seconds"); i++)
		if (property_ns(value_get(asked, clocks[i])) % 1000000000)
			return without(a, "box.fractional-offsets", "it takes whole seconds");
	return false;
}

static bool maps_zero(const struct value *map)
{
	for (size_t k = 0; k < map->list.n; k++)
		if (!strncmp(value_text(map->list.items[k]), "0 ", 2))
			return true;
	return false;
}

static bool lacks_map(struct asking *a, const struct value *map)
{
	if (!map)
		return false;
	if (a->script->cell->as == AS_USER && runtime_has_quirk(a->runtime, "maps-want-root"))
		return without(a, "box.maps-of-users", "it writes maps as real root only");
	if (map->type != VALUE_LIST)
		return false;
	if (map->list.n > 1 && runtime_has_quirk(a->runtime, "one-range"))
		return without(a, "box.several-ranges", "its maps have one range");
	return !maps_zero(map) && runtime_has_quirk(a->runtime, "maps-zero") &&
		without(a, "box.map-without-0", "it wants id 0 to be mapped");
}

/* Where one option stands for both maps, what is asked of groups must be what is of users. */
static bool lacks_maps(struct asking *a, const struct value *asked)
{
	const struct value *uids = value_get(asked, "uid_map"), *gids = value_get(asked, "gid_map");
	bool same = !uids == !gids && (!uids || value_equal(uids, gids));

	if (!same && runtime_has_quirk(a->runtime, "same-maps"))
		return without(a, "box.gid_map", "it has one map for users and groups");
	return lacks_map(a, uids) || lacks_map(a, gids);
}

/* A kind that this runtime makes only in company. */
static bool lacks_company(struct asking *a, unsigned kinds)
{
	return (kinds & NSM_TIME) && !(kinds & NSM_USER) &&
		runtime_has_quirk(a->runtime, "time-needs-user") &&
		without(a, "box.time-alone",
		       "it makes a time namespace only together with a user namespace");
}

static bool lacks_actor(struct asking *a, const struct script_actor *actor)
{
	const struct value *asked = actor->spec->asked;
	const struct place *place = &actor->bound;

	if (actor->actor->exec_of >= 0 && !a->runtime->exec)
		return without(a, "box.exec", pool_printf(a->pool, "%s starts no second one in it",
							 a->runtime->name));
	for (int ns = 0; ns < NS_COUNT && actor->actor->exec_of < 0; ns++)
		if (lacks_kind(a, actor, ns, (unsigned)place->new))
			return true;
	return lacks_native(a, actor) ||
		lacks_company(a, actor->spec->kinds) ||
		lacks_precision(a, asked) || lacks_maps(a, asked) ||
		lacks_property(a, asked, (unsigned)place->new);
}

/*
 * A mount namespace that the kernel makes is a copy of the caller's; one with another root
 * directory shares no mounts with it, and stories about both sides of a copy are not its own.  One
 * that asks runtimes for what both sides share knows what it tells of.
 */
static bool lacks_copy(struct asking *a)
{
	const struct script *s = a->script;
	int home = -2;

	if (box_feature_has(a->runtime, box_feature_find("copied-mounts")) || about_runtimes(s))
		return false;
	for (size_t i = 0; i < s->n_steps; i++) {
		const struct script_step *step = &s->steps[i];

		if (step->step->kind != STEP_CALL || !step->step->at.line ||
		    strncmp(step->step->op->name, "mnt.", 4))
			continue;
		if (home != -2 && home != script_home(s, step->actor))
			return without(a, "box.copied-mounts",
				     pool_printf(a->pool, "boxes of %s have their own root",
						 a->runtime->name));
		home = script_home(s, step->actor);
	}
	return false;
}

static bool lacks_feature(struct asking *a, const struct strs *needs)
{
	for (size_t i = 0; i < needs->n; i++) {
		const struct box_feature *f = strncmp(needs->v[i], "box.", 4) ? NULL :
			box_feature_find(needs->v[i] + 4);

		if (f && !box_feature_has(a->runtime, f))
			return without(a, needs->v[i], pool_printf(a->pool, "not so with %s: %s",
								 a->runtime->name, f->doc));
	}
	return false;
}

struct wanting {
	const char *need;
	bool found;
};

static void want(void *context, const char *need)
{
	struct wanting *w = context;

	w->found |= !strcmp(need, w->need);
}

/* What the cell's ops and parameters imply, and this runtime takes away. */
static bool lacks_implied(struct asking *a)
{
	struct wanting w = { .need = "option.IPV6" };

	if (box_feature_has(a->runtime, box_feature_find("ipv6")))
		return false;
	script_needs(a->pool, a->script, want, &w);
	return w.found && without(a, "box.ipv6", "it switches IPv6 off");
}

/* Other actors' numbers, which a PID namespace that nobody asked for hides; sysctls. */
static bool lacks_reach(struct asking *a)
{
	const struct script *s = a->script;
	bool writable = box_feature_has(a->runtime, box_feature_find("writable-sysctls"));

	for (size_t i = 0; i < s->n_steps; i++) {
		const struct script_step *step = &s->steps[i];
		int home = script_home(s, step->actor);
		const struct op *op = step->step->op;
		const char *verb = strchr(op->name, '.');

		if (step->step->kind != STEP_CALL || !step->step->at.line || home < 0 ||
		    (op->flags & OP_MOAT))
			continue;
		const struct place *place = &s->actors[home].bound;
		if (!writable && (!strcmp(verb, ".sysctl_set") || !strcmp(verb, ".sysctl_open")))
			return without(a, "box.writable-sysctls", "its /proc/sys is read-only");
		if (!(place->new & NSM_PID) && a->runtime->ns[NS_PID].host.kind == WAY_NEVER &&
		    script_names_actor(op, step->with))
			return without(a, "box.host-pid",
				     "it always makes a PID namespace, in which others have no number");
	}
	return false;
}

/* Ops that want a capability over the box's user namespace which its launcher may lack. */
static bool lacks_capability(struct asking *a)
{
	static const char *const ops[] = { "ns.limit_set", "rlimit.inotify_max" };
	const struct box_feature *f = box_feature_find("all-capabilities");

	for (size_t i = 0; !box_feature_has(a->runtime, f) && i < a->script->n_steps; i++)
		for (size_t k = 0; k < sizeof(ops) / sizeof(*ops); k++)
			if (!strcmp(a->script->steps[i].step->op->name, ops[k]))
				return !cannot(a->pool, a->missing, "box.all-capabilities",
					       "it gives no more of them than this process has",
					       "run with CAP_SYS_RESOURCE");
	return false;
}

/* An expected errno of a start: runtimes do not report which error the kernel gave. */
static bool lacks_refusal(struct asking *a)
{
	for (size_t i = 0; i < a->script->n_steps; i++) {
		const struct script_step *s = &a->script->steps[i];

		if (s->step->kind == STEP_LAUNCH && s->expect && value_get(s->expect, "errno"))
			return only_native(a, "box.errno",
					   "a runtime that is refused does not say by which error");
	}
	return false;
}

static bool is_absent(const struct asking *a, const char *what)
{
	for (size_t i = 0; i < a->runtime->without.n; i++)
		if (text_matches(a->runtime->without.v[i], what))
			return true;
	return false;
}

/* The op, or the op with one of its parameters, that the guest kernel cannot do; or NULL. */
static const char *find_absent(const struct asking *a, const struct op *op,
			       const struct value *with)
{
	if (is_absent(a, op->name))
		return op->name;
	for (size_t i = 0; i < with->list.n; i += 2) {
		const char *param = value_text(with->list.items[i]);
		const char *text = value_text(with->list.items[i + 1]);
		const char *what = pool_printf(a->pool, "%s %s=%s", op->name, param, text);

		if (text && is_absent(a, what))
			return what;
	}
	return NULL;
}

/* Processes, descriptors and namespaces of a box with its own kernel cannot be passed to other
 * actors. */
static bool lacks_kernel(struct asking *a)
{
	const struct script *s = a->script;

	for (size_t i = 0; a->runtime->foreign && i < s->n_actors; i++)
		if (value_get(s->actors[i].place, "proc") || value_get(s->actors[i].place, "root"))
			return without(a, "box.mount-slaves",
				       "its kernel has no mount propagation");
	for (size_t i = 0; runtime_has_quirk(a->runtime, "childless") && i < s->n_actors; i++)
		if (!s->actors[i].boxed && script_home(s, (int)i) >= 0)
			return without(a, "box.children", "its kernel has no clone3(2)");
	for (size_t i = 0; a->runtime->foreign && i < s->n_steps; i++) {
		const struct op *op = s->steps[i].step->op;
		bool inside = script_home(s, s->steps[i].actor) >= 0;
		bool shared = !strncmp(op->name, "ns.", 3) ||
			      script_names_actor(op, s->steps[i].with);

		if (s->steps[i].step->kind != STEP_CALL || !s->steps[i].step->at.line ||
		    (op->flags & OP_INTERNAL))
			continue;
		const char *absent = inside ? find_absent(a, op, s->steps[i].with) : NULL;

		if (absent)
			return without(a, pool_printf(a->pool, "box.%s", absent),
				       "its kernel has nothing of the kind");
		for (const struct field *f = op->out; f && f->type != FIELD_END; f++)
			shared |= f->type == FIELD_FD || f->type == FIELD_FDS;
		for (const struct field *f = op->in; f && f->type != FIELD_END; f++)
			shared |= (f->type == FIELD_FD || f->type == FIELD_FDS) &&
				  value_get(s->steps[i].with, f->name);
		if (shared)
			return without(a, "box.shared-kernel",
				     pool_printf(a->pool, "boxes of %s have a kernel of their own",
						 a->runtime->name));
	}
	return false;
}

static bool lacks_promise(struct asking *a)
{
	const struct strs *clauses = &a->script->cell->scenario->clauses;

	for (size_t i = 0; i < clauses->n; i++) {
		const char *why = value_text(value_get(a->runtime->disclaims, clauses->v[i]));

		if (why)
			return without(a, "a promise",
				      pool_printf(a->pool, "%s: %s", clauses->v[i], why));
	}
	return false;
}

/* Whoever has to install it reads its packages' names in the reason, constant for a runtime. */
static bool lacks_launch(struct asking *a)
{
	const struct runtime *r = a->runtime;
	const char *install = canary_install(a->pool, r);

	if (r->installed && !r->lacks)
		return false;
	return !cannot(a->pool, a->missing,
		       r->missing ? pool_printf(a->pool, "box.launch: %s", install) :
				    "box.launch",
		       r->lacks ? r->lacks : pool_printf(a->pool, "%s is not installed", r->name),
		       r->packages.n ?
		       pool_printf(a->pool, "%s, or `make deps-runtimes`", install) : install);
}

/* What the runtime cannot build for this script, does not have, or does not promise. */
static bool lacks_something(struct asking *a)
{
	const struct cell *cell = a->script->cell;

	for (size_t i = 0; i < a->script->n_actors; i++)
		if (a->script->actors[i].boxed && lacks_actor(a, &a->script->actors[i]))
			return true;
	return lacks_copy(a) || lacks_implied(a) || lacks_reach(a) || lacks_capability(a) ||
		lacks_feature(a, &cell->scenario->needs) ||
		(cell->row >= 0 && lacks_feature(a, &cell->scenario->rows[cell->row].needs)) ||
		lacks_refusal(a) || lacks_kernel(a) || lacks_promise(a);
}

/* What only a runtime builds, in a run or in a control without one. */
static bool lacks_builder(struct asking *a)
{
	const struct cell *cell = a->script->cell;

	if (!about_runtimes(a->script))
		return false;
	if (a->runtime)
		return without(a, pool_printf(a->pool, "box.host-%s", ns_kinds[cell->ns].name),
			       pool_printf(a->pool, "%s always makes a %s namespace",
					   a->runtime->name, ns_kinds[cell->ns].title));
	return !cannot(a->pool, a->missing, "no runtime is given",
		       "it is about what runtimes build", "make check RUNTIME=NAME");
}

bool support_lacks(struct pool *pool, const struct script *script, const struct script *original,
		   struct missing *missing)
{
	const struct cell *cell = script->cell;
	struct asking a = { .pool = pool, .script = script, .missing = missing,
			    .runtime = (original ? original : script)->cell->runtime };

	if (a.runtime && lacks_launch(&a))
		return true;
	if (a.runtime && cell->as == AS_USER && !a.runtime->any_user)
		return without(&a, "box.user", pool_printf(pool, "%s wants real root",
							 a.runtime->name));
	/* A twin or control means nothing when the plain cell it belongs to is skipped. */
	struct asking about = a;

	about.script = original;
	if (original && lacks_something(&about))
		return true;
	return cell->runtime ? lacks_something(&a) : lacks_builder(&a);
}
