// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be judged from inside: scenarios that are told by one box and its children, and ask
 * for nothing but namespaces; each of these must be another than the machine's.
 */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

#include "box/ability.h"
#include "box/asked.h"
#include "box/inside.h"

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

/* A PID namespace is what no container shares by default and nobody enters by chance. */
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
			   *kinds ? "the machine's own are " : "/proc tells nothing of them", kinds);
}

struct asking {
	struct pool *pool;
	const struct script *script;
	struct missing *missing;
};

static bool lacks(struct asking *a, const char *need, const char *detail, const char *remedy)
{
	*a->missing = (struct missing){ need, detail, remedy };
	return true;
}

static bool lacks_side(struct asking *a, const char *detail)
{
	return lacks(a, "needs a host side", detail, "nsconform run --runtime NAME, on the host");
}

/* The one box, or -1. */
static int the_box(const struct script *s)
{
	int box = -1;

	for (size_t i = 0; i < s->n_actors; i++)
		if (s->actors[i].boxed) {
			if (box >= 0)
				return -1;
			box = (int)i;
		}
	return box;
}

static bool lives_in(const struct script *s, int actor, int box)
{
	while (actor >= 0 && actor != box) {
		const struct actor *a = s->actors[actor].actor;

		actor = a->in >= 0 ? a->in : a->thread_of;
	}
	return actor == box;
}

/* What a box was to be like: nobody here has asked for it. */
static bool lacks_asked(struct asking *a, const struct actor *box)
{
	static const char *const asked[] = { "uid_map", "gid_map", "monotonic", "boottime", "share",
					     "setgroups", "map" };

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
		if (value_get(box->place, asked[i]))
			return lacks_side(a, pool_printf(a->pool, "its box is asked for %s", asked[i]));
	if (box->box && box->box->list.n)
		return lacks_side(a, pool_printf(a->pool, "its box is asked for %s",
						 box->box->list.items[0]->str.s));
	for (size_t i = 0; i < a->script->cell->scenario->needs.n; i++)
		if (!strncmp(a->script->cell->scenario->needs.v[i], "box.", 4))
			return lacks_side(a, "whether the box has that is not known in it");
	return false;
}

static bool lacks_actors(struct asking *a)
{
	const struct script *s = a->script;
	int box = the_box(s);

	if (s->cell->kind == CELL_CONTROL)
		return lacks_side(a, "a control takes the isolation away");
	if (s->cell->as == AS_USER)
		return lacks_side(a, "who made the box is not known in it");
	if (box < 0)
		return lacks_side(a, "it is about several boxes");
	for (size_t i = 0; i < s->n_actors; i++) {
		const struct actor *actor = s->actors[i].actor;

		if (!lives_in(s, (int)i, box) || actor->exec_of >= 0 ||
		    ((int)i == box && (actor->later || actor->join_of >= 0)))
			return lacks_side(a, pool_printf(a->pool, "%s is outside of the box", actor->name));
	}
	return lacks_asked(a, s->actors[box].actor);
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
		if (!fnmatch(*patterns, op, FNM_EXTMATCH))
			return true;
	return false;
}

/* A launcher of ours has descriptors and a variable that must not arrive; others have not. */
static bool lacks_leaks(struct asking *a)
{
	static const char *const fields[] = { "fds", "env" };
	const struct script *s = a->script;

	for (size_t i = 0; i < s->n_steps; i++)
		for (size_t k = 0; s->steps[i].expect && k < sizeof(fields) / sizeof(*fields); k++)
			if (s->steps[i].step->op && !strcmp(s->steps[i].step->op->name, "box.read") &&
			    value_get(s->steps[i].expect, fields[k]))
				return lacks_side(a, "nothing was there to be passed on to the box");
	return false;
}

/* All cells share the one box: what one of them changes, the others would find changed. */
static bool lacks_freshness(struct asking *a, const struct script_actor *box)
{
	const struct script *s = a->script;
	const struct value *new = value_get(box->actor->place, "new");
	bool pid = false;

	for (size_t i = 0; new && new->type == VALUE_LIST && i < new->list.n; i++)
		pid |= value_is(new->list.items[i], "pid");
	for (size_t i = 0; i < s->n_steps; i++) {
		const struct op *op = s->steps[i].step->op;

		if (!op || is_one_of(harmless, op->name) || is_one_of(traceless, op->name))
			continue;
		if (op->mutates)
			return lacks_side(a, pool_printf(a->pool, "%s would change this box for the cells after it",
							 op->name));
		if (pid)
			return lacks_side(a, "its actor is to be PID 1 of the box");
	}
	return false;
}

static bool lacks_kinds(struct asking *a, const struct inside *in, bool here, unsigned kinds)
{
	for (int ns = 0; ns < NS_COUNT && !here; ns++) {
		bool initial = in->initial & NS_BIT(ns);

		if (!(kinds & NS_BIT(ns)) || !((in->initial | in->unknown) & NS_BIT(ns)))
			continue;
		return lacks(a, pool_printf(a->pool, "needs box.%s", ns_kinds[ns].name),
			     pool_printf(a->pool, "the %s namespace here is the machine's%s",
					 ns_kinds[ns].title, initial ? "" : ", or that cannot be told"),
			     "make the container with one of its own");
	}
	return false;
}

bool inside_lacks(struct pool *pool, const struct inside *in, bool here,
		  const struct script *script, struct missing *missing)
{
	struct asking a = { .pool = pool, .script = script, .missing = missing };
	unsigned kinds = 0;
	bool harmless_all = true;

	if (lacks_actors(&a))
		return true;
	const struct script_actor *box = &script->actors[the_box(script)];

	for (const struct symbol *s = ns_symbols; s->name; s++) {
		const struct value *new = value_get(box->actor->place, "new");

		for (size_t i = 0; new && new->type == VALUE_LIST && i < new->list.n; i++)
			kinds |= value_is(new->list.items[i], s->name) ? (unsigned)s->value : 0;
	}
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct op *op = script->steps[i].step->op;

		if (!op)
			return lacks_side(&a, "an actor is made later");
		if (op->flags & OP_MOAT)
			return lacks_side(&a, pool_printf(pool, "%s is done outside of the box", op->name));
		harmless_all &= script->steps[i].step->kind != STEP_START && is_one_of(harmless, op->name);
		kinds |= op->mutates;
	}
	for (size_t i = 0; i < script->n_actors; i++)
		harmless_all &= &script->actors[i] == box;
	if (lacks_leaks(&a) || lacks_freshness(&a, box))
		return true;
	if (!harmless_all && !in->root)
		return lacks(&a, "needs root", "not root with CAP_SYS_ADMIN in the box",
			     "make the container with that capability (--privileged)");
	if ((kinds & NSM_MNT) && !harmless_all && access("/work", W_OK) < 0)
		return lacks(&a, "needs file./work", "no directory /work to work in",
			     "mount a tmpfs at /work");
	return lacks_kinds(&a, in, here, kinds);
}
