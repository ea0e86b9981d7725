/* SPDX-License-Identifier: GPL-2.0-only */
/* A fuzz target is this function, for libFuzzer or the driver of fuzz.c. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "nsc/pool.h"

/* Whatever DATA is: it returns 0, or what was to hold does not and the process aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define MUST(what) do { \
	if (!(what)) { \
		fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what); \
		abort(); \
	} \
} while (0)

/* The path of a file with these bytes, for what reads files; the same one each time. */
const char *fuzz_file(const uint8_t *data, size_t len);

#endif
