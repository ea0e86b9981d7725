// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel log, as Documentation/ABI/testing/dev-kmsg describes it: one record a read,
 * `PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,...];TEXT`, then lines that begin with a blank.  With
 * CONFIG_PRINTK_CALLER there is `caller=T1234` (a task) or `caller=C1` (an interrupt) before the
 * semicolon; some texts name the process by themselves.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exec/kmsg.h"
#include "nsc/sys.h"

enum { RECORD_MAX = 8192, LINES_MAX = 200, LEVEL_WARNING = 4 };

/* To find a file below /proc/sys costs more than to read it. */
static long read_taint(const struct kmsg *k)
{
	char text[64];
	ssize_t len = pread(k->tainted, text, sizeof(text) - 1, 0);

	if (len <= 0)
		return 0;
	text[len] = 0;
	return atol(text);
}

void kmsg_open(struct kmsg *k)
{
	k->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->fd >= 0 && lseek(k->fd, 0, SEEK_END) < 0)
		fd_close(&k->fd);
	k->tainted = open("/proc/sys/kernel/tainted", O_RDONLY | O_CLOEXEC);
	k->taint = read_taint(k);
}

void kmsg_close(struct kmsg *k)
{
	fd_close(&k->fd);
	fd_close(&k->tainted);
}

/* The number that follows WORD, or 0. */
static pid_t number_after(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at ? (pid_t)strtol(at + strlen(word), NULL, 10) : 0;
}

/* dump_stack_print_info() has `PID: 7 Comm: name`, lockdep and __warn() `name/7`. */
static void find_process(const char *head, struct kmsg_line *line)
{
	pid_t called = number_after(line->text, "nsconform/");

	line->nsconform = called || strstr(line->text, "Comm: nsconform");
	line->pid = number_after(head, ",caller=T");
	if (!line->pid)
		line->pid = called ? called : number_after(line->text, "PID: ");
}

bool kmsg_parse(struct pool *pool, const char *record, struct kmsg_line *line)
{
	char *end;
	long priority = strtol(record, &end, 10);
	const char *body = strchr(record, ';');

	/* Facilities above 0 are what programs wrote. */
	if (end == record || *end != ',' || !body || priority > LEVEL_WARNING || priority < 0)
		return false;
	line->text = pool_strndup(pool, body + 1, strcspn(body + 1, "\n"));
	find_process(pool_strndup(pool, record, (size_t)(body - record)), line);
	return true;
}

static void add(struct pool *pool, struct value **lines, const char *text)
{
	if (!*lines)
		*lines = value_list(pool);
	if ((*lines)->list.n < LINES_MAX)
		value_push(pool, *lines, value_str(pool, text));
}

static bool is_own(const struct kmsg_owner *owner, const struct kmsg_line *line)
{
	return owner->all || (line->pid > 0 && owner->is_ours(owner->context, line));
}

struct kmsg_news kmsg_read(struct kmsg *k, struct pool *pool, const struct kmsg_owner *owner)
{
	struct kmsg_news news = { NULL, NULL };
	char record[RECORD_MAX];
	struct kmsg_line line;
	ssize_t len;

	if (k->fd < 0)
		return news;
	/* EPIPE: records were overwritten before they were read; the next read goes on with the
	 * oldest. */
	while ((len = read(k->fd, record, sizeof(record) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		if (len < 0)
			continue;
		record[len] = 0;
		if (kmsg_parse(pool, record, &line))
			add(pool, is_own(owner, &line) ? &news.own : &news.others, line.text);
	}
	long taint = read_taint(k);

	/* The event that tainted the kernel has logged a line of its own before. */
	if (taint != k->taint)
		add(pool, owner->all || news.own ? &news.own : &news.others,
		    pool_printf(pool, "the kernel's taint changed from %ld to %ld", k->taint,
				taint));
	k->taint = taint;
	return news;
}
