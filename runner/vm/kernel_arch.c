// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel's file begins as a boot loader expects it: x86 has a setup header
 * (Documentation/arch/x86/boot.rst); what EFI starts is a PE file, also when the kernel itself is
 * compressed in it; a plain kernel is an ELF file.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <endian.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>

#include "nsc/sys.h"
#include "vm/kernel_arch.h"

enum {
	HEAD_BYTES = 4096,
	SETUP_MAGIC = 0x202, SETUP_VERSION = 0x206, SETUP_XLOADFLAGS = 0x236,
	SETUP_HAS_XLOADFLAGS = 0x20c, /* protocol 2.12, Linux 3.8 */
	XLF_KERNEL_64 = 1,
	PE_OFFSET = 0x3c,
};

static const struct kernel_arch archs[] = {
	{ "x86_64", EM_X86_64, 0x8664 }, { "i686", EM_386, 0x014c },
	{ "aarch64", EM_AARCH64, 0xaa64 }, { "armv7l", EM_ARM, 0x01c2 },
	{ "riscv64", EM_RISCV, 0x5064 },
};

static uint16_t le16(const char *at)
{
	uint16_t n;

	memcpy(&n, at, sizeof(n));
	return le16toh(n);
}

static uint16_t by_setup_header(const char *head)
{
	if (memcmp(head + SETUP_MAGIC, "HdrS", 4) ||
	    le16(head + SETUP_VERSION) < SETUP_HAS_XLOADFLAGS)
		return EM_NONE;
	return le16(head + SETUP_XLOADFLAGS) & XLF_KERNEL_64 ? EM_X86_64 : EM_386;
}

const struct kernel_arch *kernel_arch(const char *path)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char head[HEAD_BYTES] = { 0 };

	if (fd < 0 || pread(fd, head, sizeof(head), 0) < (ssize_t)sizeof(Elf64_Ehdr))
		return NULL;
	uint16_t elf = by_setup_header(head), pe = le16(head + PE_OFFSET);

	if (!memcmp(head, ELFMAG, SELFMAG))
		elf = le16(head + offsetof(Elf64_Ehdr, e_machine));
	pe = pe <= sizeof(head) - 6 && !memcmp(head + pe, "PE\0", 4) ? le16(head + pe + 4) : 0;
	for (size_t i = 0; i < sizeof(archs) / sizeof(*archs); i++)
		if (elf ? archs[i].elf == elf : archs[i].pe == pe)
			return &archs[i];
	return NULL;
}
