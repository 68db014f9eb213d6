/* fuzzy.h - likeness of words: a slip of the finger, letters in order but apart. Case does not
 * count for the text; words are lower case. */
#ifndef SOUNDER_REGISTRY_FUZZY_H
#define SOUNDER_REGISTRY_FUZZY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stretch of bytes, with the letter's length known: neither need end in a NUL. */
struct fuzzy_text {
	const char *at;
	size_t length;
};

/* Returns whether one slip (a letter wrong, missing, too many, or two swapped) makes the one of the
 * other. Equal texts are not near. */
bool sdr_fuzzy_near(struct fuzzy_text text, struct fuzzy_text word);

/* Where the letters of a word stand in a text. */
struct fuzzy_span {
	size_t start, length; /* from the first to the last of them */
	uint64_t marks;       /* bit i: byte start + i is one of them (of the first 64) */
};

/* Finds all letters of `word` in `text` in their order, as close together as they come before the
 * first place where they are complete. */
bool sdr_fuzzy_find(struct fuzzy_text text, struct fuzzy_text word, struct fuzzy_span *span);

#endif
