// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consoles of virtual machines, which the results keep as files: the page has links to them that
 * hold while page and results stay where they are to each other.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/html_page.h"
#include "nsc/text.h"

/* Of more boots the directory has the rest. */
enum { LISTED_MAX = 60 };

/* The directory that the page is written to, with a slash; NULL where it goes to no file. */
static const char *page_dir(struct html_page *p)
{
	const char *fd = pool_printf(&p->scratch, "/proc/self/fd/%d", fileno(p->out));
	char path[PATH_MAX];
	ssize_t len = readlink(fd, path, sizeof(path) - 1);

	while (len > 0 && path[len - 1] != '/')
		len--;
	return len > 0 && strncmp(path, "/dev/", 5) ? pool_strndup(&p->scratch, path, (size_t)len) :
						      NULL;
}

/* How to get from the directory FROM, which ends with a slash, to the file TO. */
static const char *relative(struct pool *pool, const char *from, const char *to)
{
	size_t common = 0;
	const char *up = "";

	for (size_t i = 0; from[i] && from[i] == to[i]; i++)
		if (from[i] == '/')
			common = i + 1;
	for (const char *s = from + common; *s; s++)
		if (*s == '/')
			up = pool_printf(pool, "%s../", up);
	return pool_printf(pool, "%s%s", up, to + common);
}

static const char *address(struct pool *pool, const char *path)
{
	const char *text = "";

	for (; *path; path++)
		text = pool_printf(pool, isalnum((unsigned char)*path) || strchr("/._~-", *path) ?
				   "%s%c" : "%s%%%02X", text, (unsigned char)*path);
	return text;
}

const char *html_console(struct html_page *p, const struct html_column *c, const char *name)
{
	const char *dir = page_dir(p), *slash = strrchr(name, '/');
	const char *text = html_esc(p, slash ? slash + 1 : name);
	char real[PATH_MAX];

	if (!realpath(pool_printf(&p->scratch, "%s/%s", c->ran->dir, name), real))
		return text;
	return pool_printf(&p->scratch, "<a href=\"%s\">%s</a>",
			   address(&p->scratch, dir ? relative(&p->scratch, dir, real) : real),
			   text);
}

const char *html_consoles(struct html_page *p, const struct html_column *c)
{
	const char *text = "";
	glob_t found;

	const char *pattern = pool_printf(&p->scratch, "%s/consoles/*.log",
					  text_glob_word(&p->scratch, c->ran->dir));

	if (glob(pattern, 0, NULL, &found))
		return NULL;
	for (size_t i = 0; i < found.gl_pathc && i < LISTED_MAX; i++)
		text = pool_printf(&p->scratch, "%s%s%s", text, i ? " " : "",
				   html_console(p, c, found.gl_pathv[i] + strlen(c->ran->dir) + 1));
	if (found.gl_pathc > LISTED_MAX)
		text = pool_printf(&p->scratch, "%s and %zu more", text,
				   found.gl_pathc - LISTED_MAX);
	globfree(&found);
	return text;
}
