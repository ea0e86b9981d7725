// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of field types: how a value of each is checked, placed in a struct and
 * taken out again.  A new type is a row here and a name in enum field_type.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nsc/field.h"

const struct field none_fields[] = { F_END };

const struct field *field_find(const struct field *fields, const char *name)
{
	for (; fields && fields->type != FIELD_END; fields++)
		if (*fields->name == *name && !strcmp(fields->name, name))
			return fields;
	return NULL;
}

static const char *expect_range(struct pool *pool, const struct field *f)
{
	return pool_printf(pool, "an integer from %lld to %lld", (long long)f->min,
			   (long long)f->max);
}

static bool in_range(const struct field *f, int64_t i)
{
	return (!f->min && !f->max) || (i >= f->min && i <= f->max);
}

static const char *check_int(struct pool *pool, const struct field *f, const struct value *v)
{
	if (v->type != VALUE_INT)
		return "an integer";
	return in_range(f, v->i) ? NULL : expect_range(pool, f);
}

static void bind_int(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	(void)pool, (void)f;
	*(int64_t *)member = v->i;
}

static void preset_int(const struct field *f, void *member)
{
	*(int64_t *)member = f->def;
}

static struct value *unbind_int(struct pool *pool, const struct field *f, const void *member)
{
	(void)f;
	return value_int(pool, *(const int64_t *)member);
}

static const char *check_bool(struct pool *pool, const struct field *f, const struct value *v)
{
	(void)pool, (void)f;
	return v->type == VALUE_BOOL ? NULL : "true or false";
}

static void bind_bool(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	(void)pool, (void)f;
	*(bool *)member = v->b;
}

static void preset_bool(const struct field *f, void *member)
{
	*(bool *)member = f->def;
}

static struct value *unbind_bool(struct pool *pool, const struct field *f, const void *member)
{
	(void)f;
	return value_bool(pool, *(const bool *)member);
}

/* A number is taken as its text, so that `text: 0` needs no quotes. */
static const char *check_str(struct pool *pool, const struct field *f, const struct value *v)
{
	(void)pool, (void)f;
	if (v->type == VALUE_STR)
		return memchr(v->str.s, 0, v->str.len) ? "a string without NUL" : NULL;
	return v->type == VALUE_INT ? NULL : "a string";
}

static void bind_str(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	(void)f;
	*(const char **)member = v->type == VALUE_INT ? value_show(pool, v) :
							pool_strndup(pool, v->str.s, v->str.len);
}

static void preset_str(const struct field *f, void *member)
{
	*(const char **)member = f->def_str;
}

static struct value *unbind_str(struct pool *pool, const struct field *f, const void *member)
{
	const char *s = *(const char *const *)member;

	(void)f;
	return s ? value_str(pool, s) : value_nil(pool);
}

static const char *symbol_names(struct pool *pool, const char *lead, const struct symbol *symbols)
{
	const char *text = lead;

	for (const struct symbol *s = symbols; s && s->name; s++)
		text = pool_printf(pool, "%s%s%s", text, s == symbols ? " " : ", ", s->name);
	return text;
}

static const char *check_enum(struct pool *pool, const struct field *f, const struct value *v)
{
	if (v->type == VALUE_STR && symbol_find(f->symbols, v->str.s))
		return NULL;
	return symbol_names(pool, "one of", f->symbols);
}

static void bind_enum(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	(void)pool;
	*(int64_t *)member = symbol_find(f->symbols, v->str.s)->value;
}

static struct value *unbind_enum(struct pool *pool, const struct field *f, const void *member)
{
	const struct symbol *s = symbol_of(f->symbols, *(const int64_t *)member);

	return s ? value_str(pool, s->name) : value_int(pool, *(const int64_t *)member);
}

static const char *check_flags(struct pool *pool, const struct field *f, const struct value *v)
{
	if (v->type == VALUE_INT || (v->type == VALUE_STR && symbol_find(f->symbols, v->str.s)))
		return NULL;
	if (v->type == VALUE_LIST) {
		size_t i = 0;

		while (i < v->list.n && v->list.items[i]->type == VALUE_STR &&
		       symbol_find(f->symbols, v->list.items[i]->str.s))
			i++;
		if (i == v->list.n)
			return NULL;
	}
	return symbol_names(pool, "a list of", f->symbols);
}

static void bind_flags(struct pool *pool, const struct field *f, const struct value *v,
		       void *member)
{
	uint64_t flags = 0;

	(void)pool;
	if (v->type == VALUE_INT)
		flags = (uint64_t)v->i;
	else if (v->type == VALUE_STR)
		flags = (uint64_t)symbol_find(f->symbols, v->str.s)->value;
	else
		for (size_t i = 0; i < v->list.n; i++)
			flags |= (uint64_t)symbol_find(f->symbols, v->list.items[i]->str.s)->value;
	*(uint64_t *)member = flags;
}

static struct value *unbind_flags(struct pool *pool, const struct field *f, const void *member)
{
	uint64_t flags = *(const uint64_t *)member;
	struct value *list = value_list(pool);

	for (const struct symbol *s = f->symbols; s && s->name; s++)
		if (s->value && (flags & (uint64_t)s->value) == (uint64_t)s->value)
			value_push(pool, list, value_str(pool, s->name));
	return list;
}

static const struct symbol time_units[] = {
	{ "ns", 1, NULL },
	{ "us", 1000, NULL },
	{ "ms", 1000000, NULL },
	{ "s", 1000000000, NULL },
	{ "min", 60000000000, NULL },
	{ "h", 3600000000000, NULL },
	{ 0 }
};

bool time_parse(const char *text, int64_t *ns)
{
	char *end;

	errno = 0;
	long long n = strtoll(text, &end, 10);
	const struct symbol *unit = symbol_find(time_units, end);

	if (end == text || errno || !unit)
		return false;
	return !__builtin_mul_overflow(n, unit->value, ns);
}

static const char *check_time(struct pool *pool, const struct field *f, const struct value *v)
{
	int64_t ns;

	if (v->type == VALUE_INT)
		ns = v->i;
	else if (v->type != VALUE_STR || !time_parse(v->str.s, &ns))
		return "a time such as 250ms, 2s, 1h";
	return in_range(f, ns) ? NULL : expect_range(pool, f);
}

static void bind_time(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	(void)pool, (void)f;
	if (v->type == VALUE_INT)
		*(int64_t *)member = v->i;
	else
		time_parse(v->str.s, member);
}

static const char *check_errno(struct pool *pool, const struct field *f, const struct value *v)
{
	(void)pool, (void)f;
	if (v->type == VALUE_INT && v->i == 0)
		return NULL;
	if (v->type == VALUE_STR && symbol_find(errno_symbols, v->str.s))
		return NULL;
	return "an errno such as EPERM, or 0";
}

static void bind_errno(struct pool *pool, const struct field *f, const struct value *v,
		       void *member)
{
	(void)pool, (void)f;
	*(int64_t *)member =
		v->type == VALUE_INT ? v->i : symbol_find(errno_symbols, v->str.s)->value;
}

static struct value *unbind_errno(struct pool *pool, const struct field *f, const void *member)
{
	int64_t number = *(const int64_t *)member;

	(void)f;
	return number ? value_str(pool, errno_name(pool, number)) : value_int(pool, 0);
}

static const char *check_addr(struct pool *pool, const struct field *f, const struct value *v)
{
	unsigned char raw[16];
	char host[INET6_ADDRSTRLEN + 1], *end;
	const char *text = value_text(v);
	const char *want = "an IPv4 or IPv6 address, with /LENGTH for a prefix";

	(void)pool, (void)f;
	if (!text)
		return want;
	size_t len = strcspn(text, "/");

	if (len >= sizeof(host))
		return want;
	memcpy(host, text, len);
	host[len] = 0;
	int bits = inet_pton(AF_INET, host, raw) == 1  ? 32 :
		   inet_pton(AF_INET6, host, raw) == 1 ? 128 :
							 -1;

	if (bits < 0)
		return want;
	if (!text[len])
		return NULL;
	long prefix = strtol(text + len + 1, &end, 10);

	return isdigit((unsigned char)text[len + 1]) && !*end && prefix <= bits ? NULL : want;
}

static const char *check_fd(struct pool *pool, const struct field *f, const struct value *v)
{
	(void)pool, (void)f;
	return v->type == VALUE_FD ? NULL : "a descriptor: $name.field of a step that returns one";
}

static void bind_fd(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	(void)pool, (void)f;
	*(int *)member = v->fd;
}

static void preset_fd(const struct field *f, void *member)
{
	(void)f;
	*(int *)member = -1;
}

static struct value *unbind_fd(struct pool *pool, const struct field *f, const void *member)
{
	int fd = *(const int *)member;

	(void)f;
	return fd >= 0 ? value_fd(pool, fd) : value_nil(pool);
}

/* In a suite an actor is a name; on the wire the list [cred_sock, pidfd]. */
static const char *check_actor(struct pool *pool, const struct field *f, const struct value *v)
{
	(void)pool, (void)f;
	if (v->type == VALUE_LIST && v->list.n == 2)
		return NULL;
	return v->type == VALUE_STR ? NULL : "the name of an actor";
}

static void bind_actor(struct pool *pool, const struct field *f, const struct value *v,
		       void *member)
{
	struct actor_ref *ref = member;

	(void)pool, (void)f;
	ref->cred_sock = ref->pidfd = -1;
	if (v->type != VALUE_LIST)
		return;
	if (v->list.items[0]->type == VALUE_FD)
		ref->cred_sock = v->list.items[0]->fd;
	if (v->list.items[1]->type == VALUE_FD)
		ref->pidfd = v->list.items[1]->fd;
}

static void preset_actor(const struct field *f, void *member)
{
	struct actor_ref *ref = member;

	(void)f;
	ref->cred_sock = ref->pidfd = -1;
}

static struct value *unbind_nothing(struct pool *pool, const struct field *f, const void *member)
{
	(void)f, (void)member;
	return value_nil(pool);
}

/* All lists are a pointer and a count. */
static void preset_list(const struct field *f, void *member)
{
	(void)f;
	*(struct strs *)member = (struct strs){ 0 };
}

static void preset_any(const struct field *f, void *member)
{
	(void)f;
	*(const struct value **)member = NULL;
}

/* Lists: every element is checked and bound as the scalar type of ELEMENT. */
static const char *check_list(struct pool *pool, const struct field *f, const struct value *v,
			      enum field_type element)
{
	if (v->type != VALUE_LIST)
		return pool_printf(pool, "a list of %s", field_kinds[element].name);
	for (size_t i = 0; i < v->list.n; i++) {
		const char *want = field_kinds[element].check(pool, f, v->list.items[i]);

		if (want)
			return pool_printf(pool, "a list of which each is %s", want);
	}
	return NULL;
}

static const char *check_strs(struct pool *pool, const struct field *f, const struct value *v)
{
	return check_list(pool, f, v, FIELD_STR);
}

static void bind_strs(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	struct strs *strs = member;

	strs->n = v->list.n;
	strs->v = pool_array(pool, const char *, strs->n + 1);
	for (size_t i = 0; i < strs->n; i++)
		bind_str(pool, f, v->list.items[i], &strs->v[i]);
}

static struct value *unbind_strs(struct pool *pool, const struct field *f, const void *member)
{
	const struct strs *strs = member;
	struct value *list = value_list(pool);

	for (size_t i = 0; i < strs->n; i++)
		value_push(pool, list, unbind_str(pool, f, &strs->v[i]));
	return list;
}

static const char *check_ints(struct pool *pool, const struct field *f, const struct value *v)
{
	return check_list(pool, f, v, FIELD_INT);
}

static void bind_ints(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	struct ints *ints = member;

	ints->n = v->list.n;
	ints->v = pool_array(pool, int64_t, ints->n + 1);
	for (size_t i = 0; i < ints->n; i++)
		bind_int(pool, f, v->list.items[i], &ints->v[i]);
}

static struct value *unbind_ints(struct pool *pool, const struct field *f, const void *member)
{
	const struct ints *ints = member;
	struct value *list = value_list(pool);

	for (size_t i = 0; i < ints->n; i++)
		value_push(pool, list, unbind_int(pool, f, &ints->v[i]));
	return list;
}

static const char *check_fds(struct pool *pool, const struct field *f, const struct value *v)
{
	return check_list(pool, f, v, FIELD_FD);
}

static void bind_fds(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	struct fds *fds = member;

	fds->n = v->list.n;
	fds->v = pool_array(pool, int, fds->n + 1);
	for (size_t i = 0; i < fds->n; i++)
		bind_fd(pool, f, v->list.items[i], &fds->v[i]);
}

static struct value *unbind_fds(struct pool *pool, const struct field *f, const void *member)
{
	const struct fds *fds = member;
	struct value *list = value_list(pool);

	for (size_t i = 0; i < fds->n; i++)
		value_push(pool, list, unbind_fd(pool, f, &fds->v[i]));
	return list;
}

static const char *check_actors(struct pool *pool, const struct field *f, const struct value *v)
{
	return check_list(pool, f, v, FIELD_ACTOR);
}

static void bind_actors(struct pool *pool, const struct field *f, const struct value *v,
			void *member)
{
	struct actor_refs *refs = member;

	refs->n = v->list.n;
	refs->v = pool_array(pool, struct actor_ref, refs->n + 1);
	for (size_t i = 0; i < refs->n; i++)
		bind_actor(pool, f, v->list.items[i], &refs->v[i]);
}

static const char *check_any(struct pool *pool, const struct field *f, const struct value *v)
{
	(void)pool, (void)f, (void)v;
	return NULL;
}

static void bind_any(struct pool *pool, const struct field *f, const struct value *v, void *member)
{
	(void)pool, (void)f;
	*(const struct value **)member = v;
}

static struct value *unbind_any(struct pool *pool, const struct field *f, const void *member)
{
	const struct value *v = *(const struct value *const *)member;

	(void)f;
	return v ? (struct value *)v : value_nil(pool);
}

/* Tables are long and maps short: with the last key of the map nothing further is looked up. */
void fields_bind(struct pool *pool, const struct field *fields, const struct value *map, void *obj)
{
	size_t left = map && map->type == VALUE_MAP ? map->list.n / 2 : 0;

	for (const struct field *f = fields; f && f->type != FIELD_END; f++) {
		const struct field_kind *kind = &field_kinds[f->type];
		const struct value *v = left ? value_get(map, f->name) : NULL;
		void *member = (char *)obj + f->offset;

		left -= v != NULL;
		/* The loader reads on after a problem: never bind what does not fit. */
		if (v && v->type != VALUE_NIL && !kind->check(pool, f, v))
			kind->bind(pool, f, v, member);
		else
			kind->preset(f, member);
	}
}

struct value *fields_unbind(struct pool *pool, const struct field *fields, const void *obj)
{
	struct value *map = value_map(pool);

	for (const struct field *f = fields; f && f->type != FIELD_END; f++)
		value_put(pool, map, f->name,
			  field_kinds[f->type].unbind(pool, f, (const char *)obj + f->offset));
	return map;
}

const struct field_kind field_kinds[FIELD_TYPES] = {
	[FIELD_INT] = { "integer", "A whole number from -2^63 to 2^63 - 1, or in the range of the field: `10`, `-1`, `0x1f`, or "
			"`0644` in octal.", "{\"type\": \"integer\"}",
			check_int, bind_int, preset_int, unbind_int },
	[FIELD_BOOL] = { "boolean", "`true` or `false`.", "{\"type\": \"boolean\"}",
			 check_bool, bind_bool, preset_bool, unbind_bool },
	[FIELD_STR] = { "string",
			"Text without NUL: `probe`. A number is taken as its text. Results may hold any "
			"bytes; what is not UTF-8 is escaped where it is printed.",
			"{\"type\": [\"string\", \"integer\"]}",
			check_str, bind_str, preset_str, unbind_str },
	[FIELD_ENUM] = { "name", "One of the names that the field lists: `uts`.",
			 "{\"type\": \"string\"}",
			 check_enum, bind_enum, preset_int, unbind_enum },
	[FIELD_FLAGS] = { "flags",
			  "A set of the names that the field lists: `[NOSUID, NODEV]`, or `NOSUID` alone; "
			  "or the bits as a plain number. A result is the list of the names of which all "
			  "bits are set; bits without a name are left out.",
			  "{\"type\": [\"array\", \"string\", \"integer\"]}",
			  check_flags, bind_flags, preset_int, unbind_flags },
	[FIELD_TIME] = { "time",
			 "A time with its unit, which is ns, us, ms, s, min or h: `250ms`, `-1000s`, `1h`; or a plain "
			 "number of nanoseconds, as results are. A limit on waiting is stretched by the time "
			 "factor of slow machines.",
			 "{\"type\": [\"string\", \"integer\"]}",
			 check_time, bind_time, preset_int, unbind_int },
	[FIELD_ERRNO] = { "errno", "An error by its name in errno(3), or 0 for none: `EPERM`.",
			  "{\"type\": [\"string\", \"integer\"]}",
			  check_errno, bind_errno, preset_int, unbind_errno },
	[FIELD_ADDR] = { "address",
			 "An IPv4 or IPv6 address, with /LENGTH where it is a prefix: `10.0.0.1`, "
			 "`10.0.0.0/24`, `fd00::1/64`.",
			 "{\"type\": \"string\"}",
			 check_addr, bind_str, preset_str, unbind_str },
	[FIELD_FD] = { "descriptor",
		       "An open descriptor, by reference to the step that returned it: `$opened.fd`. Each step that "
		       "names it gets a copy, also in another actor, and closes it afterwards; the controller "
		       "holds one until the cell ends or a step such as fd.close consumes it.",
		       "{\"type\": \"string\"}",
		       check_fd, bind_fd, preset_fd, unbind_fd },
	[FIELD_ACTOR] = { "actor",
			  "An actor by its name: `inner`. Ops find its process in their own terms, by its "
			  "credentials or a pidfd.", "{\"type\": \"string\"}",
			  check_actor, bind_actor, preset_actor, unbind_nothing },
	[FIELD_STRS] = { "strings", "A list of [strings](#string): `[a, b]`.",
			"{\"type\": \"array\"}",
			 check_strs, bind_strs, preset_list, unbind_strs },
	[FIELD_INTS] = { "integers",
			 "A list of [integers](#integer): `[0, 65534]`; the range is that of each.",
			 "{\"type\": \"array\"}",
			 check_ints, bind_ints, preset_list, unbind_ints },
	[FIELD_FDS] = { "descriptors",
			"A list of [descriptors](#descriptor): `[$one.fd, $two.fd]`.",
			"{\"type\": \"array\"}",
			check_fds, bind_fds, preset_list, unbind_fds },
	[FIELD_ACTORS] = { "actors",
			   "A list of [actors](#actor): `[first, second]`.",
			"{\"type\": \"array\"}",
			   check_actors, bind_actors, preset_list, unbind_nothing },
	[FIELD_ANY] = { "any", "Any value: a scalar, a list or a map.", "{}",
			check_any, bind_any, preset_any, unbind_any },
};
