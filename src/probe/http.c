/* http.c - the probe type `http`: one HEAD or GET to the address the engine resolved. What came of
 * it is a result with a sheet.
 *
 * libcurl is loaded by the first probe, not earlier: it costs more than the rest of the program's
 * start. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "http/multi.h"
#include "probe/http_sheet.h"
#include "probe/probe_type.h"
#include "sounder/probe_options.h"
#include "sounder/sanitize.h"

#define TIMEOUT (10 * SDR_SECOND)
#define CONNECT_TIMEOUT (5 * SDR_SECOND)
#define BODY_MAX ((uint64_t)1024 * 1024)
#define USER_AGENT "sounder"

/* The order of `fields`. */
enum {
	STATUS_CODE,
	TIME_NAMELOOKUP,
	TIME_CONNECT,
	TIME_APPCONNECT,
	TIME_STARTTRANSFER,
	TIME_TOTAL,
	BODY_BYTES,
	CURL_CODE,
	FIELD_COUNT
};

static const struct sdr_field fields[FIELD_COUNT] = {
	[STATUS_CODE] = {"status_code", "Status", NULL, "the answer's status code",
		SDR_FIELD_INTEGER, true},
	[TIME_NAMELOOKUP] = {"time_namelookup", "Lookup", "ms",
		"from the start until the name was resolved; none where none was looked up",
		SDR_FIELD_DURATION},
	[TIME_CONNECT] = {"time_connect", "Connect", "ms", "from the start until TCP was connected",
		SDR_FIELD_DURATION},
	[TIME_APPCONNECT] = {"time_appconnect", "TLS", "ms",
		"from the start until the TLS handshake was done", SDR_FIELD_DURATION},
	[TIME_STARTTRANSFER] = {"time_starttransfer", "First byte", "ms",
		"from the start until the first byte of the final answer came", SDR_FIELD_DURATION,
		true},
	[TIME_TOTAL] = {"time_total", "Total", "ms", "from the start to the end",
		SDR_FIELD_DURATION},
	[BODY_BYTES] = {"body_bytes", "Body", "bytes", "bytes of body that were read",
		SDR_FIELD_INTEGER},
	[CURL_CODE] = {"curl_code", "curl", NULL, "libcurl's code for how it ended; 0 is well",
		SDR_FIELD_INTEGER},
};

/* What all targets share. */
struct http_shared {
	struct probe_env *env;   /* borrowed */
	struct sdr_multi *multi; /* NULL until the first probe */
	uv_timer_t later;        /* reports what could not even be begun, in the next iteration */
	struct http_run *first;  /* probes in flight */
};

/* One probe in flight. */
struct http_run {
	struct http_shared *shared;
	struct http_run *next, *previous;
	const struct sdr_target *target;
	struct sdr_transfer *transfer; /* NULL: could not be begun */
	uint64_t sequence;
	sdr_ns sent;
	sdr_wall when;
	char url[SDR_HOST_TEXT + 32]; /* where the spec has none: made of host and port */
	struct sdr_error error;       /* why it could not be begun */
};

static void run_unlink(struct http_run *run)
{
	if (run->previous)
		run->previous->next = run->next;
	else
		run->shared->first = run->next;
	if (run->next)
		run->next->previous = run->previous;
}

static struct http_run *run_new(
	struct http_shared *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now)
{
	struct http_run *run = calloc(1, sizeof(*run));
	if (!run)
		return NULL;
	run->shared = shared;
	run->target = target;
	run->sequence = sequence;
	run->sent = now;
	run->when = sdr_clock_wall();
	run->next = shared->first;
	if (shared->first)
		shared->first->previous = run;
	shared->first = run;
	return run;
}

static const struct sdr_http_options *options_of(const struct sdr_spec *spec)
{
	static const struct sdr_http_options none = {0};
	return spec->options ? spec->options : &none;
}

static const char *method_of(const struct sdr_spec *spec)
{
	return options_of(spec)->method ? options_of(spec)->method : "HEAD";
}

static sdr_ns timeout_of(const struct sdr_spec *spec)
{
	return spec->timeout ? spec->timeout : TIMEOUT;
}

/* A time-out that was asked for covers the connection too. */
static sdr_ns connect_timeout_of(const struct sdr_spec *spec)
{
	return timeout_of(spec) == TIMEOUT ? CONNECT_TIMEOUT : timeout_of(spec);
}

static uint64_t body_max_of(const struct sdr_spec *spec)
{
	return options_of(spec)->body_max ? options_of(spec)->body_max : BODY_MAX;
}

static void put_number(struct sdr_value *value, int64_t number)
{
	*value = (struct sdr_value){.present = true, .number = number};
}

static void put_time(struct sdr_value *value, sdr_ns time)
{
	if (time != SDR_NS_NONE)
		put_number(value, time);
}

static void fill_values(
	struct sdr_value values[static FIELD_COUNT], const struct sdr_transfer_answer *answer)
{
	const struct sdr_transfer_times *times = &answer->times;
	if (answer->status_code)
		put_number(&values[STATUS_CODE], answer->status_code);
	put_time(&values[TIME_NAMELOOKUP], times->namelookup);
	put_time(&values[TIME_CONNECT], times->connect);
	put_time(&values[TIME_APPCONNECT], times->appconnect);
	put_time(&values[TIME_STARTTRANSFER], times->starttransfer);
	put_time(&values[TIME_TOTAL], times->total);
	put_number(&values[BODY_BYTES], (int64_t)answer->body_bytes);
	put_number(&values[CURL_CODE], answer->curl_code);
}

static void time_add(sdr_ns *time, sdr_ns more)
{
	if (*time != SDR_NS_NONE)
		*time += more;
}

/* Where a name was looked up for this very probe, that is in its times; where none was, as for an
 * address, the lookup is nothing, not 0. */
static void add_lookup(struct sdr_transfer_times *times, const struct http_run *run)
{
	sdr_ns more = run->sequence == 1 ? run->target->resolve_time : SDR_NS_NONE;
	times->namelookup = more;
	if (more == SDR_NS_NONE)
		return;
	time_add(&times->connect, more);
	time_add(&times->appconnect, more);
	time_add(&times->pretransfer, more);
	time_add(&times->starttransfer, more);
	time_add(&times->total, more);
}

/* The chain is reported with the first probe and with the first one of each minute. */
static bool wants_chain(const struct http_run *run)
{
	const sdr_ns minute = 60 * SDR_SECOND;
	return run->sequence == 1 ||
		run->sent / minute != (run->sent - run->target->spec->interval) / minute;
}

static void report(struct http_run *run, const struct sdr_transfer_answer *answer)
{
	const struct sdr_spec *spec = run->target->spec;
	const struct http_diagnosis_input of = {answer, timeout_of(spec), connect_timeout_of(spec),
		body_max_of(spec), sdr_clock_wall()};
	struct http_diagnosis diagnosis;
	sdr_http_diagnose(&of, &diagnosis);
	const struct http_sheet_case sheet_case = {answer, &diagnosis,
		options_of(spec)->url ? options_of(spec)->url : run->url, method_of(spec), of.now,
		wants_chain(run)};
	struct sdr_sheet *sheet = sdr_http_sheet_new(&sheet_case);
	struct sdr_value values[FIELD_COUNT] = {0};
	bool answered = answer->status_code != 0 && !diagnosis.stage;
	struct sdr_result result = {
		.kind = SDR_RESULT_ANSWER,
		.outcome = diagnosis.outcome,
		.sequence = run->sequence,
		.sent = run->sent,
		.when = run->when,
		.rtt = answered ? answer->times.total : SDR_NS_NONE,
		.from = answer->remote,
		.why = diagnosis.why[0] ? diagnosis.why : NULL,
		.detail = sheet,
		.values = values,
		.value_count = FIELD_COUNT,
	};
	if (!sheet) {
		result.outcome = SDR_OUTCOME_LOCAL;
		result.why = sdr_status_text(SDR_ENOMEM);
	}
	fill_values(values, answer);
	run->shared->env->emit(run->shared->env, run->target->id, &result);
	sdr_sheet_free(sheet);
}

/* A peer that echoes what it is sent, as port 7 does, shows our own secrets: the values of such
 * headers become *** in place. */
static void hide_echoed(struct sdr_transfer_answer *answer)
{
	char *line = answer->first_bytes, *end = answer->first_bytes + answer->first_length;
	while (line < end) {
		char *next = memchr(line, '\n', (size_t)(end - line)), *stop = next ? next : end;
		char *colon = memchr(line, ':', (size_t)(stop - line));

		if (colon && sdr_text_is_secret_name(line, (size_t)(colon - line))) {
			size_t room = (size_t)(stop - colon) - 1, stars = room < 3 ? room : 3;
			memset(colon + 1, '*', stars);
			memmove(colon + 1 + stars, stop, (size_t)(end - stop));
			end -= room - stars;
			next = next ? colon + 1 + stars : NULL;
		}
		line = next ? next + 1 : end;
	}
	answer->first_length = (size_t)(end - answer->first_bytes);
}

static void on_done(void *context, const struct sdr_transfer_answer *answer)
{
	struct http_run *run = context;
	struct sdr_transfer_answer timed = *answer; /* `headers` stays the transfer's */
	run->transfer = NULL;
	run_unlink(run);
	add_lookup(&timed.times, run);
	hide_echoed(&timed);
	report(run, &timed);
	free(run);
}

static void on_later(uv_timer_t *timer)
{
	struct http_shared *shared = timer->data;
	struct http_run *next;
	for (struct http_run *run = shared->first; run; run = next) {
		/* NOLINT(clang-analyzer-unix.Malloc): what is freed was unlinked. */
		next = run->next;
		if (run->transfer)
			continue;
		run_unlink(run);
		struct sdr_result result = {.kind = SDR_RESULT_ANSWER,
			.outcome = SDR_OUTCOME_LOCAL,
			.sequence = run->sequence,
			.sent = run->sent,
			.when = run->when,
			.rtt = SDR_NS_NONE,
			.why = run->error.text};
		shared->env->emit(shared->env, run->target->id, &result);
		free(run);
		next = shared->first; /* the callback may have stopped any of them */
	}
}

/* Takes the host out of "http://user@host:port/": what libcurl will look up for the proxy. */
static const char *proxy_host(const struct sdr_target *target)
{
	return options_of(target->spec)->proxy ? target->host : NULL;
}

static void url_make(struct http_run *run)
{
	const char *host = run->target->host ? run->target->host : "";
	bool is_v6 = strchr(host, ':');
	size_t length = strcspn(
		host, "%"); /* a zone has no place in a URL's host here: the address is given */
	snprintf(run->url, sizeof(run->url), "http://%s%.*s%s:%u/", is_v6 ? "[" : "", (int)length,
		host, is_v6 ? "]" : "", run->target->port);
}

/* All addresses of the name, at the target's port. Returns how many. */
static unsigned peers_of(
	const struct sdr_target *target, struct sdr_endpoint peers[static SDR_ATTEMPTS_MAX])
{
	const struct sdr_addr *addresses;
	unsigned count = sdr_target_addresses(target, &addresses);
	if (count > SDR_ATTEMPTS_MAX)
		count = SDR_ATTEMPTS_MAX;
	for (unsigned i = 0; i < count; i++)
		peers[i] = (struct sdr_endpoint){addresses[i], target->port};
	if (count == 0) /* the engine has it resolved first; else the dialer reports the error */
		peers[count++] = (struct sdr_endpoint){target->addr, target->port};
	return count;
}

static enum sdr_status run_begin(struct http_run *run)
{
	const struct sdr_spec *spec = run->target->spec;
	const struct sdr_http_options *http = options_of(spec);
	struct sdr_endpoint peers[SDR_ATTEMPTS_MAX];
	bool by_port = !http->url;
	if (by_port)
		url_make(run);
	const struct sdr_transfer_spec transfer = {
		.url = by_port ? run->url : http->url,
		.method = method_of(spec),
		.peers = peers,
		.peer_count = peers_of(run->target, peers),
		.user = http->user,
		.password = http->password,
		.proxy = http->proxy,
		.proxy_user = http->proxy_user,
		.proxy_password = http->proxy_password,
		.proxy_host = proxy_host(run->target),
		.connect_to = http->proxy ? http->connect_to : NULL,
		.user_agent = by_port ? NULL : USER_AGENT,
		.cacert = http->cacert,
		.headers = http->headers,
		.http10 = http->http10 || http->bare ||
			by_port, /* without Host there is no HTTP/1.1 */
		.bare = http->bare,
		.to_the_end = by_port,
		.insecure = http->insecure,
		.connect_timeout = connect_timeout_of(spec),
		.timeout = timeout_of(spec),
		.body_max = body_max_of(spec),
		.on_body = spec->on_body,
		.on_body_context = spec->on_body_context,
		.done = on_done,
		.context = run,
	};
	enum sdr_status status = run->shared->multi
		? SDR_OK
		: sdr_multi_new(run->shared->env->loop, &run->shared->multi);
	if (status != SDR_OK)
		return status;
	return sdr_transfer_start(run->shared->multi, &transfer, &run->transfer);
}

static enum sdr_status http_start(
	void *context, const struct sdr_target *target, uint64_t sequence, sdr_ns now)
{
	struct http_shared *shared = context;
	struct http_run *run = run_new(shared, target, sequence, now);
	if (!run)
		return SDR_ENOMEM;
	enum sdr_status status = run_begin(run);
	if (status == SDR_OK)
		return SDR_OK;
	if (!run->error.text[0])
		sdr_error_set(&run->error, 0, "%s", sdr_status_text(status));
	uv_timer_start(&shared->later, on_later, 0, 0);
	return SDR_OK;
}

static void http_stop(void *context, const struct sdr_target *target)
{
	struct http_shared *shared = context;
	struct http_run *next;
	for (struct http_run *run = shared->first; run; run = next) {
		next = run->next;
		if (run->target != target)
			continue;
		run_unlink(run);
		if (run->transfer)
			sdr_transfer_stop(run->transfer);
		free(run);
	}
}

static enum sdr_status http_open(struct probe_env *env, void **context, struct sdr_error *error)
{
	struct http_shared *shared = calloc(1, sizeof(*shared));
	(void)error;
	if (!shared)
		return SDR_ENOMEM;
	shared->env = env;
	uv_timer_init(env->loop, &shared->later);
	shared->later.data = shared;
	*context = shared;
	return SDR_OK;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void http_close(void *context)
{
	struct http_shared *shared = context;
	while (shared->first)
		http_stop(shared, shared->first->target); /* NOLINT(clang-analyzer-unix.Malloc):
							     what is freed was unlinked */
	sdr_multi_free(shared->multi);
	uv_close((uv_handle_t *)&shared->later, on_closed);
}

static enum sdr_status http_check(const struct sdr_spec *spec, struct sdr_error *error)
{
	if (spec->port != 0)
		return SDR_OK;
	sdr_error_set(
		error, 0, "\"%s\" has no port to connect to; a port is 1 to 65535", spec->target);
	return SDR_EINVAL;
}

static const unsigned texts[] = {
	SDR_PLACE(struct sdr_http_options, url),
	SDR_PLACE(struct sdr_http_options, method),
	SDR_PLACE(struct sdr_http_options, cacert),
	SDR_PLACE(struct sdr_http_options, connect_to),
	SDR_PLACE(struct sdr_http_options, proxy),
	SDR_PLACE(struct sdr_http_options, user),
	SDR_PLACE(struct sdr_http_options, password),
	SDR_PLACE(struct sdr_http_options, proxy_user),
	SDR_PLACE(struct sdr_http_options, proxy_password),
	0,
};

static const unsigned lists[] = {SDR_PLACE(struct sdr_http_options, headers), 0};

const struct probe_type probe_http = {
	.public =
		{
			.name = "http",
			.panel = "http",
			.label = "http",
			.sentence = "asks a web server by HTTP or HTTPS and times each phase",
			.fields = fields,
			.field_count = FIELD_COUNT,
			.options_size = sizeof(struct sdr_http_options),
			.texts = texts,
			.lists = lists,
			.by_address = true,
			.by_names = true,
			.default_interval = 10 * SDR_SECOND,
			.default_timeout = TIMEOUT,
		},
	.check = http_check,
	.open = http_open,
	.close = http_close,
	.start = http_start,
	.stop = http_stop,
};
