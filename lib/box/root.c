// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making the root directory of a box.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/box.h"
#include "nsc/image.h"
#include "nsc/sys.h"
#include "image.h"
#include "root.h"

/* Of x86; where they are larger the copy of the agent fills none. */
enum { HUGE_PAGE = 2 << 20 };

/* What failed, in words; errno stays. */
static const char *failed(struct pool *pool, const char *fmt, const char *what)
	__attribute__((format(printf, 2, 0)));
static const char *failed(struct pool *pool, const char *fmt, const char *what)
{
	int saved = errno;
	const char *text = pool_printf(pool, fmt, what);

	errno = saved;
	return text;
}

static int make_dirs(struct pool *pool, const char *path)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return 0;
	for (const char *slash = path; slash;) {
		slash = strchr(slash + 1, '/');
		const char *part = slash ? pool_strndup(pool, path, (size_t)(slash - path)) : path;

		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

/*
 * A tmpfs gives out huge pages up to the end that a file has (moat_make()); the zeros between the
 * end of the program and that of the file hurt nobody.
 */
static int copy_self(const char *to, struct stat *made)
{
	AUTO_FD out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	size_t pages = (image_file_bytes() + HUGE_PAGE - 1) / HUGE_PAGE;

	if (out < 0 || ftruncate(out, (off_t)(pages * HUGE_PAGE)) < 0 || image_copy(out) < 0)
		return -1;
	return fchmod(out, 0755) < 0 ? -1 : fstat(out, made);
}

/* Users that the box's id maps give it must be able to write to /tmp and /work. */
static const char *open_up(struct pool *pool, const struct box_root *r)
{
	const char *work = pool_printf(pool, "%s/work", r->path);

	if (chmod(pool_printf(pool, "%s/tmp", r->path), 01777) < 0)
		return "open the box's /tmp to all users";
	if (r->share)
		return mount(r->share, work, NULL, MS_BIND, NULL) < 0 ?
			failed(pool, "share %s with the box", r->share) : NULL;
	return chmod(work, 0777) < 0 ? "open the box's /work to all users" : NULL;
}

static const char *furnish(struct pool *pool, const struct box_root *r)
{
	static const char *const dirs[] = { "proc", "sys", "dev", "tmp", "run", "work", "etc" };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (make_dirs(pool, pool_printf(pool, "%s/%s", r->path, dirs[i])) < 0)
			return failed(pool, "make the box's %s", dirs[i]);
	for (size_t i = 0; i < r->directories.n; i++)
		if (make_dirs(pool, pool_printf(pool, "%s/%s", r->path, r->directories.v[i])) < 0)
			return failed(pool, "make %s", r->directories.v[i]);
	for (size_t i = 0; i < r->image.n; i++)
		if (image_put(pool, r->path, r->image.v[i]) < 0)
			return failed(pool, "prepare the image, %s", r->image.v[i]);
	return open_up(pool, r);
}

const char *box_root_make(struct pool *pool, const struct box_root *r, struct stat *agent)
{
	if (make_dirs(pool, pool_printf(pool, "%s%s", r->path, r->share ? BOX_CHANNEL : "")) < 0)
		return "make the box's directory";
	const char *wrong = r->bare ? NULL : furnish(pool, r);

	if (wrong)
		return wrong;
	return copy_self(pool_printf(pool, "%s" BOX_AGENT, r->path), agent) < 0 ?
		"copy the agent" : NULL;
}
