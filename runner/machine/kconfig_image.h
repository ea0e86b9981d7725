/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The config that a kernel keeps in its own image: CONFIG_IKCONFIG=y, or =m and kernel/configs.ko.
 */
#ifndef NSC_KCONFIG_IMAGE_H
#define NSC_KCONFIG_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "nsc/pool.h"

/* Whether it is a file, and no text. */
bool kconfig_may_be_image(const char *path);
/*
 * The text, at most MAX bytes, from a vmlinux, a bzImage, an Image, an EFI or zboot program, or a
 * module, compressed or not. NULL, with *WHY in words.
 */
char *kconfig_of_image(struct pool *pool, const char *path, size_t max, const char **why);

#endif
