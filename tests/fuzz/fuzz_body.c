/* fuzz_body.c - a body on its way to a terminal or into a pipe, cut anywhere: the same comes out as
 * of the whole; a pipe gets the bytes themselves, a terminal none that it would act upon. */
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "shell/shell.h"
#include "sounder/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 20000 /* more than sdr_body_put takes at once */

static char *pass(struct input input, bool terminal, size_t piece, size_t *length)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, length);
	struct sdr_out out = {.file = file, .is_terminal = terminal};
	struct shell_body body = {.out = &out};
	must(file != NULL);
	while (input.left > 0) {
		size_t taken;
		const uint8_t *bytes = take_bytes(&input, piece, &taken);
		must(sdr_body_put(&body, bytes, taken));
	}
	sdr_body_end(&body);
	fclose(file);
	return text;
}

static void check_clean(const char *text, size_t length)
{
	uint32_t code;
	for (size_t n; length > 0; text += n, length -= n) {
		n = sdr_text_decode(text, length, &code);
		must(n > 0 && (sdr_text_is_plain(code) || code == '\n' || code == '\t'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size < MOST ? size : MOST};
	size_t piece = 1 + take_byte(&input), lengths[4];
	char *texts[4] = {pass(input, true, piece, &lengths[0]),
		pass(input, true, MOST, &lengths[1]), pass(input, false, piece, &lengths[2]),
		pass(input, false, MOST, &lengths[3])};
	must(lengths[0] == lengths[1] && memcmp(texts[0], texts[1], lengths[0]) == 0);
	check_clean(texts[0], lengths[0]);
	for (int i = 2; i < 4; i++)
		must(lengths[i] == input.left && memcmp(texts[i], input.at, input.left) == 0);
	for (int i = 0; i < 4; i++)
		free(texts[i]);
	return 0;
}
