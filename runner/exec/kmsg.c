// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel log, as Documentation/ABI/testing/dev-kmsg describes it: one record a read,
 * `PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,...];TEXT`, then lines that begin with a blank.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exec/kmsg.h"
#include "nsc/sys.h"

enum { RECORD_MAX = 8192, LINES_MAX = 200, LEVEL_WARNING = 4 };

static long read_taint(void)
{
	AUTO_POOL pool = { 0 };
	char *text;

	return sys_read_file(&pool, "/proc/sys/kernel/tainted", 64, &text, NULL) < 0 ? 0 :
		atol(text);
}

void kmsg_open(struct kmsg *k)
{
	k->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->fd >= 0 && lseek(k->fd, 0, SEEK_END) < 0)
		fd_close(&k->fd);
	k->taint = read_taint();
}

void kmsg_close(struct kmsg *k)
{
	fd_close(&k->fd);
}

bool kmsg_parse(struct pool *pool, const char *record, const char **text)
{
	char *end;
	long priority = strtol(record, &end, 10);
	const char *body = strchr(record, ';');

	/* Facilities above 0 are what programs wrote. */
	if (end == record || *end != ',' || !body || priority > LEVEL_WARNING || priority < 0)
		return false;
	body++;
	*text = pool_strndup(pool, body, strcspn(body, "\n"));
	return true;
}

static void add(struct pool *pool, struct value **lines, const char *text)
{
	if (!*lines)
		*lines = value_list(pool);
	if ((*lines)->list.n < LINES_MAX)
		value_push(pool, *lines, value_str(pool, text));
}

struct value *kmsg_read(struct kmsg *k, struct pool *pool)
{
	struct value *lines = NULL;
	char record[RECORD_MAX];
	const char *text;
	ssize_t len;

	if (k->fd < 0)
		return NULL;
	/* EPIPE: the ring has overtaken us; the next read goes on with what is left. */
	while ((len = read(k->fd, record, sizeof(record) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		if (len < 0)
			continue;
		record[len] = 0;
		if (kmsg_parse(pool, record, &text))
			add(pool, &lines, text);
	}
	long taint = read_taint();

	if (taint != k->taint)
		add(pool, &lines, pool_printf(pool, "the kernel's taint changed from %ld to %ld",
					      k->taint, taint));
	k->taint = taint;
	return lines;
}
