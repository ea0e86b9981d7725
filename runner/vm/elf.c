// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF headers and byte order.
 */
#include <string.h>

#include "vm/elf.h"

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { NATIVE = ELFDATA2MSB, OTHER = ELFDATA2LSB };
#else
enum { NATIVE = ELFDATA2LSB, OTHER = ELFDATA2MSB };
#endif

/* The sizes of the members, which follow each other without a gap; 0 ends them. */
static const unsigned char header_members[] = { 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2, 0 };
static const unsigned char section_members[] = { 4, 4, 8, 8, 8, 8, 4, 4, 8, 8, 0 };
static const unsigned char segment_members[] = { 4, 4, 8, 8, 8, 8, 8, 8, 0 };

static void swap_members(void *at, const unsigned char *sizes)
{
	for (unsigned char *bytes = at; *sizes; bytes += *sizes++)
		for (size_t i = 0, k = *sizes - 1; i < k; i++, k--) {
			unsigned char byte = bytes[i];

			bytes[i] = bytes[k];
			bytes[k] = byte;
		}
}

static void swap_header(Elf64_Ehdr *header)
{
	if (header->e_ident[EI_DATA] == OTHER)
		swap_members((char *)header + EI_NIDENT, header_members);
}

/* A table of N entries of SIZE bytes each. */
static void swap_table(const Elf64_Ehdr *header, void *table, size_t n, size_t size,
		       const unsigned char *members)
{
	if (header->e_ident[EI_DATA] == OTHER)
		for (size_t i = 0; i < n; i++)
			swap_members((char *)table + i * size, members);
}

bool elf_header(const void *data, size_t len, Elf64_Ehdr *header)
{
	if (len < sizeof(*header) || memcmp(data, ELFMAG, SELFMAG))
		return false;
	memcpy(header, data, sizeof(*header));
	swap_header(header);
	return header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       (header->e_ident[EI_DATA] == NATIVE || header->e_ident[EI_DATA] == OTHER);
}

bool elf_program_header(const void *data, size_t len, Elf64_Ehdr *h)
{
	Elf32_Ehdr narrow;

	if (elf_header(data, len, h))
		return true;
	if (len < sizeof(narrow) || memcmp(data, ELFMAG, SELFMAG))
		return false;
	memcpy(&narrow, data, sizeof(narrow));
	if (narrow.e_ident[EI_CLASS] != ELFCLASS32 || narrow.e_ident[EI_DATA] != NATIVE)
		return false;
	*h = (Elf64_Ehdr){ .e_machine = narrow.e_machine, .e_phoff = narrow.e_phoff,
			   .e_phnum = narrow.e_phnum };
	memcpy(h->e_ident, narrow.e_ident, EI_NIDENT);
	return true;
}

static void *table(struct pool *pool, const char *data, size_t len, uint64_t at, size_t n,
		   size_t size)
{
	if (at > len || (len - at) / size < n)
		return NULL;
	return memcpy(pool_alloc(pool, n * size + 1), data + at, n * size);
}

Elf64_Shdr *elf_sections(struct pool *pool, const void *data, size_t len, const Elf64_Ehdr *h)
{
	Elf64_Shdr *s = table(pool, data, len, h->e_shoff, h->e_shnum, sizeof(*s));

	if (s)
		swap_table(h, s, h->e_shnum, sizeof(*s), section_members);
	return s;
}

static Elf64_Phdr *wide_segments(struct pool *pool, const void *data, size_t len,
				 const Elf64_Ehdr *h)
{
	const Elf32_Phdr *p = table(pool, data, len, h->e_phoff, h->e_phnum, sizeof(*p));
	Elf64_Phdr *wide = p ? pool_array(pool, Elf64_Phdr, h->e_phnum + 1) : NULL;

	for (int i = 0; p && i < h->e_phnum; i++)
		wide[i] = (Elf64_Phdr){ .p_type = p[i].p_type, .p_offset = p[i].p_offset,
					.p_filesz = p[i].p_filesz };
	return wide;
}

Elf64_Phdr *elf_segments(struct pool *pool, const void *data, size_t len, const Elf64_Ehdr *h)
{
	if (h->e_ident[EI_CLASS] == ELFCLASS32)
		return wide_segments(pool, data, len, h);
	Elf64_Phdr *p = table(pool, data, len, h->e_phoff, h->e_phnum, sizeof(*p));

	if (p)
		swap_table(h, p, h->e_phnum, sizeof(*p), segment_members);
	return p;
}

void elf_put(void *file, const Elf64_Ehdr *header, const Elf64_Shdr *sections)
{
	char *to = (char *)file + header->e_shoff;

	memcpy(to, sections, header->e_shnum * sizeof(*sections));
	swap_table(header, to, header->e_shnum, sizeof(*sections), section_members);
	memcpy(file, header, sizeof(*header));
	swap_header(file);
}
