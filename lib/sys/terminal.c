// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions to a terminal.
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <unistd.h>

#include "nsc/terminal.h"

enum { COLUMNS_USUAL = 80 };

int terminal_columns(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : COLUMNS_USUAL;
}

bool terminal_is_same(int a, int b)
{
	unsigned x, y;

	return ioctl(a, TIOCGDEV, &x) == 0 && ioctl(b, TIOCGDEV, &y) == 0 && x == y;
}

bool terminal_is_ours(int fd)
{
	pid_t foreground = tcgetpgrp(fd);

	/* It may be the terminal of another session, where there are no jobs. */
	return foreground < 0 || foreground == getpgrp();
}
