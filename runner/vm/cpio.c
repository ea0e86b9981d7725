// SPDX-License-Identifier: GPL-2.0-only
/*
 * newc cpio.
 */
#include <string.h>
#include <sys/stat.h>

#include "vm/cpio.h"

struct entry {
	const char *path;
	unsigned mode, major, minor;
	const void *data;
	size_t len;
};

static void pad(FILE *out, size_t len)
{
	static const char zeros[4];

	fwrite(zeros, 1, -len & 3, out);
}

static void put(struct cpio *c, const struct entry *e)
{
	size_t name = strlen(e->path) + 1;

	/* magic, ino, mode, uid, gid, nlink, mtime, size, device, rdevice, name's size, check */
	fprintf(c->out, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", ++c->next,
		e->mode,
		0, 0, S_ISDIR(e->mode) ? 2 : 1, 0, (unsigned)e->len, 0, 0, e->major, e->minor,
		(unsigned)name, 0);
	fwrite(e->path, 1, name, c->out);
	pad(c->out, 110 + name);
	fwrite(e->data, 1, e->len, c->out);
	pad(c->out, e->len);
}

void cpio_dir(struct cpio *c, const char *path, unsigned mode)
{
	put(c, &(struct entry){ .path = path, .mode = S_IFDIR | mode, .data = "" });
}

void cpio_file(struct cpio *c, const char *path, unsigned mode, const void *data, size_t len)
{
	put(c, &(struct entry){ .path = path, .mode = S_IFREG | mode, .data = data, .len = len });
}

void cpio_node(struct cpio *c, const char *path, unsigned major, unsigned minor)
{
	put(c, &(struct entry){ .path = path, .mode = S_IFCHR | 0600, .major = major,
			       .minor = minor, .data = "" });
}

bool cpio_end(struct cpio *c)
{
	put(c, &(struct entry){ .path = "TRAILER!!!", .data = "" });
	return fflush(c->out) == 0 && !ferror(c->out);
}
