/* call_text.c - the line that gives a call. */
#include "call_text.h"

#include <stdio.h>

#include "sounder/command.h"

static char *call_text(const struct sdr_call *call, bool secrets)
{
	char *text = NULL, word[1024], shown[1024];
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	fputs(call->command->name, file);
	for (size_t i = 0; i < call->count; i++) {
		const struct sdr_arg *arg = &call->args[i];
		if (arg->option)
			fprintf(file, " --%s%s", arg->option->name, arg->text ? "=" : "");
		else
			fputc(' ', file);
		if (!arg->text)
			continue;
		sdr_word_quote(word, sizeof(word),
			secrets ? arg->text : sdr_arg_shown(shown, sizeof(shown), call, arg));
		fputs(word, file);
	}
	fclose(file);
	return text;
}

char *ui_call_text(const struct sdr_call *call)
{
	return call_text(call, true);
}

char *ui_call_shown(const struct sdr_call *call)
{
	return call_text(call, false);
}
