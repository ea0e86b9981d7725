// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of a file as libarchive's "raw" format: one entry without a name, behind filters.
 */
#define _GNU_SOURCE
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "machine/decompress.h"
#include "nsc/sys.h"

enum { BLOCK = 64 * 1024, FIRST_ROOM = 1024 * 1024 };

struct reader {
	int fd;
	bool whole; /* from the beginning to the end, so that the file may be a pipe */
	int64_t at, end;
	char block[BLOCK];
};

static la_ssize_t next_block(struct archive *a, void *data, const void **block)
{
	struct reader *r = data;
	size_t most = r->end - r->at < BLOCK ? (size_t)(r->end - r->at) : BLOCK;
	ssize_t n;

	do
		n = r->whole ? read(r->fd, r->block, most) : pread(r->fd, r->block, most, r->at);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		archive_set_error(a, errno, "cannot be read: %s", strerror(errno));
		return ARCHIVE_FATAL;
	}
	r->at += n;
	*block = r->block;
	return n;
}

void decompress_with(struct archive *a)
{
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_lzma(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_lz4(a);
}

static la_ssize_t take_all(struct archive *a, decompress_take *take, void *context)
{
	char block[BLOCK];
	la_ssize_t n;

	while ((n = archive_read_data(a, block, sizeof(block))) > 0)
		if (!take(context, block, (size_t)n))
			return 0;
	return n;
}

static bool read_each(struct pool *pool, const struct part *part, bool plain, decompress_take *take,
		      void *context, const char **why)
{
	AUTO_FD own = part->fd < 0 ? open(part->name, O_RDONLY | O_CLOEXEC) : -1;
	struct reader r = { .fd = part->fd < 0 ? own : part->fd, .whole = part->fd < 0,
			    .at = part->at,
			    .end = part->fd < 0 ? INT64_MAX : part->at + part->len };
	struct archive_entry *entry;

	if (r.fd < 0) {
		*why = pool_printf(pool, "%s", strerror(errno));
		return false;
	}
	struct archive *a = archive_read_new();

	archive_read_support_format_raw(a);
	decompress_with(a);
	la_ssize_t rc = archive_read_open(a, &r, NULL, next_block, NULL);

	if (rc == ARCHIVE_OK)
		rc = archive_read_next_header(a, &entry);
	bool taken = plain || archive_filter_code(a, 0) != ARCHIVE_FILTER_NONE;

	/* There is no entry in what is empty. */
	if (rc == ARCHIVE_OK && taken)
		rc = take_all(a, take, context);
	if (rc < 0)
		*why = pool_printf(pool, "%s: is it damaged?", archive_error_string(a));
	else if (!taken)
		*why = "not compressed";
	archive_read_free(a);
	return rc >= 0 && taken;
}

bool decompress_each(struct pool *pool, const struct part *part, decompress_take *take,
		     void *context, const char **why)
{
	return read_each(pool, part, false, take, context, why);
}

struct all {
	struct pool *pool;
	char *data;
	size_t len, room, max;
};

static bool take_more(void *context, const char *data, size_t len)
{
	struct all *all = context;

	if (len > all->max - all->len) {
		all->len = SIZE_MAX;
		return false;
	}
	while (all->len + len > all->room) {
		char *grown = pool_alloc(all->pool, all->room * 2);

		memcpy(grown, all->data, all->len);
		all->data = grown;
		all->room *= 2;
	}
	memcpy(all->data + all->len, data, len);
	all->len += len;
	return true;
}

char *decompress(struct pool *pool, const struct part *part, size_t max, size_t *len,
		 const char **why)
{
	struct all all = { .pool = pool, .room = FIRST_ROOM, .max = max };

	all.data = pool_alloc(pool, all.room);
	if (!read_each(pool, part, true, take_more, &all, why))
		return NULL;
	if (all.len == SIZE_MAX) {
		*why = pool_printf(pool, "more than %zu MiB", max >> 20);
		return NULL;
	}
	*len = all.len;
	return all.data;
}
