// SPDX-License-Identifier: GPL-2.0-only
/*
 * qemu as a child.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <zlib.h>

#include "nsc/patience.h"
#include "nsc/sys.h"
#include "vm/lines.h"
#include "vm/tsc.h"
#include "vm/vm.h"

enum { CONSOLE_BYTES_MAX = 64 * 1024 * 1024, ARGUMENTS_MAX = 64, READ_BYTES = 64 * 1024 };
#define SEEN_EVERY_NS 1000000000ll
#define EXIT_WITHIN_NS 5000000000ll

/* Numbers of the descriptors that qemu inherits; they are part of its command line. */
enum { INITRD_FD = 3, CONSOLE_FD = 4, WIRE_FD = 5 };

/*
 * A panic, an oops and a lockup end the machine at once, so that the host need not wait. What the
 * watchdog takes for a lockup is as long as it can be: the host may have no time for the machine,
 * whose clock goes on. Marks (/dev/kmsg) must not be rate limited. What follows -- is for init.
 */
static const char parameters[] =
	"panic=-1 oops=panic softlockup_panic=1 watchdog_thresh=60 hung_task_panic=1 printk.devkmsg=on "
	"mitigations=off random.trust_cpu=on no_timer_check cryptomgr.notests";

struct command {
	struct pool *pool;
	char **argv;
	size_t n;
};

static void add(struct command *c, const char *option, const char *value)
{
	c->argv[c->n++] = pool_strdup(c->pool, option);
	if (value)
		c->argv[c->n++] = pool_strdup(c->pool, value);
}

/*
 * Which of a PC's two channels is used is the guest's choice (lines.c); both end in stdout. As
 * files: with stdio a port is closed when qemu's stdin ends.
 */
static void add_channels(struct command *c, bool pc)
{
	if (pc) {
		add(c, "-chardev", "file,id=uart,path=/dev/stdout");
		add(c, "-serial", "chardev:uart");
		add(c, "-device", "isa-debug-exit,iobase=0x501,iosize=4");
	}
	add(c, "-chardev", "file,id=port,path=/dev/stdout");
	add(c, "-device", "virtio-serial,ioeventfd=off");
	add(c, "-device", "virtserialport,chardev=port,name=" LINES_NAME);
}

/*
 * Two adapters that are wired to each other, for cells about devices with hardware behind them. A
 * kernel of which no driver is loaded does not know them.
 */
static void add_adapters(struct command *c)
{
	for (int i = 0; i < 2; i++) {
		add(c, "-netdev", pool_printf(c->pool, "socket,id=wire%d,fd=%d", i, WIRE_FD + i));
		add(c, "-device", pool_printf(c->pool, "virtio-net,netdev=wire%d,romfile=", i));
	}
}

/* With a blank before it, or "". */
static const char *clock_parameter(struct pool *pool, const struct vm_config *vm)
{
	return vm->arch->pc && tsc_khz() ? pool_printf(pool, " tsc_early_khz=%d", tsc_khz()) : "";
}

char **vm_command(struct pool *pool, const struct vm_config *vm, const char *initrd,
		  const char *console, bool wired)
{
	struct command c = { .pool = pool, .argv = pool_array(pool, char *, ARGUMENTS_MAX) };

	add(&c, vm->qemu, NULL);
	if (vm->arch->machine)
		add(&c, "-machine", vm->arch->machine);
	add(&c, "-accel", vm->kvm ? "kvm" : "tcg");
	add(&c, "-cpu", vm->kvm ? "host" : vm->arch->cpu);
	add(&c, "-m", pool_printf(pool, "%d", vm->memory_mib));
	if (vm->cpus > 1)
		add(&c, "-smp", pool_printf(pool, "%d", vm->cpus));
	add(&c, "-nodefaults", NULL);
	add(&c, "-no-user-config", NULL);
	add(&c, "-no-reboot", NULL);
	add(&c, "-display", "none");
	add(&c, "-kernel", vm->kernel);
	add(&c, "-initrd", initrd);
	add(&c, "-append", pool_printf(pool, "console=%s %s%s%s%s -- guest", vm->arch->console,
				       parameters, clock_parameter(pool, vm),
				       vm->append ? " " : "", vm->append ? vm->append : ""));
	add(&c, "-chardev", console);
	add(&c, "-serial", "chardev:console");
	add_channels(&c, vm->arch->pc);
	if (vm->arch->pc && wired)
		add_adapters(&c);
	return c.argv;
}

/* The two ends at their numbers, at which this process needs nothing any more. */
static bool make_wire(void)
{
	int ends[2], lifted[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	for (int i = 0; i < 2; i++)
		lifted[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, 10);
	return dup2(lifted[0], WIRE_FD) >= 0 && dup2(lifted[1], WIRE_FD + 1) >= 0;
}

static _Noreturn void become_qemu(const struct vm_config *c, pid_t parent, int initrd, int console,
				  int out)
{
	AUTO_POOL pool = { 0 };
	char initrd_path[32], console_path[64];

	snprintf(initrd_path, sizeof(initrd_path), "/proc/self/fd/%d", INITRD_FD);
	snprintf(console_path, sizeof(console_path), "file,id=console,path=/proc/self/fd/%d",
		 CONSOLE_FD);
	char **argv = vm_command(&pool, c, initrd_path, console_path, true);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	/* Lift descriptors above the numbers that dup2(2) fills below. */
	int i = fcntl(initrd, F_DUPFD_CLOEXEC, 10), t = fcntl(console, F_DUPFD_CLOEXEC, 10);

	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* A session of its own, so that signals of the terminal reach only this process, which
	 * handles them. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (c->quiet)
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
	if (getppid() != parent || dup2(null, 0) < 0 || dup2(out, 1) < 0 ||
	    dup2(i, INITRD_FD) < 0 || dup2(t, CONSOLE_FD) < 0 || !make_wire())
		_exit(126);
	execvp(argv[0], argv);
	dprintf(2, "nsconform: cannot run %s: %s (see docs/vm.md)\n", argv[0], strerror(errno));
	_exit(127);
}

bool vm_start(struct vm *vm, const struct vm_config *c, int initrd)
{
	int out[2];
	pid_t parent = getpid();
	AUTO_FD archive = initrd;

	*vm = (struct vm){ .lines = -1, .console = memfd_create("console", MFD_CLOEXEC) };
	if (archive < 0 || vm->console < 0 || pipe2(out, O_CLOEXEC) < 0) {
		perror("nsconform: cannot prepare a virtual machine");
		return false;
	}
	vm->lines = out[0];
	vm->started_ns = vm->alive_ns = sys_now_ns();
	vm->pid = fork();
	if (vm->pid == 0)
		become_qemu(c, parent, archive, vm->console, out[1]);
	close(out[1]);
	if (vm->pid < 0)
		perror("nsconform: fork");
	return vm->pid > 0;
}

/* Drop signs of life (NUL bytes), which are no part of a line. */
static size_t without_nuls(char *text, size_t len)
{
	size_t kept = 0;

	for (size_t i = 0; i < len; i++)
		if (text[i])
			text[kept++] = text[i];
	return kept;
}

/* The run delay of the thread that has waited longest (schedstat); 0 where the kernel does not
 * count it. */
static int64_t run_delay(pid_t pid)
{
	AUTO_POOL pool = { 0 };
	const char *tasks = pool_printf(&pool, "/proc/%d/task", pid);
	DIR *dir = opendir(tasks);
	int64_t longest = 0;

	for (struct dirent *e; dir && (e = readdir(dir));) {
		const char *path = pool_printf(&pool, "%s/%s/schedstat", tasks, e->d_name);
		long long delay;
		char *text;

		if (sys_read_file(&pool, path, 128, &text, NULL) >= 0 &&
		    sscanf(text, "%*d %lld", &delay) == 1 && delay > longest)
			longest = delay;
	}
	if (dir)
		closedir(dir);
	return longest;
}

int64_t vm_starved_ns(const struct vm *vm)
{
	return run_delay(vm->pid) - vm->starved_ns;
}

int64_t vm_printed_ns(const struct vm *vm)
{
	struct timespec now;
	struct stat st;

	if (fstat(vm->console, &st) < 0 || !st.st_size || clock_gettime(CLOCK_REALTIME, &now) < 0)
		return vm->started_ns;
	int64_t ago = (now.tv_sec - st.st_mtim.tv_sec) * 1000000000ll + now.tv_nsec -
		st.st_mtim.tv_nsec;
	int64_t at = sys_now_ns() - (ago > 0 ? ago : 0);

	return at > vm->started_ns ? at : vm->started_ns;
}

static void alive(struct vm *vm)
{
	vm->alive_ns = sys_now_ns();
	if (vm->alive_ns - vm->seen_ns < SEEN_EVERY_NS)
		return;
	vm->seen_ns = vm->alive_ns;
	vm->starved_ns = run_delay(vm->pid);
}

bool vm_read(struct vm *vm, void (*take)(void *context, char *line), void *context)
{
	if (vm->room - vm->len < READ_BYTES) {
		struct pool pool = { 0 };
		char *text = pool_alloc(&pool, vm->room * 2 + READ_BYTES * 2);

		memcpy(text, vm->text ? vm->text : "", vm->len);
		pool_free(&vm->pool);
		vm->pool = pool;
		vm->text = text;
		vm->room = vm->room * 2 + READ_BYTES * 2;
	}
	ssize_t n = read(vm->lines, vm->text + vm->len, READ_BYTES);

	if (n < 0 && errno == EINTR)
		return true;
	vm->closed = n <= 0;
	if (vm->closed)
		return false;
	alive(vm);
	vm->len += without_nuls(vm->text + vm->len, (size_t)n);
	char *line = vm->text, *end;

	while ((end = memchr(line, '\n', vm->len - (size_t)(line - vm->text)))) {
		size_t whole = (size_t)(end - line) + 1;
		uint32_t crc = (uint32_t)crc32(vm->crc, (const unsigned char *)line,
					       (unsigned)whole);

		*end = 0;
		take(context, line);
		vm->crc = crc;
		line = end + 1;
	}
	vm->len -= (size_t)(line - vm->text);
	memmove(vm->text, line, vm->len);
	return true;
}

/* Qemu may close its channels before it exits, and its own wait status says why it ended. */
static void await_exit(const struct vm *vm)
{
	AUTO_FD pidfd = sys_pidfd_open(vm->pid, 0);
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	if (pidfd >= 0)
		poll(&p, 1, (int)(patience(EXIT_WITHIN_NS) / 1000000));
}

int vm_stop(struct vm *vm)
{
	int status = 0;

	if (vm->pid > 0) {
		if (vm->closed)
			await_exit(vm);
		/* kill(2) does not change the status of a qemu that has exited by itself. */
		kill(vm->pid, SIGKILL);
		while (waitpid(vm->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	vm->pid = 0;
	fd_close(&vm->lines);
	pool_free(&vm->pool);
	vm->text = NULL;
	vm->len = vm->room = 0;
	return status;
}

const char *vm_console(struct pool *pool, const struct vm *vm)
{
	char *text;
	size_t len;

	if (lseek(vm->console, 0, SEEK_SET) < 0 ||
	    sys_read_fd(pool, vm->console, CONSOLE_BYTES_MAX, &text, &len) < 0)
		return "";
	text[without_nuls(text, len)] = 0;
	return text;
}

void vm_forget(struct vm *vm)
{
	fd_close(&vm->console);
}
