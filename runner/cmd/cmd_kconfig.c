// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform kconfig: the kernel options that scenarios need, as a fragment of a config, or
 * what a given config lacks of them.  All of it is derived from the needs of cells.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/kconfig_complete.h"
#include "cmd/shared_options.h"
#include "compile/compile.h"
#include "load/release.h"
#include "nsc/json.h"
#include "nsc/text.h"
#include "machine/kconfig.h"
#include "plan/needs.h"
#include "plan/select.h"

struct name {
	const char *text;
	size_t times;
};

struct names {
	struct name *v;
	size_t n, room;
};

struct use {
	const char *option;
	struct names needs, scenarios;
	struct names clauses; /* times: how many scenarios about it skip as a whole */
	const struct scenario *last;
	const struct cell *last_cell;
	size_t cells; /* of the last scenario */
	UT_hash_handle hh;
};

struct uses {
	struct pool *pool;
	struct catalogue *catalogue;
	struct problems *problems;
	struct use *by_option;
	const struct cell *cell; /* whose needs are being taken, or NULL */
	const char *need;
	size_t scenarios;
};

struct options {
	struct narrowing narrowing;
	const char *check, *source;
	bool json;
};

static struct name *add_once(struct pool *pool, struct names *names, const char *text)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->v[i].text, text))
			return &names->v[i];
	names->v = pool_grow(pool, names->v, names->n, &names->room, sizeof(*names->v));
	names->v[names->n].text = pool_strdup(pool, text);
	return &names->v[names->n++];
}

static struct use *add_use(struct uses *uses, const char *option)
{
	struct use *use = pool_new(uses->pool, struct use);

	use->option = pool_strdup(uses->pool, option);
	HASH_ADD_KEYPTR(hh, uses->by_option, use->option, strlen(use->option), use);
	return use;
}

static struct use *find_use(const struct uses *uses, const char *option)
{
	struct use *use;

	HASH_FIND_STR(uses->by_option, option, use);
	return use;
}

static struct mark place(const struct uses *uses)
{
	return uses->cell ? uses->cell->scenario->at : (struct mark){ 0 };
}

static void use_option(void *context, const char *option)
{
	struct uses *uses = context;
	struct use *use = find_use(uses, option);

	if (!use) {
		use = add_use(uses, option);
		if (!kernel_option_find(option))
			problem_add(uses->problems, place(uses),
				    "the kernel option %s has no row in runner/machine/kconfig.c",
				    option);
	}
	add_once(uses->pool, &use->needs, uses->need);
	if (!uses->cell || use->last_cell == uses->cell)
		return;
	if (use->last != uses->cell->scenario)
		use->cells = 0;
	use->last = uses->cell->scenario;
	use->last_cell = uses->cell;
	use->cells++;
}

static void take_need(void *context, const char *need)
{
	struct uses *uses = context;
	const char *options = kconfig_of_need(need);
	AUTO_POOL pool = { 0 };

	uses->need = need;
	if (options)
		kconfig_each(&pool, options, use_option, uses);
	else
		problem_add(uses->problems, place(uses),
			    "the options that %s stands for are not in runner/machine/kconfig.c", need);
}

/* All CELLS of the scenario have been seen. */
static void close_scenario(struct uses *uses, const struct scenario *s, size_t cells)
{
	const char *id = pool_printf(uses->pool, "%s.%s", s->suite->prefix, s->id);

	uses->scenarios++;
	for (size_t i = 0; i < s->clauses.n; i++)
		clause_find(uses->catalogue, s->clauses.v[i])->covered++;
	for (struct use *u = uses->by_option; u; u = u->hh.next) {
		bool whole = u->cells == cells;

		if (u->last != s)
			continue;
		add_once(uses->pool, &u->scenarios, id);
		for (size_t i = 0; i < s->clauses.n; i++)
			add_once(uses->pool, &u->clauses, s->clauses.v[i])->times += whole;
	}
}

static void collect(struct uses *uses, const struct plan *plan)
{
	AUTO_POOL pool = { 0 };
	size_t first = 0;

	for (size_t i = 0; i < plan->n; i++) {
		struct script script;

		uses->cell = &plan->cells[i];
		pool_reset(&pool);
		cell_compile(&pool, uses->cell, RELEASE_ANY, &script);
		take_need(uses, NEED_HARNESS);
		script_needs(&pool, &script, take_need, uses);
		if (i + 1 < plan->n && plan->cells[i + 1].scenario == uses->cell->scenario)
			continue;
		close_scenario(uses, uses->cell->scenario, i + 1 - first);
		first = i + 1;
	}
	uses->cell = NULL;
}

static int by_option(struct use *a, struct use *b)
{
	return strcmp(a->option, b->option);
}

static const char *join(struct pool *pool, const struct names *names)
{
	const char *text = "";

	for (size_t i = 0; i < names->n; i++)
		text = pool_printf(pool, "%s%s%s", text, i ? ", " : "", names->v[i].text);
	return text;
}

/* Every option that is used has its row: the problems would have said so. */
static const char *parents_of(const char *option)
{
	return kernel_option_find(option)->parents;
}

/* In newer releases the option has another name, and older ones do not ask for that. */
static void print_newer(struct uses *printed, const char *option)
{
	for (const struct kernel_option_instead *i = kernel_options_instead; i->option; i++)
		if (i->since && !strcmp(i->option, option))
			printf("# since Linux %s\nCONFIG_%s=y\n",
			       release_text(printed->pool, i->since), i->by);
}

/* The parents first. */
static void print_option(void *context, const char *option)
{
	struct uses *printed = context;

	if (find_use(printed, option))
		return;
	add_use(printed, option);
	kconfig_each(printed->pool, parents_of(option), print_option, printed);
	printf("CONFIG_%s=y\n", option);
	print_newer(printed, option);
}

static bool is_for(const struct use *u, const char *need)
{
	for (size_t i = 0; i < u->needs.n; i++)
		if (!strcmp(u->needs.v[i].text, need))
			return true;
	return false;
}

/* The needs that say more than the option's own name. */
static const char *reasons(struct pool *pool, const struct use *u)
{
	struct names told = { 0 };

	for (size_t i = 0; i < u->needs.n; i++) {
		const char *need = u->needs.v[i].text;

		if (strncmp(need, "config.", 7) && strncmp(need, "option.", 7))
			add_once(pool, &told, need);
	}
	return join(pool, &told);
}

static void print_fragment(const struct uses *uses, char *const *select)
{
	struct uses printed = { .pool = uses->pool };

	fputs("# SPDX-License-Identifier: GPL-2.0-only\n# Generated by `nsconform kconfig", stdout);
	for (size_t i = 0; select[i]; i++)
		printf(" %s", select[i]);
	puts("`; do not edit.\n"
	     "# The kernel options without which cells skip, each after those it depends on.\n"
	     "\n# every cell");
	for (const struct use *u = uses->by_option; u; u = u->hh.next)
		if (is_for(u, NEED_HARNESS))
			print_option(&printed, u->option);
	for (const struct use *u = uses->by_option; u; u = u->hh.next) {
		if (find_use(&printed, u->option))
			continue;
		putchar('\n');
		if (*reasons(uses->pool, u))
			printf("# %s\n", reasons(uses->pool, u));
		print_option(&printed, u->option);
	}
	HASH_CLEAR(hh, printed.by_option);
}

/* The states of kconfig_state(): how JSON names them, and the last line of --check. */
enum state { BUILT_IN, MODULE, MISSING, UNSAID, FOREIGN, STATES };

static const struct {
	const char *letters, *name, *counted;
	bool always; /* also counted where there is none */
} states[STATES] = {
	[BUILT_IN] = { "y=", "built-in", "built in", true },
	[MODULE] = { "m", "module", "module", true },
	[MISSING] = { "n", "missing", "missing", true },
	[UNSAID] = { "?", "unsaid", "not named", false },
	[FOREIGN] = { "-", "foreign", "of other architectures", false },
};

static enum state state_of(const struct kconfig *config, const char *option,
			   const struct kernel_option_instead **instead)
{
	char letter = kconfig_state(config, option, instead);
	int i = 0;

	while (i < STATES - 1 && !strchr(states[i].letters, letter))
		i++;
	return (enum state)i;
}

static struct value *list(struct pool *pool, const struct names *names)
{
	struct value *made = value_list(pool);

	for (size_t i = 0; i < names->n; i++)
		value_push(pool, made, value_str(pool, names->v[i].text));
	return made;
}

/* Nothing else shows the clause. */
static bool is_lost(const struct uses *uses, const struct name *clause)
{
	return clause->times == clause_find(uses->catalogue, clause->text)->covered;
}

static struct value *clauses(const struct uses *uses, const struct use *u, bool lost)
{
	struct value *made = value_list(uses->pool);

	for (size_t i = 0; i < u->clauses.n; i++)
		if (is_lost(uses, &u->clauses.v[i]) == lost)
			value_push(uses->pool, made, value_str(uses->pool, u->clauses.v[i].text));
	return made;
}

static void put_state(struct pool *pool, struct value *map, const struct kconfig *config,
		      const char *option)
{
	const struct kernel_option_instead *instead;
	enum state state = state_of(config, option, &instead);

	value_put(pool, map, "state", value_str(pool, states[state].name));
	if (!instead)
		return;
	value_put(pool, map, "by", value_str(pool, instead->by));
	value_put(pool, map, "by_source", value_str(pool, instead->source));
}

static void print_json(const struct uses *uses, const struct kconfig *config)
{
	struct pool *pool = uses->pool;
	struct value *all = value_list(pool);

	for (const struct use *u = uses->by_option; u; u = u->hh.next) {
		struct value *map = value_map(pool);

		value_put(pool, map, "option", value_str(pool, u->option));
		value_put(pool, map, "depends_on", value_str(pool, parents_of(u->option)));
		if (config)
			put_state(pool, map, config, u->option);
		value_put(pool, map, "needs", list(pool, &u->needs));
		value_put(pool, map, "scenarios", list(pool, &u->scenarios));
		value_put(pool, map, "clauses", clauses(uses, u, true));
		value_put(pool, map, "clauses_in_part", clauses(uses, u, false));
		value_push(pool, all, map);
	}
	puts(json_text(pool, all));
}

struct parents {
	struct pool *pool;
	const struct kconfig *config;
	struct names missing;
};

static void add_missing_parent(void *context, const char *option)
{
	struct parents *p = context;

	kconfig_each(p->pool, parents_of(option), add_missing_parent, p);
	if (state_of(p->config, option, NULL) == MISSING)
		add_once(p->pool, &p->missing, option);
}

static void print_missing(const struct uses *uses, const struct use *u,
			  const struct kconfig *config)
{
	struct parents parents = { .pool = uses->pool, .config = config };

	kconfig_each(uses->pool, parents_of(u->option), add_missing_parent, &parents);
	printf("CONFIG_%s is missing", u->option);
	if (parents.missing.n)
		printf(", as %s %s", join(uses->pool, &parents.missing),
		       parents.missing.n > 1 ? "are" : "is");
	printf(" (%s): cells of %zu of %zu scenarios skip", join(uses->pool, &u->needs),
	       u->scenarios.n, uses->scenarios);
	if (u->scenarios.n == uses->scenarios) {
		puts(", no clause is left");
		return;
	}
	puts(", which show");
	for (size_t i = 0; i < u->clauses.n; i++)
		printf("  %s%s\n", u->clauses.v[i].text,
		       is_lost(uses, &u->clauses.v[i]) ? "" : " (in part)");
}

/* Which releases and architectures the row is for: " since Linux 7.3", " on other than x86". */
static const char *where(struct pool *pool, const struct kernel_option_instead *i)
{
	const char *text = "";

	if (i->since)
		text = pool_printf(pool, " since Linux %s", release_text(pool, i->since));
	if (i->before)
		text = pool_printf(pool, "%s before Linux %s", text, release_text(pool, i->before));
	if (i->arch)
		text = pool_printf(pool, "%s on %s%s", text, *i->arch == '!' ? "other than " : "",
				   i->arch + (*i->arch == '!'));
	return text;
}

static void print_instead(struct pool *pool, const struct kernel_option_instead *i)
{
	if (*i->by)
		printf("# CONFIG_%s is said by %s%s: %s\n", i->option, i->by, where(pool, i),
		       i->source);
	else
		printf("# CONFIG_%s is always there%s: %s\n", i->option, where(pool, i), i->source);
}

/* What is judged, where that is not a whole config in a file. */
static void print_kind(const struct kconfig *config)
{
	if (config->image)
		printf("# a kernel's image: %s\n",
		       config->title ? config->title : "without a title");
	if (!config->title)
		puts("# partial, as a fragment or a defconfig: judged for what it says; what Kconfig makes "
		     "of it with\n# a kernel's source is judged with --source TREE");
}

static void print_check(const struct uses *uses, const struct kconfig *config)
{
	const struct kernel_option_instead *instead;
	size_t n[STATES] = { 0 }, all = HASH_COUNT(uses->by_option);

	print_kind(config);
	for (const struct use *u = uses->by_option; u; u = u->hh.next) {
		enum state state = state_of(config, u->option, &instead);

		n[state]++;
		if (instead)
			print_instead(uses->pool, instead);
		if (state == MISSING)
			print_missing(uses, u, config);
		else if (state == MODULE)
			printf("CONFIG_%s=m: module\n", u->option);
		else if (state == FOREIGN)
			printf("# CONFIG_%s is not asked for on %s\n", u->option, config->arch);
	}
	printf("# %zu option%s:", all, text_plural(all));
	for (int i = 0; i < STATES; i++)
		if (n[i] || states[i].always)
			printf("%s %zu %s%s", i ? "," : "", n[i], states[i].counted,
			       i == MODULE ? text_plural(n[i]) : "");
	putchar('\n');
}

static bool lacks_something(const struct uses *uses, const struct kconfig *config)
{
	for (const struct use *u = uses->by_option; u; u = u->hh.next)
		if (state_of(config, u->option, NULL) == MISSING)
			return true;
	return false;
}

/* The exit status. */
static int check(struct uses *uses, const struct options *o)
{
	struct kconfig config;
	int status = EXIT_USAGE;

	if (kconfig_load(uses->pool, o->check, &config, uses->problems) &&
	    (!o->source || kconfig_complete(o->source, o->check, &config, uses->problems))) {
		if (o->json)
			print_json(uses, &config);
		else
			print_check(uses, &config);
		status = lacks_something(uses, &config) ? EXIT_FAILED : EXIT_GOOD;
	}
	kconfig_free(&config);
	return status;
}

static int report(struct uses *uses, const struct options *o, char *const *select)
{
	if (uses->problems->n)
		return EXIT_USAGE;
	if (o->check)
		return check(uses, o);
	if (o->json)
		print_json(uses, NULL);
	else
		print_fragment(uses, select);
	return EXIT_GOOD;
}

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	AUTO_SELECTION selection = { 0 };
	struct plan plan = { .pool = in->pool };
	struct problems problems = { .pool = in->pool };
	struct uses uses = {
		.pool = in->pool, .problems = &problems, .catalogue = &selection.catalogue,
	};

	if (!select_load_narrow(&selection, in->pool, in->operands, &o->narrowing) ||
	    !select_plan(&selection, &plan, true))
		return EXIT_USAGE;
	collect(&uses, &plan);
	/* A virtual machine boots one kernel for all families. */
	if (!in->n && !o->check && !o->narrowing.suites.n)
		take_need(&uses, NEED_VM);
	HASH_SORT(uses.by_option, by_option);
	int status = report(&uses, o, in->operands);

	problems_print(&problems, stderr);
	HASH_CLEAR(hh, uses.by_option);
	return status;
}

static const struct option_row rows[] = {
	{ .name = "check", OPTION_TEXT(ARGUMENT_FILE, struct options, check),
	  .help = "say what that config lacks, and which clauses it costs: a .config, a fragment or a "
		  "defconfig, compressed or not, or a kernel's image with its config in it" },
	{ .name = "source", OPTION_TEXT(ARGUMENT_DIR, struct options, source), .needs = "check",
	  .help = "complete it before, as `make olddefconfig` in that source of a kernel does, for "
		  "the architecture that it names, ARCH in the environment, or this machine's" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use option_uses[] = {
	{ &narrowing_options, offsetof(struct options, narrowing) }, { &group, 0 },
	{ &json_options, offsetof(struct options, json) }, { 0 }
};

static const struct example examples[] = {
	{ "kconfig net", "a fragment for merge_config.sh" },
	{ "kconfig --check /proc/config.gz", "what this kernel lacks" },
	{ "kconfig --check arch/arm64/boot/Image",
	  "what a kernel lacks that was built with IKCONFIG" },
	{ "kconfig --check my.config --source ~/linux net", "what a fragment comes to, for net" },
	{ 0 }
};

static const struct exit_meaning statuses[] = {
	{ "0", "it is printed; with --check: nothing is missing" },
	{ "1", "with --check: something is missing" },
	STATUS_USAGE, STATUS_BROKEN, { 0 }
};

const struct command command_kconfig = {
	.name = "kconfig",
	.purpose = "Print the kernel config that cells need, or what a config lacks",
	.operands = { ARGUMENT_SELECTION, 0, 0, SELECTION_HELP },
	.options = option_uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = statuses, .run = run,
};
