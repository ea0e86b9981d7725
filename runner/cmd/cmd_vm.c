// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform vm: the same cells on another kernel, in virtual machines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/baseline.h"
#include "cmd/command.h"
#include "cmd/load_plan.h"
#include "cmd/reports.h"
#include "cmd/shared_options.h"
#include "nsc/patience.h"
#include "nsc/sha256.h"
#include "nsc/sys.h"
#include "nsc/text.h"
#include "vm/kernel_arch.h"
#include "vm/kvm.h"
#include "vm/layout.h"
#include "vm/package.h"
#include "vm/shards.h"

enum { MEMORY_MIB = 384, BOOT_WITHIN_S = 60 };

enum accel { ACCEL_ANY, ACCEL_KVM, ACCEL_TCG };

/* Options that are zero are not given. */
struct vm_options {
	struct run_options run;
	struct vm_config vm;
	const char *modules, *config, *initrd, *arch, *init;
	struct strs packages;
	enum accel accel;
	struct package package;
	bool print, native;
	int boot_within_s;
};

/* The first that PATTERN matches below a directory that this program is in, or NULL. */
static const char *beside(struct pool *pool, const char *pattern)
{
	char exe[4096];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	const char *found = NULL;

	exe[len > 0 ? len : 0] = 0;
	for (char *slash; !found && (slash = strrchr(exe, '/'));) {
		glob_t g;

		*slash = 0;
		const char *all = pool_printf(pool, "%s/%s", text_glob_word(pool, exe), pattern);

		if (glob(all, 0, NULL, &g) == 0) {
			found = pool_strdup(pool, g.gl_pathv[0]);
			globfree(&g);
		}
	}
	return found;
}

/* In PATH, or what `make deps-kernels` or `make check-cross` has put beside this program. */
static const char *find_qemu(struct pool *pool, const struct vm_arch *arch)
{
	const char *path = getenv("PATH");
	const char *found = sys_find_program(pool, path ? path : "", arch->qemu);

	if (!found)
		found = beside(pool, pool_printf(pool, "kernels/%s", arch->qemu));
	return found ? found : beside(pool, pool_printf(pool, "cross/%s/qemu", arch->debian));
}

/* What `make cross` has built, where it is not said. */
static void find_foreign(struct pool *pool, struct vm_options *o)
{
	if (!o->init)
		o->init = beside(pool, pool_printf(pool, "%s/nsconform", o->vm.arch->debian));
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
	if (!o->native)
		find_foreign(pool, o);
	if (!o->native && !o->init) {
		fprintf(stderr, "nsconform: --arch %s needs --init FILE, an nsconform built for it "
			"(make cross ARCH=%s)\n", o->arch, o->vm.arch->debian);
		return false;
	}
	if (!o->native && o->accel == ACCEL_KVM) {
		fprintf(stderr, "nsconform: --accel kvm is for machines of this one's architecture\n");
		return false;
	}
	if (!o->vm.arch->tried)
		fprintf(stderr, "nsconform: %s has not been tried: its row in runner/vm/arch.c is "
			"from qemu's documentation\n", o->vm.arch->name);
	if (!o->vm.qemu)
		o->vm.qemu = find_qemu(pool, o->vm.arch);
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
	if (!o->vm.qemu || access(o->vm.qemu, X_OK) < 0) {
		fprintf(stderr,
			"nsconform: no %s: install qemu, or `make deps-kernels`, or --qemu FILE\n",
			o->vm.qemu ? o->vm.qemu : o->vm.arch->qemu);
		return false;
	}
	for (size_t i = 0; i < o->packages.n; i++)
		if (!check_path("--package", o->packages.v[i], false))
			return false;
	if (!check_path("--kernel", o->vm.kernel, false) ||
	    !check_path("--config", o->config, false) || !check_path("--init", o->init, false) ||
	    !check_path("--modules", o->modules, true))
		return false;
	if (o->vm.append && strstr(o->vm.append, "--")) {
		fputs("nsconform: --append takes kernel parameters, and nothing for init\n",
		      stderr);
		return false;
	}
	return true;
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
		return HAPPENED_HARNESS;
	for (char **word = vm_command(pool, &config->vm, path, "file,id=console,path=/dev/stderr",
				      false); *word; word++)
		printf("%s ", text_shell_word(pool, *word));
	putchar('\n');
	fprintf(stderr, "nsconform: the initial RAM file system is in %s\n", path);
	return HAPPENED_PASSED;
}

/* False with a message when it cannot be read. */
static bool name_image(struct pool *pool, struct results *r, const char *path)
{
	FILE *f = fopen(path, "re");
	unsigned char block[64 * 1024];
	struct sha256 h;
	bool good = f;

	sha256_begin(&h);
	for (size_t n; good && (n = fread(block, 1, sizeof(block), f));)
		sha256_add(&h, block, n);
	good = good && !ferror(f);
	if (!good)
		fprintf(stderr, "nsconform: cannot read %s: %s\n", path, strerror(errno));
	if (f)
		fclose(f);
	r->image = path;
	r->image_sha256 = sha256_end(pool, &h);
	return good;
}

/* The file that holds the kernel, as it was given. */
static const char *given(const struct vm_options *o)
{
	return o->packages.n ? o->package.file : o->vm.kernel;
}

static int carry_out(struct pool *pool, struct results *r, struct vm_options *o)
{
	struct shards_config config = { .vm = o->vm, .machines = r->options.jobs,
					.given = given(o),
					.boot_within_ns = o->boot_within_s * 1000000000ll,
					.accel_is_given = o->accel != ACCEL_ANY };
	const struct modules_from from = { o->modules, &o->package, o->vm.arch };
	struct modules modules = { 0 };
	int status = HAPPENED_HARNESS;

	const struct initrd_source source = {
		.arch = o->vm.arch, .program = o->init, .config = o->config,
		.selection = &r->selection, .modules = &modules,
	};

	config.vm.kvm = o->accel ? o->accel == ACCEL_KVM :
			o->native && kvm_works(config.vm.qemu);
	if ((o->modules || o->packages.n) && !modules_collect(pool, &from, &r->selection, &modules))
		return HAPPENED_USAGE;
	/* What machines start with is in memory now; nothing need stay on disk. */
	package_forget_modules(&o->package);
	if (!initrd_make(&config.initrd, &source) ||
	    ((r->options.output || r->copy) && !name_image(pool, r, config.given)))
		status = HAPPENED_USAGE;
	else
		status = o->print ? print(pool, r, o, &config) : shards_run(pool, r, &config);
	initrd_free(&config.initrd);
	return status;
}

/* The guest loads only the suites that selected cells come from. */
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

static void set_defaults(struct vm_options *o)
{
	struct machine machine;

	machine_read(&machine);
	if (!o->run.jobs)
		o->run.jobs = machine.cpus;
	if (o->run.jobs > MACHINES_MAX)
		o->run.jobs = MACHINES_MAX;
	if (!o->vm.memory_mib)
		o->vm.memory_mib = MEMORY_MIB;
	if (!o->boot_within_s)
		o->boot_within_s = BOOT_WITHIN_S;
	o->package.store = -1;
}

/* The kernel and what belongs to it: of packages, or where the kernel's file is. */
static bool find_kernel(struct pool *pool, struct vm_options *o)
{
	const struct kernel_arch *arch;

	if (o->packages.n) {
		if (!package_read(pool, &o->packages, &o->package))
			return false;
		o->vm.kernel = o->package.kernel;
		o->config = o->package.config;
	} else {
		if (!o->modules)
			o->modules = layout_modules(pool, o->vm.kernel);
		if (!o->config)
			o->config = layout_config(pool, o->vm.kernel);
	}
	arch = kernel_arch(o->vm.kernel);
	if (arch && arch->elf != o->vm.arch->elf) {
		fprintf(stderr, "nsconform: %s has a kernel for %s, which no machine of --arch %s "
			"can boot\n", given(o), arch->name, o->vm.arch->name);
		return false;
	}
	return true;
}

static int run(struct invocation *in)
{
	struct pool *pool = in->pool;
	struct results *r = pool_new(pool, struct results);
	struct vm_options *o = in->options;
	int status = 0;

	set_defaults(o);
	o->run.exit = report_profile(o->run.format, o->run.exit);
	/* What only is printed is chosen without the kernel. */
	o->run.survey = o->run.quick && !o->print;
	r->options = o->run;
	r->options.format_given = invocation_gave(in, "format");
	results_typed(r, pool, in->argc, in->argv,
		      invocation_again(pool, in));
	patience_set(r->options.time_factor);
	if (!choose_arch(pool, o) || !check(o) || !find_kernel(pool, o))
		status = HAPPENED_USAGE;
	if (!status) {
		status = load_run(r, pool, NULL, in->operands) ? 0 : HAPPENED_USAGE;
		drop_suites(r);
	}
	/* No machine is needed for nothing. */
	if (!status && !r->plan.n && !o->print)
		status = results_begin(r, pool, 1, "{}") ? results_end(r, 0) : HAPPENED_USAGE;
	else if (!status)
		status = carry_out(pool, r, o);
	status = baseline_end(r, pool, status);
	status = reports_write(r, pool, status);
	package_forget_modules(&o->package);
	results_free(r);
	return status;
}

static const struct option_row kernel_rows[] = {
	{ .name = "kernel", OPTION_TEXT(ARGUMENT_FILE, struct vm_options, vm.kernel), .again = true,
	  .not_with = "package", .help = "a bzImage, or what qemu's -kernel takes for the architecture" },
	{ .name = "modules", OPTION_TEXT(ARGUMENT_DIR, struct vm_options, modules), .again = true,
	  .help = "where its modules are; found by itself in a build tree, and for /boot/vmlinuz-*" },
	{ .name = "config", OPTION_TEXT(ARGUMENT_FILE, struct vm_options, config), .again = true,
	  .help = "its .config; found by itself there, too" },
	{ .name = "package", .argument = ARGUMENT_FILE, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct vm_options, packages, struct strs), .again = true,
	  .not_with = "modules config print",
	  .help = "in place of these three a kernel package of Debian, Ubuntu, Fedora, SUSE: .deb, "
		  ".rpm, or a tar archive; may be repeated, as modules often are in another one" },
	{ .name = "append", OPTION_TEXT(ARGUMENT_TEXT, struct vm_options, vm.append), .again = true,
	  .help = "more kernel parameters" },
	{ 0 }
};
static const struct option_group kernel_options = { "kernel", kernel_rows };

static const struct symbol accels[] = {
	{ "kvm", ACCEL_KVM, "this machine's own processor" },
	{ "tcg", ACCEL_TCG, "emulation" },
	{ 0 }
};

static const struct option_row machine_rows[] = {
	{ .name = "accel", OPTION_WORD(struct vm_options, accel, accels), .again = true,
	  .help = "KVM or emulation; by default the faster one" },
	{ .name = "memory", OPTION_NUMBER(struct vm_options, vm.memory_mib, 64, 65536),
	  .again = true,
	  .help = "MiB of each machine; 384 by default" },
	{ .name = "boot-within", OPTION_NUMBER(struct vm_options, boot_within_s, 1, 3600),
	  .again = true,
	  .help = "how many seconds the kernel may take to start; 60 by default" },
	{ .name = "qemu", OPTION_TEXT(ARGUMENT_PROGRAM, struct vm_options, vm.qemu), .again = true,
	  .variable = "NSCONFORM_QEMU",
	  .help = "by default qemu-system-ARCH in PATH, then what `make deps-kernels` fetched" },
	{ .name = "arch", OPTION_TEXT(ARGUMENT_ARCH, struct vm_options, arch), .again = true,
	  .help = "x86_64, aarch64, s390x or riscv64, or amd64 or arm64; by default this machine's. For "
		  "another, --init and --qemu are what `make check-cross` has built and fetched, "
		  "if they are not given" },
	{ .name = "init", OPTION_TEXT(ARGUMENT_FILE, struct vm_options, init), .again = true,
	  .help = "the guest's program, a static nsconform; by default this one" },
	{ .name = "print", OPTION_FLAG(struct vm_options, print),
	  .help = "boot nothing: print qemu's command, and write its initial RAM file system" },
	{ .name = "initrd", OPTION_TEXT(ARGUMENT_FILE, struct vm_options, initrd), .needs = "print",
	  .help = "with --print: where to; nsconform-initrd.cpio by default" },
	{ 0 }
};
static const struct option_group machine_options = { "machine", machine_rows };

static const struct option_use uses[] = {
	{ &kernel_options, 0 }, { &machine_options, 0 },
	{ &running_options, offsetof(struct vm_options, run) },
	{ &attempt_options, offsetof(struct vm_options, run) },
	{ &report_options, offsetof(struct vm_options, run) },
	{ &baseline_options, offsetof(struct vm_options, run) },
	{ &narrowing_options, offsetof(struct vm_options, run.narrowing) },
	{ &rerun_options, offsetof(struct vm_options, run) },
	{ &shard_options, offsetof(struct vm_options, run) },
	{ &cell_options, offsetof(struct vm_options, run) },
	{ &format_options, offsetof(struct vm_options, run.format) },
	{ &fail_on_options, offsetof(struct vm_options, run.fail_on) },
	{ &exit_options, offsetof(struct vm_options, run.exit) },
	{ &known_options, offsetof(struct vm_options, run.known) },
	{ &colour_options, offsetof(struct vm_options, run.colour) }, { 0 }
};

static const struct example examples[] = {
	{ "vm --kernel arch/x86/boot/bzImage uts", "a kernel of your own, from its build tree" },
	{ "vm --package linux-image-6.1.0-18-cloud-amd64.deb --quick",
	  "a distribution's" },
	{ "vm --package kernel-core.rpm --package kernel-modules-core.rpm",
	  "one whose modules are in another package" },
	{ 0 }
};

const struct command command_vm = {
	.name = "vm", .purpose = "Run scenarios on another kernel, in virtual machines",
	.operands = { ARGUMENT_SELECTION, 0, 0, SELECTION_HELP },
	.options = uses, .options_size = sizeof(struct vm_options), .one_of = "kernel package",
	.examples = examples, .run = run,
};
