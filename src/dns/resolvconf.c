/* resolvconf.c - what /etc/resolv.conf and /etc/nsswitch.conf say. The idea: a line at a time, first word decides, the rest are words;
 * lines and words that are not understood are skipped, as every resolver does. resolv.conf(5), nsswitch.conf(5). */
#include "dns/resolvconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 2048
#define BLANKS " \t\r"

/* Copies the next line into `line` (cut to its size) and returns what follows, NULL at the end. */
static const char *next_line(const char *text, char line[static LINE_MAX_BYTES])
{
	if (text == NULL || *text == '\0')
		return NULL;
	size_t length = strcspn(text, "\n");
	snprintf(line, LINE_MAX_BYTES, "%.*s", (int)(length < LINE_MAX_BYTES ? length : LINE_MAX_BYTES - 1), text);
	return text + length + (text[length] == '\n');
}

static void take_server(struct sdr_resolvconf *conf, const char *word)
{
	struct sdr_addr addr;
	if (word == NULL || conf->server_count == SDR_RESOLVCONF_SERVERS || sdr_addr_parse(word, &addr, NULL) != SDR_OK)
		return;
	conf->servers[conf->server_count++] = (struct sdr_endpoint){.addr = addr, .port = SDR_RESOLVCONF_PORT};
}

/* The last `search` or `domain` line counts. "." stands for the root: nothing to append (systemd-resolved writes it). */
static void take_search(struct sdr_resolvconf *conf, char *words)
{
	char *rest = NULL;
	conf->search_count = 0;
	for (char *word = strtok_r(words, BLANKS, &rest); word != NULL; word = strtok_r(NULL, BLANKS, &rest)) {
		size_t length = strlen(word);
		if (length > 0 && word[length - 1] == '.')
			word[--length] = '\0';
		if (length > 0 && length < SDR_HOST_TEXT && conf->search_count < SDR_RESOLVCONF_SEARCH)
			memcpy(conf->search[conf->search_count++], word, length + 1);
	}
}

static void take_options(struct sdr_resolvconf *conf, char *words)
{
	char *rest = NULL;
	for (char *word = strtok_r(words, BLANKS, &rest); word != NULL; word = strtok_r(NULL, BLANKS, &rest))
		if (strncmp(word, "ndots:", 6) == 0) {
			unsigned long dots = strtoul(word + 6, NULL, 10);
			conf->ndots = dots > 15 ? 15 : (unsigned)dots;
		}
}

void sdr_resolvconf_parse(const char *text, struct sdr_resolvconf *conf)
{
	char line[LINE_MAX_BYTES];
	*conf = (struct sdr_resolvconf){.ndots = 1};
	while ((text = next_line(text, line)) != NULL) {
		char *rest = NULL;
		if (line[0] == '#' || line[0] == ';')
			continue;
		const char *word = strtok_r(line, BLANKS, &rest);
		if (word == NULL)
			continue;
		if (strcmp(word, "nameserver") == 0)
			take_server(conf, strtok_r(NULL, BLANKS, &rest));
		else if (strcmp(word, "search") == 0 || strcmp(word, "domain") == 0)
			take_search(conf, rest);
		else if (strcmp(word, "options") == 0)
			take_options(conf, rest);
	}
}

static unsigned dots_in(const char *name)
{
	unsigned dots = 0;
	for (; *name != '\0'; name++)
		dots += *name == '.';
	return dots;
}

bool sdr_resolvconf_same(const struct sdr_resolvconf *a, const struct sdr_resolvconf *b)
{
	if (a->server_count != b->server_count || a->search_count != b->search_count || a->ndots != b->ndots)
		return false;
	for (unsigned i = 0; i < a->server_count; i++)
		if (a->servers[i].port != b->servers[i].port || sdr_addr_compare(&a->servers[i].addr, &b->servers[i].addr) != 0)
			return false;
	for (unsigned i = 0; i < a->search_count; i++)
		if (strcmp(a->search[i], b->search[i]) != 0)
			return false;
	return true;
}

unsigned sdr_resolvconf_candidates(const struct sdr_resolvconf *conf, const char *name, char names[][SDR_MESSAGE_NAME])
{
	unsigned count = 0, dots = dots_in(name);
	size_t length = strlen(name);
	bool absolute = length > 0 && name[length - 1] == '.';
	bool first = absolute || dots >= conf->ndots;
	if (first)
		snprintf(names[count++], SDR_MESSAGE_NAME, "%s", name);
	for (unsigned i = 0; i < conf->search_count && !absolute; i++) {
		int size = snprintf(names[count], SDR_MESSAGE_NAME, "%s.%s", name, conf->search[i]);
		if (size > 0 && size < SDR_MESSAGE_NAME)
			count++;
	}
	if (!first)
		snprintf(names[count++], SDR_MESSAGE_NAME, "%s", name);
	return count;
}

void sdr_nsswitch_parse(const char *text, struct sdr_nsswitch *order)
{
	char line[LINE_MAX_BYTES];
	*order = (struct sdr_nsswitch){.files = true, .dns = true, .files_first = true};
	while ((text = next_line(text, line)) != NULL) {
		char *rest = NULL;
		line[strcspn(line, "#")] = '\0';
		const char *word = strtok_r(line, BLANKS, &rest);
		if (word == NULL || strcmp(word, "hosts:") != 0)
			continue;
		struct sdr_nsswitch found = {0};
		while ((word = strtok_r(NULL, BLANKS, &rest)) != NULL) {
			/* "resolve" (systemd-resolved) is reached through resolv.conf as well, so it counts as dns */
			if (strcmp(word, "dns") == 0 || strcmp(word, "resolve") == 0)
				found.dns = true;
			if (strcmp(word, "files") == 0 && !found.files) {
				found.files = true;
				found.files_first = !found.dns;
			}
		}
		if (found.files || found.dns)
			*order = found;
		return;
	}
}
