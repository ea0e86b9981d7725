/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways to wait for an instant, for time.wait_until.
 */
#ifndef NSC_OPS_TIME_WAIT_H
#define NSC_OPS_TIME_WAIT_H

#include <stdbool.h>
#include <time.h>

struct wait {
	clockid_t clock;
	bool relative;
	struct timespec at;
	struct itimerspec left; /* what the kernel says is left: while armed, or when interrupted */
};

/*
 * Each returns 0 when the instant came, EINTR when interrupted, or why it could not wait:
 * EOPNOTSUPP where the call takes no such time.  For a child that does nothing else and then ends.
 */
int wait_ppoll(struct wait *w);
int wait_pselect(struct wait *w);
int wait_epoll(struct wait *w);
int wait_sigtimedwait(struct wait *w);
int wait_aio(struct wait *w);
int wait_semtimedop(struct wait *w);
int wait_mq_receive(struct wait *w);
int wait_mq_send(struct wait *w);
int wait_uring(struct wait *w);

#endif
