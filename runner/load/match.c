// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of matchers.
 */
#include <regex.h>
#include <string.h>

#include "load/match.h"
#include "load/refs.h"

/* A value in the form in which results of this field come: 2s becomes 2000000000. */
static const struct value *normal(struct pool *pool, const struct field *f, const struct value *v)
{
	const struct field_kind *kind = &field_kinds[f->type];
	_Alignas(16) char member[sizeof(struct actor_refs)] = { 0 };

	if (kind->check(pool, f, v))
		return v;
	kind->bind(pool, f, v, member);
	return kind->unbind(pool, f, member);
}

static bool is_list(enum field_type type)
{
	return type == FIELD_STRS || type == FIELD_INTS || type == FIELD_FLAGS || type == FIELD_FDS;
}

static bool test_equal(struct pool *pool, const struct field *f, const struct value *seen,
		       const struct value *want, int64_t within)
{
	(void)within;
	return value_equal(seen, normal(pool, f, want));
}

static bool test_not(struct pool *pool, const struct field *f, const struct value *seen,
		     const struct value *want, int64_t within)
{
	return seen->type != VALUE_NIL && !test_equal(pool, f, seen, want, within);
}

/* A number, a time, or a list of them: their sum. */
static bool number(const struct value *v, int64_t *sum)
{
	*sum = 0;
	if (v->type == VALUE_INT) {
		*sum = v->i;
		return true;
	}
	if (v->type == VALUE_STR)
		return time_parse(v->str.s, sum);
	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++) {
		int64_t one;

		if (!number(v->list.items[i], &one) || __builtin_add_overflow(*sum, one, sum))
			return false;
	}
	return v->type == VALUE_LIST && v->list.n;
}

#define TEST_ORDER(name, operator) \
	static bool test_##name(struct pool *pool, const struct field *f, \
				const struct value *seen, const struct value *want, \
				int64_t within) \
	{ \
		int64_t a, b; \
		(void)pool, (void)f, (void)within; \
		return number(seen, &a) && number(want, &b) && a operator b; \
	}
TEST_ORDER(lt, <)
TEST_ORDER(le, <=)
TEST_ORDER(gt, >)
TEST_ORDER(ge, >=)

static bool test_near(struct pool *pool, const struct field *f, const struct value *seen,
		      const struct value *want, int64_t within)
{
	int64_t a, b, off;

	(void)pool, (void)f;
	return number(seen, &a) && number(want, &b) && !__builtin_sub_overflow(a, b, &off) &&
	       within >= 0 && off <= within && off >= -within;
}

static const char *text_of(struct pool *pool, const struct value *v)
{
	return v->type == VALUE_STR ? v->str.s : value_show(pool, v);
}

static bool test_contains(struct pool *pool, const struct field *f, const struct value *seen,
			  const struct value *want, int64_t within)
{
	(void)within, (void)f;
	if (want->type == VALUE_LIST && seen->type == VALUE_LIST) {
		for (size_t i = 0; i < want->list.n; i++)
			if (!test_contains(pool, f, seen, want->list.items[i], 0))
				return false;
		return true;
	}
	if (seen->type == VALUE_STR)
		return strstr(seen->str.s, text_of(pool, want)) != NULL;
	for (size_t i = 0; seen->type == VALUE_LIST && i < seen->list.n; i++)
		if (!strcmp(text_of(pool, seen->list.items[i]), text_of(pool, want)))
			return true;
	return false;
}

static bool test_lacks(struct pool *pool, const struct field *f, const struct value *seen,
		       const struct value *want, int64_t within)
{
	/* `lacks` with a list means none of these, and not only "not all of these". */
	if (want->type == VALUE_LIST) {
		for (size_t i = 0; i < want->list.n; i++)
			if (!test_lacks(pool, f, seen, want->list.items[i], 0))
				return false;
		return want->list.n > 0;
	}
	return seen->type != VALUE_NIL && want->type != VALUE_MAP &&
	       !test_contains(pool, f, seen, want, within);
}

static bool test_matches(struct pool *pool, const struct field *f, const struct value *seen,
			 const struct value *want, int64_t within)
{
	regex_t re;

	(void)f, (void)within;
	if (seen->type == VALUE_NIL || want->type == VALUE_LIST || want->type == VALUE_MAP ||
	    regcomp(&re, text_of(pool, want), REG_EXTENDED | REG_NOSUB | REG_NEWLINE))
		return false;
	bool found = regexec(&re, text_of(pool, seen), 0, NULL, 0) == 0;

	regfree(&re);
	return found;
}

static bool test_one_of(struct pool *pool, const struct field *f, const struct value *seen,
			const struct value *want, int64_t within)
{
	for (size_t i = 0; want->type == VALUE_LIST && i < want->list.n; i++)
		if (test_equal(pool, f, seen, want->list.items[i], within))
			return true;
	return false;
}

static bool test_length(struct pool *pool, const struct field *f, const struct value *seen,
			const struct value *want, int64_t within)
{
	(void)pool, (void)f, (void)within;
	int64_t have = seen->type == VALUE_LIST ? (int64_t)seen->list.n :
		       seen->type == VALUE_STR	? (int64_t)seen->str.len : -1;

	return want->type == VALUE_INT && have == want->i;
}

static bool test_present(struct pool *pool, const struct field *f, const struct value *seen,
			 const struct value *want, int64_t within)
{
	(void)pool, (void)f, (void)within;
	return want->type == VALUE_BOOL && (seen->type != VALUE_NIL) == want->b;
}

#define SAME "{}"
#define NUMBERS "{\"type\": [\"integer\", \"string\", \"array\"]}"

const struct matcher matchers[] = {
	{ "is", "Equal; what a plain value means.", SAME, TAKES_SAME, test_equal },
	{ "not", "There, and not equal.", SAME, TAKES_SAME, test_not },
	{ "lt", "Less than a number or time; a list is a sum.", NUMBERS, TAKES_NUMBER, test_lt },
	{ "le", "Less or equal.", NUMBERS, TAKES_NUMBER, test_le },
	{ "gt", "Greater.", NUMBERS, TAKES_NUMBER, test_gt },
	{ "ge", "Greater or equal.", NUMBERS, TAKES_NUMBER, test_ge },
	{ "near", "Within a tolerance, given by `within`, of a number, time or sum.", NUMBERS, TAKES_NUMBER, test_near },
	{ "within", "The tolerance of `near`.", NUMBERS, TAKES_TIME, NULL },
	{ "contains", "The list has this element (or all of these), the text this part.", SAME, TAKES_ELEMENT, test_contains },
	{ "lacks", "The list has not this element (none of these), the text not this part.", SAME, TAKES_ELEMENT, test_lacks },
	{ "matches", "The text matches this POSIX extended regular expression.",
	  "{\"type\": \"string\"}", TAKES_TEXT, test_matches },
	{ "one_of", "Equal to one of these.", "{\"type\": \"array\"}", TAKES_LIST, test_one_of },
	{ "length", "Number of elements, or of bytes.", "{\"type\": \"integer\"}", TAKES_NUMBER,
	  test_length },
	{ "present", "true: there is a value; false: there is none.", "{\"type\": \"boolean\"}",
	  TAKES_BOOL, test_present },
	{ 0 }
};

static const struct matcher *matcher_find(const char *name)
{
	for (const struct matcher *m = matchers; m->name; m++)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

/* Nothing, each character by itself, and all of them, the last one first, as no text has them. */
static bool fits_all(const regex_t *re)
{
	char one[2] = "", all[127] = "";

	for (int c = 0; c < 127; c++) {
		one[0] = (char)c;
		all[126 - c] = c == '\n' ? ' ' : (char)c;
		if (c != '\n' && regexec(re, one, 0, NULL, 0))
			return false;
	}
	return !regexec(re, all, 0, NULL, 0);
}

static const char *check_regex(struct pool *pool, const struct value *v)
{
	regex_t re;
	char why[128];
	int rc = regcomp(&re, v->str.s, REG_EXTENDED | REG_NOSUB | REG_NEWLINE);

	if (!rc) {
		bool all = fits_all(&re);

		regfree(&re);
		return all ? "expects nothing, as any text matches it" : NULL;
	}
	regerror(rc, &re, why, sizeof(why));
	return pool_printf(pool, "not a regular expression: %s", why);
}

static const char *check_same(struct pool *pool, const struct field *f, const struct value *v)
{
	const char *want = NULL;

	if (!refs_any(v) && v->type != VALUE_NIL && f->type != FIELD_FD)
		want = field_kinds[f->type].check(pool, f, v);
	return want ? pool_printf(pool, "expected %s", want) : NULL;
}

/* An empty list or text is contained in everything, so such an expectation could not fail. */
static bool is_empty(const struct field *f, const struct matcher *m, const struct value *v)
{
	if (v->type == VALUE_LIST)
		return !v->list.n;
	return v->type == VALUE_STR && !v->str.len &&
	       (m->takes == TAKES_TEXT || f->type == FIELD_STR);
}

/* No count is below 0, so such an expectation could not fail. */
static bool is_any_count(const struct field *f, const struct matcher *m, const struct value *v)
{
	return f->counts && v->type == VALUE_INT &&
	       ((m->test == test_ge && v->i <= 0) || (m->test == test_gt && v->i < 0));
}

static const char *check_argument(struct pool *pool, const struct field *f, const struct matcher *m,
				  const struct value *v)
{
	int64_t ignored;

	/* A reference may stand for any value but a list of alternatives or the value of
	 * `present`, as no result is one. */
	if (refs_any(v) && m->takes != TAKES_BOOL && m->takes != TAKES_LIST)
		return NULL;
	if ((m->takes == TAKES_TEXT || m->takes == TAKES_ELEMENT) && is_empty(f, m, v))
		return "expects nothing, as it is empty";
	if (is_any_count(f, m, v))
		return "expects nothing, as every count is so";
	switch (m->takes) {
	case TAKES_SAME:
		return check_same(pool, f, v);
	case TAKES_NUMBER:
	case TAKES_TIME:
		return number(v, &ignored) ? NULL :
			"expected a number, a time, or a list of them to add up";
	case TAKES_TEXT:
		return v->type == VALUE_STR ? check_regex(pool, v) : "expected text";
	case TAKES_BOOL:
		return v->type == VALUE_BOOL ? NULL : "expected true or false";
	case TAKES_LIST:
		return v->type == VALUE_LIST && v->list.n ? NULL : "expected a list";
	case TAKES_ELEMENT:
		return is_list(f->type) || f->type == FIELD_STR || f->type == FIELD_ANY ?
			       NULL : "only lists and text contain something";
	}
	return NULL;
}

static const char *no_matcher(struct pool *pool, const char *name)
{
	const char *known = "";

	for (const struct matcher *m = matchers; m->name; m++)
		known = pool_printf(pool, "%s%s%s", known, *known ? ", " : "", m->name);
	return pool_printf(pool, "no matcher %s, there are %s", name, known);
}

const char *match_check(struct pool *pool, const struct field *f, const struct value *want,
			struct mark *at)
{
	*at = want->at;
	if (want->type != VALUE_MAP)
		return check_same(pool, f, want);
	if (!want->list.n)
		return "an empty map expects nothing";
	if (!value_get(want, "near") != !value_get(want, "within"))
		return "near and within belong together";
	for (size_t i = 0; i < want->list.n; i += 2) {
		const struct matcher *m = matcher_find(want->list.items[i]->str.s);

		*at = want->list.items[i]->at;
		if (!m)
			return no_matcher(pool, want->list.items[i]->str.s);
		*at = want->list.items[i + 1]->at;
		const char *wrong = check_argument(pool, f, m, want->list.items[i + 1]);

		if (wrong)
			return wrong;
	}
	return NULL;
}

bool match(struct pool *pool, const struct field *f, const struct value *seen,
	   const struct value *want)
{
	const struct value *tolerance = value_get(want, "within");
	int64_t within = 0;

	if (want->type != VALUE_MAP)
		return test_equal(pool, f, seen, want, 0);
	if (tolerance && !number(tolerance, &within))
		return false;
	for (size_t i = 0; i < want->list.n; i += 2) {
		const struct matcher *m = matcher_find(want->list.items[i]->str.s);

		if (!m || (m->test && !m->test(pool, f, seen, want->list.items[i + 1], within)))
			return false;
	}
	return true;
}
