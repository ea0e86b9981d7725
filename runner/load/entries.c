// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories of YAML files that each are a list below one key.
 */
#include <errno.h>
#include <glob.h>
#include <sys/stat.h>

#include "load/loader.h"
#include "load/yaml.h"
#include "nsc/text.h"

static void load_file(struct loader *l, const char *path, const char *key, take_entry *take,
		      void *list)
{
	const struct value *tree = yaml_load(l->pool, path, l->problems, NULL);
	const struct value *entries = value_get(tree, key);

	if (!tree)
		return;
	if (!entries || entries->type != VALUE_LIST || tree->list.n != 2) {
		load_problem(l, tree, "expected one key, %s, with a list", key);
		return;
	}
	for (size_t i = 0; i < entries->list.n; i++)
		take(l, entries->list.items[i], list);
}

/* Other than that there is no such directory. */
static int is_error(const char *path, int error)
{
	return error != ENOENT;
}

/* MUST: there is at least one. */
static void load_dir(struct loader *l, const char *dir, bool must, const char *key,
		     take_entry *take, void *list)
{
	struct value at = { .at = { .file = dir } };
	glob_t found = { 0 };
	int rc = glob(pool_printf(l->pool, "%s/*.yaml", text_glob_word(l->pool, dir)), 0,
		      is_error, &found);

	if (rc == GLOB_NOMATCH && must)
		load_problem(l, &at, "the directory has no *.yaml");
	if (rc && rc != GLOB_NOMATCH)
		load_problem(l, &at, "the directory cannot be read");
	for (size_t i = 0; i < found.gl_pathc; i++)
		load_file(l, pool_strdup(l->pool, found.gl_pathv[i]), key, take, list);
	globfree(&found);
}

void load_entries(struct loader *l, const char *dir, const char *key, take_entry *take, void *list)
{
	load_dir(l, dir, false, key, take, list);
}

void load_entries_of(struct loader *l, const char *path, const char *key, take_entry *take,
		     void *list)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		load_dir(l, path, true, key, take, list);
	else
		load_file(l, path, key, take, list);
}
