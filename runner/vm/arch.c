// SPDX-License-Identifier: GPL-2.0-only
/*
 * The architectures' rows.
 */
#include <elf.h>
#include <string.h>
#include <sys/utsname.h>

#include "vm/arch.h"

const struct vm_arch vm_archs[] = {
	/*
	 * Features of the processor that cost an emulator most and mean nothing to namespaces:
	 * strings stored byte by byte (erms, fsrm), page tables of five levels (la57), a flag that
	 * is switched around each copy (smap). Without them a boot and its cells take a seventh
	 * less.
	 */
	{ "x86_64", "amd64", "qemu-system-x86_64", NULL, "max,-erms,-fsrm,-la57,-smap", "ttyS0",
	  EM_X86_64, EM_386, true, true },
	/* Not `max`, which has pointer authentication: TCG computes it in software. */
	{ "aarch64", "arm64", "qemu-system-aarch64", "virt", "cortex-a72", "ttyAMA0", EM_AARCH64,
	  EM_ARM, false, true },
	{ "s390x", "s390x", "qemu-system-s390x", NULL, "max", "ttysclp0", EM_S390, EM_NONE, false,
	  true },
	{ "riscv64", "riscv64", "qemu-system-riscv64", "virt", "rv64", "ttyS0", EM_RISCV, EM_NONE,
	  false, false },
	{ 0 }
};

const struct vm_arch *vm_arch_find(const char *name)
{
	for (const struct vm_arch *a = vm_archs; a->name; a++)
		if (!strcmp(a->name, name) || !strcmp(a->debian, name))
			return a;
	return NULL;
}

const struct vm_arch *vm_arch_native(void)
{
	struct utsname uts;

	uname(&uts);
	return vm_arch_find(uts.machine);
}

const char *vm_arch_names(struct pool *pool)
{
	const char *names = vm_archs[0].name;

	for (const struct vm_arch *a = vm_archs + 1; a->name; a++)
		names = pool_printf(pool, "%s, %s", names, a->name);
	return names;
}
