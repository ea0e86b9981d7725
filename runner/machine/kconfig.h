/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel options, always without CONFIG_: which of them a need stands for, what they depend on,
 * and what a config file says of them.
 */
#ifndef NSC_KCONFIG_H
#define NSC_KCONFIG_H

#include <uthash.h>

#include "load/problems.h"

struct kernel_option {
	const char *name;
	const char *parents; /* options without which it cannot be set; blanks between */
};

extern const struct kernel_option kernel_options[];
/* The row, or NULL. */
const struct kernel_option *kernel_option_find(const char *name);

/* Beside the needs of suites: what every cell needs, and what `nsconform vm` needs. */
#define NEED_HARNESS "harness"
#define NEED_VM "vm"

/* The options that NEED stands for, blanks between; "" when none, NULL when it lacks a row. */
const char *kconfig_of_need(const char *need);

/* FN with each of the words of LIST in turn. */
void kconfig_each(struct pool *pool, const char *list,
		  void (*fn)(void *context, const char *option), void *context);

struct kconfig_line {
	const char *option;
	char state; /* y, m, n, or = for a number or a text */
	UT_hash_handle hh;
};

struct kconfig {
	struct pool *pool;
	struct kconfig_line *lines;
};

/* The text of a config file, plain or gzip; NULL with errno when it cannot be read. */
const char *kconfig_text(struct pool *pool, const char *path);
/* False when there were problems. */
bool kconfig_load(struct pool *pool, const char *path, struct kconfig *config,
		  struct problems *problems);
void kconfig_free(struct kconfig *config);
/* n also where the file does not name the option. */
char kconfig_state(const struct kconfig *config, const char *option);

#endif
