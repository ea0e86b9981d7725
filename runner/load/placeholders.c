// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may stand between ${ and } in a runtime's file: runtime/template.c gives them their values.
 */
#include <string.h>

#include "load/placeholders.h"
#include "nsc/box.h"

static const char *const general[] = {
	"id", "work", "bundle", "rootfs", "agent", "channel", "command...", "ns...", "options...",
	"ns.path", "ns.pid", "ns.fd",
};

static const struct property_parts parts[] = {
	{ "uid_map", { "inside", "outside", "count" }, ' ' },
	{ "gid_map", { "inside", "outside", "count" }, ' ' },
	{ "bind", { "source", "target", "option" }, ' ' },
	{ "rlimits", { "name", "soft", "hard" }, ' ' },
	{ "devices", { "path", "major", "minor" }, ' ' },
	{ "sysctls", { "name", "value" }, '=' },
	{ "env", { "name", "value" }, '=' },
	{ "tmpfs", { "target" }, '\n' },
};

/* Attributes of an actor that a runtime is asked for like properties of its box. */
static const char *const place_properties[] = { "uid_map", "gid_map", "monotonic", "boottime",
						   "map" };

const struct field *property_at(size_t index)
{
	enum { OF_PLACE = sizeof(place_properties) / sizeof(*place_properties) };

	if (index < OF_PLACE)
		return field_find(place_fields, place_properties[index]);
	const struct field *f = &box_fields[0];

	for (index -= OF_PLACE; index && f->type != FIELD_END; index--)
		f++;
	return f->type == FIELD_END ? NULL : f;
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

	for (size_t i = 0; i < sizeof(general) / sizeof(*general); i++) {
		nearest_offer(n, general[i]);
		if (!strcmp(general[i], name))
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
	for (const char *at = value_text(v); at && (at = strstr(at, "${"));) {
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
