// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts that grow; UTF-8: which sequences are valid, and which characters are fit to be shown.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "nsc/text.h"

void text_add(struct text *t, const char *s, size_t len)
{
	if (t->used + len + 1 > t->room) {
		size_t room = (t->room + len + 64) * 2;
		char *grown = pool_alloc(t->pool, room);

		if (t->used)
			memcpy(grown, t->s, t->used);
		t->s = grown;
		t->room = room;
	}
	memcpy(t->s + t->used, s, len);
	t->used += len;
	t->s[t->used] = 0;
}

void text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void text_printf(struct text *t, const char *fmt, ...)
{
	AUTO_POOL pool = { 0 };
	va_list ap;

	va_start(ap, fmt);
	text_puts(t, pool_vprintf(&pool, fmt, ap));
	va_end(ap);
}

size_t text_name_length(const char *s)
{
	size_t n = 0;

	while ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= '0' && s[n] <= '9') || s[n] == '-' ||
	       s[n] == '_')
		n++;
	return n;
}

size_t utf8_decode(const char *text, size_t len, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)text;
	size_t n = !len ? 0 : *s < 0x80 ? 1 : (*s & 0xe0) == 0xc0 ? 2 : (*s & 0xf0) == 0xe0 ? 3 :
		   (*s & 0xf8) == 0xf0 ? 4 : 0;

	if (!n || n > len)
		return 0;
	*code = n > 1 ? *s & (0x7fu >> n) : *s;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	return *code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff) ? 0 : n;
}

bool text_printable(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0, 0x1f }, { 0x7f, 0x9f },	    /* controls */
		{ 0xad, 0xad },			    /* soft hyphen */
		{ 0x61c, 0x61c },		    /* direction of Arabic */
		{ 0x180e, 0x180e },		    /* Mongolian vowel separator, without width */
		{ 0x200b, 0x200f },		    /* without width, and directions */
		{ 0x2028, 0x202e },		    /* ends of lines and paragraphs, directions */
		{ 0x2060, 0x206f },		    /* without width, and directions */
		{ 0xfdd0, 0xfdef },		    /* no characters */
		{ 0xfeff, 0xfeff },		    /* byte order mark */
		{ 0xfff9, 0xfffb },		    /* annotations */
		{ 0xe0000, 0xe007f },		    /* tags, without width */
	};

	if (code >= 0x20 && code < 0x7f)
		return true;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return false;
	return (code & 0xfffe) != 0xfffe; /* the last two of each plane are no characters */
}

char *text_escape(struct pool *pool, const char *s, size_t len, const char *special)
{
	char *text = pool_alloc(pool, 4 * len + 1), *to = text;
	uint32_t code;

	for (size_t i = 0; i < len;) {
		size_t n = utf8_decode(s + i, len - i, &code);
		bool valid = n;

		n = valid ? n : 1;
		if (s[i] && strchr(special, s[i])) {
			to += sprintf(to, "%s%c", s[i] == '\t' ? "" : "\\", s[i]);
		} else if (s[i] == '\n' || s[i] == '\t') {
			to += sprintf(to, s[i] == '\n' ? "\\n" : "\\t");
		} else if (valid && text_printable(code)) {
			memcpy(to, s + i, n);
			to += n;
		} else {
			for (size_t k = 0; k < n; k++)
				to += sprintf(to, "\\x%02X", (unsigned char)s[i + k]);
		}
		i += n;
	}
	*to = 0;
	return text;
}

const char *text_shell_word(struct pool *pool, const char *s)
{
	size_t len = strlen(s);
	char *text, *to;

	if (len && !s[strcspn(s, " \t\n;'\"$`\\*?[]{}()<>&|!#~")])
		return s;
	text = to = pool_alloc(pool, 4 * len + 3);
	*to++ = '\'';
	for (; *s; s++)
		to += sprintf(to, *s == '\'' ? "'\\''" : "%c", *s);
	*to = '\'';
	return text;
}

const char *text_glob_word(struct pool *pool, const char *s)
{
	char *text = pool_alloc(pool, 2 * strlen(s) + 1), *to = text;

	for (; *s; s++)
		to += sprintf(to, strchr("*?[\\", *s) ? "\\%c" : "%c", *s);
	*to = 0;
	return text;
}

const char *text_plural(size_t n)
{
	return n == 1 ? "" : "s";
}
