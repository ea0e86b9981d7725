/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Headers of ELF files of either byte order: a guest may be of another one than its host.
 * Here they are as this machine has them, and in the file as its e_ident says.
 */
#ifndef NSC_VM_ELF_H
#define NSC_VM_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>

#include "nsc/pool.h"

/* False when DATA, of LEN bytes, does not begin with such a header. */
bool elf_header(const void *data, size_t len, Elf64_Ehdr *header);
/*
 * Also of a 32-bit program of this machine's byte order, as a 64-bit one: of it and its segments
 * only what loads it is told.
 */
bool elf_program_header(const void *data, size_t len, Elf64_Ehdr *header);
/* All sections or segments of the file, from POOL; NULL when they are not within it. */
Elf64_Shdr *elf_sections(struct pool *pool, const void *data, size_t len, const Elf64_Ehdr *header);
Elf64_Phdr *elf_segments(struct pool *pool, const void *data, size_t len, const Elf64_Ehdr *header);
/* Write the header, which has the new e_shoff, and the sections into the file FILE. */
void elf_put(void *file, const Elf64_Ehdr *header, const Elf64_Shdr *sections);

#endif
