/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel options, always without CONFIG_: which of them a need stands for, what they depend on,
 * and what a config file says of them.
 */
#ifndef NSC_KCONFIG_H
#define NSC_KCONFIG_H

#include <stdbool.h>
#include <uthash.h>

#include "load/problems.h"

struct kernel_option {
	const char *name;
	const char *parents; /* options without which it cannot be set; blanks between */
};

extern const struct kernel_option kernel_options[];
/* The row, or NULL. */
const struct kernel_option *kernel_option_find(const char *name);

/* What says the same as an option where releases or architectures have another one, or none. */
struct kernel_option_instead {
	const char *option;
	const char *by;	   /* options, all of them, blanks between; with * at its end: any that
			    * begins so. "": none, it is always there */
	const char *arch;  /* that alone, or with ! before it all others; NULL: each */
	int since, before; /* releases, the second not included; release_parse() form, 0: any */
	const char *source;
};

extern const struct kernel_option_instead kernel_options_instead[];

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
	const char *title; /* "Linux/x86 6.12.0 Kernel Configuration"; NULL: it is partial, as a
			    * fragment or a defconfig, and says nothing of what it does not name */
	const char *arch;  /* as Kconfig's SRCARCH; NULL when partial */
	int release;	   /* release_parse() form; 0 when partial */
	const char *text;  /* all of it */
	bool image;	   /* it was in a kernel's image */
};

enum {
	KCONFIG_UNSAID = '?', /* a partial config does not name it */
	KCONFIG_FOREIGN = '-', /* the config's architecture has no such option */
};

/*
 * The text of a config file, compressed or not, or of the config in a kernel's image, which *IMAGE
 * tells; NULL, with *WHY in words.
 */
const char *kconfig_text(struct pool *pool, const char *path, bool *image, const char **why);
/* PATH is for the problems. */
void kconfig_read(struct pool *pool, const char *path, const char *text, struct kconfig *config,
		  struct problems *problems);
/* Both; false when there were problems. */
bool kconfig_load(struct pool *pool, const char *path, struct kconfig *config,
		  struct problems *problems);
void kconfig_free(struct kconfig *config);

/*
 * y, m, n, = for a number or a text, or one of the above. n also where a whole config does not name
 * the option. *INSTEAD (may be NULL) is the row by which it is said, or NULL.
 */
char kconfig_state(const struct kconfig *config, const char *option,
		   const struct kernel_option_instead **instead);

#endif
