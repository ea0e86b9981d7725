// SPDX-License-Identifier: GPL-2.0-only
/*
 * What execve(2) does to credentials.  The program is made here: a few instructions that
 * exit with a known status.  It need not report anything, for a zombie's status file still
 * shows the credentials that it had.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cred.h"
#include "../proc.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* since 6.3 */
#endif

enum { PROGRAM_STATUS = 42, BASE = 0x400000 };

/*
 * The programs, in the machine's own instructions: CALL makes a system call with what ARG has put
 * into its arguments, RESULT makes its result the first argument of the next one, AGAIN goes back
 * to the label 1.
 */
#if defined(__x86_64__)
#define MACHINE EM_X86_64
#define ARG(n, value) "mov $" #value ", %" ARG_##n "\n"
#define ARG_0 "edi"
#define ARG_1 "esi"
#define ARG_2 "edx"
#define ARG_3 "r10d"
#define CALL(nr) "mov $" nr ", %eax\nsyscall\n"
#define RESULT "mov %eax, %edi\n"
#define AGAIN "jmp 1b\n"
#elif defined(__i386__)
#define MACHINE EM_386
#define ARG(n, value) "mov $" #value ", %" ARG_##n "\n"
#define ARG_0 "ebx"
#define ARG_1 "ecx"
#define ARG_2 "edx"
#define ARG_3 "esi"
#define CALL(nr) "mov $" nr ", %eax\nint $0x80\n"
#define RESULT "mov %eax, %ebx\n"
#define AGAIN "jmp 1b\n"
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#define ARG(n, value) "mov x" #n ", #" #value "\n"
#define CALL(nr) "mov x8, #" nr "\nsvc #0\n"
#define RESULT ""
#define AGAIN "b 1b\n"
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE EM_RISCV
#define ARG(n, value) "li a" #n ", " #value "\n"
#define CALL(nr) "li a7, " nr "\necall\n"
#define RESULT ""
#define AGAIN "j 1b\n"
#elif defined(__s390x__)
#define MACHINE EM_S390
#define ARG(n, value) "lghi %r" ARG_##n ", " #value "\n"
#define ARG_0 "2"
#define ARG_1 "3"
#define ARG_2 "4"
#define ARG_3 "5"
#define CALL(nr) "lghi %r1, " nr "\nsvc 0\n"
#define RESULT ""
#define AGAIN "j 1b\n"
#else
#define MACHINE EM_NONE
#define ARG(n, value) ""
#define CALL(nr) ""
#define RESULT ""
#define AGAIN ""
#endif

#define NUMBER(name) NUMBER_TEXT(name)
#define NUMBER_TEXT(value) #value
#define CODE(name, text) \
	__asm__(".pushsection .rodata\n.balign 8\ncode_" #name ":\n" text \
		"code_" #name "_end:\n.popsection"); \
	extern const unsigned char code_##name[] __attribute__((visibility("hidden"))); \
	extern const unsigned char code_##name##_end[] __attribute__((visibility("hidden")))

CODE(exit, ARG(0, 42) CALL(NUMBER(__NR_exit)));
/* Not every machine has a pause(). */
CODE(wait, "1:\n" ARG(0, 0) ARG(1, 0) ARG(2, 0) ARG(3, 0) CALL(NUMBER(__NR_ppoll)) AGAIN);
/* Joins the namespace of the descriptor that it was given, and stops. */
CODE(join, ARG(0, 200) ARG(1, 0) CALL(NUMBER(__NR_setns))
	   ARG(0, 0) ARG(1, 19) CALL(NUMBER(__NR_kill))
	   "1:\n" AGAIN);
enum { GIVEN = 200 };
_Static_assert(SIGSTOP == 19, "the number that the program has for it");
CODE(securebits, ARG(0, 27) CALL(NUMBER(__NR_prctl)) RESULT CALL(NUMBER(__NR_exit)));

enum { DOES_EXIT, DOES_WAIT, DOES_SECUREBITS, DOES_JOIN };

static const struct {
	const unsigned char *v, *end;
} codes[] = {
	[DOES_EXIT] = { code_exit, code_exit_end },
	[DOES_WAIT] = { code_wait, code_wait_end },
	[DOES_SECUREBITS] = { code_securebits, code_securebits_end },
	[DOES_JOIN] = { code_join, code_join_end },
};

static const struct symbol does_symbols[] = {
	{ "exit", DOES_EXIT, "exits at once" },
	{ "wait", DOES_WAIT, "waits for ever, for exec.start" },
	{ 0 }
};

#if __SIZEOF_POINTER__ == 8
#define CLASS ELFCLASS64
#else
#define CLASS ELFCLASS32
#endif
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define DATA ELFDATA2MSB
#else
#define DATA ELFDATA2LSB
#endif

struct program {
	ElfW(Ehdr) file;
	ElfW(Phdr) segment;
	_Alignas(8) unsigned char code[48];
};

static struct program program_make(int64_t does)
{
	struct program p = {
		.file = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, CLASS, DATA,
				     EV_CURRENT },
			.e_type = ET_EXEC,
			.e_machine = MACHINE,
			.e_version = EV_CURRENT,
			.e_entry = BASE + offsetof(struct program, code),
			.e_phoff = offsetof(struct program, segment),
			.e_ehsize = sizeof(ElfW(Ehdr)),
			.e_phentsize = sizeof(ElfW(Phdr)),
			.e_phnum = 1,
		},
		.segment = {
			.p_type = PT_LOAD,
			.p_flags = PF_R | PF_X,
			.p_vaddr = BASE,
			.p_filesz = sizeof(p),
			.p_memsz = sizeof(p),
			.p_align = 0x10000,
		},
	};

	memcpy(p.code, codes[does].v, (size_t)(codes[does].end - codes[does].v));
	return p;
}

/* Write the program into FD; 0, or broken. */
static int program_write(struct op_ctx *ctx, int fd, int64_t does)
{
	struct program p = program_make(does);

	if (MACHINE == EM_NONE)
		return op_broken(ctx, "no program is known for this architecture");
	return write(fd, &p, sizeof(p)) == sizeof(p) ? 0 : op_broken(ctx, "write the program: %m");
}

#define INSTALL_IN(F, S) \
	F(S, STR, path, REQUIRED, "file to be made; it must not exist") \
	F(S, ENUM, does, OPTIONAL, does_symbols, "what it does")
FIELDS(install_in, INSTALL_IN);

static int exec_install_run(struct op_ctx *ctx, const struct install_in *in, struct none *out)
{
	AUTO_FD fd = open(in->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	if (fd < 0)
		return -errno;
	/* The mode whatever the umask is. */
	if (fchmod(fd, 0755) < 0)
		return op_broken(ctx, "chmod %s: %m", in->path);
	return program_write(ctx, fd, in->does);
}

static int exec_install_check(struct op_ctx *ctx, const struct install_in *in,
			   const struct none *out)
{
	struct stat st;

	return stat(in->path, &st) < 0 || st.st_size != sizeof(struct program) ?
		       op_undone(ctx, "there is no such program at %s", in->path) : 0;
}
OP_CHECK(exec_install, install_in, none)
OP(exec_install, "exec.install", install_in, none,
	.doc = "Make a program that does nothing, with mode 0755.",
	.source = "execve(2)",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.check = exec_install_checked);

#define RUN_IN(F, S) \
	F(S, STR, path, OPTIONAL, "program; default one of the caller's own, in memory") \
	F(S, FD, fd, OPTIONAL, "descriptor of the program instead") \
	F(S, BOOL, traced, "the caller traces the process (PTRACE_TRACEME)")
FIELDS(run_in, RUN_IN);

/* A read-only descriptor of the program in memory, or broken. */
static int program_in_memory(struct op_ctx *ctx, int64_t does)
{
	AUTO_FD fd = memfd_create("program", MFD_CLOEXEC | MFD_EXEC);

	if (fd < 0)
		fd = memfd_create("program", MFD_CLOEXEC);
	if (fd < 0)
		return op_broken(ctx, "memfd_create: %m");
	int rc = program_write(ctx, fd, does);

	if (rc)
		return rc;
	/* Executing a file that is open for writing is ETXTBSY. */
	int readable = open(pool_printf(ctx->pool, "/proc/self/fd/%d", fd), O_RDONLY | O_CLOEXEC);

	return readable < 0 ? op_broken(ctx, "reopen the program: %m") : readable;
}

/*
 * Execute the program of a descriptor. TOMOYO, where it is among the security modules, looks for
 * /dev/fd/N then, which a cell's root directory has not: ENOENT before 5.10.227 and 6.12, which has
 * nothing to do with the program.
 */
static void execute_descriptor(int program, char *const *argv, char *const *envp)
{
	char path[32];

	sys_call(SYS_execveat, program, "", argv, envp, AT_EMPTY_PATH);
	if (errno != ENOENT)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", program);
	execve(path, argv, envp);
}

/* A descriptor that the program gets as GIVEN, if it survives execve(2). */
struct gift {
	int fd;
	bool cloexec;
};

static void run_child(const struct run_in *in, const struct gift *gift, int program, int report)
	__attribute__((noreturn));
static void run_child(const struct run_in *in, const struct gift *gift, int program, int report)
{
	char *const argv[] = { "program", NULL }, *const envp[] = { NULL };

	/* The group is its own, so that it stops nobody else. */
	if (gift && (setpgid(0, 0) < 0 ||
		     dup3(gift->fd, GIVEN, gift->cloexec ? O_CLOEXEC : 0) < 0))
		_exit(1);
	if (in->traced)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	if (program >= 0)
		execute_descriptor(program, argv, envp);
	else
		execve(in->path, argv, envp);
	int error = errno;

	if (write(report, &error, sizeof(error)) < 0)
		_exit(2);
	_exit(1);
}

/* Let a traced child go on from its stop at execve; the others do not stop. */
static void pass_stops(pid_t pid)
{
	siginfo_t info = { 0 };

	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WNOWAIT) == 0 &&
	       info.si_code == CLD_TRAPPED) {
		waitid(P_PID, (id_t)pid, &info, WSTOPPED);
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
}

/* The child is dead or will be at once: take what it had. */
static int collect(struct op_ctx *ctx, pid_t pid, struct status *st)
{
	siginfo_t info = { 0 };

	pass_stops(pid);
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
		return op_broken(ctx, "wait for the program: %m");
	if (info.si_code != CLD_EXITED || info.si_status != PROGRAM_STATUS)
		return op_broken(ctx, "the program ended with %d instead of its own status",
				 info.si_status);
	AUTO_FD dir = number_dir(ctx, pid);

	return status_read(ctx, dir, st);
}

/* Start the program; its pid, -errno of execve, or broken. */
static pid_t start(struct op_ctx *ctx, const struct run_in *in, int64_t does,
		   const struct gift *gift)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	int report[2], error = 0;
	AUTO_FD own = in->fd < 0 && !in->path ? program_in_memory(ctx, does) : -1;

	if (own == OP_BROKEN)
		return OP_BROKEN;
	if (pipe2(report, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe: %m");
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		run_child(in, gift, in->fd >= 0 ? in->fd : own, report[1]);
	close(report[1]);
	AUTO_FD answer = report[0];

	if (pid < 0)
		return op_broken(ctx, "clone3: %s", strerror(-pid));
	/* End of file: a successful execve closed the other end. */
	if (read(answer, &error, sizeof(error)) != sizeof(error))
		return pid;
	waitpid(pid, NULL, 0);
	return -error;
}

static int exec_run_run(struct op_ctx *ctx, const struct run_in *in, struct status *out)
{
	pid_t pid = start(ctx, in, DOES_EXIT, NULL);

	if (pid < 0)
		return pid;
	int rc = collect(ctx, pid, out);

	waitpid(pid, NULL, 0);
	return rc;
}
OP(exec_run, "exec.run", run_in, status,
	.doc = "Execute a program in a child process and see which credentials it gets.",
	.source = "execve(2), capabilities(7)", .asks = "start.no-new-privs",
	.flags = OP_PROC | OP_PROCESSORS);

#define START_IN(F, S) \
	F(S, STR, path, OPTIONAL, "program that waits; default one in memory")
FIELDS(start_in, START_IN);

#define START_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "number of the process, which lives as long as the arena")
FIELDS(start_out, START_OUT);

static int exec_start_run(struct op_ctx *ctx, const struct start_in *in, struct start_out *out)
{
	pid_t pid = start(ctx, &(struct run_in){ .path = in->path, .fd = -1 }, DOES_WAIT, NULL);

	if (pid < 0)
		return pid;
	out->pid = pid;
	return 0;
}
OP(exec_start, "exec.start", start_in, start_out,
	.doc = "Execute a program in a child process and leave that running.",
	.source = "execve(2)", .asks = "start.no-new-privs",
	.touches = NSM_PID, .flags = OP_PROC | OP_PROCESSORS);

#define SECUREBITS_OUT(F, S) \
	F(S, FLAGS, bits, REQUIRED, securebit_symbols, "its securebits, all of them")
FIELDS(securebits_out, SECUREBITS_OUT);

static int exec_securebits_run(struct op_ctx *ctx, const struct none *in,
			       struct securebits_out *out)
{
	siginfo_t info = { 0 };
	pid_t pid = start(ctx, &(struct run_in){ .fd = -1 }, DOES_SECUREBITS, NULL);

	if (pid < 0)
		return pid;
	if (waitid(P_PID, (id_t)pid, &info, WEXITED) < 0 || info.si_code != CLD_EXITED)
		return op_broken(ctx, "the program did not exit");
	out->bits = (uint64_t)info.si_status;
	return 0;
}
OP(exec_securebits, "exec.securebits", none, securebits_out,
	.doc = "Execute a program in a child process and read the securebits that it has.",
	.source = "execve(2), capabilities(7)");

#define JOIN_IN(F, S) \
	F(S, FD, fd, REQUIRED, "namespace descriptor") \
	F(S, ENUM, type, REQUIRED, ns_type_symbols, "type of the namespace") \
	F(S, BOOL, cloexec, "it is closed on execve(2)")
FIELDS(join_in, JOIN_IN);

#define JOIN_OUT(F, S) \
	F(S, STR, id, REQUIRED, "the program's namespace of that type afterwards, as `ns.id` tells it")
FIELDS(join_out, JOIN_OUT);

/* The namespace of the program, which stops when it has done what it can. */
static int joined(struct op_ctx *ctx, pid_t pid, int64_t type, struct join_out *out)
{
	siginfo_t info = { 0 };
	struct stat st;

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WNOWAIT) < 0 ||
	    info.si_code != CLD_STOPPED)
		return op_broken(ctx, "the program did not stop");
	AUTO_FD dir = number_dir(ctx, pid);

	if (dir < 0)
		return OP_BROKEN;
	if (fstatat(dir, pool_printf(ctx->pool, "ns/%s", ns_kinds[type].name), &st, 0) < 0)
		return op_broken(ctx, "look up the program's namespace: %m");
	out->id = pool_printf(ctx->pool, "%u:%u:%llu", major(st.st_dev), minor(st.st_dev),
			      (unsigned long long)st.st_ino);
	return 0;
}

static int exec_join_run(struct op_ctx *ctx, const struct join_in *in, struct join_out *out)
{
	const struct gift gift = { in->fd, in->cloexec };
	pid_t pid = start(ctx, &(struct run_in){ .fd = -1 }, DOES_JOIN, &gift);

	if (pid < 0)
		return pid;
	int rc = joined(ctx, pid, in->type, out);

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return rc;
}
OP(exec_join, "exec.join", join_in, join_out,
	.doc = "Execute a program that joins a namespace by a descriptor which it inherits.",
	.source = "execve(2), setns(2)",
	.flags = OP_PROC);
