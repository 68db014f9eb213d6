/* rewritten.c - the first of the hops from which on quotes differ. What one hop quotes otherwise
 * than those behind it is its own quote, not the probe. */
#include "path/rewritten.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PLACE 32

/* A property of hop `at`'s quote: -1 where it is not known, 0 as it was sent, else 1. */
typedef int property(const struct path_quotes *quotes, unsigned at);

static int other_tos(const struct path_quotes *quotes, unsigned at)
{
	const struct hop_quoted *quoted = &quotes->hops[at].quoted;
	return quoted->known ? quoted->tos != quotes->tos : -1;
}

static int is_translated(const struct path_quotes *quotes, unsigned at)
{
	const struct hop_quoted *quoted = &quotes->hops[at].quoted;
	return quoted->known && quoted->nat != HOP_NAT_UNKNOWN ? quoted->nat == HOP_NAT_SEEN : -1;
}

/* More than was sent: nobody has that by counting down. */
static int more_ttl(const struct path_quotes *quotes, unsigned at)
{
	const struct hop_quoted *quoted = &quotes->hops[at].quoted;
	return quoted->known ? quoted->ttl > at + 1 : -1;
}

/* Some left where none should be: an MPLS tunnel that shows no labels looks the same. */
static bool has_some_left(const struct path_quotes *quotes, unsigned at)
{
	const struct path_quote *hop = &quotes->hops[at];
	return hop->quoted.known && hop->exceeded && !hop->labelled && hop->quoted.ttl > 1 &&
		hop->quoted.ttl <= at + 1;
}

/* Returns the latest hop before it of which the property is known, from 1; 0: none. */
static unsigned known_before(const struct path_quotes *quotes, unsigned at, property *has)
{
	while (at > 0 && has(quotes, at - 1) < 0)
		at--;
	return at;
}

static bool holds_from(const struct path_quotes *quotes, unsigned at, property *has)
{
	for (unsigned i = at; i < quotes->count; i++)
		if (has(quotes, i) == 0)
			return false;
	return has(quotes, at) == 1;
}

/* ---- words ---- */

__attribute__((format(printf, 2, 3))) static void add(
	char out[static PATH_REWRITTEN_TEXT], const char *format, ...)
{
	va_list arguments;
	size_t used = strlen(out);
	va_start(arguments, format);
	if (used > 0)
		used += (size_t)snprintf(out + used, PATH_REWRITTEN_TEXT - used, "; ");
	if (used < PATH_REWRITTEN_TEXT)
		vsnprintf(out + used, PATH_REWRITTEN_TEXT - used, format, arguments);
	va_end(arguments);
}

/* Who had it before may have done it as well, on passing it on. */
static const char *place_of(char out[static PLACE], unsigned before)
{
	if (before == 0)
		snprintf(out, PLACE, "here or before");
	else
		snprintf(out, PLACE, "here or after hop %u", before);
	return out;
}

/* Each other value has its hop: it may be rewritten more than once. */
static void add_tos(const struct path_quotes *quotes, unsigned at, char *out)
{
	char place[PLACE];
	unsigned before = known_before(quotes, at, other_tos);
	bool once_more = before > 0 && holds_from(quotes, before - 1, other_tos);
	uint8_t was = once_more ? quotes->hops[before - 1].quoted.tos : quotes->tos,
		is = quotes->hops[at].quoted.tos;
	if (holds_from(quotes, at, other_tos) && is != was)
		add(out, "TOS rewritten %#x -> %#x %s", was, is, place_of(place, before));
}

/* Whether the hop is the first from which on the property holds; then writes where that began. */
static bool begins_at(const struct path_quotes *quotes, unsigned at, property *has, char *place)
{
	unsigned before = known_before(quotes, at, has);
	place_of(place, before);
	return holds_from(quotes, at, has) && !(before > 0 && holds_from(quotes, before - 1, has));
}

const char *sdr_path_rewritten(
	const struct path_quotes *quotes, unsigned at, char out[static PATH_REWRITTEN_TEXT])
{
	char place[PLACE];
	uint8_t left = quotes->hops[at].quoted.ttl;
	out[0] = '\0';
	add_tos(quotes, at, out);
	if (begins_at(quotes, at, more_ttl, place))
		add(out, "TTL rewritten, %u left, %s", left, place);
	if (has_some_left(quotes, at))
		add(out, "TTL %u left, not 1: rewritten, or in a tunnel", left);
	if (begins_at(quotes, at, is_translated, place))
		add(out, "NAT %s", place);
	return out;
}
