// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is compressed comes out as it was, and what is damaged is never taken for it (with the
 * sanitizers: make asan).
 */
#define _GNU_SOURCE
#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "tap.h"
#include "machine/decompress.h"

enum { TEXT_BYTES = 3000, MAX = 1024 * 1024 };

struct file {
	char bytes[2 * TEXT_BYTES];
	size_t len;
};

static const struct {
	const char *about;
	int (*add_filter)(struct archive *a);
} filters[] = {
	{ "plain", archive_write_add_filter_none }, { "gzip", archive_write_add_filter_gzip },
	{ "xz", archive_write_add_filter_xz }, { "lzma", archive_write_add_filter_lzma },
	{ "zstd", archive_write_add_filter_zstd }, { "bzip2", archive_write_add_filter_bzip2 },
	{ "lz4", archive_write_add_filter_lz4 },
};

/* A text in which each byte depends on those before, and nothing repeats for long. */
static void make_text(char *text)
{
	unsigned n = 1;

	for (size_t i = 0; i < TEXT_BYTES; i++) {
		n = n * 1103515245 + 12345;
		text[i] = (char)('a' + (n >> 16) % 16);
	}
}

static bool compress(struct file *f, int (*add_filter)(struct archive *a), const char *text)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();

	add_filter(a);
	archive_write_set_format_raw(a);
	archive_write_set_bytes_per_block(a, 0);
	archive_entry_set_filetype(e, AE_IFREG);
	int opened = archive_write_open_memory(a, f->bytes, sizeof(f->bytes), &f->len);
	bool good = opened == ARCHIVE_OK && archive_write_header(a, e) == ARCHIVE_OK &&
		    archive_write_data(a, text, TEXT_BYTES) == TEXT_BYTES;

	good &= archive_write_close(a) == ARCHIVE_OK;
	archive_entry_free(e);
	archive_write_free(a);
	return good;
}

/* Whether F, with other bytes around it in the file, is decompressed to that text. */
static bool gives(const struct file *f, const char *text, size_t max)
{
	AUTO_POOL pool = { 0 };
	AUTO_FD fd = memfd_create("file", MFD_CLOEXEC);
	const struct part part = { "file", fd, 5, (int64_t)f->len };
	const char *why = NULL;
	size_t len;

	if (fd < 0 || pwrite(fd, "other", 5, 0) < 0 ||
	    pwrite(fd, f->bytes, f->len, 5) != (ssize_t)f->len ||
	    pwrite(fd, "other", 5, 5 + (off_t)f->len) < 0)
		return false;
	const char *data = decompress(&pool, &part, max, &len, &why);

	return data ? len == TEXT_BYTES && !memcmp(data, text, len) : !why;
}

int main(void)
{
	char text[TEXT_BYTES];

	make_text(text);
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		const char *about = filters[i].about;
		struct file f = { 0 };
		bool whole = compress(&f, filters[i].add_filter, text);
		bool cut = false, changed = false;

		ok(whole && gives(&f, text, MAX), "%s comes out as it was", about);
		ok(gives(&f, text, TEXT_BYTES) && !gives(&f, text, TEXT_BYTES - 1),
		   "%s up to that size", about);
		for (size_t n = 0; n < f.len; n++) {
			struct file part = f;

			part.len = n;
			cut |= gives(&part, text, MAX);
		}
		ok(!cut, "%s cut off anywhere does not", about);
		for (size_t at = f.len / 4; at < f.len / 2; at++) {
			struct file other = f;

			other.bytes[at] ^= 0x55;
			changed |= gives(&other, text, MAX);
		}
		ok(!changed, "nor %s with another byte in it", about);
	}
	return done();
}
