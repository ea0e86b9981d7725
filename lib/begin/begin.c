// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing a process into the state of the table, and remembering what was found.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/begin.h"
#include "nsc/place.h"
#include "nsc/signals.h"
#include "nsc/sys.h"
#include "nsc/value.h"

static struct begin_record records[BEGIN_ATTRIBUTES_MAX];
static bool looked, recalled;

const struct begin_attribute *begin_find(const char *name)
{
	for (const struct begin_attribute *a = begin_attributes; a->name; a++)
		if (!strcmp(a->name, name))
			return a;
	return NULL;
}

bool begin_fits(const struct begin_attribute *a, int64_t value)
{
	switch (a->rule) {
	case BEGIN_AT_LEAST:
		return value >= a->enough;
	case BEGIN_ROOTS:
		return value == a->wanted || geteuid() != 0;
	case BEGIN_EXACT:
		return value == a->wanted;
	case BEGIN_NOTED:
		break;
	}
	return true;
}

static const char *bit_name(struct pool *pool, enum begin_form form, int bit)
{
	const struct symbol *s = form == BEGIN_SIGNALS ? symbol_of(signal_numbers, bit) :
							 symbol_of(cap_symbols, INT64_C(1) << bit);

	return s ? s->name : pool_printf(pool, "%d", bit);
}

static const char *show_set(struct pool *pool, enum begin_form form, int64_t value)
{
	const char *text = "";

	for (int bit = 0; bit < 63; bit++)
		if (value & (INT64_C(1) << bit))
			text = pool_printf(pool, "%s%s%s", text, *text ? " " : "",
					   bit_name(pool, form, bit));
	return *text ? text : "none";
}

const char *begin_show(struct pool *pool, const struct begin_attribute *a, int64_t value)
{
	switch (a->form) {
	case BEGIN_SIGNALS:
	case BEGIN_CAPS:
		return show_set(pool, a->form, value);
	case BEGIN_OCTAL:
		return pool_printf(pool, "%04llo", (long long)value);
	case BEGIN_BITS:
		return pool_printf(pool, "%#llx", (long long)value);
	case BEGIN_LIMIT:
		if (value == BEGIN_UNLIMITED)
			return "unlimited";
		break;
	case BEGIN_NUMBER:
		break;
	}
	return pool_printf(pool, "%lld", (long long)value);
}

void begin_look(void)
{
	for (size_t i = 0; begin_attributes[i].name; i++) {
		const struct begin_attribute *a = &begin_attributes[i];
		struct begin_record *r = &records[i];

		r->found_error = -a->get(a->argument, &r->found);
		r->now = r->found;
		r->now_error = r->found_error;
	}
	looked = true;
}

static void set_all(unsigned in, struct begin_record *into)
{
	for (size_t i = 0; begin_attributes[i].name; i++) {
		const struct begin_attribute *a = &begin_attributes[i];
		int rc = a->set && (a->in & in) ? a->set(a->argument, a->wanted) : 0;

		if (into)
			into[i].set_error = -rc;
	}
}

void begin_set(unsigned in)
{
	set_all(in, NULL);
}

/* In the child: set the attributes as a worker does, and report the result. */
static void try_all(struct begin_record *into)
{
	set_all(BEGIN_WORKER, into);
	for (size_t i = 0; begin_attributes[i].name; i++) {
		const struct begin_attribute *a = &begin_attributes[i];

		into[i].now_error = -a->get(a->argument, &into[i].now);
	}
}

/* When fork(2) fails, the values found at the start are the best that is known. */
static void recall(void)
{
	struct begin_record *shared = mmap(NULL, sizeof(records), PROT_READ | PROT_WRITE,
					   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1;

	recalled = true;
	if (shared == MAP_FAILED)
		return;
	memcpy(shared, records, sizeof(records));
	pid_t pid = fork();

	if (pid == 0) {
		try_all(shared);
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid > 0 && status == 0)
		memcpy(records, shared, sizeof(records));
	munmap(shared, sizeof(records));
}

struct begin_record begin_recall(const struct begin_attribute *a)
{
	if (!looked)
		begin_look();
	if (!recalled)
		recall();
	return records[a - begin_attributes];
}
