// SPDX-License-Identifier: GPL-2.0-only
/*
 * Jobs, from the template of an engine.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "export/jobs.h"
#include "load/paths.h"
#include "nsc/sys.h"

const struct job_engine job_engines[] = {
	{ "lava", "LAVA, the automation of KernelCI's, LKFT's and many other labs", "tools/lava/jobs",
	  "qemu", "tools/lava/nsconform.yaml" },
	{ 0 }
};

/* The value of each row is that of the enum. */
enum { JOB, KERNEL, KERNEL_URL, MODULES_URL, RUNTIME, SHARD_INDEX, SHARD_NUMBER, TARBALL_URL,
	OPTIONS, SELECTION, DEFINITION, PLACEHOLDERS };

const struct symbol job_placeholders[] = {
	{ "JOB", JOB, "its name: KERNEL-RUNTIME, or KERNEL-RUNTIME-I-of-N" },
	{ "KERNEL", KERNEL, "the kernel's name" },
	{ "KERNEL_URL", KERNEL_URL, "where its image is" },
	{ "MODULES_URL", MODULES_URL, "where an archive of its modules is" },
	{ "RUNTIME", RUNTIME, "the container runtime; nothing where there is none" },
	{ "SHARD_INDEX", SHARD_INDEX, "which part of the cells, from 1; nothing where it is all" },
	{ "SHARD_NUMBER", SHARD_NUMBER, "of how many parts" },
	{ "TARBALL_URL", TARBALL_URL, "where the archive of nsconform is that make kselftest-tar makes" },
	{ "OPTIONS", OPTIONS, "of nsconform run" },
	{ "SELECTION", SELECTION, "its operands" },
	{ "DEFINITION", DEFINITION, "what the machine does, which is the file nsconform.yaml" },
	{ 0 }
};

enum { DEFINITION_BYTES_MAX = 1024 * 1024 };

const struct job_engine *job_engine_find(const char *name)
{
	for (const struct job_engine *e = job_engines; e->name; e++)
		if (!strcmp(e->name, name))
			return e;
	return NULL;
}

const char *job_engine_unknown(struct pool *pool, const char *name)
{
	struct nearest n = { .word = name };
	const char *names = "";

	for (const struct job_engine *e = job_engines; e->name; e++) {
		nearest_offer(&n, e->name);
		names = pool_printf(pool, "%s%s%s", names, *names ? ", " : "", e->name);
	}
	const char *hint = nearest_hint(pool, &n);

	return pool_printf(pool, "there is no engine %s%s%s", name, *hint ? hint : ": there are ",
			   *hint ? "" : names);
}

const char *job_template_path(struct pool *pool, const struct job_engine *e, const char *name)
{
	if (name && strpbrk(name, "./"))
		return name;
	return paths_data(pool, pool_printf(pool, "%s/%s.yaml", e->dir, name ? name : e->template));
}

/* What the machine does; NULL when that cannot be read. */
static const char *read_definition(struct pool *pool, const struct job_engine *e,
				   struct problems *problems)
{
	const char *path = paths_data(pool, e->definition);
	char *text;
	int err = sys_read_file(pool, path, DEFINITION_BYTES_MAX, &text, NULL);

	if (err)
		problem_add(problems, (struct mark){ .file = path }, "cannot be read: %s",
			    strerror(-err));
	return err ? NULL : text;
}

static const char *number(struct pool *pool, int n)
{
	return pool_printf(pool, "%d", n);
}

/* Job number INDEX: the shard changes fastest, then the runtime. */
static void place(struct placeholder *values, struct pool *pool, const struct job_axes *axes,
		  size_t index)
{
	size_t shards = (size_t)axes->shards;
	const struct job_kernel *k = &axes->kernels[index / shards / axes->runtimes.n];
	const char *runtime = axes->runtimes.v[index / shards % axes->runtimes.n];
	int shard = (int)(index % shards) + 1;
	bool native = !strcmp(runtime, "native");
	const char *part = axes->shards == 1 ? "" :
		pool_printf(pool, "-%d-of-%d", shard, axes->shards);

	values[JOB].value = pool_printf(pool, "%s-%s%s", k->name, runtime, part);
	values[KERNEL].value = k->name;
	values[KERNEL_URL].value = k->url;
	values[MODULES_URL].value = k->modules;
	values[RUNTIME].value = native ? NULL : runtime;
	values[SHARD_INDEX].value = *part ? number(pool, shard) : NULL;
	values[SHARD_NUMBER].value = *part ? number(pool, axes->shards) : NULL;
}

struct job *jobs_make(struct pool *pool, const struct job_engine *e, const struct template *t,
		      const struct job_axes *axes, size_t *n, struct problems *problems)
{
	struct placeholder values[PLACEHOLDERS + 1] = { 0 };
	struct job *jobs;

	for (const struct symbol *s = job_placeholders; s->name; s++)
		values[s->value].name = s->name;
	values[TARBALL_URL].value = axes->tarball;
	values[OPTIONS].value = axes->options;
	values[SELECTION].value = axes->selection;
	values[DEFINITION].value = read_definition(pool, e, problems);
	*n = axes->n_kernels * axes->runtimes.n * (size_t)axes->shards;
	jobs = pool_array(pool, struct job, *n);
	/* Whatever is wrong with the template is so in every job. */
	for (size_t i = 0; i < *n && !problems->n; i++) {
		place(values, pool, axes, i);
		jobs[i].name = values[JOB].value;
		jobs[i].text = template_fill(t, pool, values, problems);
	}
	return jobs;
}

static bool write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	bool good = f && fputs(text, f) >= 0;

	if (f && fclose(f))
		good = false;
	if (!good)
		fprintf(stderr, "nsconform: cannot write %s: %s\n", path, strerror(errno));
	return good;
}

bool jobs_write(FILE *out, struct pool *pool, const char *dir, const struct job *jobs, size_t n)
{
	if (dir && mkdir(dir, 0777) < 0 && errno != EEXIST) {
		fprintf(stderr, "nsconform: cannot make %s: %s\n", dir, strerror(errno));
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		const char *path = pool_printf(pool, "%s/%s.yaml", dir ? dir : "", jobs[i].name);

		if (!dir)
			fprintf(out, "%s%s", i ? "---\n" : "", jobs[i].text);
		else if (!write_file(path, jobs[i].text))
			return false;
		else
			fprintf(out, "%s\n", path);
	}
	return true;
}
