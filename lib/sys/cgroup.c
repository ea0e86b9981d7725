// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads /proc/PID/cgroup and the cgroup mounts of mountinfo.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nsc/cgroup.h"

/*
 * In order of preference: any process may enter any directory of these without being
 * slowed down, and a fresh directory needs no settings (unlike cpuset).  pids comes first
 * as it also has a limit to show; a named hierarchy ("name=") serves where all are in v2.
 */
static const char *const v1_choice[] = {
	"pids", "freezer", "perf_event", "devices", "net_cls", "net_prio", "hugetlb", "name=",
};

/* Does the comma-separated LIST hold WORD? */
static bool cgroup_list_has(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; *at; at += strcspn(at, ",")) {
		at += *at == ',';
		if (strcspn(at, ",") == len && !strncmp(at, word, len))
			return true;
	}
	return false;
}

/* Of the preferred names `name=` is a prefix, the others are whole words. */
static bool is_choice(const char *controllers, const char *choice)
{
	size_t len = strlen(choice);

	if (choice[len - 1] == '=')
		return !strncmp(controllers, choice, len);
	return cgroup_list_has(controllers, choice);
}

static int rank(const char *controllers)
{
	for (size_t i = 0; i < sizeof(v1_choice) / sizeof(*v1_choice); i++)
		if (is_choice(controllers, v1_choice[i]))
			return (int)i;
	return -1;
}

/* ID:CONTROLLERS:PATH; the v2 hierarchy has id 0 and no controllers (cgroups(7)). */
static bool read_place(char *line, struct cgroup_place *place)
{
	char *controllers = strchr(line, ':');
	char *path = controllers ? strchr(controllers + 1, ':') : NULL;

	if (!path)
		return false;
	*controllers++ = 0;
	*path++ = 0;
	*place = (struct cgroup_place){ path, *controllers ? controllers : NULL };
	return *controllers || !strcmp(line, "0");
}

/* The rank of the v1 hierarchy that ops work in, -1 when there is none. */
static int best_rank(const struct cgroup_place *all, size_t n)
{
	int best = -1;

	for (size_t i = 0; i < n; i++) {
		int r = all[i].controllers ? rank(all[i].controllers) : -1;

		if (r >= 0 && (best < 0 || r < best))
			best = r;
	}
	return best;
}

size_t cgroup_hierarchies(struct pool *pool, const char *text,
			  struct cgroup_place places[CGROUP_HIERARCHIES])
{
	struct cgroup_place all[CGROUP_HIERARCHIES];
	size_t n = 0, at = 0;
	char *save = NULL;

	for (char *line = strtok_r(pool_strdup(pool, text), "\n", &save);
	     line && n < CGROUP_HIERARCHIES; line = strtok_r(NULL, "\n", &save))
		n += read_place(line, &all[n]);
	int best = best_rank(all, n);

	/* v2, the v1 hierarchy of the ops, the others. */
	for (int turn = 0; turn < 3; turn++)
		for (size_t i = 0; i < n; i++) {
			bool v2 = !all[i].controllers;
			bool chosen = !v2 && best >= 0 && rank(all[i].controllers) == best;

			if (turn == (v2 ? 0 : chosen ? 1 : 2))
				places[at++] = all[i];
		}
	return n;
}

void cgroup_places(struct pool *pool, const char *text,
		   struct cgroup_place places[CGROUP_VERSIONS])
{
	struct cgroup_place all[CGROUP_HIERARCHIES];
	size_t n = cgroup_hierarchies(pool, text, all);

	memset(places, 0, sizeof(*places) * CGROUP_VERSIONS);
	for (size_t i = 0; i < n && i < CGROUP_VERSIONS; i++)
		if (!all[i].controllers)
			places[CGROUP_V2] = all[i];
		else if (rank(all[i].controllers) >= 0 && !places[CGROUP_V1].path)
			places[CGROUP_V1] = all[i];
}

const char *cgroup_mount_options(struct pool *pool, const struct cgroup_place *place)
{
	/* mount(2) takes the option "none" for a named hierarchy without controllers. */
	return !strncmp(place->controllers, "name=", 5) ?
		pool_printf(pool, "none,%s", place->controllers) : place->controllers;
}

/* mountinfo has blanks and backslashes as a backslash and three octal digits. */
static char *unescape(char *s)
{
	char *to = s;

	for (const char *from = s; *from; to++) {
		char digits[4] = "";

		if (*from == '\\')
			strncpy(digits, from + 1, 3);
		*to = strlen(digits) == 3 ? (char)strtol(digits, NULL, 8) : *from;
		from += strlen(digits) == 3 ? 4 : 1;
	}
	*to = 0;
	return s;
}

struct cgroup_mount {
	char *root, *point, *type, *options;
};

/* ID PARENT DEV ROOT POINT OPTIONS [OPTIONAL ...] - TYPE SOURCE SUPER_OPTIONS */
static bool read_mount(char *line, struct cgroup_mount *m)
{
	char *tail = strstr(line, " - "), *save = NULL, *word;

	if (!tail)
		return false;
	*tail = 0;
	tail += 3;
	m->root = m->point = NULL;
	word = strtok_r(line, " ", &save);
	for (int column = 1; word && column <= 5; column++, word = strtok_r(NULL, " ", &save)) {
		if (column == 4)
			m->root = word;
		if (column == 5)
			m->point = word;
	}
	m->type = strtok_r(tail, " ", &save);
	strtok_r(NULL, " ", &save);
	m->options = strtok_r(NULL, " ", &save);
	return m->point && m->options;
}

static bool shows(const struct cgroup_mount *m, enum cgroup_version version,
		  const struct cgroup_place *place)
{
	if (version == CGROUP_V2)
		return !strcmp(m->type, "cgroup2");
	if (strcmp(m->type, "cgroup"))
		return false;
	/* Every controller of the hierarchy is an option of its own. */
	char first[64];

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(place->controllers, ","),
		 place->controllers);
	return cgroup_list_has(m->options, first);
}

/* PATH below ROOT, "" for ROOT itself, NULL when it is not below. */
static const char *below(const char *path, const char *root)
{
	size_t len = strcmp(root, "/") ? strlen(root) : 0;

	if (strncmp(path, root, len) || (path[len] && path[len] != '/'))
		return NULL;
	return strcmp(path + len, "/") ? path + len : "";
}

const char *cgroup_directory(struct pool *pool, const char *mountinfo,
			     enum cgroup_version version, const struct cgroup_place *place)
{
	char *save = NULL;

	if (!place->path || strstr(place->path, "/.."))
		return NULL;
	for (char *line = strtok_r(pool_strdup(pool, mountinfo), "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		struct cgroup_mount m;

		if (!read_mount(line, &m) || !shows(&m, version, place))
			continue;
		const char *rest = below(place->path, unescape(m.root));

		if (rest)
			return pool_printf(pool, "%s%s", unescape(m.point), rest);
	}
	return NULL;
}

bool cgroup_v2_option(const char *mountinfo, const char *option)
{
	AUTO_POOL pool = { 0 };
	char *save = NULL;

	for (char *line = strtok_r(pool_strdup(&pool, mountinfo), "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		struct cgroup_mount m;

		if (read_mount(line, &m) && !strcmp(m.type, "cgroup2"))
			return cgroup_list_has(m.options, option);
	}
	return false;
}
