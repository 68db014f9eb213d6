/* The sanitizer on arbitrary bytes: clean, short enough, within its cap, the same when cleaned
 * again. The first byte chooses the style. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_characters(const char *text, const struct sdr_text_style *style)
{
	uint32_t code;
	size_t left = strlen(text);
	for (size_t n; left; text += n, left -= n) {
		n = sdr_text_decode(text, left, &code);
		if (n == 0 ||
			(!sdr_text_is_plain(code) &&
				!(style->keep_breaks && (code == '\n' || code == '\t'))))
			abort();
		if (style->ascii && code > 0x7E)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	struct sdr_text_style style = {.ascii = data[0] & 1,
		.keep_breaks = data[0] & 2,
		.cells_max = data[0] & 4 ? data[1] : -1};
	char *once = sdr_sanitize_new(data + 2, size - 2, &style), small[64];
	if (!once)
		return 0;
	size_t length = strlen(once);
	if (length > 10 * size + 32 ||
		(style.cells_max > 0 && sdr_text_cells(once) > style.cells_max))
		abort();
	check_characters(once, &style);
	if (sdr_sanitize(small, sizeof(small), data + 2, size - 2, &style) != length ||
		strncmp(small, once, strlen(small)) != 0)
		abort();
	char *twice = sdr_sanitize_new(once, length, &style);
	if (twice && strcmp(once, twice) != 0)
		abort();
	if (sdr_text_cut_middle(small, sizeof(small), once, data[1] % 15, style.ascii) >
		data[1] % 15)
		abort();
	free(twice);
	free(once);
	return 0;
}
