// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform vm: the same cells on another kernel, in virtual machines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/command.h"
#include "nsc/patience.h"
#include "nsc/sys.h"
#include "vm/kvm.h"
#include "vm/layout.h"
#include "vm/shards.h"
#include "vm/unpack.h"

enum { MEMORY_MIB = 384, BOOT_WITHIN_S = 60 };

struct vm_options {
	struct vm_config vm;
	const char *modules, *config, *initrd, *accel, *deb, *arch, *init;
	struct unpacked unpacked;
	bool print, native;
	int boot_within_s;
};

/* 0, or an exit status. */
static int parse(struct run_options *run, struct vm_options *vm, int argc, char **argv)
{
	enum { KERNEL = RUN_OPTIONS_END, MODULES, CONFIG, PRINT, INITRD, QEMU, APPEND, MEMORY,
	      ACCEL, DEB, ARCH, INIT, BOOT_WITHIN };
	static const struct option longs[] = {
		RUN_OPTIONS,
		{ "kernel", required_argument, NULL, KERNEL },
		{ "modules", required_argument, NULL, MODULES },
		{ "config", required_argument, NULL, CONFIG },
		{ "print", no_argument, NULL, PRINT },
		{ "initrd", required_argument, NULL, INITRD },
		{ "qemu", required_argument, NULL, QEMU },
		{ "append", required_argument, NULL, APPEND },
		{ "memory", required_argument, NULL, MEMORY },
		{ "deb", required_argument, NULL, DEB },
		{ "accel", required_argument, NULL, ACCEL },
		{ "arch", required_argument, NULL, ARCH },
		{ "init", required_argument, NULL, INIT },
		{ "boot-within", required_argument, NULL, BOOT_WITHIN },
		{ 0 }
	};
	const char **const texts[] = {
		[KERNEL - KERNEL] = &vm->vm.kernel, [MODULES - KERNEL] = &vm->modules,
		[CONFIG - KERNEL] = &vm->config, [INITRD - KERNEL] = &vm->initrd,
		[QEMU - KERNEL] = &vm->vm.qemu, [APPEND - KERNEL] = &vm->vm.append,
		[ACCEL - KERNEL] = &vm->accel, [DEB - KERNEL] = &vm->deb,
		[ARCH - KERNEL] = &vm->arch, [INIT - KERNEL] = &vm->init,
	};
	long n = 0;
	int c;

	while ((c = getopt_long(argc, argv, "j:", longs, NULL)) != -1) {
		if (c == PRINT)
			vm->print = true;
		else if (c == MEMORY && (n = run_number("--memory", optarg, 64, 65536)) > 0)
			vm->vm.memory_mib = (int)n;
		else if (c == BOOT_WITHIN && (n = run_number("--boot-within", optarg, 1, 3600)) > 0)
			vm->boot_within_s = (int)n;
		else if (c >= KERNEL && c <= INIT && texts[c - KERNEL])
			*texts[c - KERNEL] = optarg;
		else if (!run_option(run, c, optarg))
			return c == '?' ? command_usage("vm") : EXIT_USAGE;
	}
	return 0;
}

/* In PATH, or what `make deps-kernels` has put beside this program; NULL when there is none. */
static const char *find_qemu(struct pool *pool, const char *name)
{
	const char *path = getenv("PATH"), *found = sys_find_program(pool, path ? path : "", name);
	char exe[4096];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (found)
		return found;
	exe[len > 0 ? len : 0] = 0;
	for (char *slash; (slash = strrchr(exe, '/'));) {
		const char *file;

		*slash = 0;
		file = pool_printf(pool, "%s/kernels/%s", exe, name);
		if (access(file, X_OK) == 0)
			return file;
	}
	return NULL;
}

/* The machine: this one's kind, or another, whose program somebody has to bring along. */
static bool choose_arch(struct pool *pool, struct vm_options *o)
{
	const struct vm_arch *native = vm_arch_native();

	o->vm.arch = o->arch ? vm_arch_find(o->arch) : native;
	if (!o->vm.arch) {
		fprintf(stderr, "nsconform: --arch takes one of %s, not %s\n", vm_arch_names(pool),
			o->arch ? o->arch : "this machine's architecture");
		return false;
	}
	o->native = o->vm.arch == native;
	if (!o->native && !o->init) {
		fprintf(stderr, "nsconform: --arch %s needs --init FILE, an nsconform built for it\n",
			o->arch);
		return false;
	}
	if (!o->native && o->accel && !strcmp(o->accel, "kvm")) {
		fprintf(stderr, "nsconform: --accel kvm is for machines of this one's architecture\n");
		return false;
	}
	if (!o->vm.arch->tried)
		fprintf(stderr, "nsconform: %s has not been tried: its row in runner/vm/arch.c is "
			"from qemu's documentation\n", o->vm.arch->name);
	if (!o->vm.qemu || !*o->vm.qemu)
		o->vm.qemu = find_qemu(pool, o->vm.arch->qemu);
	return true;
}

/* PATH may be NULL. */
static bool check_path(const char *option, const char *path, bool dir)
{
	const char *why = NULL;
	struct stat st;

	if (path && (stat(path, &st) < 0 || access(path, R_OK) < 0))
		why = strerror(errno);
	else if (path && !S_ISDIR(st.st_mode) == dir)
		why = dir ? "it is no directory" : "it is a directory";
	if (why)
		fprintf(stderr, "nsconform: %s takes a %s that can be read, not %s: %s\n", option,
			dir ? "directory" : "file", path, why);
	return !why;
}

static bool check(const struct vm_options *o)
{
	if (!o->vm.kernel == !o->deb || (o->deb && (o->config || o->modules))) {
		command_usage("vm");
		return false;
	}
	if (o->deb && o->print) {
		fputs("nsconform: --print needs a kernel that stays: unpack the package, and --kernel\n",
		      stderr);
		return false;
	}
	if (!o->vm.qemu || access(o->vm.qemu, X_OK) < 0) {
		fprintf(stderr,
			"nsconform: no %s: install qemu, or `make deps-kernels`, or --qemu FILE\n",
			o->vm.qemu ? o->vm.qemu : o->vm.arch->qemu);
		return false;
	}
	if (!check_path("--deb", o->deb, false) || !check_path("--kernel", o->vm.kernel, false) ||
	    !check_path("--config", o->config, false) || !check_path("--init", o->init, false) ||
	    !check_path("--modules", o->modules, true))
		return false;
	if (o->accel && strcmp(o->accel, "kvm") && strcmp(o->accel, "tcg")) {
		fprintf(stderr, "nsconform: --accel takes kvm or tcg, not %s\n", o->accel);
		return false;
	}
	if (o->vm.append && strstr(o->vm.append, "--")) {
		fputs("nsconform: --append takes kernel parameters, and nothing for init\n",
		      stderr);
		return false;
	}
	return true;
}

static void print_word(const char *word)
{
	if (!word[strcspn(word, " ;'\"$`\\*?()<>&|")]) {
		printf("%s ", word);
		return;
	}
	putchar('\'');
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){ *word, 0 }, stdout);
	fputs("' ", stdout);
}

/* The command that would be run, with the archive as a file, and both channels on the terminal. */
static int print(struct pool *pool, const struct results *r, const struct vm_options *o,
		 const struct shards_config *config)
{
	const char *path = o->initrd ? o->initrd : "nsconform-initrd.cpio";
	size_t *all = pool_array(pool, size_t, r->plan.n), len;

	for (size_t i = 0; i < r->plan.n; i++)
		all[i] = i;
	char *job = shards_job(r, all, r->plan.n, false, false, &len);
	bool good = initrd_write(&config->initrd, job, len, path);

	free(job);
	if (!good)
		return EXIT_BROKEN;
	for (char **word = vm_command(pool, &config->vm, path, "file,id=console,path=/dev/stderr");
	     *word; word++)
		print_word(*word);
	putchar('\n');
	fprintf(stderr, "nsconform: the initial RAM file system is in %s\n", path);
	return EXIT_GOOD;
}

/* What machines start with is in memory now; nothing need stay on disk. */
static bool forget_package(struct pool *pool, struct vm_options *o, struct shards_config *config)
{
	if (!o->deb)
		return true;
	config->vm.kernel = unpack_keep(pool, o->vm.kernel);
	unpack_remove(&o->unpacked);
	return config->vm.kernel != NULL;
}

static int run(struct pool *pool, struct results *r, struct vm_options *o)
{
	struct shards_config config = { .vm = o->vm, .machines = r->options.jobs,
					.option = o->deb ? "--deb" : "--kernel",
					.given = o->deb ? o->deb : o->vm.kernel,
					.boot_within_ns = o->boot_within_s * 1000000000ll,
					.accel_is_given = o->accel != NULL };
	struct modules modules = { 0 };
	int status = EXIT_BROKEN;

	const struct initrd_source source = {
		.arch = o->vm.arch, .program = o->init, .config = o->config,
		.selection = &r->selection, .modules = &modules,
	};

	config.vm.kvm = o->accel ? !strcmp(o->accel, "kvm") :
			o->native && kvm_works(config.vm.qemu);
	if (o->modules && !modules_collect(pool, o->modules, &r->selection, &modules))
		return EXIT_USAGE;
	if (!initrd_make(&config.initrd, &source))
		status = EXIT_USAGE;
	else if (forget_package(pool, o, &config))
		status = o->print ? print(pool, r, o, &config) : shards_run(pool, r, &config);
	initrd_free(&config.initrd);
	return status;
}

/* What no selected cell comes from need not be loaded again in the guest. */
static void drop_suites(struct results *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->selection.n_suites; i++) {
		bool used = false;

		for (size_t c = 0; c < r->plan.n && !used; c++)
			used = r->plan.cells[c].scenario->suite == r->selection.suites[i];
		if (used)
			r->selection.suites[kept++] = r->selection.suites[i];
	}
	r->selection.n_suites = kept;
}

int cmd_vm(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	struct results *r = pool_new(&pool, struct results);
	struct machine machine;
	struct vm_options o = {
		.vm = { .qemu = getenv("NSCONFORM_QEMU"), .memory_mib = MEMORY_MIB },
		.boot_within_s = BOOT_WITHIN_S, .unpacked.hold = -1,
	};

	machine_read(&machine);
	r->options = (struct run_options){
		.jobs = machine.cpus < MACHINES_MAX ? machine.cpus : MACHINES_MAX,
		.controls = true, .output = getenv("NSCONFORM_OUTPUT"),
	};
	results_typed(r, &pool, argc, argv);
	int status = parse(&r->options, &o, argc, argv);

	patience_set(r->options.time_factor);
	if (r->options.jobs > MACHINES_MAX)
		r->options.jobs = MACHINES_MAX;
	if (!status && (!choose_arch(&pool, &o) || !check(&o)))
		status = EXIT_USAGE;
	if (!status && o.deb) {
		if (!unpack_deb(&pool, o.deb, &o.unpacked))
			status = EXIT_USAGE;
		o.vm.kernel = o.unpacked.kernel;
	}
	if (!status) {
		if (!o.modules)
			o.modules = layout_modules(&pool, o.vm.kernel);
		if (!o.config)
			o.config = layout_config(&pool, o.vm.kernel);
		status = results_load(r, &pool, argv + optind);
		drop_suites(r);
	}
	if (!status)
		status = run(&pool, r, &o);
	unpack_remove(&o.unpacked);
	results_free(r);
	return status;
}
