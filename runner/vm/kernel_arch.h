/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which architecture a kernel is for, by its file.
 */
#ifndef NSC_KERNEL_ARCH_H
#define NSC_KERNEL_ARCH_H

#include <stdint.h>

struct kernel_arch {
	const char *name; /* as uname -m has it */
	uint16_t elf, pe; /* e_machine of its programs; Machine of a PE header */
};

/* NULL when the file does not say, as one that is compressed as a whole, or cannot be read. */
const struct kernel_arch *kernel_arch(const char *path);

#endif
