/* fuzzy.c - similarity of words, for the filter. A typing error is the Damerau-Levenshtein distance
 * 1, computed without a table: skip what two texts have in common at their start; the rest must be
 * equal after one edit. */
#include "registry/fuzzy.h"

static struct fuzzy_text from(struct fuzzy_text text, size_t offset)
{
	return (struct fuzzy_text){text.at + offset, text.length - offset};
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned sdr_fuzzy_slips(struct fuzzy_text text, struct fuzzy_text word, unsigned most)
{
	size_t n = 0, shorter = text.length < word.length ? text.length : word.length;
	if (text.length > word.length + most || word.length > text.length + most)
		return most + 1;
	while (n < shorter && sdr_fuzzy_lower(text.at[n]) == sdr_fuzzy_lower(word.at[n]))
		n++;
	text = from(text, n);
	word = from(word, n);
	if (n == shorter)
		return (unsigned)(text.length + word.length);
	if (most == 0)
		return 1;
	unsigned slips = sdr_fuzzy_slips(from(text, 1), from(word, 1), most - 1);
	slips = least(slips, sdr_fuzzy_slips(from(text, 1), word, most - 1));
	slips = least(slips, sdr_fuzzy_slips(text, from(word, 1), most - 1));
	if (text.length > 1 && word.length > 1 &&
		sdr_fuzzy_lower(text.at[0]) == sdr_fuzzy_lower(word.at[1]) &&
		sdr_fuzzy_lower(text.at[1]) == sdr_fuzzy_lower(word.at[0]))
		slips = least(slips, sdr_fuzzy_slips(from(text, 2), from(word, 2), most - 1));
	return slips + 1;
}

/* Goes back from `last` over the letters of a word, marking them relative to `from`. Returns where
 * the first stands. */
static size_t trace_back(
	struct fuzzy_text text, struct fuzzy_text word, size_t last, struct fuzzy_span *span)
{
	size_t left = word.length, at = last + 1;
	while (left > 0) {
		at--;
		if (sdr_fuzzy_lower(text.at[at]) != (unsigned char)word.at[left - 1])
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
		found += sdr_fuzzy_lower(text.at[at++]) == (unsigned char)word.at[found];
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
