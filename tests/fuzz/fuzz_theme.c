/* fuzz_theme.c - any text as a theme: what is taken are colours that there are, and attributes that
 * have a word; what is wrong has its line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/input.h"
#include "theme_file.h"
#include "theme_look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_colour(short colour)
{
	return colour >= -1 && colour <= 255;
}

static void check(const struct ui_theme *theme)
{
	const attr_t known = A_BOLD | A_DIM | A_UNDERLINE | A_REVERSE;
	if (strcmp(ui_theme_name(theme), "mine") != 0 || !is_colour(theme->bar_rich) ||
		theme->bar_plain < -1 || theme->bar_plain > 7)
		abort();
	for (int i = 0; i < UI_LOOKS; i++)
		if (!is_colour(theme->looks[i].rich) || theme->looks[i].plain < -1 ||
			theme->looks[i].plain > 15 || (theme->looks[i].attributes & ~known))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[4096];
	struct sdr_error error = {0};
	unsigned line = 0, lines = 1;
	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	struct ui_theme *theme = ui_theme_read("mine", "mine.theme", text, &error);
	if (theme)
		check(theme);
	else if (sscanf(error.text, "mine.theme:%u: ", &line) != 1 || line == 0 || line > lines)
		abort();
	ui_theme_free(theme);
	return 0;
}
