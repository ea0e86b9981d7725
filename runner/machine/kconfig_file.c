// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config files, read as Kconfig reads them (conf_read_simple() in scripts/kconfig/confdata.c).
 *
 * What Kconfig takes for the same is taken: carriage returns at ends of lines, blanks and a comment
 * after y, m, n or a text. What it would silently pass over is refused, as who wrote the line meant
 * something by it: blanks before the option or around =, blanks after a number or after "is not
 * set", a byte order mark before an option.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "load/release.h"
#include "machine/decompress.h"
#include "machine/kconfig.h"
#include "machine/kconfig_image.h"

enum { CONFIG_BYTES_MAX = 2 * 1024 * 1024, CONFIG_PROBLEMS_MAX = 10 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
static const char prefix[] = "CONFIG_", mark[] = "\xef\xbb\xbf", blanks[] = " \t";

const char *kconfig_text(struct pool *pool, const char *path, bool *image, const char **why)
{
	const struct part whole = { .name = path, .fd = -1 };
	size_t len = 0;
	char *text = decompress(pool, &whole, CONFIG_BYTES_MAX, &len, why);

	*image = false;
	if (text && !len)
		*why = "is empty";
	else if (text && !memchr(text, 0, len))
		return text;
	else if (kconfig_may_be_image(path)) {
		*image = true;
		return kconfig_of_image(pool, path, CONFIG_BYTES_MAX, why);
	}
	return NULL;
}

struct reader {
	const char *path;
	int line;
	size_t found;
	struct kconfig *config;
	struct problems *problems;
};

static void problem(struct reader *r, const char *line, const char *at, const char *what)
{
	struct mark place = { r->path, r->line, (int)(at - line) + 1 };

	problem_add(r->problems, place, "%s", what);
}

static void put(struct reader *r, const char *option, size_t len, char state)
{
	struct kconfig_line *l;

	r->found++;
	HASH_FIND(hh, r->config->lines, option, len, l);
	if (!l) {
		l = pool_new(r->config->pool, struct kconfig_line);
		l->option = pool_strndup(r->config->pool, option, len);
		HASH_ADD_KEYPTR(hh, r->config->lines, l->option, len, l);
	}
	/* When an option stands twice the last line counts, as in the kernel's scripts. */
	l->state = state;
}

/* The end of a text in quotes, in which a backslash keeps the next character; NULL without one. */
static const char *text_end(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && !*++at)
			return NULL;
	return *at ? at + 1 : NULL;
}

/* The end of a value and its state: y, m, n, = for a number or a text, 0 for none of these. */
static const char *value_end(const char *value, char *state)
{
	const char *digits = value + (*value == '-'), *end = NULL;

	*state = '=';
	if (*value && strchr("ymn", *value)) {
		*state = *value;
		end = value + 1;
	} else if (*value == '"') {
		end = text_end(value);
	} else if (!strncmp(value, "0x", 2)) {
		end = value + 2 + strspn(value + 2, "0123456789abcdefABCDEF");
		end = end == value + 2 ? NULL : end;
	} else if (strspn(digits, "0123456789")) {
		end = digits + strspn(digits, "0123456789");
	}
	if (!end || (*end && !strchr(" \t#", *end)))
		*state = 0;
	return end;
}

static void read_value(struct reader *r, const char *line, const char *name, size_t len)
{
	const char *value = name + len + 1;
	char state;
	const char *end = value_end(value, &state);
	bool number = state == '=' && *value != '"';

	if (strchr(blanks, *value) && *value)
		problem(r, line, value, "a blank after =, which Kconfig takes for the value");
	else if (!state)
		problem(r, line, value, "want y, m, n, a number or a \"text\"");
	else if (number && *end)
		problem(r, line, end, "want nothing after the number: Kconfig refuses it");
	else if (end[strspn(end, blanks)] && end[strspn(end, blanks)] != '#')
		problem(r, line, end + strspn(end, blanks), "want the end of the line or # here");
	else
		put(r, name, len, state);
}

/* "# CONFIG_NAME is not set", which Kconfig wants letter by letter, or any other comment. */
static void read_comment(struct reader *r, const char *line, const char *text)
{
	static const char unset[] = " is not set";

	if (strncmp(text, prefix, strlen(prefix)))
		return;
	const char *name = text + strlen(prefix);
	size_t len = strspn(name, letters);
	const char *end = name + len + strlen(unset);

	if (strncmp(name + len, unset, strlen(unset)))
		return;
	if (!*end)
		put(r, name, len, 'n');
	else if (!end[strspn(end, blanks)])
		problem(r, line, end, "a blank at the end, with which Kconfig takes it for a comment");
}

/* # Linux/x86 6.12.0 Kernel Configuration: what only a config that is complete says. */
static void read_title(struct reader *r, const char *text)
{
	struct kconfig *c = r->config;
	char arch[32], release[64], end;

	if (sscanf(text, "Linux/%31s %63s Kernel Configuratio%c", arch, release, &end) != 3)
		return;
	c->title = pool_strdup(c->pool, text);
	/* As it was called until Linux 2.6.24, and by distributions since. */
	c->arch = pool_strdup(c->pool, !strncmp(arch, "x86", 3) || !strcmp(arch, "i386") ?
			      "x86" : arch);
	c->release = release_parse(release);
}

static void read_option(struct reader *r, const char *line, const char *at)
{
	const char *name = at + strlen(prefix);
	size_t len = strspn(name, letters);
	const char *equals = name + len + strspn(name + len, blanks);

	if (at != line)
		problem(r, line, line, strchr(blanks, *line) ?
			"a blank before the option: Kconfig takes no such line" :
			"a byte order mark before the option: Kconfig does not know it");
	else if (!len)
		problem(r, line, name, "want the option's name");
	else if (*equals != '=')
		problem(r, line, name + len, "want = after the option");
	else if (equals != name + len)
		problem(r, line, name + len,
			"a blank before =, which Kconfig takes for the name's");
	else
		read_value(r, line, name, len);
}

static void read_line(struct reader *r, const char *line)
{
	bool marked = r->line == 1 && !strncmp(line, mark, strlen(mark));
	const char *begin = line + (marked ? strlen(mark) : 0);
	const char *at = begin + strspn(begin, blanks);

	if (begin[0] == '#' && begin[1] == ' ') {
		read_title(r, begin + 2);
		read_comment(r, line, begin + 2);
	} else if (!strncmp(at, prefix, strlen(prefix))) {
		read_option(r, line, at);
	} else if (*at && *at != '#') {
		problem(r, line, at, "no line of a kernel config: want CONFIG_NAME=VALUE or #");
	}
}

void kconfig_read(struct pool *pool, const char *path, const char *text, struct kconfig *config,
		  struct problems *problems)
{
	struct reader r = { .path = path, .config = config, .problems = problems };
	size_t before = problems->n;

	*config = (struct kconfig){ .pool = pool, .text = text };
	while (*text && problems->n - before < CONFIG_PROBLEMS_MAX) {
		size_t len = strcspn(text, "\n"), end = len;

		if (end && text[end - 1] == '\r')
			end--;
		r.line++;
		read_line(&r, pool_strndup(pool, text, end));
		text += len + (text[len] == '\n');
	}
	if (!r.found && problems->n == before)
		problem_add(problems, (struct mark){ path, 1, 1 }, "no CONFIG_ line in it");
}

bool kconfig_load(struct pool *pool, const char *path, struct kconfig *config,
		  struct problems *problems)
{
	const char *why = NULL;
	size_t before = problems->n;
	bool image;
	const char *text = kconfig_text(pool, path, &image, &why);

	*config = (struct kconfig){ .pool = pool };
	if (!text) {
		problem_add(problems, (struct mark){ .file = path }, "%s", why);
		return false;
	}
	kconfig_read(pool, path, text, config, problems);
	config->image = image;
	return problems->n == before;
}

void kconfig_free(struct kconfig *config)
{
	HASH_CLEAR(hh, config->lines);
}
