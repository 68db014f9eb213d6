/* fuzz_decode.c - a terminal's input bytes: whatever comes, whole or in pieces, gives the same keys, and every key has a name. */
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
	*sum = (*sum ^ event->key ^ (uint64_t)event->kind << 40 ^ event->length ^ event->dropped) * 0x100000001b3u;
}

static uint64_t decode(const uint8_t *data, size_t size, size_t piece)
{
	uint64_t sum = 1;
	struct ui_decoder *decoder = ui_decoder_new(on_event, &sum);
	ui_decoder_learn(decoder, "\033OA", UI_KEY_UP);
	for (size_t at = 0; at < size; at += piece)
		ui_decoder_feed(decoder, (const char *)data + at, size - at < piece ? size - at : piece);
	for (int i = 0; ui_decoder_flush(decoder) && i < 9; i++) /* it comes to rest by itself */
		if (i == 8)
			abort();
	ui_decoder_free(decoder);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (decode(data, size, 1) != decode(data, size, 4096))
		abort();
	return 0;
}
