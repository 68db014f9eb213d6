/* fuzz_key.c - any text as the name of a key, any number as a key: what is taken is written as a
 * name that reads back as the same key. */
#include <string.h>

#include "input.h"
#include "key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[64], name[UI_KEY_TEXT];
	uint32_t key, again;
	struct sdr_error error = {0};
	struct input input = {data, size};
	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (ui_key_parse(text, &key, &error) != SDR_OK) {
		must(error.text[0] != '\0');
	} else {
		must(ui_key_format(name, key)[0] != '\0' && strlen(name) < sizeof(name));
		must(ui_key_parse(name, &again, NULL) == SDR_OK && again == key);
	}
	key = (uint32_t)take_number(&input, 4);
	ui_key_format(name, key);
	must(memchr(name, '\0', sizeof(name)) != NULL);
	must(ui_key_parse(name, &again, NULL) != SDR_OK || again != UI_KEY_NONE);
	return 0;
}
