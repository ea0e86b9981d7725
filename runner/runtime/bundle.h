/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A box of a cell as it can be built outside of the sandbox, by hand: its files, its root directory
 * and a script with the launcher's command.
 */
#ifndef NSC_BUNDLE_H
#define NSC_BUNDLE_H

#include "plan/script.h"

struct bundle {
	const char *actor;
	const struct value *files;	 /* path, text, path, text ... */
	const char *root;		 /* the directory for the agent; if not .bare, the box's */
	bool bare;			 /* the box has its caller's root directory */
	struct strs directories, image;	 /* further ones in it, and lines of `image` */
	const char *launch, *script;	 /* a path, and what is there: for a POSIX shell */
};

/*
 * What step number LAUNCH of a lowered SCRIPT is to build, in directory DIR, an absolute path;
 * NULL, or why that cannot be built outside of the sandbox: a clause for people. The script is only
 * good for bundles then.
 */
const char *bundle_make(struct pool *pool, struct script *script, size_t launch, const char *dir,
			struct bundle *b);

#endif
