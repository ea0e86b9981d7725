// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel with CONFIG_IKCONFIG has its config, compressed with gzip, between two marks
 * (kernel/configs.c). The kernel itself is compressed somewhere in what a boot loader loads, and no
 * header says where for all architectures, so that whatever looks like the beginning of something
 * compressed is tried, as the kernel's scripts/extract-ikconfig does it.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <zlib.h>

#include "machine/decompress.h"
#include "machine/kconfig_image.h"
#include "nsc/sys.h"

/* With the beginning of what gzip writes, which the words alone in a program do not have. */
#define GZIP_MAGIC "\x1f\x8b\x08"
static const char begin_mark[] = "IKCFG_ST" GZIP_MAGIC, end_mark[] = "IKCFG_ED";

enum {
	BEGIN_LEN = sizeof(begin_mark) - 1, END_LEN = sizeof(end_mark) - 1,
	GZIP_LEN = sizeof(GZIP_MAGIC) - 1, TRAILER_LEN = 8, HEAD_LEN = 8, TRIES_MAX = 4096,
};

/* What the kernel's Makefile compresses with (scripts/Makefile.lib), by the first bytes. */
static const struct {
	const char *bytes;
	size_t len;
} magics[] = {
	{ GZIP_MAGIC, GZIP_LEN }, { "\xfd" "7zXZ\0", 6 }, { "BZh", 3 }, { "\x5d\0\0", 3 },
	{ "\x02\x21\x4c\x18", 4 }, { "\x28\xb5\x2f\xfd", 4 },
};

/* With the version of the lzop that wrote it: decompressors have it without. */
static const char lzo_magic[] = "\x89LZO\0\r\n\x1a\n\x10";

struct image {
	struct pool *pool;
	const char *path;
	const char *data;
	size_t len, max;
	int fd;
	unsigned tries;
};

/* What is between the marks, as it goes by. */
struct search {
	struct pool *pool;
	char last[BEGIN_LEN]; /* the end of what went by before */
	size_t n_last;
	char *found;	      /* from gzip's beginning on; NULL before that */
	size_t len, max;
	bool whole;
};

static void found_more(struct search *s, const char *data, size_t len)
{
	size_t from = s->len > END_LEN ? s->len - END_LEN : 0, room = s->max - s->len;

	len = len < room ? len : room;
	memcpy(s->found + s->len, data, len);
	s->len += len;
	const char *end = memmem(s->found + from, s->len - from, end_mark, END_LEN);

	s->whole = end != NULL;
	if (end)
		s->len = (size_t)(end - s->found);
}

/* The mark may lie across the end of a piece: the next is looked at with the end of the last. */
static bool look(void *context, const char *data, size_t len)
{
	struct search *s = context;
	char joined[2 * BEGIN_LEN];
	size_t head = len < BEGIN_LEN ? len : BEGIN_LEN;

	if (s->found) {
		found_more(s, data, len);
		return !s->whole && s->len < s->max;
	}
	memcpy(joined, s->last, s->n_last);
	memcpy(joined + s->n_last, data, head);
	const char *across = memmem(joined, s->n_last + head, begin_mark, BEGIN_LEN);
	const char *inside = across ? NULL : memmem(data, len, begin_mark, BEGIN_LEN);

	if (across || inside) {
		size_t skip = across ? (size_t)(across - joined) + BEGIN_LEN - s->n_last :
				       (size_t)(inside - data) + BEGIN_LEN;

		s->found = pool_alloc(s->pool, s->max);
		found_more(s, GZIP_MAGIC, GZIP_LEN);
		found_more(s, data + skip, len - skip);
		return !s->whole;
	}
	s->n_last = head;
	memcpy(s->last, data + len - head, head);
	return true;
}

/* As gzip's trailer says it: RFC 1952. */
static bool is_whole(const char *trailer, const char *text, size_t len)
{
	uLong sum = crc32(crc32(0, NULL, 0), (const unsigned char *)text, (uInt)len);
	uint32_t sums[2];

	memcpy(sums, trailer, sizeof(sums));

	return le32toh(sums[0]) == sum && le32toh(sums[1]) == len;
}

/*
 * The text that is kept, compressed, in DATA. Where what cannot be compressed is stored, a piece of
 * it looks like the whole: only the sum tells.
 */
static char *unpack(struct image *i, const char *data, size_t len)
{
	AUTO_FD fd = memfd_create("config", MFD_CLOEXEC);
	const struct part part = { i->path, fd, 0, (int64_t)len };
	const char *why;
	size_t n = 0;

	if (fd < 0 || len < TRAILER_LEN || pwrite(fd, data, len, 0) != (ssize_t)len)
		return NULL;
	char *text = decompress(i->pool, &part, i->max, &n, &why);

	return text && is_whole(data + len - TRAILER_LEN, text, n) && !memchr(text, 0, n) ? text :
	       NULL;
}

static char *find_plain(struct image *i)
{
	const char *at = i->data, *end = i->data + i->len, *last;
	char *text = NULL;

	while (!text && (at = memmem(at, (size_t)(end - at), begin_mark, BEGIN_LEN))) {
		at += BEGIN_LEN - GZIP_LEN;
		last = memmem(at, (size_t)(end - at), end_mark, END_LEN);
		if (last)
			text = unpack(i, at, (size_t)(last - at));
	}
	return text;
}

/* Whether something compressed may begin at AT. */
static bool is_magic(const char *at)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (!memcmp(at, magics[i].bytes, magics[i].len))
			return true;
	return false;
}

static char *find_compressed(struct image *i)
{
	char *text = NULL;

	for (size_t at = 0; !text && at + HEAD_LEN < i->len && i->tries < TRIES_MAX; at++) {
		AUTO_POOL pool = { 0 };
		const struct part part = { i->path, i->fd, (int64_t)at, (int64_t)(i->len - at) };
		struct search s = { .pool = &pool, .max = i->max };
		const char *why;

		if (!is_magic(i->data + at))
			continue;
		i->tries++;
		/* What follows what is compressed makes an error, but has been read by then. */
		decompress_each(&pool, &part, look, &s, &why);
		if (s.whole)
			text = unpack(i, s.found, s.len);
	}
	return text;
}

bool kconfig_may_be_image(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size;
}

char *kconfig_of_image(struct pool *pool, const char *path, size_t max, const char **why)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	struct image i = { .pool = pool, .path = path, .max = max, .fd = fd };
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		*why = pool_printf(pool, "%s", strerror(errno));
		return NULL;
	}
	i.len = (size_t)st.st_size;
	void *data = mmap(NULL, i.len, PROT_READ, MAP_PRIVATE, fd, 0);

	if (data == MAP_FAILED) {
		*why = pool_printf(pool, "%s", strerror(errno));
		return NULL;
	}
	i.data = data;
	char *text = find_plain(&i);

	if (!text)
		text = find_compressed(&i);
	if (!text)
		*why = memmem(data, i.len, lzo_magic, sizeof(lzo_magic) - 1) ?
			"no config in it, or in what is compressed with LZO, which is not read" :
			"neither a config, compressed with " COMPRESSIONS " or not, nor a kernel "
			"with its own in it (CONFIG_IKCONFIG=y; with =m in configs.ko)";
	munmap(data, i.len);
	return text;
}
