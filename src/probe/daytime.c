/* daytime.c - the probe type `daytime`: asks for the time as text (RFC 867), reads what is
 * understood of it, compares the clocks.
 *
 * TCP: the server speaks first and closes; UDP: any datagram is answered by one. The protocol
 * prescribes no form: a text that none fits is still an answer. More than TEXT_MAX bytes are never
 * stored. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "probe/connection.h"
#include "probe/daytime_clock.h"

#define TEXT_MAX 512

/* The order of `fields`. */
enum {
	TEXT,
	FORM,
	ZONE,
	OFFSET,
	BOUND,
	CONNECT,
	COMMON,
	FIELD_COUNT = COMMON + SDR_CONNECTION_FIELDS
};

static const struct sdr_field fields[FIELD_COUNT] = {
	[TEXT] = {"text", "Text", NULL, "what the server said", SDR_FIELD_TEXT, true},
	[FORM] = {"form", "Form", NULL,
		"the form it has: ctime, xinetd, rfc867, nist, iso, go or mail", SDR_FIELD_TEXT},
	[ZONE] = {"zone", "Zone", NULL, "the zone it was read in, this host's if it names none",
		SDR_FIELD_TEXT},
	[OFFSET] = {"clock_offset_seconds", "Clock", "ms",
		"how far the server's clock is ahead of ours", SDR_FIELD_DURATION, true},
	[BOUND] = {"uncertainty_seconds", "+/-", "ms",
		"how far off that may be: the text's last digit and half the round trip",
		SDR_FIELD_DURATION, true},
	[CONNECT] = SDR_CONNECTION_CONNECT_ROW,
	SDR_CONNECTION_FIELD_ROWS(COMMON),
};

/* One question in flight. */
struct daytime {
	struct connection connection;
	uint32_t length; /* of text */
	sdr_ns last;     /* when its last byte came */
	bool parsed;     /* `read` and `clock` hold */
	struct sdr_daytime read;
	struct daytime_clock clock;
	char zone[SDR_DAYTIME_ZONE * 2]; /* what clock.zone points to where it is this host's */
	char text[TEXT_MAX + 1];         /* NUL-terminated when it is over */
};

static struct daytime *daytime_of(struct connection *connection)
{
	return (struct daytime *)connection;
}

static void fill(const struct connection *connection, struct sdr_value *values)
{
	const struct daytime *daytime = (const struct daytime *)connection;
	const struct daytime_clock *clock = &daytime->clock;
	values[TEXT] = (struct sdr_value){.present = daytime->length > 0, .text = daytime->text};
	values[FORM] = (struct sdr_value){.present = daytime->parsed,
		.text = daytime->parsed ? sdr_daytime_form_name(daytime->read.form) : NULL};
	values[ZONE] =
		(struct sdr_value){.present = daytime->parsed && clock->known, .text = clock->zone};
	values[OFFSET] = (struct sdr_value){
		.present = daytime->parsed && clock->known, .number = clock->offset};
	values[BOUND] = (struct sdr_value){
		.present = daytime->parsed && clock->known, .number = clock->uncertainty};
	values[CONNECT] = sdr_connection_connect(connection);
}

/* Line ends are no part of the text; they and NULs are dropped from its end. */
static void trim(struct daytime *daytime)
{
	while (daytime->length > 0 && strchr("\r\n ", daytime->text[daytime->length - 1]))
		daytime->length--;
	daytime->text[daytime->length] = '\0';
}

/* When the question left: addresses that did not answer are no part of the round trip. */
static sdr_ns asked_at(const struct daytime *daytime)
{
	return daytime->connection.sent +
		(daytime->connection.waited != SDR_NS_NONE ? daytime->connection.waited : 0);
}

static void understand(struct daytime *daytime)
{
	struct tm local = {0};
	sdr_ns rtt = daytime->last - asked_at(daytime);
	sdr_wall arrived = daytime->connection.when + (daytime->last - daytime->connection.sent);
	time_t second = (time_t)(arrived / SDR_SECOND);
	daytime->parsed = sdr_daytime_parse(daytime->text, daytime->length, &daytime->read);
	if (!daytime->parsed)
		return;
	localtime_r(&second, &local);
	snprintf(daytime->zone, sizeof(daytime->zone), "%s", local.tm_zone ? local.tm_zone : "");
	/* TCP: the server wrote its text after the connection was there, so only the delay after
	 * that is unknown. */
	if (daytime->connection.connect_time != SDR_NS_NONE && !daytime->connection.udp)
		rtt -= daytime->connection.connect_time / 2;
	daytime->clock = sdr_daytime_clock_compare(
		&daytime->read, arrived, rtt, (int32_t)local.tm_gmtoff, daytime->zone);
}

static void put_clock(struct sdr_item *root, const struct daytime *daytime)
{
	const struct daytime_clock *clock = &daytime->clock;
	char meaning[DAYTIME_MEANING], time[SDR_WALL_TEXT];
	if (daytime->read.zone[0] && !daytime->read.zone_known)
		sdr_item_text(root, "zone_unknown", "Unknown zone", daytime->read.zone);
	if (clock->known)
		sdr_item_text(root, "time", "That is", sdr_wall_format(time, clock->time));
	sdr_item_text(root, "zone", "Zone", clock->known ? clock->zone : NULL);
	sdr_item_boolean(root, "zone_assumed", "Zone assumed", clock->assumed);
	sdr_item_duration(root, "clock_offset_seconds", "Clock offset",
		clock->known ? clock->offset : SDR_NS_NONE);
	sdr_item_duration(root, "uncertainty_seconds", "Uncertainty, +/-",
		clock->known ? clock->uncertainty : SDR_NS_NONE);
	sdr_item_text(root, "meaning", "Meaning", sdr_daytime_clock_format(meaning, clock));
	if (daytime->read.form == SDR_DAYTIME_NIST)
		sdr_item_integer(root, "health", "Health, 0 is good", daytime->read.health);
}

static struct sdr_sheet *make_sheet(const struct daytime *daytime, const char *why, sdr_ns rtt)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_bytes(root, "text", "Text", daytime->text, daytime->length)->show =
		SDR_SHOW_HEADLINE;
	sdr_item_text(root, "form", "Form",
		daytime->parsed ? sdr_daytime_form_name(daytime->read.form) : NULL);
	if (daytime->parsed)
		put_clock(root, daytime);
	if (why)
		sdr_item_text(root, "note", "Note", why);
	sdr_item_duration(root, "rtt_seconds", "Took", rtt);
	if (sdr_sheet_failed(sheet)) {
		sdr_sheet_free(sheet);
		return NULL;
	}
	return sheet;
}

static void end_with_text(struct daytime *daytime, enum sdr_outcome outcome, const char *why)
{
	why = sdr_connection_why(&daytime->connection, why);
	struct sdr_result result = {
		.outcome = outcome, .rtt = daytime->last - asked_at(daytime), .why = why};
	trim(daytime);
	understand(daytime);
	struct sdr_sheet *sheet = make_sheet(daytime, why, result.rtt);
	if (!sheet) {
		result.outcome = SDR_OUTCOME_LOCAL;
		result.why = sdr_status_text(SDR_ENOMEM);
	}
	result.detail = sheet;
	sdr_connection_end(&daytime->connection, &result);
	sdr_sheet_free(sheet);
}

/* The server is done. */
static void end_of_text(struct daytime *daytime, const char *why)
{
	if (daytime->length > 0) {
		end_with_text(daytime, SDR_OUTCOME_OK, why);
		return;
	}
	struct sdr_result result = {
		.outcome = SDR_OUTCOME_MALFORMED, .rtt = sdr_clock_now() - asked_at(daytime)};
	result.why = daytime->connection.udp ? "an empty datagram" : "closed without a word";
	sdr_connection_end(&daytime->connection, &result);
}

static void on_open(struct connection *connection, sdr_ns now)
{
	(void)now;
	/* A byte, not an empty datagram: services that mind amplification answer only what was
	 * asked (RFC 867 ignores the content). */
	if (connection->udp && send(connection->fd, "\n", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		sdr_connection_fail(connection, errno);
	else
		sdr_connection_watch(connection, UV_READABLE);
}

static void on_ready(struct connection *connection, int events, sdr_ns now)
{
	(void)events;
	struct daytime *daytime = daytime_of(connection);
	/* One byte more than is kept distinguishes a text of just that length from a longer one. */
	ssize_t got = sdr_connection_read(connection, daytime->text + daytime->length,
		sizeof(daytime->text) - daytime->length);
	if (got < 0)
		return;
	if (got > 0)
		daytime->last = now;
	daytime->length += (uint32_t)got;
	if (daytime->length > TEXT_MAX) {
		daytime->length = TEXT_MAX;
		end_with_text(daytime, SDR_OUTCOME_MALFORMED,
			"more than 512 bytes; the rest was not read");
	} else if (got == 0 || connection->udp) {
		end_of_text(daytime, NULL);
	}
}

static void on_error(struct connection *connection, int number)
{
	struct daytime *daytime = daytime_of(connection);
	if (daytime->length > 0 && memchr(daytime->text, '\n', daytime->length))
		end_of_text(daytime, "the server reset the connection after the line");
	else
		sdr_connection_fail(connection, number);
}

static void on_deadline(struct connection *connection)
{
	struct daytime *daytime = daytime_of(connection);
	struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE};
	if (daytime->length > 0)
		end_of_text(daytime, "the server did not close the connection in time");
	else {
		result.why = connection->udp ? NULL : "connected, but no word in time";
		sdr_connection_end(connection, &result);
	}
}

static const struct connection_verbs verbs = {
	.size = sizeof(struct daytime),
	.may_udp = true,
	.on_open = on_open,
	.on_ready = on_ready,
	.on_error = on_error,
	.on_deadline = on_deadline,
	.fill = fill,
	.fields = COMMON,
};

static enum sdr_status check(const struct sdr_spec *spec, struct sdr_error *error)
{
	if (spec->port != 0)
		return SDR_OK;
	sdr_error_set(error, 0, "'%s' names no port; daytime's own is 13", spec->target);
	return SDR_EINVAL;
}

static enum sdr_status open_shared(struct probe_env *env, void **shared, struct sdr_error *error)
{
	(void)error;
	return sdr_connection_open(env, &verbs, (struct connector **)shared);
}

const struct probe_type probe_daytime = {
	.public = {.name = "daytime",
		.label = "daytime",
		.sentence = "asks a daytime service (RFC 867) for the time and compares the clocks",
		.fields = fields,
		.field_count = FIELD_COUNT,
		.default_port = 13,
		SDR_CONNECTION_PUBLIC},
	.check = check,
	.open = open_shared,
	SDR_CONNECTION_VERBS,
};
