/* body.c - a body on stdout as it comes: byte for byte into a pipe, cleaned on a terminal (line
 * breaks kept). */
#include <stdlib.h>
#include <string.h>

#include "shell/shell.h"
#include "sounder/sanitize.h"

/* A line end is LF on a terminal, however the peer writes it. Works in place; returns the new
 * length. */
static size_t join_line_ends(char *bytes, size_t length)
{
	size_t to = 0;
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != '\r' || i + 1 == length || bytes[i + 1] != '\n')
			bytes[to++] = bytes[i];
	return to;
}

/* Cleans bytes[length] onto the terminal. */
static void put_clean(struct shell_body *body, char *bytes, size_t length)
{
	int after = body->before;
	const struct sdr_text_style style = {.ascii = body->out->ascii,
		.keep_breaks = true,
		.cells_max = -1,
		.before = body->before,
		.after = &after};
	length = join_line_ends(bytes, length);
	char *clean = sdr_sanitize_new(bytes, length, &style);
	body->before = after;
	if (clean)
		sdr_out_raw(body->out, clean, strlen(clean));
	free(clean);
}

/* Returns how many bytes at the end begin a character or line end that is not whole yet: 0..3. */
static size_t open_end(const unsigned char *bytes, size_t length)
{
	if (length && bytes[length - 1] == '\r')
		return 1;
	for (size_t back = 1; back <= 3 && back <= length; back++) {
		unsigned char lead = bytes[length - back];
		size_t whole = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
		if (lead >= 0xc0)
			return whole > back ? back : 0;
		if (lead < 0x80)
			return 0;
	}
	return 0;
}

bool sdr_body_put(void *context, const void *bytes, size_t length)
{
	struct shell_body *body = context;
	const char *from = bytes;
	if (!body->out->is_terminal) {
		sdr_out_raw(body->out, bytes, length);
		sdr_out_flush(body->out);
		return !body->out->failed;
	}
	while (length) {
		char chunk[8192];
		size_t room = sizeof(chunk) - body->held_length,
		       taken = length < room ? length : room;
		memcpy(chunk, body->held, body->held_length);
		memcpy(chunk + body->held_length, from, taken);
		size_t whole = body->held_length + taken;
		body->held_length = open_end((const unsigned char *)chunk, whole);
		whole -= body->held_length;
		memcpy(body->held, chunk + whole, body->held_length);
		put_clean(body, chunk, whole);
		from += taken;
		length -= taken;
	}
	sdr_out_flush(body->out);
	return !body->out->failed;
}

void sdr_body_end(struct shell_body *body)
{
	put_clean(body, body->held, body->held_length);
	body->held_length = 0;
}
