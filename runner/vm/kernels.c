// SPDX-License-Identifier: GPL-2.0-only
/*
 * Declared kernels.
 */
#include <string.h>

#include "load/loader.h"
#include "vm/kernels.h"

/* It names a directory and a column, and is a word in scripts. */
static void take_id(struct loader *l, const struct value *v, void *object)
{
	const char *id = load_text(l, v);

	if (*id && (strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789._-") != strlen(id) ||
		    *id == '.' || *id == '-'))
		load_problem(l, v, "expected a name of lower-case letters, digits, dots, hyphens "
			     "and underscores");
	((struct kernel *)object)->id = id;
}

static void take_about(struct loader *l, const struct value *v, void *object)
{
	((struct kernel *)object)->about = load_text(l, v);
}

/* Scripts split their lists at white space. */
static const char *take_word(struct loader *l, const struct value *v)
{
	const char *text = load_text(l, v);

	if (text[strcspn(text, " \t\n")])
		load_problem(l, v, "expected a name without spaces");
	return text;
}

static void take_package(struct loader *l, const struct value *v, void *object)
{
	((struct kernel *)object)->package = take_word(l, v);
}

static void take_from(struct loader *l, const struct value *v, void *object)
{
	((struct kernel *)object)->from = load_strs(l, v);
}

static void take_image(struct loader *l, const struct value *v, void *object)
{
	((struct kernel *)object)->image = take_word(l, v);
}

static void take_modules(struct loader *l, const struct value *v, void *object)
{
	((struct kernel *)object)->modules = take_word(l, v);
}

static void take_config(struct loader *l, const struct value *v, void *object)
{
	((struct kernel *)object)->config = take_word(l, v);
}

static const struct word kernel_words[] = {
	{ "id", "Its name in matrices and on command lines.", "{\"type\": \"string\"}", true,
	  take_id },
	{ "about", "What it is, in a sentence.", "{\"type\": \"string\"}", true, take_about },
	{ "package", "The distribution's package, which make deps-kernels fetches; one that depends "
	  "on the newest linux-image-VERSION will do.", "{\"type\": \"string\"}", false,
	  take_package },
	{ "from", "Archive areas that have the package.", "{\"type\": \"array\"}", false,
	  take_from },
	{ "image", "Or a bzImage.", "{\"type\": \"string\"}", false, take_image },
	{ "modules", "Where that has its modules.", "{\"type\": \"string\"}", false, take_modules },
	{ "config", "Its .config.", "{\"type\": \"string\"}", false, take_config },
	{ 0 }
};

static void check(struct loader *l, const struct value *v, const struct kernel_list *list,
		  const struct kernel *k)
{
	if (v->type == VALUE_MAP && !k->package == !k->image)
		load_problem(l, v, "a kernel has either package or image");
	if (k->package && (k->modules || k->config))
		load_problem(l, v, "a package brings its own modules and config");
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
	load_words(l, kernel_words, entry, &v[list->n], "a kernel");
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
