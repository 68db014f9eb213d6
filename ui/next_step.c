/* next_step.c - a table: how probes end, and what finds out more about that. */
#include "next_step.h"

#include <string.h>

#include "sounder/engine.h"

#define BIT(outcome) (1u << SDR_OUTCOME_##outcome)

/* The first that fits counts. */
static const struct {
	unsigned outcomes;
	const char *type; /* whose probes; NULL: any */
	bool connects;    /* only of those by TCP to a port */
	const char *line;
} steps[] = {
	{BIT(NXDOMAIN) | BIT(NODATA) | BIT(SERVFAIL) | BIT(RESOLVE_FAILED), NULL, false,
		"dns %name"},
	{BIT(TLS), NULL, false, "head --insecure %target"},
	{BIT(HTTP_ERROR), NULL, false, "head %target"},
	{BIT(TOO_BIG), NULL, false, "path --mtu %address"},
	{BIT(REFUSED) | BIT(RESET), NULL, true, "tcp --until up %endpoint"},
	{BIT(TIMEOUT) | BIT(UNREACHABLE) | BIT(PROHIBITED) | BIT(TTL_EXCEEDED), "dns", false,
		"dns %name"},
	{BIT(TIMEOUT) | BIT(UNREACHABLE) | BIT(PROHIBITED) | BIT(TTL_EXCEEDED), NULL, true,
		"path --tcp %port %address"},
	{BIT(TIMEOUT) | BIT(UNREACHABLE) | BIT(PROHIBITED) | BIT(TTL_EXCEEDED), "path", false,
		"ping -c 3 %address"},
	{BIT(TIMEOUT) | BIT(UNREACHABLE) | BIT(PROHIBITED) | BIT(TTL_EXCEEDED), NULL, false,
		"trace %address"},
	{BIT(OK), "http", false, "head %target"}, /* slow: each phase is timed */
	{BIT(OK), "dns", false, "dns %name"},
	{BIT(OK), "path", true, "ping -c 20 %address"}, /* it is traced already: another protocol */
	{BIT(OK), "path", false, "path --tcp 443 %address"},
	{BIT(OK), NULL, false, "trace %address"},
};

static enum sdr_outcome outcome_of(const struct sdr_row *row)
{
	if (row->target->phase == SDR_PHASE_FAILED)
		return row->target->outcome;
	return row->state == SDR_STATE_DOWN ? row->cause : SDR_OUTCOME_OK;
}

static bool connects(const struct sdr_target *target)
{
	return target->port != 0 && !target->spec->udp;
}

const char *ui_next_step(const struct sdr_row *row)
{
	const struct sdr_spec *spec = row->target->spec;
	unsigned bit = 1u << outcome_of(row);
	if (row->target->phase != SDR_PHASE_FAILED && row->state != SDR_STATE_DOWN &&
		row->state != SDR_STATE_SLOW)
		return NULL;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i].outcomes & bit &&
			(!steps[i].type || strcmp(steps[i].type, spec->type->name) == 0) &&
			(!steps[i].connects || connects(row->target)))
			return steps[i].line;
	return NULL;
}
