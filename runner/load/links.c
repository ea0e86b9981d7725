// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links: `links: [{veth: [a.v0 10.0.0.1/24, b.v1 10.0.0.2/24]}]` stands for the steps that make
 * the devices, bring them up, wait for them and give them their addresses. They come before the
 * scenario's own steps and are like those in everything else: needs, traces, controls, runtimes.
 */
#include <net/if.h>
#include <string.h>

#include "load/loader.h"
#include "load/refs.h"
#include "load/rights.h"
#include "nsc/registry.h"

enum { LINKS_MAX = 16, ENDS_MAX = 16, ADDRESSES_MAX = 8 };

struct end {
	struct mark at;
	int actor;
	const char *device;
	struct value *addresses[ADDRESSES_MAX];
	size_t n_addresses;
};

struct link {
	void (*check)(struct loader *l, const struct link *link); /* of ends together, or NULL */
	void (*make)(struct loader *l, const struct link *link);  /* NULL when devices are there */
	const char *device; /* the name of every end, which is not written; or NULL */
	bool pair;	    /* its ends may become ports */
	struct end *ends;
	size_t n_ends;
	size_t n_raised;    /* ends that are brought up; the others become ports of the first */
	bool carrier;	    /* have to be waited for */
};

/* Steps. */

static struct value *add_step(struct loader *l, const struct end *e, int actor, const char *op)
{
	struct scenario *s = l->scenario;
	struct value *with = value_map(l->pool);

	with->at = e->at;
	s->steps[s->n_steps++] = (struct step){ .at = e->at, .kind = STEP_CALL, .actor = actor,
						.op = op_find(op_registry, op), .with = with };
	return with;
}

static void put(struct loader *l, struct value *with, const char *key, const char *text)
{
	struct value *v = value_str(l->pool, text);

	v->at = with->at;
	value_put(l->pool, with, key, v);
}

static void make_veth(struct loader *l, const struct link *link)
{
	const struct end *one = &link->ends[0], *other = &link->ends[1];
	const struct actor *actors = l->scenario->actors;
	int by = rights_over_both(l->scenario, one->actor, other->actor);
	struct value *with = add_step(l, one, by, "link.add");

	put(l, with, "kind", "veth");
	put(l, with, "name", one->device);
	if (one->actor != by)
		put(l, with, "in", actors[one->actor].name);
	put(l, with, "peer", other->device);
	if (other->actor != by)
		put(l, with, "peer_in", actors[other->actor].name);
}

static void make_bridge(struct loader *l, const struct link *link)
{
	struct value *with = add_step(l, link->ends, link->ends->actor, "link.add");

	put(l, with, "kind", "bridge");
	put(l, with, "name", link->ends->device);
}

typedef void phase(struct loader *l, const struct link *link, const struct end *e);

static void make(struct loader *l, const struct link *link, const struct end *e)
{
	if (link->make && e == link->ends)
		link->make(l, link);
}

static void plug(struct loader *l, const struct link *link, const struct end *e)
{
	struct value *with;

	if (e < link->ends + link->n_raised)
		return;
	with = add_step(l, e, e->actor, "link.set");
	put(l, with, "name", e->device);
	put(l, with, "master", link->ends->device);
}

static void raise_end(struct loader *l, const struct link *link, const struct end *e)
{
	struct value *with;

	if (e >= link->ends + link->n_raised)
		return;
	with = add_step(l, e, e->actor, "link.set");
	put(l, with, "name", e->device);
	put(l, with, "state", "up");
}

static void await(struct loader *l, const struct link *link, const struct end *e)
{
	struct value *with;

	if (!link->carrier || e >= link->ends + link->n_raised)
		return;
	with = add_step(l, e, e->actor, "link.wait");
	put(l, with, "name", e->device);
	put(l, with, "until", "carrier");
}

/* An IPv6 address cannot be used at once, and looking for duplicates would take a second. */
static void address(struct loader *l, const struct link *link, const struct end *e)
{
	for (size_t i = 0; i < e->n_addresses; i++) {
		struct value *v = e->addresses[i], *with = add_step(l, e, e->actor, "addr.add");

		put(l, with, "dev", e->device);
		value_put(l->pool, with, "address", v);
		if (!refs_any(v) && !strchr(v->str.s, ':'))
			continue;

		struct value *flags = value_list(l->pool);

		value_push(l->pool, flags, value_str(l->pool, "nodad"));
		value_put(l->pool, with, "flags", flags);
		with = add_step(l, e, e->actor, "addr.wait");
		put(l, with, "dev", e->device);
		value_put(l->pool, with, "address", v);
		put(l, with, "until", "usable");
	}
}

static void expand(struct loader *l, const struct link *links, size_t n)
{
	static phase *const phases[] = { make, plug, raise_end, await, address };
	size_t room = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < links[i].n_ends; k++)
			room += sizeof(phases) / sizeof(*phases) + 2 * links[i].ends[k].n_addresses;
	l->scenario->steps = pool_array(l->pool, struct step, room);
	for (size_t p = 0; p < sizeof(phases) / sizeof(*phases); p++)
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < links[i].n_ends; k++)
				phases[p](l, &links[i], &links[i].ends[k]);
}

/* Checks. */

static void check_actor(struct loader *l, const struct end *e)
{
	const struct actor *a = &l->scenario->actors[e->actor];

	if (a->later)
		problem_add(l->problems, e->at,
			    "%s is made by a step, and links before the first one", a->name);
	if (!rights_over_net(l->scenario, e->actor, e->actor))
		problem_add(l->problems, e->at, "%s has no rights over the network namespace that it is in: it lacks `new: [net]`, or gives up CAP_NET_ADMIN",
			    a->name);
}

/* Where network namespaces are withheld the actors are in one, so names must not meet. */
static void check_earlier(struct loader *l, const struct end *e, const struct end *earlier)
{
	bool own_lo = !strcmp(e->device, "lo") && e->actor != earlier->actor;

	if (strcmp(e->device, earlier->device))
		return;
	if (!own_lo)
		problem_add(l->problems, e->at, "the device %s stands twice, first at line %d: in control cells actors share a network namespace",
			    e->device, earlier->at.line);
	for (size_t i = 0; own_lo && i < e->n_addresses; i++)
		for (size_t k = 0; k < earlier->n_addresses; k++)
			if (value_equal(e->addresses[i], earlier->addresses[k]))
				load_problem(l, e->addresses[i], "%s has this address twice, first at line %d: in control cells actors share a network namespace",
					     e->device, earlier->at.line);
}

static void check_earlier_port(struct loader *l, const struct end *e, const struct end *earlier)
{
	if (e->actor == earlier->actor && !strcmp(e->device, earlier->device))
		problem_add(l->problems, e->at,
			    "the port %s stands twice, first at line %d: it belongs to one bridge",
			    e->device, earlier->at.line);
}

static void check_veth(struct loader *l, const struct link *link)
{
	const struct end *one = &link->ends[0], *other = &link->ends[1];
	const struct scenario *s = l->scenario;
	const char *a = s->actors[one->actor].name, *b = s->actors[other->actor].name;

	if (one->actor != other->actor &&
	    rights_maker(s, one->actor, NS_NET) == rights_maker(s, other->actor, NS_NET))
		problem_add(l->problems, other->at, "%s and %s are in one network namespace, which this cannot link to another: give both ends to one of them if it is meant",
			    a, b);
	else if (rights_over_both(s, one->actor, other->actor) < 0)
		problem_add(l->problems, one->at, "no actor has rights over the network namespaces of both %s and %s",
			    a, b);
}

static void check_bridge(struct loader *l, const struct link *link)
{
	for (size_t i = link->n_raised; i < link->n_ends; i++)
		if (link->ends[i].actor != link->ends->actor)
			problem_add(l->problems, link->ends[i].at,
				    "a port belongs to the actor that has its bridge, which is %s",
				    l->scenario->actors[link->ends->actor].name);
}

/* Ports are ends of pairs, which have their addresses there. */
static void check_port(struct loader *l, const struct link *links, size_t n, const struct end *e)
{
	struct nearest near = { .word = e->device };

	if (e->n_addresses)
		load_problem(l, e->addresses[0],
			     "a port's addresses stand at the end of its pair");
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < links[i].n_raised; k++) {
			const struct end *made = &links[i].ends[k];

			if (made->actor != e->actor || !links[i].pair)
				continue;
			if (!strcmp(made->device, e->device))
				return;
			nearest_offer(&near, made->device);
		}
	problem_add(l->problems, e->at, "no link gives %s a device %s that could be a port%s",
		    l->scenario->actors[e->actor].name, e->device, nearest_hint(l->pool, &near));
}

static void check_links(struct loader *l, const struct link *links, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < links[i].n_ends; k++) {
			const struct end *e = &links[i].ends[k];

			check_actor(l, e);
			bool port = k >= links[i].n_raised;

			if (port)
				check_port(l, links, n, e);
			for (size_t before = 0; before <= i; before++)
				for (size_t m = 0; m < links[before].n_ends &&
						   &links[before].ends[m] != e; m++)
					if ((m >= links[before].n_raised) == port)
						(port ? check_earlier_port : check_earlier)
							(l, e, &links[before].ends[m]);
		}
		if (links[i].check)
			links[i].check(l, &links[i]);
	}
}

/* Reading. */

/* The kernel refuses white space, slashes and colons, and puts a number in the place of %d. */
static bool is_device_name(const char *s)
{
	return *s && strlen(s) < IFNAMSIZ && strcmp(s, ".") && strcmp(s, "..") &&
	       !strpbrk(s, "/:$% \t\n\v\f\r");
}

static void bad_end(struct loader *l, const struct value *v, const struct link *link)
{
	if (link->device)
		load_problem(l, v, "expected ACTOR, and addresses");
	else
		load_problem(l, v, "expected ACTOR.DEVICE, where DEVICE has 1 to %d bytes and no white space, slash, colon, percent or dollar sign",
			     IFNAMSIZ - 1);
}

/* The next word of V from *AT on, with its own place in the file; NULL behind the last. */
static struct value *next_word(struct loader *l, const struct value *v, const char **at)
{
	const char *start = *at + strspn(*at, " ");
	size_t len = strcspn(start, " ");
	struct value *word;

	if (!len)
		return NULL;
	word = value_strn(l->pool, start, len);
	word->at = v->at;
	word->at.column += (int)(start - v->str.s) + v->quoted;
	*at = start + len;
	return word;
}

static void read_address(struct loader *l, struct value *v, struct end *e)
{
	static const struct field field = { .type = FIELD_ADDR };

	if (e->n_addresses == ADDRESSES_MAX)
		load_problem(l, v, "more than %d addresses", ADDRESSES_MAX);
	else if (!refs_any(v) && (field_kinds[FIELD_ADDR].check(l->pool, &field, v) ||
				  !strchr(v->str.s, '/')))
		load_problem(l, v, "expected an IPv4 or IPv6 address with /LENGTH, not %s",
			     v->str.s);
	else
		e->addresses[e->n_addresses++] = v;
	for (size_t i = 0; i + 1 < e->n_addresses; i++)
		if (value_equal(e->addresses[i], v))
			load_problem(l, v, "%s has this address twice", e->device);
}

/* ACTOR.DEVICE, or ACTOR where the name of the device is known, and addresses. */
static void read_end(struct loader *l, const struct value *v, const struct link *link,
		     struct end *e)
{
	const char *at = load_text(l, v);
	struct value *word = next_word(l, v, &at);
	const char *dot = word && !link->device ? strchr(word->str.s, '.') : NULL;

	if (!word) {
		if (*at)
			bad_end(l, v, link);
		return;
	}
	e->at = word->at;
	e->device = link->device ? link->device : dot ? dot + 1 : "";
	if (!link->device && !is_device_name(e->device)) {
		bad_end(l, word, link);
		return;
	}
	if (!link->device && !strcmp(e->device, "lo")) {
		load_problem(l, word, "every network namespace has a device lo: write lo: [%.*s]",
			     (int)(dot - word->str.s), word->str.s);
		return;
	}
	struct value *who = value_strn(l->pool, word->str.s,
				       dot ? (size_t)(dot - word->str.s) : word->str.len);

	who->at = word->at;
	e->actor = load_actor_name(l, who);
	while ((word = next_word(l, v, &at)))
		read_address(l, word, e);
}

static void read_ends(struct loader *l, const struct value *v, struct link *link, size_t min,
		      size_t max)
{
	if (v->type != VALUE_LIST || v->list.n < min || v->list.n > max) {
		load_problem(l, v, "expected a list of %zu%s ends", min,
			     min == max ? "" : pool_printf(l->pool, " to %zu", max));
		return;
	}
	link->n_ends = v->list.n;
	link->ends = pool_array(l->pool, struct end, link->n_ends);
	for (size_t i = 0; i < link->n_ends; i++)
		read_end(l, v->list.items[i], link, &link->ends[i]);
	/* Where it has not been said, all are. */
	if (!link->n_raised)
		link->n_raised = link->n_ends;
}

static void read_veth(struct loader *l, const struct field *f, const struct value *v, void *object)
{
	struct link *link = object;

	*link = (struct link){ .check = check_veth, .make = make_veth,
				.carrier = true, .pair = true };
	read_ends(l, v, link, 2, 2);
}

static void read_bridge(struct loader *l, const struct field *f, const struct value *v,
			void *object)
{
	struct link *link = object;

	*link = (struct link){ .check = check_bridge, .make = make_bridge, .n_raised = 1,
				.carrier = true };
	read_ends(l, v, link, 2, ENDS_MAX);
}

static void read_lo(struct loader *l, const struct field *f, const struct value *v, void *object)
{
	struct link *link = object;

	*link = (struct link){ .device = "lo" };
	read_ends(l, v, link, 1, ENDS_MAX);
}

#define SHAPE_ENDS(bounds) \
	"{\"type\": \"array\", " bounds ", \"items\": {\"type\": \"string\"}}"
#define AT_LEAST(n) "\"minItems\": " #n

const struct field link_fields[] = {
	K_SPECIAL("lo", OPTIONAL, read_lo, "Loopback devices: an ACTOR each.",
		  SHAPE_ENDS(AT_LEAST(1))),
	K_SPECIAL("veth", OPTIONAL, read_veth, "A pair: both ends as ACTOR.DEVICE.",
		  SHAPE_ENDS(AT_LEAST(2) ", \"maxItems\": 2")),
	K_SPECIAL("bridge", OPTIONAL, read_bridge,
		  "A bridge and its ports, which are ends of pairs: ACTOR.DEVICE each.",
		  SHAPE_ENDS(AT_LEAST(2))),
	F_END
};

void load_links(struct loader *l, const struct value *v)
{
	size_t before = l->problems->n, n = v->type == VALUE_LIST ? v->list.n : 0;
	struct link *links = pool_array(l->pool, struct link, n + 1);

	if (!n || n > LINKS_MAX)
		load_problem(l, v, "expected a list of 1 to %d links", LINKS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct value *item = v->list.items[i];

		load_fields(l, link_fields, item, &links[i], "a link");
		if (item->type == VALUE_MAP && item->list.n != 2)
			load_problem(l, item, "a link has one kind, not %u", item->list.n / 2);
	}
	if (l->problems->n == before)
		check_links(l, links, n);
	if (l->problems->n == before)
		expand(l, links, n);
}
