// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive rings of packet sockets, and looking for texts in what a packet socket has captured.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include "nsc/sys.h"
#include "ring.h"

const struct symbol packet_rings[] = {
	{ "none", RING_NONE, "frames are read with recv(2)" },
	{ "v1", RING_V1, "TPACKET_V1" },
	{ "v2", RING_V2, "TPACKET_V2" },
	{ "v3", RING_V3, "TPACKET_V3" },
	{ 0 }
};

enum { BLOCK_BYTES = 16384, BLOCKS = 16, FRAME_BYTES = 2048, RETIRE_MS = 1,
       FRAMES = BLOCKS * (BLOCK_BYTES / FRAME_BYTES), MESSAGE_BYTES = 65536 };

int packet_ring_make(struct op_ctx *ctx, int fd, enum ring version)
{
	static const int versions[] = { [RING_V1] = TPACKET_V1, [RING_V2] = TPACKET_V2,
					[RING_V3] = TPACKET_V3 };
	struct tpacket_req3 req = { .tp_block_size = BLOCK_BYTES, .tp_block_nr = BLOCKS,
				    .tp_frame_size = FRAME_BYTES, .tp_frame_nr = FRAMES };
	size_t len = version == RING_V3 ? sizeof(req) : sizeof(struct tpacket_req);

	if (version == RING_NONE)
		return 0;
	if (version == RING_V3)
		req.tp_retire_blk_tov = RETIRE_MS;
	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &versions[version], sizeof(int)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &req, (socklen_t)len) < 0)
		return op_broken(ctx, "make a receive ring: %m");
	return 0;
}

#define SEARCH_IN(F, S) \
	F(S, FD, fd, REQUIRED, "packet socket, of which nothing was searched before") \
	F(S, ENUM_DEF, ring, RING_NONE, packet_rings, "what `packet.open` was given") \
	F(S, STR, text, REQUIRED, "what to look for") \
	F(S, STR, last, REQUIRED, "text of the frame with which the search ends, sent after the others")
FIELDS(search_in, SEARCH_IN);

#define SEARCH_OUT(F, S) \
	F(S, TOTAL, hits, "frames that contain the text") \
	F(S, TOTAL, frames, "frames before the last one")
FIELDS(search_out, SEARCH_OUT);

struct search {
	struct op_ctx *ctx;
	const struct search_in *in;
	struct search_out *out;
	bool done;
};

static void look(struct search *s, const void *frame, size_t len)
{
	if (s->done)
		return;
	s->done = memmem(frame, len, s->in->last, strlen(s->in->last)) != NULL;
	s->out->frames += !s->done;
	s->out->hits += memmem(frame, len, s->in->text, strlen(s->in->text)) != NULL;
}

static int await(struct search *s)
{
	struct pollfd poller = { .fd = s->in->fd, .events = POLLIN };

	return poll(&poller, 1, op_left_ms(s->ctx)) > 0 ? 0 :
		op_broken(s->ctx, "no frame with \"%s\"", s->in->last);
}

static int search_queue(struct search *s)
{
	char *room = pool_alloc(s->ctx->pool, MESSAGE_BYTES);

	while (!s->done) {
		if (await(s))
			return OP_BROKEN;
		ssize_t n = recv(s->in->fd, room, MESSAGE_BYTES, MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN)
			return -errno;
		if (n > 0)
			look(s, room, (size_t)n);
	}
	return 0;
}

/* The first version has words of the kernel's size, also for a program with shorter ones. */
static size_t kernel_word(void)
{
	struct utsname u;

	return sizeof(long) == 8 || (uname(&u) == 0 && strstr(u.machine, "64")) ? 8 : 4;
}

/* One block or frame that the kernel has handed over, at P, and its return. */
static void look_v1(struct search *s, char *p)
{
	size_t word = kernel_word();
	struct { uint32_t len, snaplen; uint16_t mac; } h; /* after the status */

	memcpy(&h, p + word, sizeof(h));
	look(s, p + h.mac, h.snaplen);
	memset(p + sizeof(long), 0, word - sizeof(long));
	__atomic_store_n((long *)p, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

static void look_v2(struct search *s, char *p)
{
	struct tpacket2_hdr *h = (struct tpacket2_hdr *)p;

	look(s, p + h->tp_mac, h->tp_snaplen);
	__atomic_store_n(&h->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

static void look_v3(struct search *s, char *p)
{
	struct tpacket_block_desc *b = (struct tpacket_block_desc *)p;
	char *frame = p + b->hdr.bh1.offset_to_first_pkt;

	for (uint32_t i = 0; i < b->hdr.bh1.num_pkts; i++) {
		struct tpacket3_hdr *h = (struct tpacket3_hdr *)frame;

		look(s, frame + h->tp_mac, h->tp_snaplen);
		frame += h->tp_next_offset;
	}
	__atomic_store_n(&b->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

/* Status bits are in the low half of a word. */
static bool ready_v1(char *p)
{
	const uint16_t one = 1;
	bool little = *(const char *)&one;

	p += little ? 0 : kernel_word() - sizeof(uint32_t);
	return __atomic_load_n((uint32_t *)p, __ATOMIC_ACQUIRE) & TP_STATUS_USER;
}

static bool ready_v2(char *p)
{
	return __atomic_load_n(&((struct tpacket2_hdr *)p)->tp_status, __ATOMIC_ACQUIRE) &
	       TP_STATUS_USER;
}

static bool ready_v3(char *p)
{
	return __atomic_load_n(&((struct tpacket_block_desc *)p)->hdr.bh1.block_status,
			       __ATOMIC_ACQUIRE) & TP_STATUS_USER;
}

static const struct {
	size_t n, bytes; /* of frames, or of blocks */
	bool (*ready)(char *p);
	void (*look)(struct search *s, char *p);
} rings[] = {
	[RING_V1] = { FRAMES, FRAME_BYTES, ready_v1, look_v1 },
	[RING_V2] = { FRAMES, FRAME_BYTES, ready_v2, look_v2 },
	[RING_V3] = { BLOCKS, BLOCK_BYTES, ready_v3, look_v3 },
};

static int search_ring(struct search *s)
{
	size_t at = 0, len = (size_t)BLOCKS * BLOCK_BYTES;
	int64_t version = s->in->ring;
	char *ring = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, s->in->fd, 0);
	int ret = 0;

	if (ring == MAP_FAILED)
		return op_broken(s->ctx, "mmap of the ring: %m");
	while (!s->done && !ret) {
		char *p = ring + at * rings[version].bytes;

		if (rings[version].ready(p)) {
			rings[version].look(s, p);
			at = (at + 1) % rings[version].n;
		} else {
			ret = await(s);
		}
	}
	munmap(ring, len);
	return ret;
}

static int packet_search_run(struct op_ctx *ctx, const struct search_in *in, struct search_out *out)
{
	struct search s = { ctx, in, out, false };

	return in->ring == RING_NONE ? search_queue(&s) : search_ring(&s);
}
OP(packet_search, "packet.search", search_in, search_out,
	.doc = "Count captured frames that contain a text, up to one with another text.",
	.source = "packet(7), Documentation/networking/packet_mmap.rst", .config = "PACKET",
	.touches = NSM_NET);
