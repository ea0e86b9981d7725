// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files with placeholders.
 */
#include <stdio.h>
#include <string.h>

#include "export/template.h"
#include "nsc/sys.h"
#include "nsc/text.h"

enum { TEMPLATE_BYTES_MAX = 1024 * 1024 };

static const char declares[] = "#: ";
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

const char *template_refuses(struct pool *pool, const char *text)
{
	for (const char *c = text; *c; c++)
		if (strchr("\"'\\", *c) || (unsigned char)*c < ' ' || *c == 0x7f)
			return pool_printf(pool, "%s cannot stand between quotes",
					   text_shell_word(pool, text));
	return NULL;
}

static size_t line_length(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? (size_t)(end - line) + 1 : strlen(line);
}

static struct placeholder *find(const struct template *t, const char *name, size_t len)
{
	for (size_t i = 0; i < t->n_settings; i++)
		if (!strncmp(t->settings[i].name, name, len) && !t->settings[i].name[len])
			return &t->settings[i];
	return NULL;
}

/* LINE, of LEN bytes, follows the mark of a declaration. */
static void declare(struct template *t, struct pool *pool, const char *line, size_t len,
		    struct mark at, struct problems *problems)
{
	size_t name = strspn(line, letters);
	bool valued = line[name] == '=';

	if (!name || (!valued && name != len)) {
		problem_add(problems, at, "expected %sNAME or %sNAME=VALUE, NAME being of capital "
			    "letters and underscores", declares, declares);
		return;
	}
	t->settings[t->n_settings++] = (struct placeholder){
		pool_strndup(pool, line, name),
		valued ? pool_strndup(pool, line + name + 1, len - name - 1) : NULL };
}

void template_load(struct template *t, struct pool *pool, const char *path,
		   struct problems *problems)
{
	struct mark at = { .file = path };
	char *text = NULL;
	int err = sys_read_file(pool, path, TEMPLATE_BYTES_MAX, &text, NULL);
	size_t lines = 0;

	*t = (struct template){ .file = path, .text = err ? "" : text };
	if (err) {
		problem_add(problems, at, "cannot be read: %s", strerror(-err));
		return;
	}
	for (const char *line = text; *line; line += line_length(line))
		lines++;
	t->settings = pool_array(pool, struct placeholder, lines + 1);
	for (const char *line = text; *line; line += line_length(line)) {
		size_t len = strcspn(line, "\n"), mark = sizeof(declares) - 1;

		at.line++;
		at.column = 1;
		if (!strncmp(line, declares, mark))
			declare(t, pool, line + mark, len - mark, at, problems);
	}
}

/* The names of all settings: "A, B" (from POOL). */
static const char *setting_names(struct pool *pool, const struct template *t)
{
	const char *names = "";

	for (size_t i = 0; i < t->n_settings; i++)
		names = pool_printf(pool, "%s%s%s", names, i ? ", " : "", t->settings[i].name);
	return *names ? names : "nothing";
}

void template_set(struct template *t, const char *pair, struct problems *problems)
{
	struct pool *pool = problems->pool;
	struct mark at = { .file = t->file };
	const char *equals = strchr(pair, '=');
	struct placeholder *setting = equals ? find(t, pair, (size_t)(equals - pair)) : NULL;
	const char *why = equals ? template_refuses(pool, equals + 1) : NULL;

	if (!equals)
		problem_add(problems, (struct mark){ .file = "--set" },
			    "takes NAME=VALUE, not %s", pair);
	else if (!setting)
		problem_add(problems, at, "declares %s, and not what --set %s is about",
			    setting_names(pool, t), pair);
	else if (why)
		problem_add(problems, at, "--set: %s", why);
	else
		setting->value = equals + 1;
}

static const struct {
	const char *suffix, *name;
} compressions[] = {
	{ ".xz", "xz" }, { ".txz", "xz" }, { ".gz", "gz" }, { ".tgz", "gz" }, { ".bz2", "bz2" },
	{ ".zst", "zstd" }, { ".zip", "zip" },
};

static const char *compression_of(const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(compressions) / sizeof(*compressions); i++) {
		size_t suffix = strlen(compressions[i].suffix);

		if (len > suffix && !strcmp(path + len - suffix, compressions[i].suffix))
			return compressions[i].name;
	}
	return "null";
}

struct filling {
	const struct template *template;
	const struct placeholder *values;
	struct problems *problems;
	struct text out;
	struct mark at;
};

/* The length of the placeholder that S begins with, 0 for none, and of the *NAME in it. */
static size_t placeholder_length(const char *s, size_t *name, bool *compression)
{
	static const char asks[] = ":compression";
	size_t len = *s == '@' ? 1 + strspn(s + 1, letters) : 0;

	*name = len - 1;
	if (len < 2)
		return 0;
	*compression = !strncmp(s + len, asks, sizeof(asks) - 1);
	if (*compression)
		len += sizeof(asks) - 1;
	return s[len] == '@' ? len + 1 : 0;
}

/* What the name stands for: "" is nothing, as it is after a complaint. */
static const char *value_of(struct filling *f, const char *name, size_t len)
{
	const struct placeholder *setting = find(f->template, name, len);
	struct pool *pool = f->problems->pool;
	const char *known = pool_strndup(pool, name, len);

	for (const struct placeholder *p = f->values; p->name; p++)
		if (!strcmp(p->name, known))
			return p->value ? p->value : "";
	if (!setting)
		problem_add(f->problems, f->at, "@%s@ is nothing known, and no %s%s declares it",
			    known, declares, known);
	else if (!setting->value)
		problem_add(f->problems, f->at, "--set %s=VALUE has to say what that is", known);
	return setting && setting->value ? setting->value : "";
}

/* Its lines after the first are indented by INDENT columns. */
static void add_value(struct text *out, const char *value, size_t indent)
{
	size_t len = strlen(value);

	/* The line that it stands on has an end of its own. */
	while (len && value[len - 1] == '\n')
		len--;
	for (const char *end = value + len; value < end;) {
		size_t part = line_length(value);

		part = part > (size_t)(end - value) ? (size_t)(end - value) : part;
		text_add(out, value, part);
		value += part;
		if (value < end && *value != '\n')
			text_printf(out, "%*s", (int)indent, "");
	}
}

static void fill_line(struct filling *f, const char *line, size_t len)
{
	struct text out = { .pool = f->problems->pool };
	bool compression;
	size_t name;

	for (size_t i = 0; i < len;) {
		size_t placeholder = placeholder_length(line + i, &name, &compression);

		f->at.column = (int)i + 1;
		if (!placeholder) {
			text_add(&out, line + i++, 1);
			continue;
		}
		const char *value = value_of(f, line + i + 1, name);

		if (!*value)
			return;
		add_value(&out, compression ? compression_of(value) : value, i);
		i += placeholder;
	}
	text_add(&f->out, out.s, out.used);
}

const char *template_fill(const struct template *t, struct pool *pool,
			  const struct placeholder *values, struct problems *problems)
{
	struct filling f = { .template = t, .values = values, .problems = problems,
			     .out = { .pool = pool }, .at = { .file = t->file } };

	for (const char *line = t->text; *line; line += line_length(line)) {
		f.at.line++;
		if (strncmp(line, declares, sizeof(declares) - 1))
			fill_line(&f, line, line_length(line));
	}
	return f.out.s ? f.out.s : "";
}
