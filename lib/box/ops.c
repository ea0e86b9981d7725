// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ops of boxes.  Not in lib/ops: they know agents and messages.
 */
#include "launch.h"

#define IN(name) .in = name##_in_fields, .in_size = sizeof(struct name##_in)
#define OUT(name) .out = name##_out_fields, .out_size = sizeof(struct name##_out)
#define READING .out = reading_fields, .out_size = sizeof(struct reading)

const struct op box_ops[] = {
	{
		.name = "box.launch",
		.doc = "Have the runtime build a box with the actor's agent in it.",
		.source = "runtime.md, Lifecycle",
		IN(launch), OUT(launch),
		.flags = OP_INTERNAL | OP_MOAT,
		.run = launch_run,
	},
	{
		.name = "box.end",
		.doc = "Wait for the end of the actor's box, and see what is left of it.",
		.source = "runtime.md, Delete",
		IN(end), OUT(end),
		.flags = OP_INTERNAL | OP_MOAT | OP_UNBOXES,
		.run = end_run,
	},
	{
		.name = "box.read",
		.doc = "Read what the actor is, by its own system calls.",
		.source = "getresuid(2), getrlimit(2), capget(2), uname(2)",
		READING,
		.run = read_run,
	},
	{
		.name = "box.seen",
		.doc = "Read what an actor is, as its host sees it.",
		.source = "proc(5)",
		IN(seen), READING,
		.flags = OP_MOAT,
		.run = seen_run,
	},
	{ 0 }
};
