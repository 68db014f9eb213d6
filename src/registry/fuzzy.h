/* fuzzy.h - likeness of words: a slip of the finger, letters in order but apart. Case does not
 * count for the text; words are lower case. */
#ifndef SOUNDER_REGISTRY_FUZZY_H
#define SOUNDER_REGISTRY_FUZZY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The small letter of an ASCII capital, every other byte as it is. */
static inline unsigned char sdr_fuzzy_lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* A stretch of bytes, with the letter's length known: neither need end in a NUL. */
struct fuzzy_text {
	const char *at;
	size_t length;
};

/* Returns how many slips (a letter wrong, missing, too many, or two neighbours swapped) make the
 * one of the other; `most` + 1 where it takes more than `most`, which is to be small. */
unsigned sdr_fuzzy_slips(struct fuzzy_text text, struct fuzzy_text word, unsigned most);

/* Where the letters of a word stand in a text. */
struct fuzzy_span {
	size_t start, length; /* from the first to the last of them */
	uint64_t marks;       /* bit i: byte start + i is one of them (of the first 64) */
};

/* Finds all letters of `word` in `text` in their order, as close together as they come before the
 * first place where they are complete. */
bool sdr_fuzzy_find(struct fuzzy_text text, struct fuzzy_text word, struct fuzzy_span *span);

#endif
