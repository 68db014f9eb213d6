/* call_shown.c - an argument as outputs may show it. */
#include <stdio.h>
#include <string.h>

#include "cmd/http_secret.h"
#include "sounder/command.h"

const char *sdr_arg_shown(
	char *out, size_t size, const struct sdr_call *call, const struct sdr_arg *arg)
{
	const char *text = arg->text ? arg->text : "",
		   *name = arg->option ? arg->option->name : call->command->name;
	if (arg->option && strcmp(name, "header") == 0)
		return sdr_secret_header(out, size, text);
	/* Without a scheme a word of another command may be anything, as a comment with an address
	 * for mail. */
	if (strcmp(name, "proxy") == 0 || strcmp(name, "head") == 0 || strcmp(name, "get") == 0 ||
		strstr(text, "://"))
		return sdr_secret_url(out, size, text);
	snprintf(out, size, "%s", text);
	return out;
}
