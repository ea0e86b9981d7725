/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing a newc cpio archive (Documentation/driver-api/early-userspace/buffer-format.rst),
 * the form of an initramfs. Owner 0, time 0, numbers by order: the same input gives the
 * same bytes.
 */
#ifndef NSC_CPIO_H
#define NSC_CPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cpio {
	FILE *out;
	unsigned next; /* inode number */
};

/* Add a file; a directory must be added before what is in it. */
void cpio_dir(struct cpio *c, const char *path, unsigned mode);
void cpio_file(struct cpio *c, const char *path, unsigned mode, const void *data, size_t len);
/* A character device. */
void cpio_node(struct cpio *c, const char *path, unsigned major, unsigned minor);
/* The end mark. False when anything could not be written. */
bool cpio_end(struct cpio *c);

#endif
