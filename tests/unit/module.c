// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel modules as files: what is read from them, what is left out, and that a damaged one is
 * no harm (with the sanitizers: make asan). In both byte orders, as the guest may have the other.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "tap.h"
#include "vm/ko.h"

static const struct section {
	const char *name, *text;
	size_t len;
	uint32_t type;
	uint64_t align;
} sections[] = {
	{ "", "", 0, SHT_NULL, 0 },
#define SECTION(name, text, type, align) { name, text, sizeof(text), type, align }
	SECTION(".modinfo", "license=GPL\0depends=a,b\0softdep=pre: c", SHT_PROGBITS, 1),
	SECTION(".debug_info", "for debuggers: a long text, which a guest has no use for at all",
		SHT_PROGBITS, 1),
	SECTION(".text", "for the kernel", SHT_PROGBITS, 16),
	SECTION(".rela.debug_info", "for debuggers: relocations", SHT_RELA, 8),
	{ ".bss", "", 123456, SHT_NOBITS, 32 },
	SECTION(".shstrtab", "\0.modinfo\0.debug_info\0.text\0.rela.debug_info\0.bss\0.shstrtab",
		SHT_STRTAB, 1),
};

enum { SECTIONS = sizeof(sections) / sizeof(*sections), FILE_MAX = 2048 };

struct file {
	char bytes[FILE_MAX];
	size_t len;
	int order; /* ELFDATA2LSB or ELFDATA2MSB */
};

/* Where byte I of a number of SIZE bytes is, counted from the least one. */
static size_t place(int order, size_t size, size_t i)
{
	return order == ELFDATA2MSB ? size - 1 - i : i;
}

static void put(struct file *f, size_t at, size_t size, uint64_t number)
{
	for (size_t i = 0; i < size; i++)
		f->bytes[at + place(f->order, size, i)] = (char)(number >> (8 * i));
}

static uint64_t get(const char *data, int order, size_t at, size_t size)
{
	uint64_t number = 0;

	for (size_t i = 0; i < size; i++)
		number |= (uint64_t)(unsigned char)data[at + place(order, size, i)] << (8 * i);
	return number;
}

#define MEMBER(type, at, name) (at) + offsetof(type, name), sizeof(((type *)0)->name)
#define HEADER(name) MEMBER(Elf64_Ehdr, 0, name)
#define SECTION_AT(at, i, name) MEMBER(Elf64_Shdr, (at) + (i) * sizeof(Elf64_Shdr), name)

static void make(struct file *f, int order)
{
	const char *names = sections[SECTIONS - 1].text, *name = names;
	size_t at[SECTIONS];

	*f = (struct file){ .order = order, .len = sizeof(Elf64_Ehdr) };
	for (size_t i = 0; i < SECTIONS; i++) {
		f->len = (f->len + 15) / 16 * 16;
		at[i] = f->len;
		if (sections[i].type == SHT_NOBITS)
			continue;
		memcpy(f->bytes + f->len, sections[i].text, sections[i].len);
		f->len += sections[i].len;
	}
	f->len = (f->len + 15) / 16 * 16;
	memcpy(f->bytes, ELFMAG, SELFMAG);
	f->bytes[EI_CLASS] = ELFCLASS64;
	f->bytes[EI_DATA] = (char)order;
	put(f, HEADER(e_type), ET_REL);
	put(f, HEADER(e_shnum), SECTIONS);
	put(f, HEADER(e_shstrndx), SECTIONS - 1);
	put(f, HEADER(e_shoff), f->len);
	for (size_t i = 0; i < SECTIONS; i++) {
		put(f, SECTION_AT(f->len, i, sh_name), (uint64_t)(name - names));
		put(f, SECTION_AT(f->len, i, sh_type), sections[i].type);
		put(f, SECTION_AT(f->len, i, sh_offset), at[i]);
		put(f, SECTION_AT(f->len, i, sh_size), sections[i].len);
		put(f, SECTION_AT(f->len, i, sh_addralign), sections[i].align);
		name += strlen(name) + 1;
	}
	f->len += SECTIONS * sizeof(Elf64_Shdr);
}

static const char *read_back(struct pool *pool, const struct file *f, size_t *len)
{
	AUTO_FD fd = memfd_create("module.ko", MFD_CLOEXEC);

	if (fd < 0 || write(fd, f->bytes, f->len) != (ssize_t)f->len)
		return NULL;
	return module_read(pool, &(struct part){ "module.ko", fd, 0, (int64_t)f->len }, len);
}

static bool is(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

static void whole(const struct file *f)
{
	AUTO_POOL pool = { 0 };
	size_t len;
	const char *data = read_back(&pool, f, &len);

	ok(data && len < f->len, "a module with sections for debuggers gets smaller");
	if (!data)
		return;
	size_t s = (size_t)get(data, f->order, HEADER(e_shoff));
	size_t text = (size_t)get(data, f->order, SECTION_AT(s, 3, sh_offset));

	ok(is(module_info(data, len, "depends"), "a,b"), "its depends is read");
	ok(is(module_info(data, len, "softdep"), "pre: c"), "its softdep is read");
	ok(!module_info(data, len, "depend"), "half a word is none");
	ok(!memmem(data, len, "for debuggers", 13), "nothing of those sections is left");
	ok(get(data, f->order, HEADER(e_shnum)) == SECTIONS &&
	   get(data, f->order, SECTION_AT(s, 3, sh_size)) == sizeof("for the kernel") &&
	   text % 16 == 0 && is(data + text, "for the kernel"),
	   "the others have their numbers and texts");
	ok(get(data, f->order, SECTION_AT(s, 5, sh_type)) == SHT_NOBITS &&
	   get(data, f->order, SECTION_AT(s, 5, sh_size)) == 123456,
	   "one without bytes has its size");
	ok(get(data, f->order, SECTION_AT(s, 2, sh_type)) == SHT_NULL &&
	   get(data, f->order, SECTION_AT(s, 4, sh_type)) == SHT_NULL,
	   "the place of the left out is empty");
}

/* What comes of it is used as modules.c would; a sanitizer says whether that is within bounds. */
static bool survives(const struct file *f)
{
	AUTO_POOL pool = { 0 };
	size_t len;
	const char *data = read_back(&pool, f, &len), *depends;

	if (!data || len > f->len)
		return false;
	depends = module_info(data, len, "depends");
	return !depends || memchr(depends, 0, (size_t)(data + len - depends));
}

static void damaged(const struct file *f)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0xff };
	bool good = true;

	for (size_t n = sizeof(Elf64_Ehdr); n < f->len; n++) {
		struct file part = *f;

		part.len = n;
		good &= survives(&part);
	}
	ok(good, "one that is cut off anywhere");
	good = true;
	for (size_t at = SELFMAG; at < f->len; at++)
		for (size_t v = 0; v < sizeof(values); v++) {
			struct file changed = *f;

			changed.bytes[at] = (char)values[v];
			good &= survives(&changed);
		}
	ok(good, "one in which any byte is another");
}

int main(void)
{
	static const int orders[] = { ELFDATA2LSB, ELFDATA2MSB };

	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
		struct file f;

		make(&f, orders[i]);
		whole(&f);
		damaged(&f);
	}
	return done();
}
