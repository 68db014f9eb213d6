/* view_words.c - the words that name views. */
#include "dns/view_words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sounder/names.h"

static const struct word {
	const char *text;
	enum view_source source;
} words[] = {
	{"system", VIEW_SYSTEM},
	{"hosts", VIEW_HOSTS},
	{"libc", VIEW_LIBC},
};

/* What other programs have and this one does not do yet. */
static bool is_elsewhere(const char *text, struct sdr_error *error)
{
	static const char *const schemes[] = {"tls://", "https://", "quic://"};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (strncasecmp(text, schemes[i], strlen(schemes[i])) != 0)
			continue;
		sdr_error_set(error, 0,
			"@%.80s: encrypted questions (%s) are not asked here; @ADDR asks by UDP, "
			"@tcp://ADDR by TCP",
			text, schemes[i]);
		return true;
	}
	if (strcmp(text, "auth") != 0)
		return false;
	sdr_error_set(error, 0,
		"@auth: the servers of the zone are not looked for here; dns ZONE NS names them, "
		"and @NAME asks one");
	return true;
}

static enum sdr_status take_named(const char *text, struct view_word *word, struct sdr_error *error)
{
	struct sdr_hostport parts;
	enum sdr_status status = sdr_hostport_parse(text, &parts, error);
	if (status == SDR_OK && parts.has_service)
		status = sdr_port_parse(parts.service, &word->server.port, error);
	if (status == SDR_OK)
		status = sdr_host_check(parts.host, error);
	if (status != SDR_OK)
		return status;
	word->source = VIEW_NAMED;
	snprintf(word->host, sizeof(word->host), "%s", parts.host);
	return SDR_OK;
}

/* Whether it is meant as an address, so that what is wrong with it is worth reading. */
static bool looks_like_address(const char *text)
{
	return text[0] == '[' || strchr(text, '%') || text[strspn(text, "0123456789.:")] == '\0';
}

static bool is_address(const char *text)
{
	struct sdr_hostport parts;
	struct sdr_addr addr;
	return sdr_hostport_parse(text, &parts, NULL) == SDR_OK &&
		sdr_addr_parse(parts.host, &addr, NULL) == SDR_OK;
}

enum sdr_status sdr_view_word_parse(
	const char *text, struct view_word *word, struct sdr_error *error)
{
	*word = (struct view_word){.source = VIEW_SERVER, .server.port = 53};
	text += text[0] == '@';
	if (strncasecmp(text, "tcp://", 6) == 0 || strncasecmp(text, "udp://", 6) == 0) {
		word->tcp = (text[0] | 32) == 't';
		text += 6;
	} else {
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (strcmp(text, words[i].text) == 0) {
				word->source = words[i].source;
				return SDR_OK;
			}
	}
	if (is_elsewhere(text, error))
		return SDR_EINVAL;
	if (is_address(text) || looks_like_address(text))
		return sdr_names_server_parse(text, &word->server, error);
	return take_named(text, word, error);
}
