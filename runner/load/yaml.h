/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_YAML_H
#define NSC_YAML_H

#include "load/problems.h"

/*
 * One YAML document as a value tree, every node with its mark.  Aliases, anchors, tags,
 * duplicate keys, several documents and anything beyond the bounds below are problems.
 * NULL when nothing could be made of it; a tree may come with problems all the same.  LABEL
 * names the file in messages and lives as long as the tree.
 */
struct value *yaml_parse(struct pool *pool, const char *label, const char *text, size_t len,
			 struct problems *problems);
/* The same for a file; its text is stored in *TEXT when that is not NULL. */
struct value *yaml_load(struct pool *pool, const char *path, struct problems *problems,
			const char **text);

/*
 * Generated suites are long, so what bounds memory is the number of values (some 100 bytes each),
 * and what bounds time is the number of keys of one map, which is searched for duplicates.
 */
enum {
	YAML_BYTES_MAX = 16 * 1024 * 1024, YAML_NODES_MAX = 1000000, YAML_KEYS_MAX = 1000,
	YAML_DEPTH_MAX = 12,
};

#endif
