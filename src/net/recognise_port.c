/* recognise_port.c - an address with a port as programs write it: 192.0.2.1#53 (dig, named),
 * 192.0.2.1.443 (tcpdump, netstat), 192.0.2.1:443/tcp (docker, nmap), and an address that ends a
 * sentence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/recognise.h"

#define DIGITS "0123456789"

static bool take_port(const char *digits, struct sdr_reading *reading)
{
	size_t count = strspn(digits, DIGITS);
	if (count == 0 || count > 5 || digits[count] != '\0' ||
		strtoul(digits, NULL, 10) > UINT16_MAX)
		return false;
	snprintf(reading->service, sizeof(reading->service), "%s", digits);
	reading->kind = SDR_READING_ENDPOINT;
	return true;
}

/* An address, a mark, digits. */
static bool take_marked(const char *word, char mark, const char *form, struct sdr_reading *reading)
{
	const char *at = strrchr(word, mark);
	if (!at || !take_port(at + 1, reading) ||
		!sdr_recognise_zoned(word, (size_t)(at - word), reading))
		return false;
	reading->form = form;
	return true;
}

static bool take_dotted_end(const char *word, struct sdr_reading *reading)
{
	size_t length = strlen(word);
	if (length < 2 || word[length - 1] != '.' ||
		!sdr_recognise_zoned(word, length - 1, reading))
		return false;
	reading->kind = SDR_READING_ADDRESS;
	reading->form = "without the dot behind it";
	return true;
}

static bool take_protocol(const char *word, struct sdr_reading *reading)
{
	static const struct {
		const char *name, *form;
	} protocols[] = {{"/tcp", "over TCP"}, {"/udp", "over UDP"}, {"/sctp", "over SCTP"}};
	const char *slash = strrchr(word, '/');
	char part[SDR_PASTE_WORD];
	struct sdr_hostport parts;
	if (!slash)
		return false;
	snprintf(part, sizeof(part), "%.*s", (int)(slash - word), word);
	if (sdr_hostport_parse(part, &parts, NULL) != SDR_OK || !parts.has_service ||
		sdr_addr_parse(parts.host, &reading->addr, NULL) != SDR_OK)
		return false;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (strcasecmp(protocols[i].name, slash) != 0 || !take_port(parts.service, reading))
			continue;
		reading->form = protocols[i].form;
		return true;
	}
	return false;
}

enum sdr_match sdr_recognise_suffix(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	const char *word = paste->word;
	(void)error;
	if (word[0] == '\0' || strpbrk(word, " \t\"'=,;()<>"))
		return SDR_MATCH_OTHER;
	bool taken = take_dotted_end(word, reading) ||
		take_marked(word, '#', "as dig writes it", reading) ||
		take_marked(word, '.', "as tcpdump writes it", reading) ||
		take_protocol(word, reading);
	return taken ? SDR_MATCH_TAKEN : SDR_MATCH_OTHER;
}
