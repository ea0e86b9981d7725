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

#include "nsc/sys.h"
#include "vm/decompress.h"

enum { BLOCK = 64 * 1024, FIRST_ROOM = 1024 * 1024 };

struct reader {
	int fd;
	int64_t at, end;
	char block[BLOCK];
};

static la_ssize_t next_block(struct archive *a, void *data, const void **block)
{
	struct reader *r = data;
	size_t most = r->end - r->at < BLOCK ? (size_t)(r->end - r->at) : BLOCK;
	ssize_t n;

	do
		n = pread(r->fd, r->block, most, r->at);
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
	archive_read_support_filter_xz(a);
	archive_read_support_filter_lzma(a);
	archive_read_support_filter_zstd(a);
}

/* 0 when all is in *DATA, 1 when that is more than MAX bytes, else an error of libarchive. */
static la_ssize_t read_all(struct pool *pool, struct archive *a, size_t max, char **data,
			   size_t *len)
{
	size_t room = FIRST_ROOM;
	la_ssize_t n;

	*data = pool_alloc(pool, room);
	for (*len = 0; *len <= max; *len += (size_t)n) {
		if (*len == room) {
			char *grown = pool_alloc(pool, room * 2);

			memcpy(grown, *data, room);
			*data = grown;
			room *= 2;
		}
		n = archive_read_data(a, *data + *len, room - *len);
		if (n <= 0)
			return n;
	}
	return 1;
}

char *decompress(struct pool *pool, const struct part *part, size_t max, size_t *len,
		 const char **why)
{
	AUTO_FD own = part->fd < 0 ? open(part->name, O_RDONLY | O_CLOEXEC) : -1;
	struct reader r = { .fd = part->fd < 0 ? own : part->fd, .at = part->at,
			    .end = part->fd < 0 ? INT64_MAX : part->at + part->len };
	struct archive_entry *entry;
	char *data = NULL;

	if (r.fd < 0) {
		*why = pool_printf(pool, "%s", strerror(errno));
		return NULL;
	}
	struct archive *a = archive_read_new();

	archive_read_support_format_raw(a);
	decompress_with(a);
	la_ssize_t rc = archive_read_open(a, &r, NULL, next_block, NULL);

	if (rc == ARCHIVE_OK)
		rc = archive_read_next_header(a, &entry);
	if (rc == ARCHIVE_OK)
		rc = read_all(pool, a, max, &data, len);
	if (rc > 0)
		*why = pool_printf(pool, "more than %zu MiB", max >> 20);
	else if (rc < 0)
		*why = pool_printf(pool, "%s: is it damaged?", archive_error_string(a));
	archive_read_free(a);
	return rc ? NULL : data;
}
