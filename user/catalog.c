// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "catalog.h"
#include "safe_text.h"
#include "trace.h"

#define FIRST_BITS 6

struct slot {
	__u64 key;
	void *value; /* NULL: empty */
};

/* Open addressing, at most half full, nothing is ever removed. Owns its values. */
struct dictionary {
	struct slot *slots; /* 1 << bits of them; NULL: none yet */
	unsigned int bits;
	size_t count;
};

struct catalog {
	struct dictionary paths; /* struct path, its frames and names in one block */
	struct dictionary names[NAME_KIND_MAX];
	struct catalog_listener listener;
	const struct edges *edges;
};

/* The key's slot, or the one where it belongs. */
static struct slot *dictionary_slot(const struct dictionary *dictionary, __u64 key)
{
	size_t mask = ((size_t)1 << dictionary->bits) - 1;
	size_t at = key * 0x9e3779b97f4a7c15 >> (64 - dictionary->bits);

	while (dictionary->slots[at].value && dictionary->slots[at].key != key)
		at = (at + 1) & mask;
	return &dictionary->slots[at];
}

static void *dictionary_get(const struct dictionary *dictionary, __u64 key)
{
	return dictionary->slots ? dictionary_slot(dictionary, key)->value : NULL;
}

static int dictionary_grow(struct dictionary *dictionary)
{
	struct dictionary bigger = {.bits = dictionary->slots ? dictionary->bits + 1 : FIRST_BITS};
	size_t size = dictionary->slots ? (size_t)1 << dictionary->bits : 0;

	bigger.slots = calloc((size_t)1 << bigger.bits, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	bigger.count = dictionary->count;
	for (size_t i = 0; i < size; i++)
		if (dictionary->slots[i].value)
			*dictionary_slot(&bigger, dictionary->slots[i].key) = dictionary->slots[i];
	free(dictionary->slots);
	*dictionary = bigger;
	return 0;
}

static bool dictionary_is_half_full(const struct dictionary *dictionary)
{
	return !dictionary->slots || dictionary->count * 2 >= (size_t)1 << dictionary->bits;
}

/* Takes the value, which must be malloc()ed, if it returns 0. */
static int dictionary_set(struct dictionary *dictionary, __u64 key, void *value)
{
	struct slot *slot;
	int err;

	if (!dictionary_get(dictionary, key)) {
		if (dictionary->count >= CATALOG_MAX)
			return -E2BIG;
		err = dictionary_is_half_full(dictionary) ? dictionary_grow(dictionary) : 0;
		if (err)
			return err;
		dictionary->count++;
	}
	slot = dictionary_slot(dictionary, key);
	free(slot->value);
	*slot = (struct slot){.key = key, .value = value};
	return 0;
}

static void dictionary_free(struct dictionary *dictionary)
{
	size_t size = dictionary->slots ? (size_t)1 << dictionary->bits : 0;

	for (size_t i = 0; i < size; i++)
		free(dictionary->slots[i].value);
	free(dictionary->slots);
}

struct catalog *catalog_new(void)
{
	return calloc(1, sizeof(struct catalog));
}

void catalog_free(struct catalog *catalog)
{
	if (!catalog)
		return;
	dictionary_free(&catalog->paths);
	for (int i = 0; i < NAME_KIND_MAX; i++)
		dictionary_free(&catalog->names[i]);
	free(catalog);
}

/* Bytes of all names with their ends; 0: one is too long. */
static size_t names_size(const struct path_frame *frames, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(frames[i].name);

		if (length > CATALOG_NAME_MAX)
			return 0;
		size += length + 1;
	}
	return size;
}

/* In one block, to be freed at once. NULL: out of memory. */
static struct path *path_copy(__u32 id, const struct path_frame *frames, size_t count, size_t names)
{
	struct path_frame *to;
	struct path *path;
	char *name;

	path = malloc(sizeof(*path) + count * sizeof(*to) + names);
	if (!path)
		return NULL;
	to = (struct path_frame *)(path + 1);
	name = (char *)(to + count);
	*path = (struct path){.id = id, .count = count, .frames = to};
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(frames[i].name) + 1;

		memcpy(name, frames[i].name, size);
		safe_text(name);
		to[i] = (struct path_frame){
			.name = name,
			.offset = frames[i].offset,
			.probe = trace_probe_lookup(name),
		};
		name += size;
	}
	return path;
}

static bool path_equal(const struct path *a, const struct path *b)
{
	if (a->count != b->count)
		return false;
	for (__u32 i = 0; i < a->count; i++)
		if (a->frames[i].offset != b->frames[i].offset ||
		    strcmp(a->frames[i].name, b->frames[i].name))
			return false;
	return true;
}

int catalog_set_path(struct catalog *catalog, __u32 id, const struct path_frame *frames,
		     size_t count)
{
	const struct path *old = catalog_path(catalog, id);
	struct path *path;
	size_t names;
	int err;

	names = count <= ICMPX_STACK_MAX ? names_size(frames, count) : 0;
	if (count && !names)
		return -E2BIG;
	path = path_copy(id, frames, count, names);
	if (!path)
		return -ENOMEM;
	if (old && path_equal(old, path)) {
		free(path);
		return 0;
	}
	err = dictionary_set(&catalog->paths, id, path);
	if (err) {
		free(path);
		return err;
	}
	if (catalog->listener.path)
		catalog->listener.path(catalog->listener.data, path);
	return 0;
}

int catalog_set_name(struct catalog *catalog, enum name_kind kind, __u64 key, const char *text)
{
	const char *old = catalog_name(catalog, kind, key);
	char safe[CATALOG_NAME_MAX + 1];
	size_t length = strlen(text);
	char *copy;
	int err;

	if (length >= sizeof(safe))
		return -E2BIG;
	memcpy(safe, text, length + 1);
	safe_text(safe);
	if (old && !strcmp(old, safe))
		return 0;
	copy = strdup(safe);
	if (!copy)
		return -ENOMEM;
	err = dictionary_set(&catalog->names[kind], key, copy);
	if (err) {
		free(copy);
		return err;
	}
	if (catalog->listener.name)
		catalog->listener.name(catalog->listener.data, kind, key, copy);
	return 0;
}

const struct path *catalog_path(const struct catalog *catalog, __u32 id)
{
	return dictionary_get(&catalog->paths, id);
}

const char *catalog_name(const struct catalog *catalog, enum name_kind kind, __u64 key)
{
	return dictionary_get(&catalog->names[kind], key);
}

void catalog_set_edges(struct catalog *catalog, const struct edges *edges)
{
	catalog->edges = edges;
}

const struct edges *catalog_edges(const struct catalog *catalog)
{
	return catalog->edges;
}

/* Calls hear() for each value, in no order. */
static void dictionary_each(const struct dictionary *dictionary,
			    void (*hear)(const struct catalog_listener *listener, int kind,
					 const struct slot *slot),
			    const struct catalog_listener *listener, int kind)
{
	size_t size = dictionary->slots ? (size_t)1 << dictionary->bits : 0;

	for (size_t i = 0; i < size; i++)
		if (dictionary->slots[i].value)
			hear(listener, kind, &dictionary->slots[i]);
}

static void hear_path(const struct catalog_listener *listener, int kind, const struct slot *slot)
{
	(void)kind;
	listener->path(listener->data, slot->value);
}

static void hear_name(const struct catalog_listener *listener, int kind, const struct slot *slot)
{
	listener->name(listener->data, kind, slot->key, slot->value);
}

void catalog_listen(struct catalog *catalog, const struct catalog_listener *listener)
{
	catalog->listener = listener ? *listener : (struct catalog_listener){0};
	if (!listener)
		return;
	dictionary_each(&catalog->paths, hear_path, listener, 0);
	for (int kind = 0; kind < NAME_KIND_MAX; kind++)
		dictionary_each(&catalog->names[kind], hear_name, listener, kind);
}
