// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading packages.  A .deb is an ar archive with a tar archive in it, an .rpm some headers (which
 * libarchive takes for a filter) and a cpio archive.
 */
#define _GNU_SOURCE
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "nsc/sys.h"
#include "vm/ko.h"
#include "vm/layout.h"
#include "vm/package.h"

enum { BLOCK = 64 * 1024, FIRST_ROOM = 4096 };

struct entry {
	enum layout_kind kind;
	const char *release;
	const char *file; /* the package */
	struct part part;
};

struct reading {
	struct pool *pool;
	const char *file; /* the package that is being read */
	bool data;	  /* something in it that holds files, as data.tar of a .deb */
	int store;
	int64_t end;	  /* of what is in the store */
	struct entry *v;
	size_t n, room;
};

/* Where a file system can have no files without names it is memory. */
static int open_store(void)
{
	const char *tmp = getenv("TMPDIR"), *dir = tmp && *tmp ? tmp : P_tmpdir;
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		fd = memfd_create("package", MFD_CLOEXEC);
	if (fd < 0)
		fprintf(stderr, "nsconform: cannot keep modules in %s: %s\n", dir, strerror(errno));
	return fd;
}

static bool damaged(const struct reading *r, struct archive *a)
{
	fprintf(stderr, "nsconform: %s: %s: is it damaged?\n", r->file, archive_error_string(a));
	return false;
}

static bool write_all(int fd, const char *data, size_t len, int64_t at)
{
	ssize_t n;

	for (; len; data += n, len -= (size_t)n, at += n) {
		n = pwrite(fd, data, len, at);
		if (n < 0 && errno != EINTR)
			return false;
		if (n < 0)
			n = 0;
	}
	return true;
}

/* The data of the entry that A is at, at the end of the store. */
static bool store(struct reading *r, struct archive *a, struct part *part)
{
	const void *block = NULL;
	size_t len = 0;
	la_int64_t at = 0;
	int rc;

	part->fd = r->store;
	part->at = r->end;
	while ((rc = archive_read_data_block(a, &block, &len, &at)) != ARCHIVE_EOF) {
		if (rc < ARCHIVE_WARN)
			return damaged(r, a);
		if (!write_all(r->store, block, len, r->end + at)) {
			fprintf(stderr, "nsconform: %s: cannot keep what is in it in TMPDIR: %s\n",
				r->file, strerror(errno));
			return false;
		}
		part->len = at + (int64_t)len;
	}
	r->end += part->len;
	return true;
}

static struct entry *add(struct reading *r)
{
	if (r->n == r->room) {
		struct entry *v = r->v;

		r->room = r->room ? r->room * 2 : FIRST_ROOM;
		r->v = pool_array(r->pool, struct entry, r->room);
		if (r->n)
			memcpy(r->v, v, r->n * sizeof(*v));
	}
	return &r->v[r->n++];
}

/* Only what has a place in the layout is kept, and has data. */
static bool keep(struct reading *r, struct archive *a, struct archive_entry *e)
{
	const char *path = archive_entry_pathname(e), *base = path ? strrchr(path, '/') : NULL;
	struct entry new = { .file = r->file };

	if (!path || archive_entry_filetype(e) != AE_IFREG || !archive_entry_size(e))
		return true;
	path += strspn(path, "./");
	if (!layout_of(r->pool, path, &new.kind, &new.release) ||
	    (new.kind == LAYOUT_MODULE && !module_name_len(base + 1)))
		return true;
	new.part.name = pool_printf(r->pool, "%s: %s", r->file, path);
	if (!store(r, a, &new.part))
		return false;
	*add(r) = new;
	return true;
}

/* What no format was found for: libarchive's "raw" takes anything. */
static bool refuse(const struct reading *r, struct archive *a, bool in_deb)
{
	static const char stripped[] = "07070X"; /* rpm's docs/manual/format_v6.md, Payload */
	char magic[sizeof(stripped) - 1];

	if (archive_read_data(a, magic, sizeof(magic)) == sizeof(magic) &&
	    !memcmp(magic, stripped, sizeof(magic)))
		fprintf(stderr, "nsconform: %s is of rpm's format 6, or for files over 4 GiB, and "
			"cannot be read: give what rpm2archive makes of it\n", r->file);
	else
		fprintf(stderr, "nsconform: %s %s, or not compressed with " COMPRESSIONS "\n",
			r->file, in_deb ? "has no tar archive for data" :
			"is neither a .deb, nor an .rpm, nor a tar archive");
	return false;
}

static bool read_deb_data(struct reading *r, struct archive *outer);

static bool read_archive(struct reading *r, struct archive *a, bool in_deb)
{
	struct archive_entry *e;
	bool good = true;
	int rc;

	while (good && (rc = archive_read_next_header(a, &e)) != ARCHIVE_EOF) {
		int format = archive_format(a) & ARCHIVE_FORMAT_BASE_MASK;

		if (rc < ARCHIVE_WARN)
			return damaged(r, a);
		if (format == ARCHIVE_FORMAT_RAW)
			return refuse(r, a, in_deb);
		if (format == ARCHIVE_FORMAT_AR) {
			const char *name = archive_entry_pathname(e);

			if (name && !strncmp(name, "data.tar", strlen("data.tar")))
				good = read_deb_data(r, a);
		} else {
			r->data = true;
			good = keep(r, a, e);
		}
	}
	return good;
}

static la_ssize_t inner_block(struct archive *inner, void *outer, const void **block)
{
	size_t len = 0;
	la_int64_t at;
	int rc = archive_read_data_block(outer, block, &len, &at);

	if (rc < ARCHIVE_WARN) {
		archive_set_error(inner, archive_errno(outer), "%s", archive_error_string(outer));
		return rc;
	}
	return rc == ARCHIVE_EOF ? 0 : (la_ssize_t)len;
}

static bool read_deb_data(struct reading *r, struct archive *outer)
{
	struct archive *a = archive_read_new();

	decompress_with(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_raw(a);
	bool good = archive_read_open(a, outer, NULL, inner_block, NULL) == ARCHIVE_OK ?
		    read_archive(r, a, true) : damaged(r, a);

	archive_read_free(a);
	return good;
}

static bool read_package(struct reading *r)
{
	AUTO_FD fd = open(r->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct archive *a;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		fprintf(stderr, "nsconform: cannot read %s: %s\n", r->file,
			fd < 0 ? strerror(errno) : "it is no file");
		return false;
	}
	a = archive_read_new();
	decompress_with(a);
	archive_read_support_filter_rpm(a);
	archive_read_support_format_ar(a);
	archive_read_support_format_cpio(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_raw(a);
	r->data = false;
	bool good = archive_read_open_fd(a, fd, BLOCK) == ARCHIVE_OK ? read_archive(r, a, false) :
		    damaged(r, a);

	if (good && !r->data) {
		fprintf(stderr, "nsconform: %s is no package: there are no files in it\n", r->file);
		good = false;
	}
	archive_read_free(a);
	return good;
}

/* The first of that kind and release, which may be NULL for any. */
static const struct entry *find(const struct reading *r, enum layout_kind kind,
				const char *release)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].kind == kind && (!release || !strcmp(r->v[i].release, release)))
			return &r->v[i];
	return NULL;
}

/* The kernel, which may be in several places, but is of one release; NULL with a message. */
static const struct entry *find_kernel(const struct reading *r, const struct strs *files)
{
	const struct entry *kernel = find(r, LAYOUT_KERNEL, NULL);
	const char *names = strs_join(r->pool, files, ", ");

	if (!kernel) {
		fprintf(stderr, "nsconform: no kernel in %s (boot/vmlinuz-*, lib/modules/*/vmlinuz): "
			"is it a package that only depends on one?\n", names);
		return NULL;
	}
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].kind == LAYOUT_KERNEL && strcmp(r->v[i].release, kernel->release)) {
			fprintf(stderr, "nsconform: two kernels in %s: %s and %s\n", names,
				kernel->release, r->v[i].release);
			return NULL;
		}
	return kernel;
}

/* A copy in memory, by a name that is valid while this process lives; NULL with a message. */
static const char *in_memory(struct pool *pool, const struct part *part)
{
	AUTO_FD to = memfd_create("part", MFD_CLOEXEC);
	off_t at = part->at, end = part->at + part->len;
	ssize_t n = to < 0 ? -1 : 1;

	while (n > 0 && at < end)
		n = sendfile(to, part->fd, &at, (size_t)(end - at));
	if (n <= 0) {
		fprintf(stderr, "nsconform: %s: %s\n", part->name, strerror(n ? errno : EIO));
		return NULL;
	}
	/* qemu opens it by this name, so that it names this process and not `self`. */
	return pool_printf(pool, "/proc/%d/fd/%d", (int)getpid(), fd_take(&to));
}

/* Packages with modules, but without one for this kernel, are not the ones that were meant. */
static bool take_modules(struct reading *r, const struct entry *kernel, struct package *p)
{
	const struct entry *other = NULL;

	p->modules = pool_array(r->pool, struct part, r->n);
	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].kind != LAYOUT_MODULE)
			continue;
		if (!strcmp(r->v[i].release, kernel->release))
			p->modules[p->n_modules++] = r->v[i].part;
		else
			other = &r->v[i];
	}
	if (!p->n_modules && other)
		fprintf(stderr, "nsconform: the kernel in %s is %s, but the modules in %s are for %s\n",
			kernel->file, kernel->release, other->file, other->release);
	return p->n_modules || !other;
}

bool package_read(struct pool *pool, const struct strs *files, struct package *p)
{
	struct reading r = { .pool = pool, .store = open_store() };
	bool good = r.store >= 0;

	*p = (struct package){ .store = r.store };
	for (size_t i = 0; good && i < files->n; i++) {
		r.file = files->v[i];
		good = read_package(&r);
	}
	const struct entry *kernel = good ? find_kernel(&r, files) : NULL;

	if (!kernel || !take_modules(&r, kernel, p))
		return false;
	const struct entry *config = find(&r, LAYOUT_CONFIG, kernel->release);

	p->file = kernel->file;
	p->kernel = in_memory(pool, &kernel->part);
	p->config = config ? in_memory(pool, &config->part) : NULL;
	return p->kernel && (!config || p->config);
}

void package_forget_modules(struct package *p)
{
	fd_close(&p->store);
	p->n_modules = 0;
}
