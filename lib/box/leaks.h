/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_LEAKS_H
#define NSC_LEAKS_H

#include <stdint.h>

struct circumstances {
	uint64_t with;	      /* WITH_* */
	const char *terminal; /* the path of its terminal */
	char name[64];
};

/* Called in the session leader that executes the launcher: NULL, or what could not be given. */
const char *leaks_take(const struct circumstances *c);
/* A new terminal for C: the end that must stay open as long as it is used, or -1. */
int leaks_terminal(struct circumstances *c);

#endif
