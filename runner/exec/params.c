// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters on their way to an agent.
 */
#include "exec/params.h"

static struct value *wire_actor(struct slot *slot, const struct value *name)
{
	struct pool *pool = &slot->pool;
	struct value *pair = value_list(pool);

	for (size_t i = 0; i < slot->script.n_actors; i++) {
		struct peer *peer = &slot->actors[i];

		if (!value_is(name, slot->script.actors[i].actor->name))
			continue;
		value_push(pool, pair,
			   peer->cred_sock < 0 ? value_nil(pool) : value_fd(pool, peer->cred_sock));
		value_push(pool, pair,
			   peer->pidfd < 0 ? value_nil(pool) : value_fd(pool, peer->pidfd));
	}
	return pair;
}

static struct value *wire_param(struct slot *slot, const struct field *f, struct value *v)
{
	if (!f || v->type == VALUE_NIL)
		return v;
	if (f->type == FIELD_ACTOR)
		return wire_actor(slot, v);
	if (f->type != FIELD_ACTORS || v->type != VALUE_LIST)
		return v;
	struct value *list = value_list(&slot->pool);

	for (size_t i = 0; i < v->list.n; i++)
		value_push(&slot->pool, list, wire_actor(slot, v->list.items[i]));
	return list;
}

const struct value *params_for_wire(struct slot *slot, const struct op *op,
				     const struct value *with)
{
	struct value *made = value_map(&slot->pool);

	for (size_t i = 0; i < with->list.n; i += 2) {
		const struct field *f = field_find(op->in, with->list.items[i]->str.s);

		value_push(&slot->pool, made, with->list.items[i]);
		value_push(&slot->pool, made, wire_param(slot, f, with->list.items[i + 1]));
	}
	return made;
}

void params_forget(struct slot *slot, const struct value *with)
{
	if (with->type == VALUE_FD)
		slot_forget_fd(slot, with->fd);
	for (size_t i = 0;
	     (with->type == VALUE_LIST || with->type == VALUE_MAP) && i < with->list.n; i++)
		params_forget(slot, with->list.items[i]);
}
