/* SPDX-License-Identifier: GPL-2.0-only */
/* Socket constants that a libc older than the kernel may lack. */
#ifndef UAPI_SOCKET_H
#define UAPI_SOCKET_H

#include <sys/socket.h>

#ifndef SO_NETNS_COOKIE /* since Linux 5.14 */
#define SO_NETNS_COOKIE 71
#endif

#ifndef SIOCGSKNS /* since Linux 4.10 */
#define SIOCGSKNS 0x894C
#endif

#ifndef IPPROTO_MPTCP /* since Linux 5.6 */
#define IPPROTO_MPTCP 262
#endif

enum {
	UAPI_SO_PASSPIDFD = 76, /* since Linux 6.5 */
	UAPI_SCM_PIDFD = 4,
};

#endif
