// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs by their records.
 */
#include <string.h>

#include "compare/describe_ran.h"
#include "compare/joined.h"
#include "load/release.h"

/* Fields of a run's record that say what was run on, and how people call them. */
static const struct aspect {
	const char *field, *title;
	bool whole; /* also all shards of one run have to agree in it */
	bool told;  /* ran_describe() says it */
} aspects[] = {
	{ "version", "the version of nsconform", true, false },
	{ "kernel", "the kernel", true, true },
	{ "kernel_version", "the build of the kernel", true, true },
	{ "image_sha256", "the image of the kernel", true, true },
	{ "machine", "the architecture", true, false },
	{ "word_bits", "the word size of nsconform", true, false },
	{ "runtime", "the runtime", true, true },
	{ "runtime_version", "the version of the runtime", true, true },
	{ "distribution", "the distribution", false, false },
	{ "fail_on", "what fails it (--fail-on)", true, false },
	{ "uid", "the user ID", true, false },
	{ "privileged", "privilege", true, false },
	{ "cpus", "the number of processors", false, false },
};

enum { ASPECTS = sizeof(aspects) / sizeof(*aspects) };

static const char *text_of(struct pool *pool, const struct ran *ran, const char *name)
{
	const struct value *v = !ran->n_runs ? NULL :
		value_get(record_value(pool, run_record_fields, &ran->runs[0]), name);

	/* A record always has its version: without one, `no` is what nobody has said. */
	if (!v || v->type == VALUE_NIL || (v->type == VALUE_BOOL && !ran->runs[0].version))
		return NULL;
	return v->type == VALUE_STR ? value_text(v) : value_show(pool, v);
}

static const char *unlike(struct pool *pool, const struct aspect *aspect, const struct ran *a,
			  const struct ran *b)
{
	const char *x = text_of(pool, a, aspect->field), *y = text_of(pool, b, aspect->field);

	if (!strcmp(x ? x : "", y ? y : ""))
		return NULL;
	return pool_printf(pool, "%s (%s and %s)", aspect->title, x ? x : "unknown",
			   y ? y : "unknown");
}

/* Results of before there was a version say nothing of most of this; in a virtual machine nothing
 * says which distribution it is. */
static bool is_told(const char *text)
{
	return text && strcmp(text, "unknown") != 0;
}

const char *ran_differs(struct pool *pool, const struct ran *base, const struct ran *new)
{
	const char *text = "";

	for (size_t i = 0; i < ASPECTS; i++) {
		const char *x = text_of(pool, base, aspects[i].field);
		const char *y = text_of(pool, new, aspects[i].field);
		const char *other = is_told(x) && is_told(y) && !aspects[i].told ?
			unlike(pool, &aspects[i], base, new) : NULL;

		if (other)
			text = pool_printf(pool, "%s%s%s", text, *text ? ", " : "", other);
	}
	return text;
}

const char *ran_unlike(struct pool *pool, const struct ran *a, const struct ran *b)
{
	const char *other = NULL;

	for (size_t i = 0; i < ASPECTS && !other; i++)
		other = aspects[i].whole ? unlike(pool, &aspects[i], a, b) : NULL;
	return other;
}

static const char *kernel_text(struct pool *pool, const struct run_record *run)
{
	int release = release_of_kernel(run->kernel, run->kernel_version);
	const char *text = pool_printf(pool, "Linux %s", run->kernel);
	const char *plain = release_text(pool, release);

	/* Debian's says 6.1.0 throughout; the stable release is what matters. */
	return !strncmp(run->kernel, plain, strlen(plain)) ? text :
	       pool_printf(pool, "%s (%s)", text, plain);
}

static int64_t planned(const struct ran *ran)
{
	int64_t n = 0;

	for (size_t i = 0; i < ran->n_runs; i++)
		n += ran->runs[i].plan_cells > 0 ? ran->runs[i].plan_cells : 0;
	return n;
}

static const char *totals_text(struct pool *pool, const struct totals *t)
{
	const char *text = "";

	for (const struct symbol *s = verdict_symbols; s->name; s++) {
		size_t n = totals_of(t, (enum verdict_kind)s->value);

		if (n)
			text = pool_printf(pool, "%s%s%zu %s", text, *text ? ", " : "", n, s->name);
	}
	return text;
}

const char *ran_describe(struct pool *pool, const struct ran *ran)
{
	const struct run_record *run = ran->n_runs ? &ran->runs[0] : NULL;
	const char *unended = ran_unended(ran);
	const char *text = pool_printf(pool, "%s: ", ran_title(pool, ran));
	int64_t plan = planned(ran);

	if (run && run->runtime)
		text = pool_printf(pool, "%s%s %s on ", text, run->runtime,
				   run->runtime_version ? run->runtime_version : "");
	if (run && run->kernel)
		text = pool_printf(pool, "%s%s, ", text, kernel_text(pool, run));
	text = pool_printf(pool, "%s%zu cell%s", text, ran->n, ran->n == 1 ? "" : "s");
	if (plan > (int64_t)ran->n)
		text = pool_printf(pool, "%s of %lld", text, (long long)plan);
	if (ran->n)
		text = pool_printf(pool, "%s (%s)", text, totals_text(pool, &ran->totals));
	if (ran_unrecorded(ran))
		return pool_printf(pool, "%s; it has no run.json, so it is not known what else it ran on, "
				   "and whether that is all of it", text);
	return unended ? pool_printf(pool, "%s; it has no end: %s", text, unended) : text;
}
