/* leave.c - -Q, -4, -6, -I and ports of what sends packets itself. */
#include "cmd/leave.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sounder/app.h"
#include "sounder/registry.h"

/* Code points by name: RFC 2474, 2597, 3246, 5865, 8622. */
static bool find_dscp(const char *word, uint8_t *tos)
{
	static const struct {
		const char *name;
		uint8_t dscp;
	} points[] = {
		{"cs0", 0},
		{"be", 0},
		{"le", 1},
		{"cs1", 8},
		{"af11", 10},
		{"af12", 12},
		{"af13", 14},
		{"cs2", 16},
		{"af21", 18},
		{"af22", 20},
		{"af23", 22},
		{"cs3", 24},
		{"af31", 26},
		{"af32", 28},
		{"af33", 30},
		{"cs4", 32},
		{"af41", 34},
		{"af42", 36},
		{"af43", 38},
		{"cs5", 40},
		{"va", 44},
		{"ef", 46},
		{"cs6", 48},
		{"cs7", 56},
	};
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++)
		if (strcasecmp(points[i].name, word) == 0) {
			*tos = (uint8_t)(points[i].dscp << 2);
			return true;
		}
	return false;
}

enum sdr_status sdr_leave_tos(const char *word, uint8_t *tos, struct sdr_error *error)
{
	char *end;
	if (!word || find_dscp(word, tos))
		return SDR_OK;
	errno = 0;
	unsigned long value = strtoul(word, &end, 0);
	if (word[0] < '0' || word[0] > '9' || *end || errno || value > 255) {
		sdr_error_set(error, 0,
			"--tos %.40s: a number from 0 to 255 (184, 0xb8) or "
			"a name like ef, af41 or cs6 is right",
			word);
		return SDR_EINVAL;
	}
	*tos = (uint8_t)value;
	return SDR_OK;
}

enum sdr_status sdr_leave_port(const struct sdr_call *call, const char *option,
	enum sdr_transport transport, uint16_t *port, struct sdr_error *error)
{
	const char *word = sdr_call_text(call, option);
	struct sdr_error inner = {0};
	if (!word)
		return SDR_OK;
	enum sdr_status status = sdr_registry_service_port(
		sdr_app_registry(call->app), word, transport, port, &inner);
	if (status == SDR_OK && *port != 0)
		return SDR_OK;
	sdr_error_set(error, 0, "--%s %.40s: %s", option, word,
		status ? inner.text : "nothing answers on port 0");
	return SDR_EINVAL;
}

uint8_t sdr_leave_family(const struct sdr_call *call)
{
	struct sdr_addr source;
	const char *given = sdr_call_text(call, "source");
	if (sdr_call_has(call, "ipv4") || sdr_call_has(call, "ipv6"))
		return sdr_call_has(call, "ipv4") ? 4 : 6;
	if (!given || sdr_addr_parse(given, &source, NULL) != SDR_OK)
		return 0;
	return sdr_addr_unmap(&source).version;
}
