// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/kvm may be there, may be opened, may even make machines, and yet qemu may not be able
 * to use it: nested, filtered, or a register short. So qemu tries, with a firmware that
 * only writes to the exit port.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm/kvm.h"
#include "vm/lines.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

enum { ROM_BYTES = 65536, RESET_AT = 0xfff0, TRY_MS = 10000, ROM_FD = 3 };

/* mov $LINES_EXIT_PORT,%dx; mov $LINES_EXIT_VALUE,%al; out %al,(%dx); hlt */
static const unsigned char code[] = {
	0xba, LINES_EXIT_PORT & 0xff, LINES_EXIT_PORT >> 8, 0xb0, LINES_EXIT_VALUE, 0xee, 0xf4,
};

static _Noreturn void become_qemu(const char *qemu, int rom)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	if (dup2(fcntl(rom, F_DUPFD_CLOEXEC, 10), ROM_FD) == ROM_FD)
		execlp(qemu, qemu, "-accel", "kvm", "-cpu", "host", "-m", "16", "-nodefaults",
		       "-no-user-config",
		       "-no-reboot", "-display", "none", "-bios", "/proc/self/fd/3",
		       "-device", "isa-debug-exit,iobase=0x501,iosize=4", (char *)NULL);
	_exit(127);
}

bool kvm_works(const char *qemu)
{
	AUTO_FD rom = memfd_create("rom", MFD_CLOEXEC);
	int status = 0;

	if (access("/dev/kvm", R_OK | W_OK) < 0 || rom < 0 || ftruncate(rom, ROM_BYTES) < 0 ||
	    pwrite(rom, code, sizeof(code), RESET_AT) != sizeof(code))
		return false;
	pid_t pid = fork();

	if (pid == 0)
		become_qemu(qemu, rom);
	AUTO_FD pidfd = pid < 0 ? -1 : sys_pidfd_open(pid, 0);
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	if (pid < 0)
		return false;
	poll(&p, 1, (int)patience(TRY_MS));
	/* kill(2) does not change the status of a process that has exited already. */
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == LINES_EXIT_STATUS;
}
