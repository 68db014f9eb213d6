/* recognise_zone.c - an address with a zone, which another machine's output has too: what this host
 * does not have is kept as text. RFC 4007 sec. 11. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "net/recognise.h"

/* Writes the address and its zone around the percent sign at `at`, without the 25 that a URL has
 * behind it (RFC 6874), into out[size]. False where nothing like an address is before it. */
static bool around(const struct sdr_paste *paste, size_t at, char *out, size_t size)
{
	size_t from = at, to = at + 1;
	while (from > 0 && at - from < SDR_ADDR_TEXT &&
		(isxdigit((unsigned char)paste->text[from - 1]) ||
			strchr(":.", paste->text[from - 1])) &&
		paste->text[from - 1] != '\0')
		from--;
	if (paste->length - to > 2 && memcmp(paste->text + to, "25", 2) == 0)
		to += 2;
	size_t zone = to;
	while (to < paste->length && to - zone < SDR_ZONE_TEXT &&
		(isalnum((unsigned char)paste->text[to]) || strchr("._-", paste->text[to])) &&
		paste->text[to] != '\0')
		to++;
	return at - from >= 2 && to > zone &&
		snprintf(out, size, "%.*s%%%.*s", (int)(at - from), paste->text + from,
			(int)(to - zone), paste->text + zone) < (int)size;
}

enum sdr_status sdr_recognise_unseen(const struct sdr_paste *paste, struct sdr_error *error)
{
	const char *percent = paste->text;
	size_t left = paste->length;
	while ((percent = memchr(percent, '%', left))) {
		char part[SDR_ADDR_TEXT + SDR_ZONE_TEXT];
		struct sdr_addr addr;
		struct sdr_error why;
		size_t at = (size_t)(percent - paste->text);
		if (around(paste, at, part, sizeof(part)) &&
			sdr_addr_parse(part, &addr, &why) == SDR_ESYSTEM) {
			sdr_error_set(error, at + 1, "%s", why.text);
			return SDR_ESYSTEM;
		}
		percent++;
		left = paste->length - at - 1;
	}
	return SDR_OK;
}

bool sdr_recognise_zoned(const char *text, size_t length, struct sdr_reading *reading)
{
	char part[SDR_ADDR_TEXT + SDR_ZONE_TEXT];
	struct sdr_addr addr;
	if (length == 0 || length >= sizeof(part))
		return false;
	memcpy(part, text, length);
	part[length] = '\0';
	enum sdr_status status = sdr_addr_parse(part, &reading->addr, NULL);
	if (status == SDR_OK || status == SDR_ESYSTEM) /* the interface may be another host's */
		return status == SDR_OK;
	char *zone = strchr(part, '%');
	if (!zone || !isalpha((unsigned char)zone[1]) || strlen(zone + 1) >= sizeof(reading->zone))
		return false;
	*zone++ = '\0';
	for (const char *at = zone; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && !strchr("._-", *at))
			return false;
	if (sdr_addr_parse(part, &addr, NULL) != SDR_OK || addr.version != 6)
		return false;
	reading->addr = addr;
	snprintf(reading->zone, sizeof(reading->zone), "%s", zone);
	return true;
}
