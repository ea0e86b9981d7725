// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that wait until whoever counts is ready.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "gate.h"

pid_t gate_start(char **command, int *gate)
{
	int ends[2];
	char byte;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid_t pid = fork();

	if (pid == 0) {
		close(ends[1]);
		if (read(ends[0], &byte, 1) != 1)
			_exit(3);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	close(ends[0]);
	*gate = ends[1];
	if (pid < 0)
		close(ends[1]);
	return pid;
}
