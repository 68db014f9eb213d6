/* fuzz_decode.c - a terminal's input bytes: whatever comes, whole or in pieces, gives the same
 * keys, every key has a name, and answers between keys change none. */
#include <stdlib.h>
#include <string.h>

#include "decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A sum over all events, in which order counts. */
static void on_event(void *context, const struct ui_event *event)
{
	uint64_t *sum = context;
	char name[UI_KEY_TEXT];
	if (event->kind == UI_EVENT_KEY && !ui_key_format(name, event->key)[0])
		abort();
	if (event->kind == UI_EVENT_PASTE && event->length > UI_PASTE_MAX)
		abort();
	*sum = (*sum ^ event->key ^ (uint64_t)event->kind << 40 ^ event->length ^ event->dropped) *
		0x100000001b3u;
}

static uint64_t decode(const uint8_t *data, size_t size, size_t piece, bool expects)
{
	uint64_t sum = 1;
	struct ui_decoder *decoder = ui_decoder_new(on_event, &sum);
	ui_decoder_learn(decoder, "\033OA", UI_KEY_UP);
	ui_decoder_expects(decoder, expects);
	for (size_t at = 0; at < size; at += piece)
		ui_decoder_feed(
			decoder, (const char *)data + at, size - at < piece ? size - at : piece);
	for (int i = 0; ui_decoder_flush(decoder) && i < 9; i++) /* it ends by itself */
		if (i == 8)
			abort();
	ui_decoder_free(decoder);
	return sum;
}

/* What a control string or a paste holds: the input without what would end it. Returns its
 * length. */
static size_t take_content(const uint8_t *data, size_t size, char *out)
{
	size_t used = 0;
	for (size_t i = 0; i < size; i++)
		if (data[i] != '\a' && data[i] != '~' &&
			!(data[i] == '\\' && used > 0 && out[used - 1] == '\033'))
			out[used++] = (char)data[i];
	while (used > 0 && out[used - 1] == '\033') /* it would be the end's own */
		used--;
	return used;
}

static void count_keys(void *context, const struct ui_event *event)
{
	unsigned *keys = context;
	*keys += event->kind == UI_EVENT_KEY || event->kind == UI_EVENT_MOUSE ? 1
		: event->kind == UI_EVENT_LOST                                ? 1000
									      : 0;
}

/* Nothing between a beginning and its end is a key, cut anywhere, and the key behind it is one. */
static void check_wrapped(const uint8_t *data, size_t size)
{
	static const char *const wraps[][2] = {{"\033P", "\033\\"}, {"\033]", "\033\\"},
		{"\033]", "\a"}, {"\033_", "\033\\"}, {"\033^", "\033\\"}, {"\033X", "\033\\"},
		{"\033[200~", "\033[201~"}};
	char *bytes = malloc(size + 16);
	size_t which = size ? data[0] % (sizeof(wraps) / sizeof(*wraps)) : 0,
	       piece = size > 1 ? 1 + data[1] % 16 : 1, used;
	unsigned keys = 0;
	struct ui_decoder *decoder = ui_decoder_new(count_keys, &keys);
	used = (size_t)(stpcpy(bytes, wraps[which][0]) - bytes);
	used += take_content(data, size, bytes + used);
	used += (size_t)(stpcpy(bytes + used, wraps[which][1]) - bytes) - used;
	bytes[used++] = 'j';
	for (size_t at = 0; at < used; at += piece)
		ui_decoder_feed(decoder, bytes + at, used - at < piece ? used - at : piece);
	if (keys != 1)
		abort();
	ui_decoder_free(decoder);
	free(bytes);
}

struct answered {
	uint64_t sum; /* of all other events */
	unsigned answers;
};

static void count_answers(void *context, const struct ui_event *event)
{
	struct answered *answered = context;
	if (event->kind == UI_EVENT_ANSWER)
		answered->answers++;
	else
		on_event(&answered->sum, event);
}

/* An answer wherever nothing is half read is counted, and all else is as without. */
static void check_answers(const uint8_t *data, size_t size)
{
	struct answered plain = {1, 0}, mixed = {1, 0};
	struct ui_decoder *without = ui_decoder_new(count_answers, &plain),
			  *with = ui_decoder_new(count_answers, &mixed);
	unsigned sent = 0;
	ui_decoder_expects(without, true);
	ui_decoder_expects(with, true);
	for (size_t at = 0; at < size; at++) {
		const char *byte = (const char *)data + at;
		ui_decoder_feed(with, byte, 1);
		if (ui_decoder_feed(without, byte, 1) == 0 && data[at] % 2 == 0) {
			ui_decoder_feed(with, data[at] % 4 ? "\033[0n" : "\033[3n", 4);
			sent++;
		}
	}
	if (mixed.sum != plain.sum || mixed.answers != plain.answers + sent)
		abort();
	ui_decoder_free(without);
	ui_decoder_free(with);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int expects = 0; expects < 2; expects++)
		if (decode(data, size, 1, expects) != decode(data, size, 4096, expects))
			abort();
	check_wrapped(data, size);
	check_answers(data, size);
	return 0;
}
