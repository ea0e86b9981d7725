// SPDX-License-Identifier: GPL-2.0-only
/*
 * Declared kernels.
 */
#include <string.h>

#include "load/loader.h"
#include "vm/kernels.h"

/* The id names a directory and a column, and is a word in scripts: few characters are allowed. */
static void read_id(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	const char *id = load_text(l, v);

	if (*id && (strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789._-") != strlen(id) ||
		    *id == '.' || *id == '-'))
		load_problem(l, v, "expected a name of lower-case letters, digits, dots, hyphens "
			     "and underscores");
	*(const char **)member = id;
}

/* Paths must not have blanks, because scripts split lists of them at white space. */
static void read_word(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	const char *text = load_text(l, v);

	if (text[strcspn(text, " \t\n")])
		load_problem(l, v, "expected a name without spaces");
	*(const char **)member = text;
}

#define K_WORD(m, doc) \
	KEY(#m, struct kernel, m, const char *, OPTIONAL, doc, SHAPE_TEXT, read_word)

const struct field kernel_fields[] = {
	KEY("id", struct kernel, id, const char *, REQUIRED,
	    "Its name in matrices and on command lines.", SHAPE_TEXT, read_id),
	K_TEXT("about", struct kernel, about, REQUIRED, "What it is, in a sentence."),
	K_WORD(package, "The distribution's package, which make deps-kernels fetches with what it "
	       "depends on of its release: one that only depends on the newest kernel will do."),
	K_WORD(arch, "The architecture of the nsconform that is run there, as `make cross` builds it: "
	       "`arm64`, whose kernels are fetched then, or `i386`, on a kernel for amd64. "
	       "Left out: what has been built for this machine."),
	K_WORD(archive, "Whose archive has it: `debian`, when left out, or `ubuntu`."),
	K_STRS("from", struct kernel, from, OPTIONAL,
	       "Suites of that archive that have the package; the newest version counts."),
	K_WORD(image, "Or a bzImage."),
	K_WORD(modules, "Where that has its modules."),
	K_WORD(config, "Its .config."),
	F_END
};

static void check(struct loader *l, const struct value *v, const struct kernel_list *list,
		  const struct kernel *k)
{
	if (v->type == VALUE_MAP && !k->package == !k->image)
		load_problem(l, v, "a kernel has either package or image");
	if (k->package && (k->modules || k->config))
		load_problem(l, v, "a package brings its own modules and config");
	if (k->package && !k->from.n)
		load_problem(l, v, "a package comes from some suite of an archive");
	for (size_t i = 0; i < list->n; i++)
		if (k->id && list->v[i].id && !strcmp(list->v[i].id, k->id))
			load_problem(l, v, "the kernel %s is also at %s:%d", k->id,
				     list->v[i].at.file, list->v[i].at.line);
}

static void take_kernel(struct loader *l, const struct value *entry, void *context)
{
	struct kernel_list *list = context;
	struct kernel *v = pool_array(l->pool, struct kernel, list->n + 1);

	if (list->n)
		memcpy(v, list->v, list->n * sizeof(*v));
	list->v = v;
	v[list->n].at = entry->at;
	load_fields(l, kernel_fields, entry, &v[list->n], "a kernel");
	check(l, entry, list, &v[list->n]);
	list->n++;
}

void kernels_load(struct pool *pool, const char *dir, struct kernel_list *list,
		  struct problems *problems)
{
	struct loader l = { .pool = pool, .problems = problems };

	*list = (struct kernel_list){ 0 };
	load_entries(&l, dir, "kernels", take_kernel, list);
}
