// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths in a tree, with * for the kernel's release. Any kernel goes with any modules and any
 * config of the same tree and release: packages mix old places and those of a merged /usr.
 */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/text.h"
#include "vm/layout.h"

/* The first that matches says where the tree begins; a build tree has no release. */
static const char *const kernels[] = {
	"boot/vmlinuz-*", "boot/vmlinux-*", "usr/lib/modules/*/vmlinuz",
	"lib/modules/*/vmlinuz",
	"boot/Image-*", "usr/lib/modules/*/Image", "lib/modules/*/Image", /* SUSE's for aarch64 */
	"arch/x86/boot/bzImage", "arch/x86_64/boot/bzImage", "arch/arm64/boot/Image",
	"arch/arm64/boot/Image.gz", "arch/riscv/boot/Image", "arch/riscv/boot/Image.gz",
	"arch/s390/boot/bzImage", "vmlinuz-*", NULL
};

/* lib/modules/R exists without modules as well, so its kernel/ is looked for. */
static const char *const modules[] = {
	"lib/modules/*/kernel", "usr/lib/modules/*/kernel", NULL
};

static const char *const configs[] = {
	"boot/config-*", "lib/modules/*/config", "usr/lib/modules/*/config", "config-*",
	".config", NULL
};

struct tree {
	const char *root;    /* with a slash at its end */
	const char *release; /* or NULL */
};

static struct tree tree_by(struct pool *pool, const char *path, const char *rest,
			   const char *pattern)
{
	const char *star = strchr(pattern, '*');
	struct tree t = { .root = pool_strndup(pool, path, (size_t)(rest - path)) };

	if (star)
		t.release = pool_strndup(pool, rest + (star - pattern),
					 strlen(rest) + 1 - strlen(pattern));
	return t;
}

/* The root is NULL when the path fits no layout. */
static struct tree find_tree(struct pool *pool, const char *path)
{
	for (size_t i = 0; kernels[i]; i++)
		for (const char *at = path; (at = strchr(at, '/'));)
			if (!fnmatch(kernels[i], ++at, FNM_PATHNAME))
				return tree_by(pool, path, at, kernels[i]);
	return (struct tree){ 0 };
}

/* The directory is resolved, but not the last part: a link to a kernel has the name that counts. */
static const char *whole_path(struct pool *pool, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dir = slash ? pool_strndup(pool, path, (size_t)(base - path)) : ".";
	char real[PATH_MAX];

	return realpath(dir, real) ? pool_printf(pool, "%s/%s", real, base) : path;
}

static const char *find(struct pool *pool, const char *kernel, const char *const *patterns)
{
	struct tree t = find_tree(pool, whole_path(pool, kernel));

	for (; t.root && *patterns; patterns++) {
		const char *star = strchr(*patterns, '*');

		/* A kernel without a release in its name belongs to a build tree. */
		if (!star != !t.release)
			continue;
		const char *path = !star ? pool_printf(pool, "%s%s", t.root, *patterns) :
			pool_printf(pool, "%s%.*s%s%s", t.root, (int)(star - *patterns),
				    *patterns, t.release, star + 1);

		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

bool layout_of(struct pool *pool, const char *path, enum layout_kind *kind, const char **release)
{
	/* Modules are at any depth below the directory. */
	static const struct {
		const char *const *patterns;
		int flags;
	} kinds[] = {
		[LAYOUT_KERNEL] = { kernels, 0 },
		[LAYOUT_CONFIG] = { configs, 0 },
		[LAYOUT_MODULE] = { modules, FNM_LEADING_DIR },
	};

	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
		for (const char *const *p = kinds[k].patterns; *p; p++) {
			const char *star = strchr(*p, '*');

			if (!star || fnmatch(*p, path, FNM_PATHNAME | kinds[k].flags))
				continue;
			path += star - *p;
			*release = pool_strndup(pool, path, strcspn(path, "/"));
			*kind = (enum layout_kind)k;
			return true;
		}
	return false;
}

/* In a build tree modules are in any directory; `make modules` lists them in modules.order,
 * which is empty when there are none. */
static const char *built_modules(struct pool *pool, const char *kernel)
{
	const char *order = find(pool, kernel, (const char *const[]){ "modules.order", NULL });
	struct stat st;

	if (!order || stat(order, &st) < 0 || !st.st_size)
		return NULL;
	return pool_strndup(pool, order, strlen(order) - strlen("/modules.order"));
}

const char *layout_modules(struct pool *pool, const char *kernel)
{
	const char *installed = find(pool, kernel, modules);

	return installed ? installed : built_modules(pool, kernel);
}

const char *layout_config(struct pool *pool, const char *kernel)
{
	return find(pool, kernel, configs);
}
