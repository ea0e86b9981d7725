/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests of io_uring that kernel headers may lack. */
#ifndef UAPI_IO_URING_H
#define UAPI_IO_URING_H

#include <linux/io_uring.h>

enum { UAPI_IORING_OP_SOCKET = 45 }; /* since Linux 5.19 */

#endif
