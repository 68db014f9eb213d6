/* arena.h - memory that is taken in small pieces and given back all at once: sheets, requests. */
#ifndef SOUNDER_BASE_ARENA_H
#define SOUNDER_BASE_ARENA_H

#include <stddef.h>

struct sdr_arena;

/* Returns an empty arena, or NULL when out of memory. */
struct sdr_arena *sdr_arena_new(void);
void sdr_arena_free(struct sdr_arena *arena); /* NULL is allowed */

/* Returns `size` zeroed bytes, aligned for any type, that live as long as the arena; NULL when out
 * of memory or `arena` is NULL. */
void *sdr_arena_alloc(struct sdr_arena *arena, size_t size);

/* Copies bytes[length] and adds a NUL; NULL when out of memory. */
char *sdr_arena_text(struct sdr_arena *arena, const void *bytes, size_t length);

#endif
