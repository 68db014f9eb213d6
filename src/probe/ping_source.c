/* ping_source.c - -I by its text. */
#include "probe/ping_source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum sdr_status sdr_ping_source_parse(
	const char *text, struct ping_source *source, struct sdr_error *error)
{
	struct sdr_error why = {0};
	*source = (struct ping_source){0};
	if (!text || sdr_addr_parse(text, &source->addr, &why) == SDR_OK) {
		source->addr = sdr_addr_unmap(&source->addr);
		return SDR_OK;
	}
	source->interface = sdr_interface_index(text);
	if (source->interface != 0) {
		snprintf(source->name, sizeof(source->name), "%s", text);
		return SDR_OK;
	}
	if (errno != ENODEV) {
		sdr_error_set(error, 0,
			"-I %.80s: whether this host has such an "
			"interface could not be looked at: %s",
			text, strerror(errno));
		return SDR_ESYSTEM;
	}
	if (sdr_host_ends_in_number(text) || strchr(text, ':')) /* meant as an address */
		sdr_error_set(
			error, 0, "-I %.80s: no interface of this host, and %s", text, why.text);
	else
		sdr_error_set(error, 0, "'%s' is no interface of this host and no address", text);
	return SDR_EINVAL;
}
