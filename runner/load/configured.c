// SPDX-License-Identifier: GPL-2.0-only
#include "load/configured.h"

/* The Makefile defines both for this file. */
const char configured_version[] = VERSION;
const char configured_datadir[] = DATADIR;
