/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_BOX_IMAGE_H
#define NSC_BOX_IMAGE_H

struct pool;

/* Put what LINE says (symlink PATH TARGET, file PATH TEXT, directory PATH) below ROOT; 0 or -1. */
int image_put(struct pool *pool, const char *root, const char *line);

#endif
