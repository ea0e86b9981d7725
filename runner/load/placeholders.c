// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may stand between ${ and } in a runtime's file: runtime/template.c gives them their values.
 */
#include <string.h>

#include "load/placeholders.h"
#include "nsc/box.h"

const struct symbol placeholder_symbols[] = {
	{ "id", 0, "the box's name, different for each box of a cell" },
	{ "work", 0, "a directory of the box's own, outside of it" },
	{ "bundle", 0, "a directory in that one, with rootfs and what `generate` writes" },
	{ "rootfs", 0, "the box's root directory, where `root` is directory" },
	{ "command...", 0, "what the box has to execute, as words; belongs at the end" },
	{ "ns...", 0, "the words of `namespaces`" },
	{ "options...", 0, "the words of `options`" },
	{ "agent", 0, "the first word of ${command...}, by its path outside of the box" },
	{ "channel", 0, "the directory where that finds the runner, by its path outside of the box" },
	{ "ns.path", 0, "in `join`: the path of the namespace" },
	{ "ns.fd", 0, "in `join`: the number of a descriptor that leads to it" },
	{ "ns.pid", 0, "in `join`: a process in it" },
	{ 0 }
};

static const struct property_parts parts[] = {
	{ "uid_map", { "inside", "outside", "count" }, ' ', 3 },
	{ "gid_map", { "inside", "outside", "count" }, ' ', 3 },
	{ "bind", { "source", "target", "option" }, ' ', 2 },
	{ "rlimits", { "name", "soft", "hard" }, ' ', 3 },
	{ "devices", { "path", "major", "minor" }, ' ', 3 },
	{ "sysctls", { "name", "value" }, '=', 2 },
	{ "env", { "name", "value" }, '=', 2 },
	{ "tmpfs", { "target" }, '\n', 1 },
};

/* Attributes of an actor that a runtime is asked for like properties of its box. */
static const char *const place_properties[] = { "uid_map", "gid_map", "monotonic", "boottime",
						   "map" };

bool property_of_request(const char *name)
{
	return !strcmp(name, "image") || !strcmp(name, "launcher") || !strcmp(name, "fault");
}

const struct field *property_at(size_t index)
{
	enum { OF_PLACE = sizeof(place_properties) / sizeof(*place_properties) };

	if (index < OF_PLACE)
		return field_find(place_fields, place_properties[index]);
	index -= OF_PLACE;
	for (const struct field *f = box_fields; f->type != FIELD_END; f++)
		if (!property_of_request(f->name) && !index--)
			return f;
	return NULL;
}

const struct property_parts *property_parts_find(const char *property)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!strcmp(parts[i].property, property))
			return &parts[i];
	return NULL;
}

/* Behind a property's name: a part of its elements, maybe in lower case; or all of them. */
static bool is_part(const char *property, const char *part)
{
	const struct property_parts *p = property_parts_find(property);
	size_t len = strcspn(part, ".");

	if (!strcmp(part, "list"))
		return true;
	for (size_t k = 0; p && k < PROPERTY_PARTS && p->parts[k]; k++)
		if (strlen(p->parts[k]) == len && !strncmp(p->parts[k], part, len))
			return !part[len] || !strcmp(part + len, ".lower");
	return false;
}

static bool is_known(const char *name, struct nearest *n)
{
	const struct field *f;

	for (const struct symbol *s = placeholder_symbols; s->name; s++) {
		nearest_offer(n, s->name);
		if (!strcmp(s->name, name))
			return true;
	}
	for (size_t i = 0; (f = property_at(i)); i++) {
		size_t len = strlen(f->name);

		nearest_offer(n, f->name);
		if (!strncmp(name, f->name, len) &&
		    (!name[len] || (name[len] == '.' && is_part(f->name, name + len + 1))))
			return true;
	}
	return false;
}

void placeholders_check(struct loader *l, const struct value *v)
{
	for (const char *at = v->str.s; (at = strstr(at, "${"));) {
		size_t len = strcspn(at + 2, "}");
		const char *name = pool_strndup(l->pool, at + 2, len);
		struct nearest n = { .word = name };

		if (!at[2 + len])
			load_problem(l, v, "no } behind ${%s", name);
		else if (!is_known(name, &n))
			load_problem(l, v, "nothing is known as ${%s}%s", name,
				     nearest_hint(l->pool, &n));
		at += 2 + len;
	}
}
