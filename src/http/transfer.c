/* transfer.c - one request from start to answer: trusted certificates, connection, libcurl.
 *
 * HEAD is sent as a custom request whose answer we stop reading after the headers, not with
 * CURLOPT_NOBODY: so we see the first bytes of a peer that is no HTTP server (libcurl drops them
 * under NOBODY), and can read a body that is sent after all to its end if requested. HTTP/0.9 is
 * allowed for the same reason only, and ends the transfer as "not HTTP". */
#include "http/transfer.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "http/arrival.h"
#include "http/transfer_end.h"
#include "http/transfer_options.h"
#include "http/transfer_times.h"

/* ---- before libcurl reads ---- */

/* Notes when bytes came, and keeps the first ones, before libcurl reads them: it does not show all
 * that it refuses. Where it has read some already, they are missed. */
static void look(struct sdr_transfer *transfer, int fd)
{
	struct sdr_transfer_answer *answer = &transfer->answer;
	bool seen = answer->first_length > 0;
	char byte;
	sdr_ns when;
	ssize_t length = sdr_arrival_peek(fd, seen ? &byte : answer->first_bytes,
		seen ? 1 : sizeof(answer->first_bytes), &when);
	transfer->arrival = length > 0 ? when : 0;
	/* The socket reports an error once: libcurl will only see the end. */
	if (length < 0 && errno != EAGAIN && errno != EINTR)
		answer->os_errno = errno;
	if (!seen && length > 0 &&
		((size_t)length == sizeof(answer->first_bytes) ||
			sdr_arrival_total(fd) <= (size_t)length))
		answer->first_length = (size_t)length;
}

static void on_arrived(struct sdr_multi_job *job, int fd)
{
	struct sdr_transfer *transfer = (struct sdr_transfer *)job;
	transfer->arrival = 0;
	if (!sdr_headers_final(&transfer->answer.headers))
		look(transfer, fd);
	transfer->woken = sdr_multi_stamp(transfer->multi);
}

/* ---- the end ---- */

static void take_tls(struct sdr_transfer *transfer)
{
	struct sdr_transfer_answer *answer = &transfer->answer;
	struct sdr_tls_sight *sight = &transfer->sight;
	struct curl_certinfo *info = NULL;
	if (!answer->tls_wanted)
		return;
	answer->tls = answer->times.appconnect != SDR_NS_NONE;
	snprintf(answer->tls_version, sizeof(answer->tls_version), "%s", sight->version);
	snprintf(answer->tls_cipher, sizeof(answer->tls_cipher), "%s", sight->cipher);
	answer->chain = sight->chain;
	sight->chain = (struct sdr_certificates){0};
	answer->verify_error = sight->verify_error;
	answer->verify_depth = sight->verify_depth;
	answer->tls_alert = sdr_tls_alert_of(transfer->text);
	answer->certificate_wanted = sight->certificate_wanted;
	if (sight->tls ||
		transfer->easy.curl->easy_getinfo(
			transfer->easy.handle, CURLINFO_CERTINFO, &info) != CURLE_OK ||
		!info)
		return;
	for (int i = 0; i < info->num_of_certs; i++)
		for (const struct curl_slist *line = info->certinfo[i]; line; line = line->next)
			if (strncmp(line->data, "Cert:", 5) == 0)
				sdr_certificates_add_pem(&answer->chain, line->data);
}

static void take_answer(struct sdr_transfer *transfer, CURLcode code)
{
	struct sdr_transfer_answer *answer = &transfer->answer;
	const struct sdr_curl *curl = transfer->easy.curl;
	long number = 0;
	curl->easy_getinfo(transfer->easy.handle, CURLINFO_OS_ERRNO, &number);
	if (!answer->os_errno)
		answer->os_errno = (int)number;
	answer->tunnel = sdr_easy_tunnel(&transfer->easy, &transfer->spec);
	sdr_transfer_take_times(transfer);
	take_tls(transfer);
	answer->status_code = answer->headers.status;
	answer->http_version = answer->headers.used ? sdr_easy_version(&transfer->easy) : NULL;
	answer->curl_code = (int)code;
	snprintf(answer->text, sizeof(answer->text), "%s",
		transfer->text[0] ? transfer->text : curl->easy_strerror(code));
	struct sdr_transfer_end_facts facts = {
		.code = (int)code,
		.enough = transfer->enough,
		.not_http = transfer->not_http,
		.to_the_end = transfer->to_the_end,
		.is_head = transfer->is_head,
		.received = transfer->job.fd >= 0 ? sdr_arrival_total(transfer->job.fd)
						  : transfer->job.received,
		.answer = answer,
	};
	answer->end = sdr_transfer_end_of(&facts);
	if (answer->end == SDR_TRANSFER_DONE) {
		answer->left_open = code == CURLE_OPERATION_TIMEDOUT;
		answer->curl_code = 0;
		answer->text[0] = '\0';
	}
}

static void transfer_free(struct sdr_transfer *transfer)
{
	sdr_easy_done(&transfer->easy);
	if (transfer->fd >= 0)
		close(transfer->fd);
	sdr_certificates_done(&transfer->sight.chain);
	sdr_certificates_done(&transfer->answer.chain);
	sdr_headers_done(&transfer->answer.headers);
	free(transfer->answer.attempts);
	free(transfer);
}

static void deliver(struct sdr_transfer *transfer)
{
	transfer->spec.done(transfer->spec.context, &transfer->answer);
	transfer_free(transfer);
}

static void on_done(struct sdr_multi_job *job, bool run, CURLcode code)
{
	struct sdr_transfer *transfer = (struct sdr_transfer *)job;
	const char *fault = sdr_multi_fault(transfer->multi);
	if (run) {
		take_answer(transfer, code);
	} else {
		transfer->answer.end = fault ? SDR_TRANSFER_LOCAL : SDR_TRANSFER_NOT_STARTED;
		snprintf(transfer->answer.text, sizeof(transfer->answer.text), "%s",
			fault ? fault : "");
	}
	deliver(transfer);
}

/* Ends a transfer that libcurl never ran. */
static void fail(
	struct sdr_transfer *transfer, enum sdr_transfer_end end, int code, const char *text)
{
	transfer->answer.end = end;
	transfer->answer.curl_code = code;
	snprintf(transfer->answer.text, sizeof(transfer->answer.text), "%s", text);
	sdr_multi_remove(transfer->multi, &transfer->job);
	deliver(transfer);
}

/* ---- once started ---- */

/* The try whose errno is reported for all. */
static const char *error_name_of(const struct sdr_dial_result *result)
{
	for (unsigned i = 0; i < result->count; i++)
		if (result->attempts[i].outcome == result->outcome &&
			result->attempts[i].error_name)
			return result->attempts[i].error_name;
	return NULL;
}

static bool take_attempts(struct sdr_transfer *transfer, const struct sdr_dial_result *result)
{
	struct sdr_transfer_answer *answer = &transfer->answer;
	answer->dial_outcome = result->outcome;
	memcpy(answer->dial_why, result->why, sizeof(answer->dial_why));
	answer->attempts = malloc((result->count + 1) * sizeof(*answer->attempts));
	if (!answer->attempts)
		return false;
	memcpy(answer->attempts, result->attempts, result->count * sizeof(*answer->attempts));
	answer->attempt_count = result->count;
	return true;
}

static void on_dialed(void *context, const struct sdr_dial_result *result)
{
	struct sdr_transfer *transfer = context;
	struct sdr_transfer_answer *answer = &transfer->answer;
	enum sdr_transfer_end end = result->outcome == SDR_OUTCOME_TIMEOUT ? SDR_TRANSFER_TIMEOUT
		: result->outcome == SDR_OUTCOME_LOCAL                     ? SDR_TRANSFER_LOCAL
									   : SDR_TRANSFER_CONNECT;
	transfer->dial = NULL;
	transfer->fd = result->fd;
	bool taken = take_attempts(transfer, result);
	if (result->fd < 0) {
		answer->times.total = sdr_transfer_since(transfer, sdr_clock_now());
		answer->dial_error = error_name_of(result);
		fail(transfer, end,
			end == SDR_TRANSFER_TIMEOUT ? CURLE_OPERATION_TIMEDOUT
						    : CURLE_COULDNT_CONNECT,
			result->why);
		return;
	}
	/* All times count from where the SYN left: what making a socket took is no time of the
	 * peer's. */
	answer->times.waited = result->waited;
	answer->times.connect = result->waited + result->handshake;
	transfer->begun = result->connected_at - answer->times.connect;
	answer->remote = result->attempts[result->winner].to;
	sdr_arrival_note(transfer->fd);
	look(transfer, transfer->fd); /* some speak first */
	transfer->handed = sdr_transfer_since(transfer, sdr_clock_now());
	if (!taken || sdr_transfer_set_limits(transfer) != CURLE_OK ||
		!sdr_multi_run(transfer->multi, &transfer->job))
		fail(transfer, SDR_TRANSFER_LOCAL, CURLE_OUT_OF_MEMORY,
			sdr_status_text(SDR_ENOMEM));
}

static void connect_begin(struct sdr_transfer *transfer, const struct sdr_trust_found *found)
{
	sdr_ns left = transfer->deadline - sdr_clock_now(),
	       to_connect = transfer->spec.connect_timeout;
	const struct sdr_dial_spec spec = {.endpoints = transfer->peers,
		.count = transfer->spec.peer_count,
		.timeout = left < SDR_MS    ? SDR_MS
			: left < to_connect ? left
					    : to_connect,
		.done = on_dialed,
		.context = transfer};
	transfer->begun = sdr_clock_now();
	if (sdr_dial_begin(sdr_multi_loop(transfer->multi), &spec, &transfer->dial) != SDR_OK) {
		fail(transfer, SDR_TRANSFER_LOCAL, CURLE_OUT_OF_MEMORY,
			sdr_status_text(SDR_ENOMEM));
		return;
	}
	CURLcode code = sdr_transfer_make_easy(transfer, found);
	if (code == CURLE_OK)
		return;
	sdr_dial_cancel(transfer->dial);
	transfer->dial = NULL;
	char text[SDR_TRANSFER_TEXT];
	snprintf(text, sizeof(text), "libcurl does not take the request as it is: %s",
		transfer->easy.curl->easy_strerror(code));
	fail(transfer, SDR_TRANSFER_LOCAL, (int)code, text);
}

static void look_for_trust(struct sdr_transfer *transfer)
{
	struct sdr_trust_found found = {0};
	bool by_tls = transfer->spec.proxy && strncasecmp(transfer->spec.proxy, "https:", 6) == 0;
	bool checks = (transfer->answer.tls_wanted && !transfer->spec.insecure) || by_tls;
	if (!checks ||
		sdr_trust_find(sdr_multi_trust(transfer->multi), transfer->spec.cacert, &found,
			&transfer->wait))
		connect_begin(transfer, &found);
}

static void on_trust(struct sdr_trust_wait *wait)
{
	look_for_trust((struct sdr_transfer *)((char *)wait - offsetof(struct sdr_transfer, wait)));
}

static void on_begin(struct sdr_multi_job *job)
{
	look_for_trust((struct sdr_transfer *)job);
}

enum sdr_status sdr_transfer_start(
	struct sdr_multi *multi, const struct sdr_transfer_spec *spec, struct sdr_transfer **made)
{
	struct sdr_transfer *transfer =
		calloc(1, sizeof(*transfer) + spec->peer_count * sizeof(transfer->peers[0]));
	const sdr_ns none = SDR_NS_NONE;
	if (!transfer)
		return SDR_ENOMEM;
	transfer->multi = multi;
	transfer->spec = *spec;
	memcpy(transfer->peers, spec->peers, spec->peer_count * sizeof(*spec->peers));
	transfer->fd = -1;
	transfer->answer.tls_alert = transfer->answer.tunnel = -1;
	transfer->answer.proxied = spec->proxy;
	transfer->is_head = strcmp(spec->method, "HEAD") == 0;
	transfer->to_the_end = spec->to_the_end && transfer->is_head;
	transfer->answer.tls_wanted = strncasecmp(spec->url, "https:", 6) == 0;
	transfer->answer.times =
		(struct sdr_transfer_times){none, none, none, none, none, none, none};
	transfer->begun = sdr_clock_now();
	transfer->deadline = transfer->begun + spec->timeout;
	transfer->job = (struct sdr_multi_job){.deadline = transfer->deadline,
		.fd = -1,
		.begin = on_begin,
		.arrived = on_arrived,
		.done = on_done};
	transfer->wait.ready = on_trust;
	sdr_multi_add(multi, &transfer->job);
	*made = transfer;
	return SDR_OK;
}

void sdr_transfer_stop(struct sdr_transfer *transfer)
{
	sdr_trust_forget(&transfer->wait);
	sdr_dial_cancel(transfer->dial);
	sdr_multi_remove(transfer->multi, &transfer->job);
	transfer_free(transfer);
}
