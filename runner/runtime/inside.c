// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be judged from inside: scenarios that are told by one box and its children, and ask
 * for nothing but namespaces; each of these must be another than the machine's.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

#include "runtime/support.h"
#include "nsc/text.h"
#include "runtime/inside.h"

void inside_read(struct inside *in)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t caps = cap_get_proc();

	*in = (struct inside){ 0 };
	if (caps)
		cap_get_flag(caps, CAP_SYS_ADMIN, CAP_EFFECTIVE, &value);
	cap_free(caps);
	in->root = geteuid() == 0 && value == CAP_SET;
	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct ns_id id = { 0 };
		int initial = ns_self((enum ns)ns, &id) < 0 ? -1 : ns_initial((enum ns)ns, &id);

		if (initial < 0)
			in->unknown |= NS_BIT(ns);
		else if (initial)
			in->initial |= NS_BIT(ns);
	}
}

/* Containers have a PID namespace of their own by default, so this tells a container from a
 * host. */
const char *inside_refuses(struct pool *pool, const struct inside *in)
{
	const char *kinds = "";

	if (!((in->initial | in->unknown) & NSM_PID))
		return NULL;
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (in->initial & NS_BIT(ns))
			kinds = pool_printf(pool, "%s%s%s", kinds, *kinds ? ", " : "",
					    ns_kinds[ns].name);
	return pool_printf(pool, "--inside changes the namespaces it is in, and this is no container: "
			   "%s%s; run it in one, or with --yes-here on a machine that may be changed",
			   *kinds ? "the machine's own are " : "/proc tells nothing of them",
			   kinds);
}

struct asking {
	struct pool *pool;
	const struct script *script;
	const struct script_actor *box;
	struct missing *missing;
};

static bool lacks_side(struct asking *a, const char *what, const char *detail)
{
	return !cannot(a->pool, a->missing, "no host side in a box",
		       pool_printf(a->pool, "%s%s", what, detail),
		       "nsconform run --runtime NAME, on the host");
}

/* The one box, or NULL. */
static const struct script_actor *the_box(const struct script *s)
{
	const struct script_actor *box = NULL;

	for (size_t i = 0; i < s->n_actors; i++) {
		if (s->actors[i].boxed && box)
			return NULL;
		if (s->actors[i].boxed)
			box = &s->actors[i];
	}
	return box;
}

/* Properties cannot be judged from inside, because this run has not asked for them. */
static bool lacks_asked(struct asking *a)
{
	static const char *const asked[] = { "uid_map", "gid_map", "monotonic", "boottime", "share",
					     "setgroups", "map" };
	const struct actor *box = a->box->actor;
	const struct strs *needs = &a->script->cell->scenario->needs;

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
		if (value_get(box->place, asked[i]))
			return lacks_side(a, "its box is asked for ", asked[i]);
	if (box->box && box->box->list.n)
		return lacks_side(a, "its box is asked for ", box->box->list.items[0]->str.s);
	for (size_t i = 0; i < needs->n; i++)
		if (!strncmp(needs->v[i], "box.", 4))
			return lacks_side(a, "nobody knows in the box whether it has ",
					  needs->v[i] + 4);
	return false;
}

static bool lacks_actors(struct asking *a)
{
	const struct script *s = a->script;

	if (s->cell->kind == CELL_CONTROL)
		return lacks_side(a, "a control takes the isolation away", "");
	if (s->cell->as == AS_USER)
		return lacks_side(a, "who made the box is not known in it", "");
	if (!a->box)
		return lacks_side(a, "it is about several boxes", "");
	for (size_t i = 0; i < s->n_actors; i++) {
		const struct actor *actor = s->actors[i].actor;
		bool later = &s->actors[i] == a->box && (actor->later || actor->join_of >= 0);

		if (later || actor->exec_of >= 0 || script_home(s, (int)i) < 0)
			return lacks_side(a, "not in the box, or not from its start: ",
					  actor->name);
	}
	return lacks_asked(a);
}

/* A launcher of ours has descriptors and a variable that must not arrive; others have not. */
static bool reads_leaks(const struct script_step *s)
{
	return !strcmp(s->step->op->name, "box.read") &&
	       (value_get(s->expect, "fds") || value_get(s->expect, "env"));
}

/* What any process may do, whatever it was given; and what leaves nothing behind. */
static const char *const harmless[] = {
	"box.read", "file.@(read|stat|exists|access|list|readlink|cwd)", "mnt.@(info|list|id)",
	"ns.@(id|ids|links)", "cap.@(get|get_securebits)", "uts.gethostname", "uts.uname",
	"*.sysctl_get", NULL
};
static const char *const traceless[] = { "file.*", "uts.*", NULL };

static bool is_one_of(const char *const *patterns, const char *op)
{
	for (; *patterns; patterns++)
		if (text_matches(*patterns, op))
			return true;
	return false;
}

static unsigned new_kinds(const struct script_actor *box)
{
	const struct value *new = value_get(box->actor->place, "new");
	unsigned kinds = 0;

	for (size_t i = 0; new && new->type == VALUE_LIST && i < new->list.n; i++)
		for (const struct symbol *s = ns_symbols; s->name; s++)
			if (value_is(new->list.items[i], s->name))
				kinds |= (unsigned)s->value;
	return kinds;
}

/* All cells share the one box: what one of them changes, the others would find changed. */
static bool lacks_freshness(struct asking *a)
{
	const struct script *s = a->script;

	for (size_t i = 0; i < s->n_steps; i++) {
		const struct op *op = s->steps[i].step->op;

		if (!op)
			return lacks_side(a, "an actor is made later", "");
		if (op->flags & (OP_MOAT | OP_OUTSIDE))
			return lacks_side(a, "done outside of the box: ", op->name);
		if (reads_leaks(&s->steps[i]))
			return lacks_side(a, "nothing was there to be passed on to the box", "");
		if (is_one_of(harmless, op->name) || is_one_of(traceless, op->name))
			continue;
		if (op->mutates)
			return lacks_side(a, "would change the box for the cells after it: ",
					  op->name);
		if (new_kinds(a->box) & NSM_PID)
			return lacks_side(a, "its actor is to be PID 1 of the box", "");
	}
	return false;
}

/* It does nothing but what any process may. */
static bool only_reads(const struct script *s)
{
	for (size_t i = 0; i < s->n_steps; i++)
		if (s->steps[i].step->kind == STEP_START ||
		    !is_one_of(harmless, s->steps[i].step->op->name))
			return false;
	return s->n_actors == 1;
}

static bool lacks_right(struct asking *a, const struct inside *in, unsigned kinds)
{
	if (only_reads(a->script))
		return false;
	if (!in->root)
		return !cannot(a->pool, a->missing, "not root with CAP_SYS_ADMIN in the box",
			       "by the process's own credentials",
			       "make the container with that capability (--privileged)");
	if ((kinds & NSM_MNT) && access("/work", W_OK) < 0)
		return !cannot(a->pool, a->missing, "no directory /work to work in",
			       "access(\"/work\", W_OK)", "mount a tmpfs at /work");
	return false;
}

static bool lacks_kinds(struct asking *a, const struct inside *in, unsigned kinds)
{
	for (int ns = 0; ns < NS_COUNT; ns++) {
		const char *known = in->initial & NS_BIT(ns) ? "" : ", or that cannot be told";

		if (!(kinds & (in->initial | in->unknown) & NS_BIT(ns)))
			continue;
		return !cannot(a->pool, a->missing,
			       pool_printf(a->pool, "the box has no %s namespace of its own",
					   ns_kinds[ns].title),
			       pool_printf(a->pool, "the %s namespace here is the machine's%s",
					   ns_kinds[ns].title, known),
			       "make the container with one of its own");
	}
	return false;
}

/* What the step joins: of the machine's namespaces a box's root may join none (setns(2)). */
static unsigned joined_kinds(const struct script_step *s)
{
	const struct value *types = value_get(s->with, "types");
	unsigned kinds = 0;

	for (int ns = 0; !strcmp(s->step->op->name, "ns.setns") && ns < NS_COUNT; ns++)
		for (size_t i = 0; types && types->type == VALUE_LIST && i < types->list.n; i++)
			if (value_is(types->list.items[i], ns_kinds[ns].name))
				kinds |= NS_BIT(ns);
	return kinds;
}

/*
 * An actor with a new user namespace and, of another kind, the one outside has no rights over that
 * one; whoever made the box may have given it one of its own.
 */
static bool lacks_outside(struct asking *a, const struct inside *in, unsigned new, unsigned used)
{
	for (int ns = 0; (new & NSM_USER) && ns < NS_COUNT; ns++)
		if (used & ~new & ~(in->initial | in->unknown) & NS_BIT(ns))
			return !cannot(a->pool, a->missing,
				       pool_printf(a->pool, "the box has a %s namespace of its own",
						   ns_kinds[ns].title),
				       "the cell is about one that belongs to the machine's root",
				       "make the container without it");
	return false;
}

bool inside_lacks(struct pool *pool, const struct inside *in, bool here,
		  const struct script *script, struct missing *missing)
{
	struct asking a = { .pool = pool, .script = script, .missing = missing,
			    .box = the_box(script) };
	unsigned kinds;

	if (lacks_actors(&a) || lacks_freshness(&a))
		return true;
	unsigned new = new_kinds(a.box), used = 0;

	kinds = new;
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct op *op = script->steps[i].step->op;

		kinds |= op->mutates | joined_kinds(&script->steps[i]);
		used |= script_touches(op, script->steps[i].with);
	}
	return lacks_right(&a, in, kinds) || lacks_outside(&a, in, new, used) ||
	       (!here && lacks_kinds(&a, in, kinds));
}
