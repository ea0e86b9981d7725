/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bpf(2) takes beside headers of Linux 6.1: tokens, since 6.9.
 */
#ifndef NSC_UAPI_BPF_H
#define NSC_UAPI_BPF_H

#include <linux/bpf.h>
#include <stdint.h>

#define NSC_BPF_TOKEN_CREATE 36
#define NSC_BPF_F_TOKEN_FD (1U << 16)

/* The member of union bpf_attr for BPF_MAP_CREATE, as it is since 6.9. */
struct nsc_bpf_map {
	uint32_t map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node;
	char map_name[16];
	uint32_t map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id;
	uint32_t btf_vmlinux_value_type_id;
	uint64_t map_extra;
	int32_t value_type_btf_obj_fd, map_token_fd;
};

/* Likewise for BPF_TOKEN_CREATE. */
struct nsc_bpf_token {
	uint32_t flags, bpffs_fd;
};

#endif
