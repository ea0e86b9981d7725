/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A loop and its workers stay on one processor, and so does what they fork: each wake-up on another
 * one costs an interrupt there, and a cell is a dozen wake-ups.
 */
#ifndef NSC_PIN_H
#define NSC_PIN_H

#include "exec/loop.h"

/* Choose the loop's processor and stay there, where the run is pinned. */
void pin_begin(struct loop *loop);
/*
 * To be called around the wait for an event.  Where there are more processors than loops, the
 * kernel's scheduler may move the loop now and then, so that it does not stay where somebody else
 * has come to run.
 */
void pin_before_wait(struct loop *loop);
void pin_after_wait(struct loop *loop);
/* Run on all of the run's processors again. */
void pin_end(struct loop *loop);

#endif
