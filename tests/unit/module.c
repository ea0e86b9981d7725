// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel modules as files: what is read from them, what is left out, and that a damaged one is
 * no harm (with the sanitizers: make asan).
 */
#define _GNU_SOURCE
#include <elf.h>
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
};

static void make(struct file *f)
{
	Elf64_Ehdr header = { .e_type = ET_REL, .e_shnum = SECTIONS, .e_shstrndx = SECTIONS - 1 };
	Elf64_Shdr headers[SECTIONS] = { 0 };
	const char *names = sections[SECTIONS - 1].text, *name = names;

	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	f->len = sizeof(header);
	for (size_t i = 0; i < SECTIONS; i++) {
		const struct section *s = &sections[i];

		f->len = (f->len + 15) / 16 * 16;
		headers[i] = (Elf64_Shdr){
			.sh_name = (uint32_t)(name - names), .sh_type = s->type,
			.sh_offset = f->len, .sh_size = s->len, .sh_addralign = s->align,
		};
		name += strlen(name) + 1;
		if (s->type == SHT_NOBITS)
			continue;
		memcpy(f->bytes + f->len, s->text, s->len);
		f->len += s->len;
	}
	header.e_shoff = f->len = (f->len + 15) / 16 * 16;
	memcpy(f->bytes, &header, sizeof(header));
	memcpy(f->bytes + f->len, headers, sizeof(headers));
	f->len += sizeof(headers);
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
	const Elf64_Ehdr *header = (const void *)data;
	const Elf64_Shdr *s = (const void *)(data + header->e_shoff);

	ok(is(module_info(data, len, "depends"), "a,b"), "its depends is read");
	ok(is(module_info(data, len, "softdep"), "pre: c"), "its softdep is read");
	ok(!module_info(data, len, "depend"), "half a word is none");
	ok(!memmem(data, len, "for debuggers", 13), "nothing of those sections is left");
	ok(header->e_shnum == SECTIONS && s[3].sh_size == sizeof("for the kernel") &&
	   s[3].sh_offset % 16 == 0 && is(data + s[3].sh_offset, "for the kernel"),
	   "the others have their numbers and texts");
	ok(s[5].sh_type == SHT_NOBITS && s[5].sh_size == 123456, "one without bytes has its size");
	ok(s[2].sh_type == SHT_NULL && s[4].sh_type == SHT_NULL, "the place of the left out is empty");
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
	struct file f = { 0 };

	make(&f);
	whole(&f);
	damaged(&f);
	return done();
}
