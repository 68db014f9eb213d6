/* out.c - lines to stdout and stderr: sanitised, toned with SGR where colour is on, flushed at each
 * line's end.
 *
 * After the first failed write (closed pipe, full disk) nothing more is written; callers can check
 * `failed`. */
#include "sounder/out.h"

#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sounder/sanitize.h"

static const char *const tones[] = {
	[SDR_TONE_PLAIN] = NULL,
	[SDR_TONE_OK] = "32",
	[SDR_TONE_WARNING] = "33",
	[SDR_TONE_BAD] = "31",
	[SDR_TONE_DIM] = "2",
	[SDR_TONE_STRONG] = "1",
};

static bool wants_colour(bool is_terminal, enum sdr_colour colour)
{
	if (colour != SDR_COLOUR_AUTO)
		return colour == SDR_COLOUR_ALWAYS;
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	return is_terminal && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

void sdr_out_init(struct sdr_out *out, FILE *file, enum sdr_colour colour)
{
	bool is_terminal = isatty(fileno(file));
	*out = (struct sdr_out){
		.file = file,
		.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
		.is_terminal = is_terminal,
		.colour = wants_colour(is_terminal, colour),
	};
}

void sdr_out_fail(struct sdr_out *out, int number)
{
	out->failed = true;
	out->failure = number;
}

static void write_all(struct sdr_out *out, const void *bytes, size_t length)
{
	if (length && !out->failed && fwrite(bytes, 1, length, out->file) != length)
		sdr_out_fail(out, errno);
}

static void write_toned(struct sdr_out *out, enum sdr_tone tone, const char *clean, size_t length)
{
	const char *sgr = out->colour && length ? tones[tone] : NULL;
	if (sgr) {
		char code[8];
		int n = snprintf(code, sizeof(code), "\033[%sm", sgr);
		write_all(out, code, (size_t)n);
	}
	write_all(out, clean, length);
	if (sgr)
		write_all(out, "\033[0m", 4);
}

void sdr_out_bytes(
	struct sdr_out *out, enum sdr_tone tone, const void *bytes, size_t length, int cells_max)
{
	struct sdr_text_style style = {.ascii = out->ascii, .cells_max = cells_max};
	char small[1024];
	if (out->failed)
		return;
	size_t need = sdr_sanitize(small, sizeof(small), bytes, length, &style);
	if (need < sizeof(small)) {
		write_toned(out, tone, small, need);
		return;
	}
	char *large = malloc(need + 1);
	if (!large) {
		sdr_out_fail(out, ENOMEM);
		return;
	}
	sdr_sanitize(large, need + 1, bytes, length, &style);
	write_toned(out, tone, large, need);
	free(large);
}

SDR_PRINTF(3, 0)
static void put(struct sdr_out *out, enum sdr_tone tone, const char *format, va_list args)
{
	char small[512], *large = NULL;
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(small, sizeof(small), format, args);
	if (length >= (int)sizeof(small) && vasprintf(&large, format, again) < 0) {
		large = NULL;
		length = -1;
	}
	va_end(again);
	if (length < 0)
		sdr_out_fail(out, ENOMEM);
	else
		sdr_out_bytes(out, tone, large ? large : small, (size_t)length, -1);
	free(large);
}

void sdr_out_put(struct sdr_out *out, enum sdr_tone tone, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	put(out, tone, format, args);
	va_end(args);
}

void sdr_out_flush(struct sdr_out *out)
{
	if (!out->held && !out->failed && fflush(out->file) != 0)
		sdr_out_fail(out, errno);
}

void sdr_out_hold(struct sdr_out *out, bool held)
{
	out->held = held && !out->is_terminal;
	sdr_out_flush(out);
}

void sdr_out_end(struct sdr_out *out)
{
	write_all(out, "\n", 1);
	sdr_out_flush(out);
}

void sdr_out_line(struct sdr_out *out, enum sdr_tone tone, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	put(out, tone, format, args);
	va_end(args);
	sdr_out_end(out);
}

void sdr_out_raw(struct sdr_out *out, const void *bytes, size_t length)
{
	write_all(out, bytes, length);
}
