// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building the archives that a guest starts with. They are not compressed: under emulation
 * unpacking would cost more than loading.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "vm/cpio.h"
#include "vm/elf.h"
#include "vm/initrd.h"
#include "nsc/sys.h"
#include "load/paths.h"

enum { PROGRAM_BYTES_MAX = 256 * 1024 * 1024 };

static const char *const directories[] = {
	"dev", "modules", "root", "root/dev", "root/proc", "root/sys", "root/tmp", "root/run",
		"root/boot",
	"root/suites", "root/suites/clauses",
};

/* The file FROM of the host as TO; false with a message. */
static bool copy(struct cpio *c, const char *from, const char *to, unsigned mode)
{
	AUTO_POOL pool = { 0 };
	char *data;
	size_t len;
	int rc = sys_read_file(&pool, from, PROGRAM_BYTES_MAX, &data, &len);

	if (rc < 0) {
		fprintf(stderr, "nsconform: cannot read %s: %s\n", from, strerror(-rc));
		return false;
	}
	cpio_file(c, to, mode, data, len);
	return true;
}

/*
 * Why the program cannot be a guest's only one, or NULL; in *NEEDED how much of it execve(2) needs,
 * without what debuggers read.
 */
static const char *unfit(struct pool *pool, const char *data, size_t len,
			 const struct vm_arch *arch, size_t *needed)
{
	Elf64_Ehdr elf;

	if (!elf_program_header(data, len, &elf))
		return "it is no ELF file";
	if (elf.e_machine != arch->elf && elf.e_machine != arch->compat)
		return "it is of another architecture than the machine";
	const Elf64_Phdr *p = elf_segments(pool, data, len, &elf);

	if (!p)
		return "it is cut off";
	for (int i = 0; i < elf.e_phnum; i++) {
		size_t end = p[i].p_offset + p[i].p_filesz;

		if (p[i].p_type == PT_INTERP)
			return "it is linked with shared libraries";
		if (p[i].p_type == PT_LOAD && end > *needed)
			*needed = end;
	}
	return *needed > len ? "it is cut off" : NULL;
}

static bool put_program(struct cpio *c, const char *program, const struct vm_arch *arch)
{
	AUTO_POOL pool = { 0 };
	const char *path = program ? program : "/proc/self/exe";
	char *data;
	size_t len, needed = 0;
	int rc = sys_read_file(&pool, path, PROGRAM_BYTES_MAX, &data, &len);
	const char *why = rc < 0 ? strerror(-rc) : unfit(&pool, data, len, arch, &needed);

	if (why) {
		fprintf(stderr, "nsconform: %s cannot be a guest's only program: %s\n",
			program ? program : "this one", why);
		return false;
	}
	cpio_file(c, "init", 0755, data, needed);
	return true;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool put_clauses(struct cpio *c, const char *dir)
{
	AUTO_POOL pool = { 0 };
	struct dirent **entries;
	int n = scandir(dir, &entries, NULL, by_name);
	bool good = true;

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name, *dot = strrchr(name, '.');

		if (dot && !strcmp(dot, ".tsv"))
			good &= copy(c, pool_printf(&pool, "%s/%s", dir, name),
				     pool_printf(&pool, "root/suites/clauses/%s", name), 0644);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return good;
}

static void put_suites(struct cpio *c, const struct selection *s)
{
	AUTO_POOL pool = { 0 };

	/* The text that was loaded here, as the file may have changed since. */
	for (size_t i = 0; i < s->n_suites; i++)
		cpio_file(c, pool_printf(&pool, "root/suites/%05zu.yaml", i), 0644,
			  s->suites[i]->source,
			  strlen(s->suites[i]->source));
}

static void put_modules(struct cpio *c, const struct modules *modules)
{
	AUTO_POOL pool = { 0 };
	const char *order = "";

	for (size_t i = 0; i < modules->n; i++) {
		const struct module *m = &modules->v[i];

		cpio_file(c, pool_printf(&pool, "modules/%s", m->name), 0644, m->data, m->len);
		order = pool_printf(&pool, "%s%s\n", order, m->name);
	}
	cpio_file(c, "modules.order", 0644, order, strlen(order));
}

bool initrd_make(struct initrd *i, const struct initrd_source *from)
{
	struct cpio c = { .out = open_memstream(&i->data, &i->len) };

	for (size_t d = 0; d < sizeof(directories) / sizeof(*directories); d++)
		cpio_dir(&c, directories[d], 0755);
	cpio_node(&c, "dev/console", 5, 1);
	bool good = put_program(&c, from->program, from->arch) &&
		    (!from->config || copy(&c, from->config, "root/boot/config", 0644)) &&
		    put_clauses(&c, from->selection->catalogue.dir);

	put_suites(&c, from->selection);
	put_modules(&c, from->modules);
	good &= cpio_end(&c);
	return fclose(c.out) == 0 && good;
}

void initrd_free(struct initrd *i)
{
	free(i->data);
	i->data = NULL;
}

static bool write_both(int fd, const struct initrd *i, const char *job, size_t job_len)
{
	struct cpio c = { .out = fdopen(fd, "w"), .next = 1000000 };

	if (!c.out)
		return false;
	fwrite(i->data, 1, i->len, c.out);
	cpio_file(&c, "root/job", 0644, job, job_len);
	bool good = cpio_end(&c);

	return fclose(c.out) == 0 && good;
}

int initrd_open(const struct initrd *i, const char *job, size_t job_len)
{
	AUTO_FD fd = memfd_create("initrd", MFD_CLOEXEC);
	int copy_fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (copy_fd < 0 || !write_both(copy_fd, i, job, job_len))
		return -1;
	return fd_take(&fd);
}

bool initrd_write(const struct initrd *i, const char *job, size_t job_len, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd >= 0 && write_both(fd, i, job, job_len))
		return true;
	fprintf(stderr, "nsconform: cannot write %s: %s\n", path, strerror(errno));
	return false;
}
