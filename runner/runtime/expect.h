/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is expected of a box that was asked for; NULL where nothing is.
 */
#ifndef NSC_EXPECT_H
#define NSC_EXPECT_H

#include "runtime/spec.h"

/* Of box.launch. */
const struct value *expect_launch(const struct box_spec *spec);
/* Of box.read, in the box, and of box.seen, from outside: ASKED are properties by name. */
const struct value *expect_read(const struct box_spec *spec);
const struct value *expect_seen(const struct box_spec *spec);

#endif
