/* call_text.c - the line that gives a call. */
#include "call_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/command.h"

/* Writes an argument's text as a word of a line. False when out of memory. */
static bool put_word(
	FILE *file, const struct sdr_call *call, const struct sdr_arg *arg, bool secrets)
{
	size_t size = strlen(arg->text) + SDR_ARG_SHOWN_MORE;
	char *shown = secrets ? NULL : malloc(size);
	const char *text = secrets ? arg->text : shown;
	if (shown)
		(void)sdr_arg_shown(shown, size, call, arg);
	size_t quoted = text ? sdr_word_quote(NULL, 0, text) + 1 : 0;
	char *word = quoted ? malloc(quoted) : NULL;
	if (word) {
		sdr_word_quote(word, quoted, text);
		fputs(word, file);
	}
	free(shown);
	free(word);
	return word;
}

static char *call_text(const struct sdr_call *call, bool secrets)
{
	char *text = NULL;
	size_t size = 0;
	bool whole = true;
	FILE *file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	fputs(call->command->name, file);
	for (size_t i = 0; whole && i < call->count; i++) {
		const struct sdr_arg *arg = &call->args[i];
		if (arg->option)
			fprintf(file, " --%s%s", arg->option->name, arg->text ? "=" : "");
		else
			fputc(' ', file);
		if (arg->text)
			whole = put_word(file, call, arg, secrets);
	}
	whole = !ferror(file) && whole;
	if (fclose(file) == 0 && whole)
		return text;
	free(text);
	return NULL;
}

char *ui_call_text(const struct sdr_call *call)
{
	return call_text(call, true);
}

char *ui_call_shown(const struct sdr_call *call)
{
	return call_text(call, false);
}
