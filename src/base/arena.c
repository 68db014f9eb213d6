/* arena.c - a list of chunks, each twice the size of the one before; a piece is cut off the
 * newest. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_MIN ((size_t)1024)
#define CHUNK_MAX ((size_t)65536)

struct chunk {
	struct chunk *next;                   /* the one before */
	size_t size;                          /* of `bytes` */
	size_t used;                          /* of `bytes` */
	alignas(max_align_t) uint8_t bytes[]; /* pieces, zeroed when the chunk is made */
};

struct sdr_arena {
	struct chunk *newest; /* or NULL */
	size_t next_size;     /* of the next chunk */
};

struct sdr_arena *sdr_arena_new(void)
{
	struct sdr_arena *arena = calloc(1, sizeof(*arena));
	if (arena)
		arena->next_size = CHUNK_MIN;
	return arena;
}

void sdr_arena_free(struct sdr_arena *arena)
{
	if (!arena)
		return;
	for (struct chunk *chunk = arena->newest; chunk;) {
		struct chunk *next = chunk->next;
		free(chunk);
		chunk = next;
	}
	free(arena);
}

static struct chunk *chunk_add(struct sdr_arena *arena, size_t size)
{
	size_t room = size > arena->next_size ? size : arena->next_size;
	struct chunk *chunk = calloc(1, sizeof(*chunk) + room);
	if (!chunk)
		return NULL;
	chunk->size = room;
	chunk->next = arena->newest;
	arena->newest = chunk;
	if (arena->next_size < CHUNK_MAX)
		arena->next_size *= 2;
	return chunk;
}

void *sdr_arena_alloc(struct sdr_arena *arena, size_t size)
{
	if (!arena || size > SIZE_MAX / 2)
		return NULL;
	size_t need =
		(size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	struct chunk *chunk = arena->newest;
	if (!chunk || chunk->size - chunk->used < need)
		chunk = chunk_add(arena, need);
	if (!chunk)
		return NULL;
	void *piece = chunk->bytes + chunk->used;
	chunk->used += need;
	return piece;
}

char *sdr_arena_text(struct sdr_arena *arena, const void *bytes, size_t length)
{
	char *text = length < SIZE_MAX ? sdr_arena_alloc(arena, length + 1) : NULL;
	if (text && length)
		memcpy(text, bytes, length);
	return text;
}
