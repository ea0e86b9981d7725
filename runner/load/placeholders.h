/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_PLACEHOLDERS_H
#define NSC_PLACEHOLDERS_H

#include "load/loader.h"

/* Report each ${NAME} in the text V that no command is given a value for. */
void placeholders_check(struct loader *l, const struct value *v);

#endif
