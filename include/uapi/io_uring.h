/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests of io_uring that kernel headers may lack. */
#ifndef UAPI_IO_URING_H
#define UAPI_IO_URING_H

#include <linux/io_uring.h>

enum { UAPI_IORING_OP_SOCKET = 45 }; /* since Linux 5.19 */

/* Since Linux 6.12. */
enum {
	UAPI_IORING_ENTER_ABS_TIMER = 1 << 5,
	UAPI_IORING_REGISTER_CLOCK = 29,
};

struct uapi_io_uring_clock {
	__u32 clockid;
	__u32 reserved[3];
};

#endif
