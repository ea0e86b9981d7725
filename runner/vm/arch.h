/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the machines that qemu can be: one row for each architecture.
 */
#ifndef NSC_ARCH_H
#define NSC_ARCH_H

#include <stdbool.h>

#include "nsc/pool.h"

struct vm_arch {
	const char *name;    /* as uname -m has it */
	const char *debian;  /* as Debian calls it, and make cross */
	const char *qemu;    /* the program */
	const char *machine; /* -machine, or NULL for qemu's default */
	const char *cpu;     /* -cpu without KVM */
	const char *console; /* kernel parameter of the first serial port */
	int elf;	     /* e_machine of its programs */
	int compat;	     /* and of its 32-bit ones (CONFIG_COMPAT); EM_NONE: of none */
	bool pc;	     /* a PC: it has a second UART and isa-debug-exit */
	bool tried;	     /* a kernel has been booted, and cells carried out (docs/vm.md) */
};

/* Ends with a row without a name. */
extern const struct vm_arch vm_archs[];

/* The row of that name, by either way to say it, or NULL. */
const struct vm_arch *vm_arch_find(const char *name);
/* The row of this machine's architecture, or NULL. */
const struct vm_arch *vm_arch_native(void);
/* All names, for messages. */
const char *vm_arch_names(struct pool *pool);

#endif
