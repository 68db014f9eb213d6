/* act_words.c - a word of a list. */
#include "act_words.h"

#include <stdio.h>
#include <string.h>

const char *ui_act_word(const struct sdr_call *call)
{
	const char *word = sdr_call_word(call, 0);
	return word ? word : "";
}

int ui_act_choose(const char *const *words, const char *word, struct sdr_error *error)
{
	char all[200] = "";
	for (int i = 0; words[i]; i++) {
		if (!strcmp(words[i], word))
			return i;
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i ? ", " : "",
			words[i]);
	}
	sdr_error_set(error, 0, "\"%s\": one of %s is right", word, all);
	return -1;
}
