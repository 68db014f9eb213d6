/* line_words.c - %target %address %port %name %endpoint inside a word, and quoting of a word.
 *
 * A value replaces its %word within one word, which is never split again, so a name with blanks
 * stays one argument. A value that begins with '-' is refused: nothing that comes from a name
 * server may become an option. */
#include "cmd/cmd.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {"target", "address", "port", "name", "endpoint"};

/* Returns which of `names` stands after the '%' at `text`, and its length with the '%'; -1 if none
 * does ("%eth0", "%targets"). */
static int word_at(const char *text, size_t *length)
{
	for (int i = 0; i < (int)(sizeof(names) / sizeof(*names)); i++) {
		size_t n = strlen(names[i]);
		if (strncmp(text + 1, names[i], n) == 0 && !isalnum((unsigned char)text[1 + n])) {
			*length = n + 1;
			return i;
		}
	}
	return -1;
}

bool sdr_words_used(const char *text)
{
	size_t length;
	for (const char *at = strchr(text, '%'); at; at = strchr(at + 1, '%'))
		if (word_at(at, &length) >= 0)
			return true;
	return false;
}

static enum sdr_status value_of(
	const struct sdr_words *words, int which, const char **value, struct sdr_error *error)
{
	const char *const values[] = {
		words->target, words->address, words->port, words->name, words->endpoint};
	*value = values[which];
	if (!*value) {
		sdr_error_set(error, 0,
			"%%%s has no value here: put the cursor on a line that has one",
			names[which]);
		return SDR_EINVAL;
	}
	if (**value == '-') {
		sdr_error_set(error, 0,
			"%%%s is \"%s\" here, which would be taken for "
			"an option; type the command by hand",
			names[which], *value);
		return SDR_EINVAL;
	}
	return SDR_OK;
}

enum sdr_status sdr_words_replace(const char *text, const struct sdr_words *words, char *out,
	size_t *size, struct sdr_error *error)
{
	size_t used = 0;
	while (*text) {
		size_t length = 1;
		int which = *text == '%' ? word_at(text, &length) : -1;
		const char *value = text;
		size_t bytes = 1;
		if (which >= 0) {
			enum sdr_status status = value_of(words, which, &value, error);
			if (status != SDR_OK)
				return status;
			bytes = strlen(value);
		}
		if (out)
			memcpy(out + used, value, bytes);
		used += bytes;
		text += length;
	}
	if (out)
		out[used] = '\0';
	*size = used + 1;
	return SDR_OK;
}

static bool is_safe(const char *word)
{
	if (!*word)
		return false;
	for (; *word; word++)
		if (!isalnum((unsigned char)*word) && !strchr("_./:@%+=,-[]", *word))
			return false;
	return true;
}

size_t sdr_word_quote(char *out, size_t size, const char *word)
{
	if (is_safe(word))
		return (size_t)snprintf(out, size, "%s", word);
	size_t used = 0;
	/* One byte goes out at a time, counted whether or not there is room. */
#define PUT(c) (used + 1 < size ? (void)(out[used] = (c)) : (void)0, used++)
	PUT('\'');
	for (; *word; word++) {
		if (*word == '\'') {
			PUT('\'');
			PUT('\\');
			PUT('\'');
		}
		PUT(*word);
	}
	PUT('\'');
#undef PUT
	if (size)
		out[used < size ? used : size - 1] = '\0';
	return used;
}
