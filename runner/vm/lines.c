// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's side of the channel. Bytes that the kernel still has in its buffer are lost when it
 * dies, and the last ones matter most. A write to a virtio-serial port is in the host's hands
 * when it returns (virtio_console.c kicks, and qemu answers the kick at once with ioeventfd=off);
 * a UART is written directly where the kernel lets us, and drained after each line where not.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <zlib.h>

#if defined(__x86_64__) || defined(__i386__)
#include <sys/io.h>
#define HAVE_PORTS 1
#else
#define HAVE_PORTS 0
#endif

#include "vm/lines.h"
#include "nsc/sys.h"

#if HAVE_PORTS
enum { LINE_STATUS = 5, TRANSMITTER_EMPTY = 0x20 };

static void put_byte(unsigned char c)
{
	while (!(inb(LINES_PORT + LINE_STATUS) & TRANSMITTER_EMPTY))
		;
	outb(c, LINES_PORT);
}
#endif

/* Open the virtio-serial port with the name that qemu was given, or -1; its device node has
 * another name. */
static int open_port(void)
{
	static const char class[] = "/sys/class/virtio-ports";
	DIR *dir = opendir(class);
	int fd = -1;

	for (struct dirent *e; dir && fd < 0 && (e = readdir(dir));) {
		AUTO_POOL pool = { 0 };
		const char *path = pool_printf(&pool, "%s/%s/name", class, e->d_name);
		char *name;

		if (sys_read_file(&pool, path, 64, &name, NULL) >= 0 &&
		    !strcmp(strsep(&name, "\n"), LINES_NAME))
			fd = open(pool_printf(&pool, "/dev/%s", e->d_name), O_WRONLY | O_CLOEXEC);
	}
	if (dir)
		closedir(dir);
	return fd;
}

static int open_tty(struct lines *l)
{
	struct termios t;

	l->fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (l->fd < 0 || tcgetattr(l->fd, &t) < 0)
		return -1;
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	l->tty = true;
	return tcsetattr(l->fd, TCSANOW, &t);
}

int lines_open(struct lines *l)
{
	*l = (struct lines){ .fd = open_port() };
	if (l->fd >= 0)
		return 0;
#if HAVE_PORTS
	if (ioperm(LINES_PORT, 8, 1) == 0)
		return 0;
#endif
	return open_tty(l);
}

static void put(struct lines *l, const char *text, size_t len)
{
#if HAVE_PORTS
	if (l->fd < 0) {
		for (size_t i = 0; i < len; i++)
			put_byte((unsigned char)text[i]);
		return;
	}
#endif
	while (len) {
		ssize_t n = write(l->fd, text, len);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
	if (l->tty)
		tcdrain(l->fd);
}

void lines_put(struct lines *l, const char *fmt, ...)
{
	AUTO_POOL pool = { 0 };
	va_list ap;

	va_start(ap, fmt);
	const char *text = pool_printf(&pool, "%s\n", pool_vprintf(&pool, fmt, ap));

	va_end(ap);
	size_t len = strlen(text);

	l->crc = (uint32_t)crc32(l->crc, (const unsigned char *)text, (unsigned)len);
	put(l, text, len);
}

void lines_alive(struct lines *l)
{
	put(l, "", 1);
}

bool lines_exits(void)
{
#if HAVE_PORTS
	return ioperm(LINES_EXIT_PORT, 1, 1) == 0;
#else
	return false;
#endif
}

void lines_exit(void)
{
#if HAVE_PORTS
	if (lines_exits())
		outb(LINES_EXIT_VALUE, LINES_EXIT_PORT);
#endif
}
