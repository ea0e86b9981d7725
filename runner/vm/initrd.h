/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The initial RAM file system of a guest: see guest.h for what is in it. Made of two
 * archives, one the same for every boot, one with the job of this boot; the kernel unpacks
 * one after the other.
 */
#ifndef NSC_INITRD_H
#define NSC_INITRD_H

#include <stdbool.h>
#include <stddef.h>

#include "vm/arch.h"
#include "vm/modules.h"
#include "plan/select.h"

struct initrd {
	char *data; /* of the first archive; free() */
	size_t len;
};

struct initrd_source {
	const struct vm_arch *arch;
	const char *program; /* for the guest; NULL: this one */
	const char *config;  /* the kernel's configuration file, or NULL */
	const struct selection *selection;
	const struct modules *modules;
};

/* False, with a message on stderr, when something cannot be read, or the program does not fit. */
bool initrd_make(struct initrd *i, const struct initrd_source *from);
void initrd_free(struct initrd *i);
/* Both archives in a file that lives as long as the descriptor; -1 with errno. JOB is /job. */
int initrd_open(const struct initrd *i, const char *job, size_t job_len);
/* The same as a file. */
bool initrd_write(const struct initrd *i, const char *job, size_t job_len, const char *path);

#endif
