// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform export: jobs for engines that run tests on many machines.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "export/jobs.h"
#include "load/runtime.h"
#include "plan/select.h"
#include "report/results.h"

enum { SHARDS_MAX = 1000 };

/* The machine's kernel, without a runtime. */
static const char native[] = "native";

struct options {
	struct strs kernels, modules, runtimes, set; /* as they were typed */
	const char *run_options, *tarball, *template, *output;
	int shards;
};

/* A part of job names, which become names of files. */
static bool is_name(const char *text, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return len && *text != '.' && *text != '-' && strspn(text, letters) >= len;
}

/* URL is where a machine of the engine's finds something; false when it is none, which is said. */
static bool check_url(const struct invocation *in, const char *option, const char *url)
{
	const char *why = url ? template_refuses(in->pool, url) : NULL;

	if (why)
		usage_error(in->command, "--%s: %s", option, why);
	else if (url && !strstr(url, "://"))
		usage_error(in->command, "--%s takes a URL, as https://HOST/PATH or file:///PATH, not %s",
			    option, url);
	return !url || (!why && strstr(url, "://"));
}

/* NAME=URL; false with a message when it is not. */
static bool split(const struct invocation *in, const char *option, const char *pair,
		  const char **name, const char **url)
{
	size_t len = strcspn(pair, "=");

	if (!pair[len] || !is_name(pair, len)) {
		usage_error(in->command, "--%s takes NAME=URL, where the name is of letters, digits, dots, "
			    "hyphens and underscores, not %s", option, pair);
		return false;
	}
	*name = pool_strndup(in->pool, pair, len);
	*url = pair + len + 1;
	return check_url(in, option, *url);
}

static struct job_kernel *find_kernel(struct job_axes *axes, const char *name)
{
	for (size_t i = 0; i < axes->n_kernels; i++)
		if (!strcmp(axes->kernels[i].name, name))
			return &axes->kernels[i];
	return NULL;
}

static bool take_kernels(const struct invocation *in, struct job_axes *axes)
{
	const struct options *o = in->options;
	const char *name, *url;

	axes->kernels = pool_array(in->pool, struct job_kernel, o->kernels.n);
	for (size_t i = 0; i < o->kernels.n; i++) {
		if (!split(in, "kernel", o->kernels.v[i], &name, &url))
			return false;
		if (find_kernel(axes, name)) {
			usage_error(in->command, "--kernel %s is given twice", name);
			return false;
		}
		axes->kernels[axes->n_kernels++] = (struct job_kernel){ name, url, NULL };
	}
	for (size_t i = 0; i < o->modules.n; i++) {
		if (!split(in, "modules", o->modules.v[i], &name, &url))
			return false;
		struct job_kernel *k = find_kernel(axes, name);

		if (!k) {
			usage_error(in->command, "--modules %s is of no --kernel", name);
			return false;
		}
		k->modules = url;
	}
	return true;
}

/* A file of one's own would have to be on the machine. */
static bool take_runtimes(const struct invocation *in, struct job_axes *axes)
{
	static const char *alone[] = { native };
	const struct options *o = in->options;
	struct problems problems = { .pool = in->pool };

	axes->runtimes = o->runtimes.n ? o->runtimes : (struct strs){ alone, 1 };
	for (size_t i = 0; i < o->runtimes.n; i++) {
		const char *name = o->runtimes.v[i];

		if (!is_name(name, strlen(name))) {
			usage_error(in->command, "--runtime takes native or a name that "
				    "`nsconform runtime` shows, not %s", name);
			return false;
		}
		for (size_t k = 0; k < i; k++)
			if (!strcmp(o->runtimes.v[k], name)) {
				usage_error(in->command, "--runtime %s is given twice", name);
				return false;
			}
		if (strcmp(name, native))
			runtime_load(in->pool, name, &problems);
	}
	problems_print(&problems, stderr);
	return !problems.n;
}

/*
 * The options that tools/lava/nsconform.yaml gives nsconform run before any others: no second one
 * of theirs can follow. One of the runtimes is as good as all.
 */
static const char *given_options(struct pool *pool, const struct job_axes *axes)
{
	const char *text = "--format kselftest --output DIR --no-traces";

	for (size_t i = 0; i < axes->runtimes.n; i++)
		if (strcmp(axes->runtimes.v[i], native))
			return pool_printf(pool, "%s --runtime %s%s", text, axes->runtimes.v[i],
					   axes->shards > 1 ? " --shard 1/1" : "");
	return axes->shards > 1 ? pool_printf(pool, "%s --shard 1/1", text) : text;
}

/*
 * What nsconform run is going to be given on the machine, and would complain about there; or what
 * it would print instead of verdicts. Suites of one's own are there, too, and not looked into.
 */
static bool check_run(const struct invocation *in, const struct job_axes *axes)
{
	struct pool *pool = in->pool;
	char *rest = pool_printf(pool, "run %s %s %s", given_options(pool, axes), axes->options,
				 axes->selection);
	char **argv = pool_array(pool, char *, strlen(rest) + 1);
	struct invocation run = { .pool = pool, .commands = in->commands, .command = &command_run,
				  .argv = argv };
	AUTO_SELECTION selection = { 0 };
	struct plan plan = { .pool = pool };

	for (char *word; (word = strtok_r(rest, " ", &rest));)
		argv[run.argc++] = word;
	if (options_read(&run))
		return false;
	if (run.help) {
		usage_error(in->command, "--options takes those of a run, and --help is none");
		return false;
	}

	const struct narrowing *given = &((struct run_options *)run.options)->narrowing;
	const struct narrowing narrow = { .exclude = given->exclude };

	if (given->suites.n)
		return true;
	return select_load_narrow(&selection, pool, run.operands, &narrow) &&
		select_plan(&selection, &plan, true);
}

static bool take_run(const struct invocation *in, struct job_axes *axes)
{
	const struct options *o = in->options;
	struct strs selection = { (const char **)in->operands + 1, (size_t)in->n - 1 };
	const char *why = template_refuses(in->pool, o->run_options ? o->run_options : "");

	axes->options = o->run_options ? o->run_options : "";
	axes->selection = strs_join(in->pool, &selection, " ");
	for (size_t i = 0; i < selection.n && !why; i++)
		why = strchr(selection.v[i], ' ') ?
			pool_printf(in->pool, "%s: spaces part selectors", selection.v[i]) :
			template_refuses(in->pool, selection.v[i]);
	if (why)
		usage_error(in->command, "%s", why);
	return !why && check_run(in, axes);
}

/* ENGINE, and selectors. */
static int run(struct invocation *in)
{
	const struct options *o = in->options;
	const struct job_engine *engine = job_engine_find(in->operands[0]);
	struct job_axes axes = { .shards = o->shards ? o->shards : 1, .tarball = o->tarball };
	struct problems problems = { .pool = in->pool };
	struct template template;
	size_t n;

	if (!engine)
		return usage_error(in->command, "%s",
				   job_engine_unknown(in->pool, in->operands[0]));
	if (!take_kernels(in, &axes) || !take_runtimes(in, &axes) ||
	    !check_url(in, "tarball", o->tarball) || !take_run(in, &axes))
		return EXIT_USAGE;
	template_load(&template, in->pool, job_template_path(in->pool, engine, o->template),
		      &problems);
	for (size_t i = 0; i < o->set.n && !problems.n; i++)
		template_set(&template, o->set.v[i], &problems);

	const struct job *jobs = jobs_make(in->pool, engine, &template, &axes, &n, &problems);

	problems_print(&problems, stderr);
	return !problems.n && jobs_write(stdout, in->pool, o->output, jobs, n) ? EXIT_GOOD :
									       EXIT_USAGE;
}

static const struct option_row rows[] = {
	{ .name = "kernel", .argument = ARGUMENT_NAMED_URL, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct options, kernels, struct strs),
	  .help = "a kernel's name in jobs and results, and where its image is; may be repeated" },
	{ .name = "modules", .argument = ARGUMENT_NAMED_URL, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct options, modules, struct strs),
	  .help = "an archive that has lib/modules of the kernel with that name; may be repeated" },
	{ .name = "runtime", .argument = ARGUMENT_RUNTIME, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct options, runtimes, struct strs),
	  .help = "the name of a container runtime on the machine, or native, as it is without this "
		  "option; may be repeated" },
	{ .name = "shards", OPTION_NUMBER(struct options, shards, 1, SHARDS_MAX),
	  .help = "in how many parts, each a job; merge puts their results together" },
	{ .name = "tarball", OPTION_TEXT(ARGUMENT_URL, struct options, tarball),
	  .help = "where nsconform-kselftest-ARCH.tar.xz is, which make kselftest-tar makes; without it "
		  "nsconform is installed on the machine" },
	{ .name = "options", OPTION_TEXT(ARGUMENT_TEXT, struct options, run_options),
	  .help = "more options of nsconform run on the machine, between spaces" },
	{ 0 }
};
static const struct option_row template_rows[] = {
	{ .name = "template", OPTION_TEXT(ARGUMENT_TEMPLATE, struct options, template),
	  .help = "of each job: the name of one that comes with nsconform, qemu by default, or a file" },
	{ .name = "set", .argument = ARGUMENT_SETTING, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct options, set, struct strs),
	  .help = "a setting that the template declares; may be repeated" },
	{ .name = "output", OPTION_TEXT(ARGUMENT_DIR, struct options, output),
	  .help = "write each job into a file there and print their paths; by default the jobs are "
		  "printed" },
	{ 0 }
};
static const struct option_group group = { "what to run", rows };
static const struct option_group template_group = { "jobs", template_rows };
static const struct option_use uses[] = {
	{ &group, 0 }, { &template_group, 0 }, { 0 }
};

static const struct example examples[] = {
	{ "export lava --kernel 6.12=URL --set ROOT=URL uts",
	  "a job, for nsconform as it is installed" },
	{ "export lava --kernel 6.12=URL --set ROOT=URL --shards 4 --output to",
	  "four jobs, each of a quarter of the cells" },
	{ 0 }
};

const struct command command_export = {
	.name = "export", .purpose = "Write jobs for engines that run tests on many machines",
	.first_operand = ARGUMENT_ENGINE, .first_help = "one of those below",
	.operands = { ARGUMENT_SELECTION, 1, 0, SELECTION_HELP },
	.options = uses, .options_size = sizeof(struct options), .one_of = "kernel",
	.examples = examples, .statuses = plain_statuses, .run = run,
};
