// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a kernel module.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "nsc/sys.h"
#include "vm/helper.h"
#include "vm/ko.h"

enum { MODULE_BYTES_MAX = 256 * 1024 * 1024, ALIGNMENT_MAX = 65536 };
#define DECOMPRESS_NS 60000000000ll

/* What PROGRAM -dc PATH prints, in a memory file; -1 with a message. */
static int decompress(struct pool *pool, const char *program, const char *path)
{
	char *const argv[] = { (char *)program, "-dc", "--", (char *)path, NULL };
	AUTO_FD out = memfd_create("module", MFD_CLOEXEC);
	const struct helper h = { argv, .out = out, .within_ns = DECOMPRESS_NS,
				  .doubt = "is it damaged?" };
	const char *why = out < 0 ? strerror(errno) : helper_run(pool, &h);

	if (why) {
		fprintf(stderr, "nsconform: %s: %s\n", path, why);
		return -1;
	}
	lseek(out, 0, SEEK_SET);
	return fd_take(&out);
}

/* Gzip and plain files go through zlib. NULL with a message. */
static const char *read_all(struct pool *pool, const char *path, size_t *len)
{
	const char *dot = strrchr(path, '.'), *end = dot ? dot : "";
	const char *program = !strcmp(end, ".xz") ? "xz" : !strcmp(end, ".zst") ? "zstd" : NULL;
	int fd = program ? decompress(pool, program, path) : open(path, O_RDONLY | O_CLOEXEC);
	gzFile gz = fd < 0 ? NULL : gzdopen(fd, "r");
	size_t room = 1024 * 1024;
	int n = 0;

	if (!gz) {
		if (!program)
			fprintf(stderr, "nsconform: %s: %s\n", path, strerror(errno));
		fd_close(&fd);
		return NULL;
	}
	char *data = pool_alloc(pool, room);

	for (*len = 0; *len < MODULE_BYTES_MAX; *len += (size_t)n) {
		if (*len == room) {
			char *grown = pool_alloc(pool, room * 2);

			memcpy(grown, data, room);
			data = grown;
			room *= 2;
		}
		n = gzread(gz, data + *len, (unsigned)(room - *len));
		if (n <= 0)
			break;
	}
	gzclose(gz);
	/* n is not 0 when the limit on the size ended the loop. */
	if (n || *len < sizeof(Elf64_Ehdr) || memcmp(data, ELFMAG, SELFMAG)) {
		fprintf(stderr, "nsconform: %s: not a kernel module of up to %d MiB\n", path,
			MODULE_BYTES_MAX >> 20);
		return NULL;
	}
	return data;
}

struct elf {
	const Elf64_Ehdr *header;
	const Elf64_Shdr *sections;
	size_t n;
	const char *data, *names;
};

static bool inside(const Elf64_Shdr *s, size_t len)
{
	return s->sh_type == SHT_NOBITS ||
	       (s->sh_offset <= len && s->sh_size <= len - s->sh_offset);
}

/* False when it is no ELF file with sections that lie within it. */
static bool elf_open(struct elf *e, const void *data, size_t len)
{
	const Elf64_Ehdr *h = data;

	if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_shoff > len || h->e_shoff % 8 ||
	    h->e_shstrndx >= h->e_shnum ||
	    (len - h->e_shoff) / sizeof(Elf64_Shdr) < h->e_shnum)
		return false;
	*e = (struct elf){ .header = h, .n = h->e_shnum, .data = data };
	e->sections = (const void *)(e->data + h->e_shoff);
	const Elf64_Shdr *names = &e->sections[h->e_shstrndx];

	for (size_t i = 0; i < e->n; i++)
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

	for (size_t i = 0; i < e->n; i++) {
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
	return (at + 7) / 8 * 8 + e->n * sizeof(*sections);
}

/*
 * A copy without what debuggers alone read: often nine tenths of a module in a build tree, and a
 * guest's memory is small. NULL when it would not be smaller, as when there is none of it, or when
 * sections overlap.
 */
static const void *without_debug(struct pool *pool, const struct elf *e, size_t *len)
{
	Elf64_Shdr *sections = pool_array(pool, Elf64_Shdr, e->n);
	size_t size = lay_out(e, sections);

	if (size >= *len)
		return NULL;
	char *copy = pool_alloc(pool, size);
	Elf64_Ehdr *header = memcpy(copy, e->header, sizeof(*header));

	for (size_t i = 0; i < e->n; i++)
		if (sections[i].sh_type != SHT_NULL && sections[i].sh_type != SHT_NOBITS)
			memcpy(copy + sections[i].sh_offset, e->data + e->sections[i].sh_offset,
			       sections[i].sh_size);
	header->e_shoff = size - e->n * sizeof(*sections);
	memcpy(copy + header->e_shoff, sections, e->n * sizeof(*sections));
	*len = size;
	return copy;
}

const void *module_read(struct pool *pool, const char *path, size_t *len)
{
	AUTO_POOL whole = { 0 };
	const char *data = read_all(&whole, path, len);
	const void *smaller = NULL;
	bool debug = false;
	struct elf e;

	if (!data)
		return NULL;
	if (elf_open(&e, data, *len))
		for (size_t i = 0; i < e.n && !debug; i++)
			debug = is_debug(&e, &e.sections[i]);
	if (debug)
		smaller = without_debug(pool, &e, len);
	/* Nothing was removed: keep the file as it is, as it may have a signature at its end. */
	return smaller ? smaller : memcpy(pool_alloc(pool, *len), data, *len);
}

const char *module_info(const void *data, size_t len, const char *key)
{
	size_t key_len = strlen(key);
	struct elf e;

	if (!elf_open(&e, data, len))
		return NULL;
	for (size_t i = 0; i < e.n; i++) {
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
