// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trees of files.
 */
#include <fts.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/sys.h"

void sys_remove_tree(const char *dir)
{
	char *const roots[] = { (char *)dir, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *e;

	while (fts && (e = fts_read(fts))) {
		if (e->fts_info == FTS_D) {
			/* Directories of a package may be read-only, and must be writable to be
			 * removed. */
			chmod(e->fts_accpath, 0700);
			continue;
		}
		if (e->fts_info == FTS_DP)
			rmdir(e->fts_accpath);
		else
			unlink(e->fts_accpath);
	}
	if (fts)
		fts_close(fts);
}
