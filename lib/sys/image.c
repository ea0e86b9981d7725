// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program's own image in memory.
 *
 * A process that is forked has to fault in each page of text that it runs, since fork(2) copies no
 * page tables of files, and an actor runs little but touches fifteen such pages.  Anonymous memory
 * keeps its page table entries over fork(2), of which a huge page is one.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "nsc/image.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#if __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
#endif
#ifndef __has_builtin
#define __has_builtin(name) 0
#endif

static const char HUGE_SIZE_PATH[] = "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size";

/* The bytes of a huge page, or 0 where there is none. */
static size_t huge_size(void)
{
	AUTO_POOL pool = { 0 };
	char *text;

	if (sys_read_file(&pool, HUGE_SIZE_PATH, 32, &text, NULL) < 0)
		return 0;
	return strtoul(text, NULL, 10);
}

/*
 * The program's headers, whose addresses are those in memory; none of a program that is not static,
 * or is loaded at any address, whose libraries would still be files.
 */
static const ElfW(Phdr) *program_headers(size_t *n)
{
	const ElfW(Phdr) *headers = (const void *)getauxval(AT_PHDR);

	*n = headers ? getauxval(AT_PHNUM) : 0;
	for (size_t i = 0; i < *n; i++)
		if (headers[i].p_type == PT_INTERP || headers[i].p_type == PT_DYNAMIC)
			*n = 0;
	return headers;
}

struct range {
	uintptr_t from, to;
};

/*
 * What lies between the beginning of the program and its first segment that can be written, without
 * gaps, and in *FREE where that segment begins: up to there nothing is mapped.
 */
static struct range read_only(uintptr_t *free)
{
	size_t n, page = (size_t)getpagesize();
	const ElfW(Phdr) *headers = program_headers(&n);
	struct range r = { 0 };

	*free = 0;
	for (size_t i = 0; i < n; i++) {
		const ElfW(Phdr) *h = &headers[i];

		if (h->p_type != PT_LOAD)
			continue;
		if ((h->p_flags & PF_W) || (r.to && h->p_vaddr > r.to)) {
			*free = h->p_vaddr & ~(page - 1);
			break;
		}
		if (!r.to)
			r.from = h->p_vaddr & ~(page - 1);
		r.to = (h->p_vaddr + h->p_memsz + page - 1) & ~(page - 1);
	}
	return r;
}

/* Whether what was just mapped there is given out in huge pages: one fault and not two. */
static bool is_huge(volatile char *at)
{
	struct rusage before, after;

	at[0] = 0;
	getrusage(RUSAGE_SELF, &before);
	at[getpagesize()] = 0;
	getrusage(RUSAGE_SELF, &after);
	return before.ru_minflt == after.ru_minflt;
}

/*
 * Put a copy of what R has up to END in its place, and nothing in the rest of R, in huge pages of
 * HUGE bytes, whose multiples its ends are then, or in others where that is 0.
 */
static bool replace(struct range r, uintptr_t end, size_t huge)
{
	size_t size = r.to - r.from, align = huge ? huge : 1, room = size + align;
	char *mapped = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	char *copy = (char *)(((uintptr_t)mapped + align - 1) & ~(align - 1));

	if (mapped == MAP_FAILED)
		return false;
	bool good = !huge || (madvise(copy, size, MADV_HUGEPAGE) == 0 && is_huge(copy));

	if (good) {
		memcpy(copy, (const void *)r.from, (end < r.to ? end : r.to) - r.from);
		good = mprotect(copy, size, PROT_READ | PROT_EXEC) == 0 &&
		       mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED,
			      (void *)r.from) != MAP_FAILED;
	}
	/* What was moved away is no mapping any more; unmapping it, too, is no error. */
	munmap(mapped, room);
	return good;
}

/*
 * Of the segment that can be written fork(2) copies page table entries, but only those that there
 * are: what is in the file, as tables of the C library's that have addresses in them.
 */
static void touch_data(void)
{
	size_t n;
	const ElfW(Phdr) *headers = program_headers(&n);

	for (size_t i = 0; i < n; i++)
		for (size_t at = 0; headers[i].p_type == PT_LOAD && (headers[i].p_flags & PF_W) &&
		     at < headers[i].p_filesz; at += (size_t)getpagesize())
			(void)*(volatile const char *)(headers[i].p_vaddr + at);
}

/*
 * All of it fills huge pages where nothing else begins in the last of them, which the Makefile sees
 * to.  Otherwise what does not fill one follows in others, each of which fork(2) has to copy an
 * entry for.
 */
static void onto_huge_pages(void)
{
	size_t huge = huge_size();
	uintptr_t free;
	struct range r = read_only(&free), whole = { (r.from + huge - 1) & -huge, r.to & -huge };

	if (((r.to + huge - 1) & -huge) <= free)
		whole.to = (r.to + huge - 1) & -huge;
	if (huge && whole.from < whole.to && replace(whole, r.to, huge) && whole.to < r.to)
		replace((struct range){ whole.to, r.to }, r.to, 0);
}

/*
 * The kernel writes to the area that a thread has registered for rseq(2), as libc's main thread
 * has, when the thread goes on: in a new process, and in its parent afterwards, that is a page to
 * copy.  Where the area has another size the call is refused, and that goes on.
 */
static void leave_rseq(void)
{
#if defined(RSEQ_SIG) && __has_builtin(__builtin_thread_pointer)
	if (__rseq_size)
		sys_call(SYS_rseq, (char *)__builtin_thread_pointer() + __rseq_offset,
			 sizeof(struct rseq), RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
#endif
}

void image_ready_to_fork(void)
{
	onto_huge_pages();
	touch_data();
	leave_rseq();
}

size_t image_file_bytes(void)
{
	const ElfW(Phdr) *headers = (const void *)getauxval(AT_PHDR);
	size_t n = headers ? getauxval(AT_PHNUM) : 0, end = 0;

	for (size_t i = 0; i < n; i++)
		if (headers[i].p_type == PT_LOAD && headers[i].p_offset + headers[i].p_filesz > end)
			end = headers[i].p_offset + headers[i].p_filesz;
	return end;
}

/* The bytes that the file begins with and that are in memory as they are there, at *AT. */
static size_t begins_with(const void **at)
{
	size_t n;
	const ElfW(Phdr) *headers = program_headers(&n);

	for (size_t i = 0; i < n; i++) {
		const ElfW(Phdr) *h = &headers[i];

		*at = (const void *)h->p_vaddr;
		if (h->p_type == PT_LOAD && !(h->p_flags & PF_W) && !h->p_offset)
			return h->p_filesz;
	}
	return 0;
}

int image_copy(int to)
{
	AUTO_FD from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const char *memory;
	size_t size = image_file_bytes(), known = begins_with((const void **)&memory);

	if (from < 0)
		return -1;
	for (off_t at = 0; (size_t)at < size;) {
		ssize_t put = (size_t)at < known ?
			write(to, memory + at, known - (size_t)at) :
			sendfile(to, from, &(off_t){ at }, size - (size_t)at);

		if (put <= 0)
			return -1;
		at += put;
	}
	return 0;
}
