/* scratch.c - a list of networks for planning. It is sorted, so that networks that can be joined
 * are neighbours. */
#include "scratch.h"

#include <string.h>

enum sdr_status ui_scratch_add(
	struct ui_scratch *scratch, const struct sdr_prefix *network, struct sdr_error *error)
{
	struct sdr_prefix clear = {.addr = sdr_prefix_network(network), .length = network->length};
	char text[SDR_PREFIX_TEXT];
	unsigned at = 0;
	clear.addr.scope_id = 0;
	while (at < scratch->count && sdr_prefix_compare(&scratch->networks[at], &clear) < 0)
		at++;
	if (at < scratch->count && sdr_prefix_compare(&scratch->networks[at], &clear) == 0) {
		sdr_error_set(error, 0, "%s is in the list", sdr_prefix_format(text, &clear));
		return SDR_EEXIST;
	}
	if (scratch->count == UI_SCRATCH_MAX) {
		sdr_error_set(error, 0,
			"the list is full; it holds %d networks, and M joins what can be joined",
			UI_SCRATCH_MAX);
		return SDR_ERANGE;
	}
	memmove(&scratch->networks[at + 1], &scratch->networks[at],
		(scratch->count - at) * sizeof(clear));
	scratch->networks[at] = clear;
	scratch->count++;
	scratch->version++;
	return SDR_OK;
}

void ui_scratch_remove(struct ui_scratch *scratch, unsigned index)
{
	scratch->count--;
	memmove(&scratch->networks[index], &scratch->networks[index + 1],
		(scratch->count - index) * sizeof(*scratch->networks));
	scratch->version++;
}

/* The network after this one, of the same length. */
static struct sdr_addr next_addr(const struct sdr_prefix *network)
{
	struct sdr_addr last = sdr_prefix_last(network);
	return sdr_addr_add(&last, 1);
}

enum sdr_status ui_scratch_split(
	struct ui_scratch *scratch, unsigned index, unsigned length, struct sdr_error *error)
{
	struct sdr_prefix whole = scratch->networks[index],
			  piece = {.addr = whole.addr, .length = (uint8_t)length};
	unsigned bits = sdr_addr_bits(&whole.addr), room = UI_SCRATCH_MAX - scratch->count + 1;
	char text[SDR_PREFIX_TEXT];
	if (length <= whole.length || length > bits) {
		sdr_error_set(error, 0, "%s is split into longer lengths, /%u to /%u",
			sdr_prefix_format(text, &whole), whole.length + 1, bits);
		return SDR_ERANGE;
	}
	if (length - whole.length > 8 || 1U << (length - whole.length) > room) {
		sdr_error_set(error, 0,
			"%s would make more than the %u networks that the list has room for",
			sdr_prefix_format(text, &whole), room);
		return SDR_ERANGE;
	}
	ui_scratch_remove(scratch, index);
	for (unsigned i = 0; i < 1U << (length - whole.length); i++) {
		/* One of the pieces may be in the list already. */
		(void)!ui_scratch_add(scratch, &piece, NULL);
		piece.addr = next_addr(&piece);
	}
	return SDR_OK;
}

/* Joins the network with the one after it if it holds it, or if both are halves of one. */
static bool join(struct ui_scratch *scratch, unsigned index)
{
	struct sdr_prefix *a = &scratch->networks[index], *b = a + 1, both = *a;
	if (sdr_prefix_contains(a, &b->addr) && a->length <= b->length) {
		ui_scratch_remove(scratch, index + 1);
		return true;
	}
	if (a->length != b->length || a->length == 0 || a->addr.version != b->addr.version)
		return false;
	both.length--;
	if (!sdr_prefix_contains(&both, &b->addr))
		return false;
	both.addr = sdr_prefix_network(&both);
	*a = both;
	ui_scratch_remove(scratch, index + 1);
	return true;
}

unsigned ui_scratch_merge(struct ui_scratch *scratch)
{
	unsigned before = scratch->count, i = 0;
	while (i + 1 < scratch->count) {
		/* What was joined may now be the other half of the one before it. */
		if (join(scratch, i))
			i = i > 0 ? i - 1 : 0;
		else
			i++;
	}
	return before - scratch->count;
}
