/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Jobs for engines that run tests on many machines: one for each kernel, runtime and shard.  An
 * engine is a row of job_engines, from which `nsconform export`, its help and completion come.
 */
#ifndef NSC_JOBS_H
#define NSC_JOBS_H

#include "export/template.h"
#include "nsc/field.h"

struct job_kernel {
	const char *name;    /* a word */
	const char *url;
	const char *modules; /* the URL of an archive that has lib/modules, or NULL */
};

/* What jobs are made of; texts that template_refuses() does not take are none of it. */
struct job_axes {
	struct job_kernel *kernels;
	size_t n_kernels;
	struct strs runtimes; /* "native" is without one */
	int shards;	      /* from 1 on */
	const char *tarball;  /* the URL of what `make kselftest-tar` has made, or NULL */
	const char *options, *selection; /* of nsconform run, or "" */
};

struct job_engine {
	const char *name; /* NULL ends them */
	const char *doc;  /* after the name, in help */
	const char *dir;  /* where its templates are, NAME.yaml, beside suites/ */
	const char *template;	/* the name of the one that is taken by default */
	const char *definition; /* the file that says what a machine does in a job */
};

extern const struct job_engine job_engines[];
/* What templates can name beside their own settings; ends with a row without a name. */
extern const struct symbol job_placeholders[];

struct job {
	const char *name; /* KERNEL-RUNTIME or KERNEL-RUNTIME-I-of-N */
	const char *text;
};

/* The row of NAME, or NULL. */
const struct job_engine *job_engine_find(const char *name);
/* That there is no engine NAME, and which there are (from POOL). */
const char *job_engine_unknown(struct pool *pool, const char *name);
/* The file of a template (from POOL): a path has a slash or a dot in it, else it is one of E's. */
const char *job_template_path(struct pool *pool, const struct job_engine *e, const char *name);

/* One for each kernel, runtime and shard, *N of them (from POOL). */
struct job *jobs_make(struct pool *pool, const struct job_engine *e, const struct template *t,
		      const struct job_axes *axes, size_t *n, struct problems *problems);
/* Write them as DIR/NAME.yaml and tell their paths on OUT; with DIR NULL the jobs themselves. False
 * with a message when that is not possible. */
bool jobs_write(FILE *out, struct pool *pool, const char *dir, const struct job *jobs, size_t n);

#endif
