/* fuzzy.c - similarity of words, for the filter. A typing error is the Damerau-Levenshtein distance
 * 1, computed without a table: skip what two texts have in common at their start; the rest must be
 * equal after one edit. */
#include "registry/fuzzy.h"

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Whether what is left of both from those offsets on is the same. */
static bool same_rest(struct fuzzy_text a, size_t i, struct fuzzy_text b, size_t k)
{
	if (i > a.length || k > b.length || a.length - i != b.length - k)
		return false;
	for (; i < a.length; i++, k++)
		if (lower(a.at[i]) != lower(b.at[k]))
			return false;
	return true;
}

bool sdr_fuzzy_near(struct fuzzy_text text, struct fuzzy_text word)
{
	size_t n = 0, shorter = text.length < word.length ? text.length : word.length;
	if (text.length > word.length + 1 || word.length > text.length + 1)
		return false;
	while (n < shorter && lower(text.at[n]) == lower(word.at[n]))
		n++;
	if (text.length > word.length)
		return same_rest(text, n + 1, word, n);
	if (text.length < word.length)
		return same_rest(text, n, word, n + 1);
	if (n == shorter)
		return false;
	bool swapped = n + 1 < shorter && lower(text.at[n]) == lower(word.at[n + 1]) &&
		lower(text.at[n + 1]) == lower(word.at[n]);
	return same_rest(text, n + 1, word, n + 1) ||
		(swapped && same_rest(text, n + 2, word, n + 2));
}

/* Goes back from `last` over the letters of a word, marking them relative to `from`. Returns where
 * the first stands. */
static size_t trace_back(
	struct fuzzy_text text, struct fuzzy_text word, size_t last, struct fuzzy_span *span)
{
	size_t left = word.length, at = last + 1;
	while (left > 0) {
		at--;
		if (lower(text.at[at]) != (unsigned char)word.at[left - 1])
			continue;
		left--;
		if (at >= span->start && at - span->start < 64)
			span->marks |= UINT64_C(1) << (at - span->start);
	}
	return at;
}

bool sdr_fuzzy_find(struct fuzzy_text text, struct fuzzy_text word, struct fuzzy_span *span)
{
	size_t at = 0, found = 0;
	while (at < text.length && found < word.length)
		found += lower(text.at[at++]) == (unsigned char)word.at[found];
	if (word.length == 0 || found < word.length)
		return false;
	/* Backwards from the last letter, the others are as near as they can be; marks count from
	 * where that ends. */
	*span = (struct fuzzy_span){.start = SIZE_MAX};
	size_t first = trace_back(text, word, at - 1, span);
	*span = (struct fuzzy_span){.start = first, .length = at - first};
	(void)trace_back(text, word, at - 1, span);
	return true;
}
