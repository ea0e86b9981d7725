/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The program's own image in memory, for processes that fork again and again.
 */
#ifndef NSC_IMAGE_H
#define NSC_IMAGE_H

#include <stddef.h>

/*
 * Spare the caller's children page faults: text and read-only data move from the file's pages to
 * memory of its own, transparent huge pages as far as there is room for whole ones, and its data
 * are touched.  Where there are no huge pages, or anything is refused, they stay where they are.
 */
void image_ready_to_fork(void);
/* How much of the program's file, from its beginning, execve(2) needs: not what debuggers read. */
size_t image_file_bytes(void);
/* Write these bytes into the empty file TO, as far as possible from memory; 0, or -1 (errno). */
int image_copy(int to);

#endif
