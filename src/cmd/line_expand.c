/* line_expand.c - a line with the values of its %words, or a text's words, in their place. */
#include "cmd/cmd.h"

#include <string.h>

enum sdr_status sdr_line_expand(const struct sdr_line *line, const struct sdr_words *words,
	struct sdr_line **expanded, struct sdr_error *error)
{
	struct sdr_arena *arena = sdr_arena_new();
	size_t count = line->split.count;
	char **made = sdr_arena_alloc(arena, (count + 1) * sizeof(*made));
	enum sdr_status status = made ? SDR_OK : SDR_ENOMEM;
	for (size_t i = 0; status == SDR_OK && i < count; i++) {
		size_t size = 0;
		made[i] = line->split.words[i];
		if (line->call.command->raw_words || !sdr_words_used(made[i]))
			continue; /* a key bound from a key keeps its own words for later */
		status = sdr_words_replace(line->split.words[i], words, NULL, &size, error);
		if (status != SDR_OK)
			break;
		made[i] = sdr_arena_alloc(arena, size);
		status = made[i]
			? sdr_words_replace(line->split.words[i], words, made[i], &size, error)
			: SDR_ENOMEM;
	}
	if (status == SDR_OK)
		status = sdr_line_new(line->call.app, made, count, expanded, error);
	sdr_arena_free(arena);
	return status;
}

/* ---- a text's words in the place of `-` ---- */

static bool is_dash(const struct sdr_line *line, size_t index)
{
	const struct sdr_call *call = &line->call;
	for (size_t i = 0; i < call->count; i++)
		if (!call->args[i].option && call->args[i].text == line->split.words[index])
			return strcmp(call->args[i].text, "-") == 0;
	return false;
}

/* Takes a text apart where it is, as lists of hosts are: blanks between words, `#` before a comment
 * to the line's end. Returns how many words there are; `words` may be NULL, and then the text stays
 * whole. */
static size_t take_words(char *text, char **words)
{
	size_t count = 0;
	for (char *at = text; *(at += strspn(at, " \t\r\n"));) {
		size_t length = strcspn(at, " \t\r\n#"),
		       comment = at[length] == '#' ? strcspn(at + length, "\n") : 0;
		char *word = at;
		at += length + comment;
		at += *at != '\0';
		if (length > 0 && words) {
			words[count] = word;
			word[length] = '\0';
		}
		count += length > 0;
	}
	return count;
}

static enum sdr_status check_words(char *const *words, size_t count, struct sdr_error *error)
{
	for (size_t i = 0; i < count; i++) {
		if (words[i][0] != '-')
			continue;
		sdr_error_set(
			error, 0, "'%.80s' looks like an option; a list has hosts only", words[i]);
		return SDR_EINVAL;
	}
	return SDR_OK;
}

enum sdr_status sdr_line_fill(const struct sdr_line *line, const char *text,
	struct sdr_line **filled, struct sdr_error *error)
{
	struct sdr_arena *arena = sdr_arena_new();
	size_t count = 0, length = strlen(text) + 1;
	char *copy = sdr_arena_alloc(arena, length);
	if (copy)
		memcpy(copy, text, length);
	size_t more = copy ? take_words(copy, NULL) : 0;
	char **made = sdr_arena_alloc(arena, (line->split.count + more + 1) * sizeof(*made));
	enum sdr_status status = copy && made ? SDR_OK : SDR_ENOMEM;
	char **listed = NULL;
	for (size_t i = 0; status == SDR_OK && i < line->split.count; i++) {
		if (!is_dash(line, i)) {
			made[count++] = line->split.words[i];
		} else if (!listed) {
			listed = &made[count];
			count += take_words(copy, listed);
			status = check_words(listed, more, error);
		}
	}
	if (status == SDR_OK)
		status = sdr_line_new(line->call.app, made, count, filled, error);
	sdr_arena_free(arena);
	return status;
}
