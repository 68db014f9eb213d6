/* tcp.c - the probe type `tcp`: how long a TCP handshake takes, and how it fails (RFC 9293
 * sec. 3.5). Nothing is sent over the connection. */
#include "probe/connection.h"

/* The order of `fields`. */
enum { LOCAL_PORT, COMMON, FIELD_COUNT = COMMON + SDR_CONNECTION_FIELDS };

static const struct sdr_field fields[FIELD_COUNT] = {
	[LOCAL_PORT] = {"local_port", "From port", NULL, "the port the connection left from",
		SDR_FIELD_INTEGER},
	SDR_CONNECTION_FIELD_ROWS(COMMON),
};

static void fill(const struct connection *connection, struct sdr_value *values)
{
	values[LOCAL_PORT] = (struct sdr_value){
		.present = connection->local_port != 0, .number = connection->local_port};
}

static void on_open(struct connection *connection, sdr_ns now)
{
	(void)now;
	struct sdr_result result = {.outcome = SDR_OUTCOME_OK, .rtt = connection->connect_time};
	sdr_connection_end(connection, &result);
}

static void on_ready(struct connection *connection, int events, sdr_ns now)
{
	(void)events;
	on_open(connection, now);
}

static const struct connection_verbs verbs = {.size = sizeof(struct connection),
	.on_open = on_open,
	.on_ready = on_ready,
	.fill = fill,
	.fields = COMMON};

static enum sdr_status check(const struct sdr_spec *spec, struct sdr_error *error)
{
	if (spec->port != 0)
		return SDR_OK;
	sdr_error_set(error, 0, "'%s' names no port; a TCP probe needs one, as in %s:80",
		spec->target, spec->host ? spec->host : "db1");
	return SDR_EINVAL;
}

static enum sdr_status open_shared(struct probe_env *env, void **shared, struct sdr_error *error)
{
	(void)error;
	return sdr_connection_open(env, &verbs, (struct connector **)shared);
}

const struct probe_type probe_tcp = {
	.public = {.name = "tcp",
		.label = "tcp",
		.sentence = "opens a TCP connection and closes it: how long the handshake takes",
		.fields = fields,
		.field_count = FIELD_COUNT,
		SDR_CONNECTION_PUBLIC},
	.check = check,
	.open = open_shared,
	SDR_CONNECTION_VERBS,
};
