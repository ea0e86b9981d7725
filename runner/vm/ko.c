// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a kernel module.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "vm/elf.h"
#include "vm/ko.h"

enum { MODULE_BYTES_MAX = 256 * 1024 * 1024, ALIGNMENT_MAX = 65536 };

size_t module_name_len(const char *file)
{
	const char *dot = strstr(file, ".ko");

	return dot && (!dot[3] || dot[3] == '.') ? (size_t)(dot - file) : 0;
}

/* NULL with a message. */
static const char *read_elf(struct pool *pool, const struct part *part, size_t *len)
{
	const char *why, *data = decompress(pool, part, MODULE_BYTES_MAX, len, &why);

	if (data && (*len < sizeof(Elf64_Ehdr) || memcmp(data, ELFMAG, SELFMAG))) {
		data = NULL;
		why = "no kernel module, plain or compressed with " COMPRESSIONS;
	}
	if (!data)
		fprintf(stderr, "nsconform: %s: %s\n", part->name, why);
	return data;
}

struct elf {
	Elf64_Ehdr header;
	Elf64_Shdr *sections;
	const char *data, *names;
};

static bool inside(const Elf64_Shdr *s, size_t len)
{
	return s->sh_type == SHT_NOBITS ||
	       (s->sh_offset <= len && s->sh_size <= len - s->sh_offset);
}

/* False when it is no ELF file with sections that lie within it; they are from POOL. */
static bool elf_open(struct pool *pool, struct elf *e, const void *data, size_t len)
{
	*e = (struct elf){ .data = data };
	if (!elf_header(data, len, &e->header) || e->header.e_shstrndx >= e->header.e_shnum ||
	    !(e->sections = elf_sections(pool, data, len, &e->header)))
		return false;
	const Elf64_Shdr *names = &e->sections[e->header.e_shstrndx];

	for (size_t i = 0; i < e->header.e_shnum; i++)
		if (!inside(&e->sections[i], len) || e->sections[i].sh_name >= names->sh_size ||
		    e->sections[i].sh_addralign > ALIGNMENT_MAX)
			return false;
	e->names = e->data + names->sh_offset;
	return names->sh_type == SHT_STRTAB && !e->names[names->sh_size - 1];
}

static bool is_debug(const struct elf *e, const Elf64_Shdr *s)
{
	static const char debug[] = ".debug_", rela[] = ".rela";
	const char *name = e->names + s->sh_name;

	if (!strncmp(name, rela, strlen(rela)))
		name += strlen(rela);
	return !strncmp(name, debug, strlen(debug));
}

/* Write section headers of a file without debugging sections, whose numbers stay; the file's
 * size. */
static size_t lay_out(const struct elf *e, Elf64_Shdr *sections)
{
	size_t at = sizeof(Elf64_Ehdr);

	for (size_t i = 0; i < e->header.e_shnum; i++) {
		Elf64_Shdr *s = &sections[i];
		size_t align = e->sections[i].sh_addralign ? e->sections[i].sh_addralign : 1;

		if (is_debug(e, &e->sections[i]))
			continue;
		*s = e->sections[i];
		if (s->sh_type == SHT_NOBITS)
			continue;
		at = (at + align - 1) / align * align;
		s->sh_offset = at;
		at += s->sh_size;
	}
	return (at + 7) / 8 * 8 + e->header.e_shnum * sizeof(*sections);
}

/*
 * A copy without what debuggers alone read: often nine tenths of a module in a build tree, and a
 * guest's memory is small. NULL when it would not be smaller, as when there is none of it, or when
 * sections overlap.
 */
static const void *without_debug(struct pool *pool, const struct elf *e, size_t *len)
{
	Elf64_Shdr *sections = pool_array(pool, Elf64_Shdr, e->header.e_shnum);
	size_t size = lay_out(e, sections);

	if (size >= *len)
		return NULL;
	char *copy = pool_alloc(pool, size);
	Elf64_Ehdr header = e->header;

	for (size_t i = 0; i < e->header.e_shnum; i++)
		if (sections[i].sh_type != SHT_NULL && sections[i].sh_type != SHT_NOBITS)
			memcpy(copy + sections[i].sh_offset, e->data + e->sections[i].sh_offset,
			       sections[i].sh_size);
	header.e_shoff = size - header.e_shnum * sizeof(*sections);
	elf_put(copy, &header, sections);
	*len = size;
	return copy;
}

const void *module_read(struct pool *pool, const struct part *part, size_t *len)
{
	AUTO_POOL whole = { 0 };
	const char *data = read_elf(&whole, part, len);
	const void *smaller = NULL;
	bool debug = false;
	struct elf e;

	if (!data)
		return NULL;
	if (elf_open(&whole, &e, data, *len))
		for (size_t i = 0; i < e.header.e_shnum && !debug; i++)
			debug = is_debug(&e, &e.sections[i]);
	if (debug)
		smaller = without_debug(pool, &e, len);
	/* Nothing was removed: keep the file as it is, as it may have a signature at its end. */
	return smaller ? smaller : memcpy(pool_alloc(pool, *len), data, *len);
}

const char *module_info(const void *data, size_t len, const char *key)
{
	AUTO_POOL pool = { 0 };
	size_t key_len = strlen(key);
	struct elf e;

	if (!elf_open(&pool, &e, data, len))
		return NULL;
	for (size_t i = 0; i < e.header.e_shnum; i++) {
		const Elf64_Shdr *s = &e.sections[i];
		const char *entry = e.data + s->sh_offset, *end = entry + s->sh_size;

		if (strcmp(e.names + s->sh_name, ".modinfo") || s->sh_type == SHT_NOBITS ||
		    entry == end || end[-1])
			continue;
		for (; entry < end; entry += strlen(entry) + 1)
			if (!strncmp(entry, key, key_len) && entry[key_len] == '=')
				return entry + key_len + 1;
	}
	return NULL;
}
