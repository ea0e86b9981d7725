// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that wait for something else, and end at an instant when it does not come.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <unistd.h>

#include "../ring.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "wait.h"

/* What a call returned that says 0, or LATE, when nothing came. */
static int verdict(long rc, int late)
{
	if (rc > 0 || (rc == 0 && late))
		return EPROTO;
	return rc == 0 || errno == late ? 0 : errno;
}

int wait_ppoll(struct wait *w)
{
	if (!w->relative)
		return EOPNOTSUPP;
	return verdict(ppoll(NULL, 0, &w->at, NULL), 0);
}

int wait_pselect(struct wait *w)
{
	if (!w->relative)
		return EOPNOTSUPP;
	return verdict(pselect(0, NULL, NULL, NULL, &w->at, NULL), 0);
}

int wait_epoll(struct wait *w)
{
	struct epoll_event event;
	AUTO_FD fd = epoll_create1(EPOLL_CLOEXEC);

	if (!w->relative)
		return EOPNOTSUPP;
	return fd < 0 ? errno :
			verdict(sys_call(SYS_epoll_pwait2, fd, &event, 1, &w->at, NULL, 0), 0);
}

int wait_sigtimedwait(struct wait *w)
{
	sigset_t none;

	if (!w->relative)
		return EOPNOTSUPP;
	/* Not sigtimedwait(3), which waits on in musl when it is interrupted. */
	sigemptyset(&none);
	return verdict(sys_call(TIME_CALL(rt_sigtimedwait), &none, NULL, &w->at, _NSIG / 8),
		       EAGAIN);
}

int wait_aio(struct wait *w)
{
	aio_context_t context = 0;
	struct io_event event;

	if (!w->relative)
		return EOPNOTSUPP;
	if (sys_call(SYS_io_setup, 1, &context) < 0)
		return errno;
	return verdict(sys_call(TIME_CALL(io_pgetevents), context, 1, 1, &event, &w->at, NULL), 0);
}

int wait_semtimedop(struct wait *w)
{
	struct sembuf take = { .sem_op = -1 };

	if (!w->relative)
		return EOPNOTSUPP;
	int id = semget(IPC_PRIVATE, 1, 0600);

	if (id < 0)
		return errno;
	int rc = verdict(semtimedop(id, &take, 1, &w->at), EAGAIN);

	semctl(id, 0, IPC_RMID);
	return rc;
}

static mqd_t queue_of_one(void)
{
	static const char name[] = "/nsconform-wait";
	struct mq_attr size = { .mq_maxmsg = 1, .mq_msgsize = 1 };
	mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &size);

	mq_unlink(name);
	return queue;
}

int wait_mq_receive(struct wait *w)
{
	char byte;
	mqd_t queue = queue_of_one();

	if (w->relative || w->clock != CLOCK_REALTIME)
		return EOPNOTSUPP;
	return queue < 0 ? errno :
			   verdict(mq_timedreceive(queue, &byte, 1, NULL, &w->at), ETIMEDOUT);
}

int wait_mq_send(struct wait *w)
{
	mqd_t queue = queue_of_one();

	if (w->relative || w->clock != CLOCK_REALTIME)
		return EOPNOTSUPP;
	if (queue < 0 || mq_send(queue, "x", 1, 0) < 0)
		return errno;
	return verdict(mq_timedsend(queue, "x", 1, 0, &w->at), ETIMEDOUT);
}

int wait_uring(struct wait *w)
{
	AUTO_RING ring;
	int rc = ring_make(&ring, 0);
	AUTO_FD fd = ring.fd;

	(void)fd;
	return rc < 0 ? errno : verdict(ring_wait(&ring, w->clock, w->relative, &w->at), ETIME);
}
