// SPDX-License-Identifier: GPL-2.0-only
/* Field types: which values fit, what is said of others, and what comes back of those that were bound. */
#include "load/yaml.h"
#include "nsc/field.h"
#include "tap.h"

static const struct symbol symbols[] = { { "one", 1, NULL }, { "two", 2, NULL }, { "none", 0, NULL }, { "both", 3, NULL }, { 0 } };

static const struct field integer = { .type = FIELD_INT }, ranged = { .type = FIELD_INT, .min = -1, .max = 5 },
	truth = { .type = FIELD_BOOL }, text = { .type = FIELD_STR }, name = { .type = FIELD_ENUM, .symbols = symbols },
	flags = { .type = FIELD_FLAGS, .symbols = symbols }, moment = { .type = FIELD_TIME, .min = 0, .max = 3600000000000 },
	any_time = { .type = FIELD_TIME }, error = { .type = FIELD_ERRNO }, address = { .type = FIELD_ADDR },
	descriptor = { .type = FIELD_FD }, actor = { .type = FIELD_ACTOR }, strings = { .type = FIELD_STRS },
	integers = { .type = FIELD_INTS, .min = 0, .max = 5 }, descriptors = { .type = FIELD_FDS },
	actors = { .type = FIELD_ACTORS }, any = { .type = FIELD_ANY };

/* What is bound, and taken out again; or what was expected instead. */
static const struct {
	const struct field *field;
	const char *value, *back, *wrong;
} cases[] = {
	{ &integer, "-9223372036854775808", "-9223372036854775808", NULL },
	{ &integer, "x", NULL, "an integer" },
	{ &ranged, "-1", "-1", NULL }, { &ranged, "5", "5", NULL },
	{ &ranged, "-2", NULL, "an integer from -1 to 5" }, { &ranged, "6", NULL, "an integer from -1 to 5" },
	{ &truth, "true", "true", NULL }, { &truth, "false", "false", NULL }, { &truth, "1", NULL, "true or false" },
	{ &text, "a b", "\"a b\"", NULL }, { &text, "5", "\"5\"", NULL }, { &text, "[a]", NULL, "a string" },
	{ &text, "\"a\\0b\"", NULL, "a string without NUL" }, { &text, "true", NULL, "a string" },
	{ &name, "two", "\"two\"", NULL }, { &name, "four", NULL, "one of one, two, none, both" },
	{ &name, "2", NULL, "one of one, two, none, both" },
	{ &flags, "one", "[\"one\"]", NULL }, { &flags, "[one, two]", "[\"one\", \"two\", \"both\"]", NULL },
	{ &flags, "3", "[\"one\", \"two\", \"both\"]", NULL }, { &flags, "[]", "[]", NULL }, { &flags, "8", "[]", NULL },
	{ &flags, "[one, 2]", NULL, "a list of one, two, none, both" },
	{ &flags, "[one, four]", NULL, "a list of one, two, none, both" },
	{ &flags, "four", NULL, "a list of one, two, none, both" }, { &flags, "{}", NULL, "a list of one, two, none, both" },
	{ &moment, "2s", "2000000000", NULL }, { &moment, "7", "7", NULL }, { &moment, "1h", "3600000000000", NULL },
	{ &moment, "-1s", NULL, "an integer from 0 to 3600000000000" },
	{ &moment, "soon", NULL, "a time such as 250ms, 2s, 1h" }, { &moment, "[1]", NULL, "a time such as 250ms, 2s, 1h" },
	{ &any_time, "-1s", "-1000000000", NULL }, { &any_time, "99999999999999999999s", NULL, "a time such as 250ms, 2s, 1h" },
	{ &any_time, "9999999999s", NULL, "a time such as 250ms, 2s, 1h" },
	{ &error, "EPERM", "\"EPERM\"", NULL }, { &error, "0", "0", NULL },
	{ &error, "1", NULL, "an errno such as EPERM, or 0" }, { &error, "EWHAT", NULL, "an errno such as EPERM, or 0" },
	{ &error, "[]", NULL, "an errno such as EPERM, or 0" },
	{ &address, "10.0.0.1", "\"10.0.0.1\"", NULL }, { &address, "10.0.0.0/32", "\"10.0.0.0/32\"", NULL },
	{ &address, "fd00::1/128", "\"fd00::1/128\"", NULL }, { &address, "10.0.0.0/33", NULL, "address" },
	{ &address, "fd00::1/129", NULL, "address" }, { &address, "10.0.0.0/", NULL, "address" },
	{ &address, "10.0.0.0/+1", NULL, "address" }, { &address, "10.0.0.0/1x", NULL, "address" },
	{ &address, "10.0.0", NULL, "address" }, { &address, "5", NULL, "address" }, { &address, "/8", NULL, "address" },
	{ &address, "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", NULL, "address" },
	{ &descriptor, "5", NULL, "a descriptor: $name.field of a step that returns one" },
	{ &actor, "inner", "null", NULL }, { &actor, "[1, 2]", "null", NULL }, { &actor, "[1]", NULL, "the name of an actor" },
	{ &actor, "5", NULL, "the name of an actor" },
	{ &strings, "[a, 5]", "[\"a\", \"5\"]", NULL }, { &strings, "[]", "[]", NULL },
	{ &strings, "a", NULL, "a list of string" }, { &strings, "[a, []]", NULL, "a list of which each is a string" },
	{ &integers, "[0, 5]", "[0, 5]", NULL }, { &integers, "[0, 6]", NULL, "a list of which each is an integer from 0 to 5" },
	{ &descriptors, "[]", "[]", NULL },
	{ &descriptors, "[5]", NULL, "a list of which each is a descriptor: $name.field of a step that returns one" },
	{ &actors, "[a, b]", "null", NULL }, { &actors, "[a, 5]", NULL, "a list of which each is the name of an actor" },
	{ &any, "{a: [1]}", "{a: [1]}", NULL }, { &any, "~", "null", NULL },
};

static void check_values(struct pool *pool)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct field_kind *kind = &field_kinds[cases[i].field->type];
		struct problems problems = { .pool = pool };
		_Alignas(16) char member[sizeof(struct actor_refs)];
		const struct value *v = yaml_parse(pool, "test", cases[i].value, strlen(cases[i].value), &problems);
		const char *wrong = kind->check(pool, cases[i].field, v), *back = NULL;

		if (!wrong) {
			kind->preset(cases[i].field, member);
			kind->bind(pool, cases[i].field, v, member);
			back = value_show(pool, kind->unbind(pool, cases[i].field, member));
		}
		ok(wrong ? cases[i].wrong && strstr(wrong, cases[i].wrong) : cases[i].back && !strcmp(back, cases[i].back),
		   "%s %s: %s", kind->name, cases[i].value, wrong ? wrong : back);
	}
}

/* What text cannot say: descriptors, and what was not given. */
static void check_descriptors(struct pool *pool)
{
	struct value *list = value_list(pool), *pair = value_list(pool), *pairs = value_list(pool);
	struct actor_ref ref;
	struct actor_refs refs;
	struct fds fds;
	int fd;

	value_push(pool, list, value_fd(pool, 7));
	value_push(pool, list, value_fd(pool, 8));
	ok(!field_kinds[FIELD_FD].check(pool, &descriptor, list->list.items[0]) &&
	   !field_kinds[FIELD_FDS].check(pool, &descriptors, list), "descriptors fit");
	field_kinds[FIELD_FD].bind(pool, &descriptor, list->list.items[0], &fd);
	field_kinds[FIELD_FDS].bind(pool, &descriptors, list, &fds);
	ok(fd == 7 && fds.n == 2 && fds.v[1] == 8 &&
	   value_equal(field_kinds[FIELD_FDS].unbind(pool, &descriptors, &fds), list) &&
	   field_kinds[FIELD_FD].unbind(pool, &descriptor, &fd)->fd == 7, "and come back");
	field_kinds[FIELD_FD].preset(&descriptor, &fd);
	ok(fd == -1 && field_kinds[FIELD_FD].unbind(pool, &descriptor, &fd)->type == VALUE_NIL, "none is nothing");
	fd = 0;
	ok(field_kinds[FIELD_FD].unbind(pool, &descriptor, &fd)->type == VALUE_FD, "0 is one");
	value_push(pool, pair, value_fd(pool, 5));
	value_push(pool, pair, value_nil(pool));
	field_kinds[FIELD_ACTOR].bind(pool, &actor, pair, &ref);
	ok(ref.cred_sock == 5 && ref.pidfd == -1, "an actor with a socket");
	pair->list.items[0] = value_nil(pool);
	pair->list.items[1] = value_fd(pool, 6);
	field_kinds[FIELD_ACTOR].bind(pool, &actor, pair, &ref);
	ok(ref.cred_sock == -1 && ref.pidfd == 6, "with a pidfd");
	field_kinds[FIELD_ACTOR].preset(&actor, &ref);
	ok(ref.cred_sock == -1 && ref.pidfd == -1, "with neither");
	value_push(pool, pairs, pair);
	field_kinds[FIELD_ACTORS].bind(pool, &actors, pairs, &refs);
	ok(refs.n == 1 && refs.v[0].pidfd == 6, "a list of actors");
	int64_t number = 9;

	ok(field_kinds[FIELD_ENUM].unbind(pool, &name, &number)->i == 9, "a number without a name stays one");
	number = 4000;
	ok(!strcmp(value_show(pool, field_kinds[FIELD_ERRNO].unbind(pool, &error, &number)), "\"errno 4000\""),
	   "and an error is a number");
}

struct bound {
	int64_t number, given;
	const char *text;
	bool flag;
};

static const struct field bound_fields[] = {
	F_INT_DEF(struct bound, number, 3, 0, 10, ""), F_INT_DEF(struct bound, given, 3, 0, 10, ""),
	F_STR_DEF(struct bound, text, "default", ""), F_BOOL_DEF(struct bound, flag, true, ""), F_END
};

static void check_structs(struct pool *pool)
{
	struct problems problems = { .pool = pool };
	static const char given[] = "{given: 4, text: ~, number: 11, other: 1}";
	struct bound b;

	fields_bind(pool, bound_fields, yaml_parse(pool, "test", given, strlen(given), &problems), &b);
	ok(b.number == 3 && b.given == 4 && !strcmp(b.text, "default") && b.flag,
	   "what is not given, nothing, or does not fit has its default");
	ok(!strcmp(value_show(pool, fields_unbind(pool, bound_fields, &b)),
		   "{number: 3, given: 4, text: \"default\", flag: true}"), "a struct as a map");
	b.text = NULL;
	ok(value_get(fields_unbind(pool, bound_fields, &b), "text")->type == VALUE_NIL, "no text is nothing");
	ok(field_find(bound_fields, "text") == &bound_fields[2] && !field_find(bound_fields, "texts") &&
	   !field_find(bound_fields, "number ") && !field_find(NULL, "text"), "fields are found by their names");
	fields_bind(pool, NULL, value_map(pool), &b);
	ok(!fields_unbind(pool, NULL, &b)->list.n, "no fields");
}

int main(void)
{
	AUTO_POOL pool = { 0 };

	check_values(&pool);
	check_descriptors(&pool);
	check_structs(&pool);
	return done();
}
