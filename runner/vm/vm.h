/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One qemu process: its start, the lines of its guest (lines.h), its console, its end.
 * It dies with this process, and nothing of it is a file.
 */
#ifndef NSC_VM_H
#define NSC_VM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "nsc/pool.h"
#include "vm/arch.h"

struct vm_config {
	const struct vm_arch *arch;
	const char *qemu, *kernel;
	const char *append; /* more kernel parameters, or NULL */
	bool kvm;
	bool quiet; /* KVM is only tried: qemu's own messages are not shown */
	int memory_mib;
	int cpus; /* 0: one */
};

struct vm {
	pid_t pid;	/* 0: none */
	int lines;	/* to be polled: readable means vm_read() */
	int console;	/* a memory file */
	struct pool pool; /* of text */
	char *text;	/* input that is no whole line yet */
	size_t len, room;
	int64_t started_ns, alive_ns; /* sys_now_ns() terms */
	int64_t seen_ns, starved_ns; /* when vm_starved_ns() was read last, and what it said */
	uint32_t crc;		     /* of the lines so far */
	bool closed;		     /* no more lines will come, as it has exited or is about to */
};

/* qemu's arguments, NULL-terminated, with this file and this chardev; lines go to its stdout.
 * WIRED: with network adapters, which are on descriptors that vm_start() makes. */
char **vm_command(struct pool *pool, const struct vm_config *c, const char *initrd,
		  const char *console, bool wired);
/* INITRD is taken. False with a message when qemu cannot be started. */
bool vm_start(struct vm *vm, const struct vm_config *c, int initrd);
/*
 * Read what is there: each whole line goes to TAKE. False at the end, then vm_stop() is next.
 * CRC (before the line) is that of all lines before.
 */
bool vm_read(struct vm *vm, void (*take)(void *context, char *line), void *context);
/*
 * How long it has waited for a processor since vm_read() had something (or, before that, since its
 * start), less up to a second: time in which it could give no sign of life.
 */
int64_t vm_starved_ns(const struct vm *vm);
/* When its kernel has last printed something on the console, or its start: sys_now_ns() terms. */
int64_t vm_printed_ns(const struct vm *vm);
/* Kill it if it still runs; its wait status. The console stays until vm_forget(). */
int vm_stop(struct vm *vm);
/* The whole console as text. */
const char *vm_console(struct pool *pool, const struct vm *vm);
void vm_forget(struct vm *vm);

#endif
