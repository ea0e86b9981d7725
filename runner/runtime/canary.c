// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of a runtime is on this machine.
 */
#include <errno.h>
#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/isolated.h"
#include "runtime/canary.h"
#include "runtime/launch.h"
#include "load/paths.h"
#include "nsc/patience.h"
#include "nsc/sys.h"
#include "nsc/text.h"

enum { VERSION_BYTES = 4096, SHOWN_BYTES = 200, FEATURES_BYTES = 64000 };
/* A launch may take that many times as long beside other launches, on a busy machine. */
enum { LATENCIES = 20 };
#define VERSION_WITHIN_NS 10000000000ll

/* The directory of which a moat has one of its own, so that what is in there is not seen. */
static const char *unseen_in_moat(const char *program)
{
	static const char *const own[] = { "dev", "proc", "run", "sys", "tmp", "work" };

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		size_t len = strlen(own[i]);

		if (*program == '/' && !strncmp(program + 1, own[i], len) &&
		    program[1 + len] == '/')
			return own[i];
	}
	return NULL;
}

/* The first group of the expression in TEXT, or NULL. */
static const char *find_version(struct pool *pool, const char *expression, const char *text)
{
	const char *version = NULL;
	regmatch_t at[2];
	regex_t re;

	if (regcomp(&re, expression, REG_EXTENDED))
		return NULL;
	if (regexec(&re, text, 2, at, 0) == 0 && at[1].rm_so >= 0)
		version = pool_strndup(pool, text + at[1].rm_so,
				       (size_t)(at[1].rm_eo - at[1].rm_so));
	regfree(&re);
	return version;
}

/* Whoever has written the expression can only mend it with what it was held against. */
static void warn_of_version(struct pool *pool, const struct runtime *r, const char *text)
{
	const struct value *argv = value_get(r->version, "argv");
	const struct value *matches = value_get(r->version, "matches");
	struct problems warnings = { .pool = pool };
	const char *command = "", *printed = text_escape(pool, text, strnlen(text, SHOWN_BYTES), "");

	for (size_t i = 0; i < argv->list.n; i++)
		command = pool_printf(pool, "%s%s%s", command, i ? " " : "",
				      value_text(argv->list.items[i]));
	if (*text)
		problem_add(&warnings, matches->at, "warning: no version: '%s' matches nothing of "
			    "what `%s` printed: %s%s", value_text(matches), command, printed,
			    strlen(text) > SHOWN_BYTES ? "..." : "");
	else
		problem_add(&warnings, argv->at, "warning: no version: `%s` printed nothing, run "
			    "where all but /run and /tmp is read-only", command);
	problems_print(&warnings, stderr);
}

/* Then a failure may be the file's as well as the runtime's. */
static void warn_of_untried(struct pool *pool, const struct runtime *r)
{
	struct problems warnings = { .pool = pool };

	problem_add(&warnings, (struct mark){ .file = r->file },
		    "warning: nobody has run %s by this description: %s; look at the description "
		    "first when cells fail", r->name, r->untried);
	problems_print(&warnings, stderr);
}

/*
 * The version of the OCI runtime specification that the launcher says it knows, in what it prints
 * as features (features.md), or with --version before there were any; NULL when it says nothing.
 */
static const char *specification(struct pool *pool, const struct runtime *r, const char *version)
{
	struct value *argv = value_list(pool);

	value_push(pool, argv, r->launch->list.items[0]);
	value_push(pool, argv, value_str(pool, "features"));
	const char *text = isolated_output(pool, argv, &r->substitutes, FEATURES_BYTES,
					   patience(VERSION_WITHIN_NS));
	const char *found = text ?
		find_version(pool, "\"ociVersionMax\": *\"([0-9.]+)", text) : NULL;

	return found || !version ? found : find_version(pool, "spec: ([0-9.]+)", version);
}

/* Whether something else is run in PROGRAM's place. */
static bool substituted(const struct runtime *r, const char *program)
{
	size_t len = strlen(program);

	for (size_t i = 0; i < r->substitutes.n; i++)
		if (!strncmp(r->substitutes.v[i], program, len) &&
		    r->substitutes.v[i][len] == '=')
			return true;
	return false;
}

/* Whether the programs are there, and which version: fills .installed and .lacks. */
static void canary_installed(struct pool *pool, struct runtime *r)
{
	const char *path = launch_path(pool, &(const struct strs){ 0 });

	for (size_t i = 0; i < r->programs.n; i++) {
		const char *found = sys_find_program(pool, path, r->programs.v[i]);

		if (substituted(r, r->programs.v[i]))
			continue;
		if (!found) {
			r->missing = r->programs.v[i];
			r->lacks = pool_printf(pool, "no %s in PATH", r->missing);
			return;
		}
		if (unseen_in_moat(found)) {
			r->lacks = pool_printf(pool, "%s: boxes are built where /%s is another one",
					       found, unseen_in_moat(found));
			return;
		}
	}
	char *text = isolated_output(pool, value_get(r->version, "argv"), &r->substitutes,
				     VERSION_BYTES, patience(VERSION_WITHIN_NS));

	r->installed = text ? find_version(pool, value_text(value_get(r->version, "matches")),
					   text) : NULL;
	r->specification = r->generate == GENERATE_OCI ? specification(pool, r, text) : NULL;
	if (r->installed)
		return;
	r->installed = "?";
	warn_of_version(pool, r, text ? text : "");
}

/* Take GIVEN, [PROGRAM=]FILE, into R, whose list V has room for it; NULL, or what is wrong. */
static const char *substitute(struct pool *pool, struct runtime *r, const char *given,
			      const char **v)
{
	const char *equals = strchr(given, '='), *name = r->programs.v[0], *file = given;
	char real[PATH_MAX];
	struct stat st;
	bool known = false;

	/* A path may have such a character in it, too. */
	if (equals && !memchr(given, '/', (size_t)(equals - given))) {
		name = pool_strndup(pool, given, (size_t)(equals - given));
		file = equals + 1;
	}
	for (size_t i = 0; i < r->programs.n; i++)
		known |= !strcmp(name, r->programs.v[i]);
	if (!known)
		return pool_printf(pool, "of its programs none is called %s: %s", name,
				   strs_join(pool, &r->programs, ", "));
	if (substituted(r, name))
		return pool_printf(pool, "%s is given twice", name);
	if (r->substitutes.n == PROGRAMS_MAX)
		return pool_printf(pool, "more than %d programs", PROGRAMS_MAX);
	if (!paths_real(file, real) || stat(file, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode) || access(file, X_OK) < 0)
		return "not a file that can be executed";
	v[r->substitutes.n++] = pool_printf(pool, "%s=%s", name, real);
	r->substitutes.v = v;
	return NULL;
}

struct runtime *canary_load(struct pool *pool, const char *name_or_path,
			    const struct strs *substitutes, struct problems *problems)
{
	struct runtime *r = runtime_load(pool, name_or_path, problems);
	const char **v = pool_array(pool, const char *, substitutes->n + 1);
	bool good = r;

	for (size_t i = 0; good && i < substitutes->n; i++) {
		const char *wrong = substitute(pool, r, substitutes->v[i], v);

		if (wrong)
			problem_add(problems, (struct mark){ .file = r->file },
				    "--runtime-path %s: %s", substitutes->v[i], wrong);
		good = !wrong;
	}
	if (!good)
		return NULL;
	canary_installed(pool, r);
	if (r->untried && !r->lacks)
		warn_of_untried(pool, r);
	return r;
}

const char *canary_install(struct pool *pool, const struct runtime *r)
{
	return pool_printf(pool, "install %s", r->packages.n ?
			   strs_join(pool, &r->packages, " ") : r->name);
}

const struct outcome *canary_launch(const struct script *script, const struct trace *trace)
{
	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].step->kind == STEP_LAUNCH &&
		    trace->outcomes[i].status == OUTCOME_DONE)
			return &trace->outcomes[i];
	return NULL;
}

bool canary_started(const struct script *script, const struct trace *trace)
{
	const struct outcome *o = canary_launch(script, trace);

	return o && o->out && value_is(value_get(o->out, "state"), "started");
}

void canary_measured(struct runtime *r, int64_t took_ns)
{
	/* The canary's launch was slowed like all others, so its time is divided by the time
	 * factor, which steps multiply by. */
	int64_t usual = took_ns / patience_factor();

	if (r->within_ns < LATENCIES * usual)
		r->within_ns = LATENCIES * usual;
}
