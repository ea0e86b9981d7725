// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rights over namespaces, found by walking from an actor to those that made it.
 */
#include "load/refs.h"
#include "load/rights.h"

static bool may_be(const struct value *kind, enum ns ns)
{
	return refs_any(kind) || value_is(kind, ns_kinds[ns].name);
}

/* One kind need not be a list. */
bool rights_may_have_new(const struct value *place, enum ns ns)
{
	const struct value *new = value_get(place, "new");

	for (size_t i = 0; new && new->type == VALUE_LIST && i < new->list.n; i++)
		if (may_be(new->list.items[i], ns))
			return true;
	return new && new->type != VALUE_LIST && may_be(new, ns);
}

/* Whoever gives up the capability when it is placed has no rights afterwards. */
static bool gives_up_net_admin(const struct value *place)
{
	const struct value *drop = value_get(place, "drop"), *uid = value_get(place, "uid");

	for (size_t i = 0; drop && drop->type == VALUE_LIST && i < drop->list.n; i++)
		if (value_is(drop->list.items[i], "NET_ADMIN") ||
		    value_is(drop->list.items[i], "all"))
			return true;
	return value_is(drop, "all") || (uid && uid->type == VALUE_INT && uid->i);
}

static int parent_of(const struct actor *a)
{
	return a->in >= 0 ? a->in : a->thread_of >= 0 ? a->thread_of : a->exec_of;
}

int rights_maker(const struct scenario *s, int actor, enum ns ns)
{
	/* Actors that rely on one another in a circle are reported by load_check(). */
	for (size_t hops = 0; actor >= 0 && hops < s->n_actors; hops++) {
		const struct actor *a = &s->actors[actor];

		if (rights_may_have_new(a->place, ns))
			return actor;
		actor = a->join_of >= 0 && (a->join_types & NS_BIT(ns)) ? a->join_of : parent_of(a);
	}
	return -1;
}

bool rights_over_net(const struct scenario *s, int actor, int of)
{
	int own = rights_maker(s, actor, NS_USER);
	int owner = rights_maker(s, rights_maker(s, of, NS_NET), NS_USER);

	if (gives_up_net_admin(s->actors[actor].place))
		return false;
	/* Whoever has capabilities in a user namespace has them in those that descend from it. */
	for (size_t hops = 0; owner >= 0 && owner != own && hops < s->n_actors; hops++)
		owner = rights_maker(s, parent_of(&s->actors[owner]), NS_USER);
	return owner == own;
}

static bool has_both(const struct scenario *s, int who, int a, int b)
{
	return !s->actors[who].later && rights_over_net(s, who, a) && rights_over_net(s, who, b);
}

int rights_over_both(const struct scenario *s, int a, int b)
{
	if (has_both(s, a, a, b))
		return a;
	if (has_both(s, b, a, b))
		return b;
	for (int i = 0; i < (int)s->n_actors; i++)
		if (has_both(s, i, a, b))
			return i;
	return -1;
}
