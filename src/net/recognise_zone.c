/* recognise_zone.c - an address with a zone, which another machine's output has too: what this host
 * does not have is kept as text. RFC 4007 sec. 11. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "net/recognise.h"

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
