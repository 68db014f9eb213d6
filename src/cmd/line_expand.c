/* line_expand.c - a line with the values of its %words in their place. */
#include "cmd/cmd.h"

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
