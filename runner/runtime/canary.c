// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of a runtime is on this machine.
 */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "runtime/isolated.h"
#include "runtime/canary.h"
#include "runtime/launch.h"
#include "nsc/patience.h"
#include "nsc/sys.h"
#include "nsc/text.h"

enum { VERSION_BYTES = 4096, SHOWN_BYTES = 200 };
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

/* Whether the programs are there, and which version: fills .installed and .lacks. */
static void canary_installed(struct pool *pool, struct runtime *r)
{
	for (size_t i = 0; i < r->programs.n; i++) {
		const char *found = sys_find_program(pool, launch_path(pool), r->programs.v[i]);

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
	char *text = isolated_output(pool, value_get(r->version, "argv"), VERSION_BYTES,
				  patience(VERSION_WITHIN_NS));

	r->installed = text ? find_version(pool, value_text(value_get(r->version, "matches")),
					   text) : NULL;
	if (r->installed)
		return;
	r->installed = "?";
	warn_of_version(pool, r, text ? text : "");
}

struct runtime *canary_load(struct pool *pool, const char *name_or_path,
			    struct problems *problems)
{
	struct runtime *r = runtime_load(pool, name_or_path, problems);

	if (r)
		canary_installed(pool, r);
	return r;
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
