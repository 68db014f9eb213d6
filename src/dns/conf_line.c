/* conf_line.c - the lines of resolv.conf, nsswitch.conf and gai.conf. */
#include "dns/conf_line.h"

#include <stdio.h>
#include <string.h>

const char *sdr_conf_line(const char *text, char *line, size_t size)
{
	if (!text || *text == '\0')
		return NULL;
	size_t length = strcspn(text, "\n");
	snprintf(line, size, "%.*s", (int)(length < size ? length : size - 1), text);
	return text + length + (text[length] == '\n');
}
