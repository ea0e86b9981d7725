// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads clocks by system call and through the vDSO.  libc decides by itself which of the
 * two it uses (and a static libc may not know the vDSO at all), so the vDSO's function is
 * looked up here, in the symbol table of the image that the kernel mapped.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "nsc/clock.h"
#include "nsc/syscall.h"

#ifndef CLOCK_TAI
#define CLOCK_TAI 11
#endif

#define NSEC 1000000000LL

/* With 64 bits of seconds, as struct timespec has: TIME_CALL(). */
#ifdef SYS_clock_gettime64
#define VDSO_NAME(name) name "64"
#else
#define VDSO_NAME(name) name
#endif

const struct symbol clock_symbols[] = {
	{ "monotonic", CLOCK_MONOTONIC, NULL },
	{ "monotonic_coarse", CLOCK_MONOTONIC_COARSE, NULL },
	{ "monotonic_raw", CLOCK_MONOTONIC_RAW, NULL },
	{ "boottime", CLOCK_BOOTTIME, NULL },
	{ "boottime_alarm", CLOCK_BOOTTIME_ALARM, "needs a real-time clock device" },
	{ "realtime", CLOCK_REALTIME, NULL },
	{ "realtime_coarse", CLOCK_REALTIME_COARSE, NULL },
	{ "realtime_alarm", CLOCK_REALTIME_ALARM, "needs a real-time clock device" },
	{ "tai", CLOCK_TAI, NULL },
	{ "process_cputime", CLOCK_PROCESS_CPUTIME_ID, "CPU time of the actor's process" },
	{ "thread_cputime", CLOCK_THREAD_CPUTIME_ID, "CPU time of the actor's thread" },
	{ 0 }
};

struct vdso {
	uintptr_t load; /* what to add to the image's addresses */
	const ElfW(Sym) *symbols;
	const char *names;
	const Elf_Symndx *hash; /* words of 64 bits on s390x */
	const uint32_t *gnu_hash;
};

/* Pointers in the dynamic section are not relocated by the kernel. */
static void vdso_read_dynamic(struct vdso *vdso, const ElfW(Dyn) *dyn)
{
	for (; dyn->d_tag != DT_NULL; dyn++) {
		const void *at = (const void *)(vdso->load + dyn->d_un.d_ptr);

		switch (dyn->d_tag) {
		case DT_SYMTAB:
			vdso->symbols = at;
			break;
		case DT_STRTAB:
			vdso->names = at;
			break;
		case DT_HASH:
			vdso->hash = at;
			break;
		case DT_GNU_HASH:
			vdso->gnu_hash = at;
			break;
		}
	}
}

static int vdso_open(struct vdso *vdso)
{
	uintptr_t base = getauxval(AT_SYSINFO_EHDR);
	const ElfW(Ehdr) *head = (const void *)base;
	const ElfW(Phdr) *load = NULL, *dynamic = NULL;

	*vdso = (struct vdso){ 0 };
	if (!base)
		return -1;
	const ElfW(Phdr) *program = (const void *)(base + head->e_phoff);

	for (int i = 0; i < head->e_phnum; i++) {
		if (program[i].p_type == PT_LOAD && !load)
			load = &program[i];
		if (program[i].p_type == PT_DYNAMIC)
			dynamic = &program[i];
	}
	if (!load || !dynamic)
		return -1;
	vdso->load = base + load->p_offset - load->p_vaddr;
	vdso_read_dynamic(vdso, (const void *)(base + dynamic->p_offset));
	return vdso->symbols && vdso->names && (vdso->hash || vdso->gnu_hash) ? 0 : -1;
}

/* Number of symbols: told by DT_HASH, found as the end of the last chain by DT_GNU_HASH. */
static uint32_t vdso_count(const struct vdso *vdso)
{
	if (vdso->hash)
		return (uint32_t)vdso->hash[1];

	const uint32_t *head = vdso->gnu_hash; /* buckets, first symbol, Bloom words, shift */
	const uint32_t *buckets = head + 4 + head[2] * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
	const uint32_t *chains = buckets + head[0];
	uint32_t last = 0;

	for (uint32_t i = 0; i < head[0]; i++)
		if (buckets[i] > last)
			last = buckets[i];
	if (last < head[1])
		return head[1];
	while (!(chains[last - head[1]] & 1))
		last++;
	return last + 1;
}

clock_fn clock_vdso(void)
{
	/* x86, riscv and loongarch; arm64 and s390. */
	static const char *const names[] = { VDSO_NAME("__vdso_clock_gettime"),
					     VDSO_NAME("__kernel_clock_gettime") };
	struct vdso vdso;

	if (vdso_open(&vdso) < 0)
		return NULL;
	uint32_t count = vdso_count(&vdso);

	for (uint32_t i = 0; i < count; i++) {
		const char *name = vdso.names + vdso.symbols[i].st_name;

		if (vdso.symbols[i].st_shndx == SHN_UNDEF)
			continue;
		for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++)
			if (!strcmp(name, names[n]))
				return (clock_fn)(vdso.load + vdso.symbols[i].st_value);
	}
	return NULL;
}

int clock_syscall(clockid_t clock, struct timespec *ts)
{
	return (int)sys_call(TIME_CALL(clock_gettime), clock, ts);
}

int64_t clock_ns(const struct timespec *ts)
{
	return ts->tv_sec * NSEC + ts->tv_nsec;
}

struct timespec clock_timespec(int64_t ns)
{
	return (struct timespec){ .tv_sec = ns / NSEC, .tv_nsec = ns % NSEC };
}

int64_t clock_now(clockid_t clock)
{
	struct timespec ts = { 0 };

	clock_syscall(clock, &ts);
	return clock_ns(&ts);
}
