/* clipboard.c - OSC 52: text as base64 (RFC 4648 sec. 4). */
#include "clipboard.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN "\033]52;c;"
#define END "\a"
/* tmux accepts the plain one if its set-clipboard is on; with allow-passthrough it forwards the
 * wrapped one, each ESC doubled. */
#define WRAPPED_BEGIN "\033Ptmux;\033\033]52;c;"
#define WRAPPED_END "\a\033\\"

static char *encode(char *to, const unsigned char *bytes, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t group = (uint32_t)bytes[i] << 16 |
			(left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
			(left > 2 ? bytes[i + 2] : 0);
		*to++ = digits[group >> 18];
		*to++ = digits[group >> 12 & 63];
		*to++ = left > 1 ? digits[group >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[group & 63] : '=';
	}
	return to;
}

char *ui_clipboard_sequence(const char *text, size_t length, bool tmux, size_t *sequence)
{
	const unsigned char *bytes = (const unsigned char *)text;
	char *out = malloc(
		     2 * ((length + 2) / 3 * 4) + sizeof(BEGIN END WRAPPED_BEGIN WRAPPED_END)),
	     *to = out;
	if (!out)
		return NULL;
	to = stpcpy(encode(stpcpy(to, BEGIN), bytes, length), END);
	if (tmux)
		to = stpcpy(encode(stpcpy(to, WRAPPED_BEGIN), bytes, length), WRAPPED_END);
	*sequence = (size_t)(to - out);
	return out;
}
