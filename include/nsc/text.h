/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text from anywhere (kernels, programs, suites, arguments) on its way to people and parsers.
 */
#ifndef NSC_TEXT_H
#define NSC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nsc/pool.h"

/* Length in bytes of the UTF-8 sequence at S, of which LEN are left, and its *CODE; 0 where there is
 * none: a stray byte, a sequence that is cut short or overlong, a surrogate (RFC 3629). */
size_t utf8_decode(const char *s, size_t len, uint32_t *code);

/*
 * A text that grows by what is added to it, in POOL: begins as { .pool = pool }, and is
 * NUL-terminated from the first addition on.  What many parts make is made in linear time.
 */
struct text {
	struct pool *pool;
	char *s; /* NULL before the first addition */
	size_t used, room;
};

void text_add(struct text *t, const char *s, size_t len);
void text_puts(struct text *t, const char *s);
void text_printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Length of the name that S begins with: of lower-case letters, digits, hyphens, underscores. */
size_t text_name_length(const char *s);

/*
 * Whether a character may be shown as it is.  Controls are not, nor is what breaks lines, changes
 * the direction of text or has no width (an attack on who reads it), nor what YAML 1.1 refuses.
 */
bool text_printable(uint32_t code);

/*
 * S on one line, NUL-terminated, from POOL: printable UTF-8 as it is, ends of lines and tabs as \n
 * and \t, every other byte as \xHH. Characters of SPECIAL get a backslash before them, except that
 * a tab in SPECIAL stays a tab.
 */
char *text_escape(struct pool *pool, const char *s, size_t len, const char *special);

/* S as one word of a POSIX shell's command line: in quotes where it needs them. */
const char *text_shell_word(struct pool *pool, const char *s);
/* S as the beginning of a pattern of glob(3) that means just that: a directory may have any name. */
const char *text_glob_word(struct pool *pool, const char *s);

/*
 * Whether S matches PATTERN, a glob as of fnmatch(3) in which @(a|b) stands for one of several globs,
 * and ?(a|b) for one of them or nothing.  Groups are not nested.
 */
bool text_matches(const char *pattern, const char *s);

/* The ending of a noun that is counted: "1 suite", "2 suites". */
const char *text_plural(size_t n);

#endif
