// SPDX-License-Identifier: GPL-2.0-only
/* The tables do not contradict themselves or each other. */
#include <ctype.h>
#include <string.h>

#include "machine/calls.h"
#include "machine/kconfig.h"
#include "load/match.h"
#include "machine/require.h"
#include "load/runtime.h"
#include "nsc/place.h"
#include "nsc/registry.h"
#include "tap.h"

static void check_ops(void)
{
	AUTO_POOL pool = { 0 };
	const char *why = op_self_check(&pool, op_registry);
	const struct op *op;
	size_t n = 0;

	ok(!why, "ops agree with themselves%s%s", why ? ": " : "", why ? why : "");
	for (size_t i = 0; (op = op_registry[i]); i++)
		n++;
	ok(n > 100, "there are ops");
	struct op wrong = *op_find(op_registry, "cap.try");
	const struct op *const wrongs[] = { &wrong, NULL };

	ok(!op_self_check(&pool, wrongs), "an op touches namespaces with one value of a parameter");
	wrong.chosen.value = "nothing";
	ok(op_self_check(&pool, wrongs), "... which is one that it can have");
	ok(!op_find(op_registry, "uts.nothing") && op_find(op_registry, "uts.gethostname"), "op_find finds what there is");
}

/*
 * A time among an op's parameters is either a limit on waiting, which is longer on a slow machine, or
 * what the kernel is asked for, which is not: these.
 */
static void check_times(void)
{
	static const char *const asked[] = { "ahead", "at" };
	const struct op *op;

	for (size_t i = 0; (op = op_registry[i]); i++)
		for (const struct field *f = op->in; f && f->type != FIELD_END; f++) {
			bool is_asked = false;

			for (size_t k = 0; k < sizeof(asked) / sizeof(*asked); k++)
				is_asked |= !strcmp(f->name, asked[k]);
			if (f->type == FIELD_TIME)
				ok(f->patience == !is_asked, "%s %s", op->name, f->name);
		}
}

/* Tables that are searched by halves are in order if each row is found. */
static void check_calls(void)
{
	bool found = true;

	for (const struct call *c = calls; c->name; c++)
		found &= call_find(c->name) == c;
	ok(found, "every call is found by its name");
	ok(!call_find("nothing") && call_number("nothing") < 0, "and no other");
	ok(call_number("getpid") >= 0 && call_number("write") >= 0, "calls have numbers");
	ok(!strcmp(call_of_page("_exit"), "exit_group") && !strcmp(call_of_page("wait"), "wait4") &&
	   !strcmp(call_of_page("mq_send"), "mq_timedsend") && !strcmp(call_of_page("mount"), "mount"),
	   "pages have calls");
}

static void check_kinds(void)
{
	for (int ns = 0; ns < NS_COUNT; ns++) {
		const struct symbol *s = symbol_find(ns_symbols, ns_kinds[ns].name);

		ok(s && s->value == NS_BIT(ns), "%s is the same in both tables", ns_kinds[ns].name);
		ok(ns_find(ns_kinds[ns].name) == ns && ns_flags(NS_BIT(ns)) == ns_kinds[ns].flag,
		   "%s is found and has its flag", ns_kinds[ns].name);
	}
	ok(ns_find("utz") < 0, "no other kind");
}

static void check_fields(void)
{
	for (int t = FIELD_END + 1; t < FIELD_TYPES; t++) {
		const struct field_kind *k = &field_kinds[t];

		ok(k->name && k->doc && k->schema && k->check && k->bind && k->preset && k->unbind,
		   "field type %d is complete", t);
	}
	for (const struct field *f = place_fields; f->type != FIELD_END; f++)
		ok(field_find(place_fields, f->name) == f && !strchr(f->doc, '\n'), "attribute %s", f->name);
}

static void check_keys(void)
{
	const struct field *const tables[] = {
		suite_fields, scenario_fields, matrix_fields, actor_fields, join_fields, row_fields,
		step_fields, twin_fields, runtime_fields,
	};

	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (const struct field *f = tables[t]; f->type != FIELD_END; f++)
			ok(f->doc[strlen(f->doc) - 1] == '.' &&
			   (f->type == FIELD_KEY ? f->read && f->shape && f->shape[0] == '{' :
						   !f->read), "key %s", f->name);
	for (const struct field *f = actor_fields; f->type != FIELD_END; f++)
		ok(!field_find(place_fields, f->name), "%s is no attribute as well", f->name);
	for (const struct requirement *r = requirements; r->name; r++)
		ok(r->doc && r->remedy && r->probe, "requirement %s", r->name);
}

/*
 * A filter that forbids what an op does is found only if the call is known: each page of section 2
 * in a source is that of a known call, except for those that cannot be tried.
 */
static void check_sources(void)
{
	static const char *const untried[] = { "vfork" };
	AUTO_POOL pool = { 0 };
	const struct op *op;

	for (size_t i = 0; (op = op_registry[i]); i++)
		for (const char *s = strstr(op->source, "(2)"); s; s = strstr(s + 1, "(2)")) {
			const char *page = s;

			while (page > op->source && (isalnum(page[-1]) || page[-1] == '_'))
				page--;
			page = pool_strndup(&pool, page, s - page);
			bool known = call_find(call_of_page(page));

			for (size_t k = 0; k < sizeof(untried) / sizeof(*untried); k++)
				known |= !strcmp(page, untried[k]);
			ok(known, "%s of %s", page, op->name);
		}
}

static void check_option(void *context, const char *option)
{
	ok(kernel_option_find(option) != NULL, "%s of %s has a row", option, (const char *)context);
}

static void check_options(void)
{
	const char *const needs[] = { NEED_HARNESS, NEED_VM };
	AUTO_POOL pool = { 0 };
	const struct op *op;

	for (const struct kernel_option *o = kernel_options; o->name; o++) {
		ok(kernel_option_find(o->name) == o, "%s stands once", o->name);
		kconfig_each(&pool, o->parents, check_option, (void *)o->name);
	}
	for (size_t i = 0; (op = op_registry[i]); i++)
		if (op->config)
			check_option((void *)op->name, op->config);
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		kconfig_each(&pool, kconfig_of_need(needs[i]), check_option, (void *)needs[i]);
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (ns_kinds[ns].config)
			check_option((void *)ns_kinds[ns].name, ns_kinds[ns].config);
	ok(!kconfig_of_need("link.nothing") && !kconfig_of_need("file./nothing"), "unknown needs");
}

int main(void)
{
	check_ops();
	check_sources();
	check_times();
	check_calls();
	check_kinds();
	check_fields();
	check_keys();
	check_options();
	return done();
}
