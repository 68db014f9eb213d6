/* dns.c - the probe type `dns`: one or more record types of a name, asked at once; one result. What
 * the name servers answer is an outcome. The type sends its own queries, so its target is a name
 * and never an address to connect to. RFC 1035. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <uv.h>

#include "dns/ask.h"
#include "dns/dns_sheet.h"
#include "dns/names.h"
#include "probe/probe_type.h"
#include "sounder/probe_options.h"

#define BUFSIZE_MIN 512 /* less counts as that: RFC 6891 sec. 6.2.3 */

static const struct sdr_option options[] = {
	{"search", 0, SDR_OPTION_FLAG, NULL, "apply the search list",
		.place = SDR_PLACE(struct sdr_dns_options, search)},
	{"tcp", 0, SDR_OPTION_FLAG, NULL, "ask by TCP",
		.place = SDR_PLACE(struct sdr_dns_options, tcp)},
	{"no-recurse", 0, SDR_OPTION_FLAG, NULL, "ask for what the server itself knows (RD clear)",
		.place = SDR_PLACE(struct sdr_dns_options, no_recurse)},
	{"checking-disabled", 0, SDR_OPTION_FLAG, NULL,
		"ask for answers whose signatures are wrong, too (CD set)",
		.place = SDR_PLACE(struct sdr_dns_options, checking_disabled)},
	{"dnssec", 0, SDR_OPTION_FLAG, NULL, "ask for the signatures, too (DO set)",
		.place = SDR_PLACE(struct sdr_dns_options, dnssec)},
	{"nsid", 0, SDR_OPTION_FLAG, NULL, "ask which of its servers this is (NSID)",
		.place = SDR_PLACE(struct sdr_dns_options, nsid)},
	{"subnet", 0, SDR_OPTION_TEXT, "PREFIX",
		"ask for the answer that clients there get (EDNS client subnet)",
		.place = SDR_PLACE(struct sdr_dns_options, subnet)},
	{"cookie", 0, SDR_OPTION_FLAG, NULL, "exchange DNS cookies",
		.place = SDR_PLACE(struct sdr_dns_options, cookie)},
	{"bufsize", 0, SDR_OPTION_INTEGER, "BYTES",
		"the largest answer taken by UDP, as EDNS has it; 1232 unless given", BUFSIZE_MIN,
		UINT16_MAX, .place = SDR_PLACE(struct sdr_dns_options, bufsize)},
	{"no-edns", 0, SDR_OPTION_FLAG, NULL, "ask without EDNS",
		.excludes = "dnssec nsid subnet cookie bufsize",
		.place = SDR_PLACE(struct sdr_dns_options, no_edns)},
	{"expect", 0, SDR_OPTION_TEXT, "DATA",
		"the data that is to be the answer, all of it; another is a failure",
		.repeats = true, .place = SDR_PLACE(struct sdr_dns_options, expect)},
	{NULL},
};

/* The order of `fields`. */
enum { RCODE, SERVER, ANSWERS, TTL, ANSWER, QUERY_SECONDS, FIELD_COUNT };

static const struct sdr_field fields[FIELD_COUNT] = {
	[RCODE] = {"rcode", "Answer", NULL, "the answer's code, as NOERROR", SDR_FIELD_TEXT, true},
	[SERVER] = {"server", "Server", NULL, "the name server that answered, with its port",
		SDR_FIELD_TEXT},
	[ANSWERS] = {"answers", "Records", NULL, "how many records of the types asked for came",
		SDR_FIELD_INTEGER, true},
	[TTL] = {"ttl", "TTL", "s",
		"how long the answer may be kept: the least of its records and CNAMEs",
		SDR_FIELD_INTEGER},
	[ANSWER] = {"answer", "First", NULL, "the first of them", SDR_FIELD_TEXT, true},
	[QUERY_SECONDS] = {"query_seconds", "Time", "ms",
		"from the question to the answer, of the try that brought it", SDR_FIELD_DURATION},
};

/* What all targets share. */
struct dns_shared {
	struct probe_env *env; /* borrowed */
	TAILQ_HEAD(dns_runs, dns_run) runs;
};

/* One probe in flight. */
struct dns_run {
	TAILQ_ENTRY(dns_run) link;
	struct dns_shared *shared;
	const struct sdr_target *target;
	struct sdr_questions *questions; /* NULL: could not be begun */
	uv_timer_t later; /* reports in the next iteration that it could not be begun */
	uint64_t sequence;
	sdr_ns sent;
	sdr_wall when;
	struct sdr_error error; /* why it could not be begun */
};

static void on_run_closed(uv_handle_t *handle)
{
	free(handle->data);
}

/* Ends a run that `stop` can no longer find. */
static void run_close(struct dns_run *run)
{
	if (run->questions)
		sdr_questions_cancel(run->questions);
	uv_close((uv_handle_t *)&run->later, on_run_closed);
}

static void run_end(struct dns_run *run)
{
	TAILQ_REMOVE(&run->shared->runs, run, link);
	run_close(run);
}

/* Takes the run off the list first: what the result leads to may stop the target. */
static void run_emit(struct dns_run *run, struct sdr_result *result)
{
	struct probe_env *env = run->shared->env;
	TAILQ_REMOVE(&run->shared->runs, run, link);
	env->emit(env, run->target->id, result);
	run_close(run);
}

static struct sdr_result result_of(const struct dns_run *run, enum sdr_outcome outcome)
{
	return (struct sdr_result){.kind = SDR_RESULT_ANSWER,
		.outcome = outcome,
		.sequence = run->sequence,
		.sent = run->sent,
		.when = run->when,
		.rtt = SDR_NS_NONE};
}

static void on_later(uv_timer_t *timer)
{
	struct dns_run *run = timer->data;
	struct sdr_result result = result_of(run, SDR_OUTCOME_LOCAL);
	result.why = run->error.text;
	run_emit(run, &result);
}

static const struct sdr_dns_options *options_of(const struct sdr_spec *spec)
{
	static const struct sdr_dns_options none = {0};
	return spec->options ? spec->options : &none;
}

static void put_text(struct sdr_value *value, const char *text)
{
	*value = (struct sdr_value){.present = true, .text = text};
}

static void put_number(struct sdr_value *value, int64_t number)
{
	*value = (struct sdr_value){.present = true, .number = number};
}

/* The records that answer, over all types: how many, the first. */
static void put_records(struct sdr_value values[], const struct sdr_questions_result *questions)
{
	int64_t count = 0;
	for (unsigned i = 0; i < questions->count; i++) {
		const struct sdr_reply *reply = &questions->replies[i];
		const struct sdr_record *record = NULL;
		if (reply->outcome != SDR_OUTCOME_OK)
			continue;
		while ((record = sdr_message_next(
				reply->message, &reply->chain, reply->type, record)))
			if (count++ == 0)
				put_text(&values[ANSWER], record->data);
	}
	put_number(&values[ANSWERS], count);
}

/* "NOERROR, 2 answers", and what the server found worth mentioning (an extended error). */
static void format_found(char why[static SDR_ERROR_TEXT], const struct sdr_value values[],
	const struct sdr_reply *deciding)
{
	long long count = values[ANSWERS].number;
	snprintf(why, SDR_ERROR_TEXT, "%s, %lld %s%s%s", values[RCODE].text, count,
		count == 1 ? "answer" : "answers", deciding->why[0] != '\0' ? "; " : "",
		deciding->why);
}

/* "10.9.0.9 and 1 more, where 10.9.0.1 was expected" */
static void format_unexpected(char why[static SDR_ERROR_TEXT], const struct sdr_value values[],
	const char *const *expected)
{
	int length = snprintf(why, SDR_ERROR_TEXT, "%.120s", values[ANSWER].text);
	if (values[ANSWERS].number > 1)
		length += snprintf(why + length, SDR_ERROR_TEXT - (size_t)length, " and %lld more",
			(long long)values[ANSWERS].number - 1);
	length += snprintf(why + length, SDR_ERROR_TEXT - (size_t)length, ", where");
	for (const char *const *one = expected; *one && length < SDR_ERROR_TEXT; one++)
		length += snprintf(why + length, SDR_ERROR_TEXT - (size_t)length, " %.100s", *one);
	if (length < SDR_ERROR_TEXT)
		snprintf(why + length, SDR_ERROR_TEXT - (size_t)length, " was expected");
}

/* Whether the answers are what is expected, if anything is; ENOMEM. */
static enum sdr_status compare(
	const struct dns_run *run, const struct sdr_questions_result *questions, bool *good)
{
	const char *const *expected = options_of(run->target->spec)->expect;
	*good = true;
	return !expected || questions->deciding->outcome != SDR_OUTCOME_OK
		? SDR_OK
		: sdr_ask_is_expected(questions, expected, good);
}

/* What this host itself could not do or read, although there is an answer: an incomplete answer
 * does not count, nor does one from a server that is a guess. NULL: nothing. */
static const char *local_fault(
	const struct dns_run *run, const struct sdr_questions_result *questions)
{
	for (unsigned i = 0; i < questions->count; i++)
		if (questions->replies[i].outcome == SDR_OUTCOME_LOCAL)
			return questions->replies[i].why;
	if (run->target->spec->server && !options_of(run->target->spec)->search)
		return NULL;
	const char *unread = sdr_names_unread(run->shared->env->names, true);
	return unread[0] != '\0' ? unread : NULL;
}

static void on_questions(void *context, const struct sdr_questions_result *questions)
{
	struct dns_run *run = context;
	const struct sdr_reply *deciding = questions->deciding;
	char rcode[SDR_MESSAGE_WORD], server[SDR_ENDPOINT_TEXT], why[SDR_ERROR_TEXT];
	struct sdr_value values[FIELD_COUNT] = {0};
	struct sdr_result result = result_of(run, deciding->outcome);
	result.values = values;
	result.value_count = FIELD_COUNT;
	run->questions = NULL;
	if (deciding->message) {
		result.rtt = questions->elapsed;
		result.from = deciding->server;
		put_text(&values[RCODE], sdr_message_rcode_format(rcode, deciding->rcode));
		put_number(&values[QUERY_SECONDS], questions->elapsed);
		put_records(values, questions);
		if (sdr_questions_ttl(questions) >= 0)
			put_number(&values[TTL], sdr_questions_ttl(questions));
	}
	if (deciding->server.addr.version != 0)
		put_text(&values[SERVER], sdr_endpoint_format(server, &deciding->server));
	const char *fault = local_fault(run, questions);
	bool expected;
	if (compare(run, questions, &expected) != SDR_OK)
		fault = sdr_status_text(SDR_ENOMEM);
	if (fault)
		result.outcome = SDR_OUTCOME_LOCAL;
	else if (!expected)
		result.outcome = SDR_OUTCOME_MISMATCH;
	if (fault)
		snprintf(why, sizeof(why), "%s", fault);
	else if (!expected)
		format_unexpected(why, values, options_of(run->target->spec)->expect);
	else if (deciding->outcome == SDR_OUTCOME_OK)
		format_found(why, values, deciding);
	else
		snprintf(why, sizeof(why), "%s", deciding->why);
	result.why = why;
	struct sdr_sheet *sheet = sdr_dns_sheet_new(questions, expected ? fault : why);
	if (!sheet) {
		result.outcome = SDR_OUTCOME_LOCAL;
		result.why = sdr_status_text(SDR_ENOMEM);
	}
	result.detail = sheet;
	run_emit(run, &result);
	sdr_sheet_free(sheet);
}

static enum sdr_status check(const struct sdr_spec *spec, struct sdr_error *error)
{
	struct sdr_manner manner;
	uint16_t types[SDR_QUESTIONS_TYPES];
	char name[SDR_MESSAGE_NAME];
	struct sdr_endpoint server;
	unsigned count = 0;
	if (!spec->host) {
		sdr_error_set(error, 0, "dns needs a name to ask for");
		return SDR_EINVAL;
	}
	enum sdr_status status =
		sdr_ask_types(spec->host, options_of(spec)->types, types, &count, error);
	if (status == SDR_OK && count == 0)
		status = SDR_EINVAL;
	if (status == SDR_OK)
		status = sdr_ask_manner(options_of(spec), &manner, error);
	if (status == SDR_OK)
		status = sdr_ask_name(spec->host, name, error);
	if (status == SDR_OK && spec->server)
		status = sdr_names_server_parse(spec->server, &server, error);
	return status;
}

static enum sdr_status open_shared(struct probe_env *env, void **shared, struct sdr_error *error)
{
	struct dns_shared *made = calloc(1, sizeof(*made));
	if (!made) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	made->env = env;
	TAILQ_INIT(&made->runs);
	*shared = made;
	return SDR_OK;
}

static void close_shared(void *shared)
{
	struct dns_shared *dns = shared;
	while (!TAILQ_EMPTY(&dns->runs))
		run_end(TAILQ_FIRST(&dns->runs));
	free(dns);
}

static enum sdr_status run_begin(struct dns_run *run)
{
	const struct sdr_spec *spec = run->target->spec;
	struct sdr_names *names = run->shared->env->names;
	uint16_t types[SDR_QUESTIONS_TYPES];
	char candidates[SDR_QUESTIONS_NAMES][SDR_MESSAGE_NAME], name[SDR_MESSAGE_NAME];
	struct sdr_endpoint server = {0};
	struct sdr_questions_spec ask = {.names = (const char(*)[SDR_MESSAGE_NAME])candidates,
		.name_count = 1,
		.types = types,
		.server = spec->server ? &server : NULL,
		.budget = spec->timeout > 0 ? spec->timeout : SDR_ASK_TIMEOUT,
		.tcp = options_of(spec)->tcp,
		.done = on_questions,
		.context = run};
	enum sdr_status status = sdr_ask_types(
		run->target->host, options_of(spec)->types, types, &ask.type_count, &run->error);
	if (status == SDR_OK && spec->server)
		status = sdr_names_server_parse(spec->server, &server, &run->error);
	if (status == SDR_OK)
		status = sdr_ask_name(run->target->host, name, &run->error);
	if (status == SDR_OK)
		status = sdr_ask_manner(options_of(spec), &ask.manner, &run->error);
	if (status != SDR_OK)
		return status;
	memcpy(candidates[0], name, sizeof(name));
	sdr_ask_times(names, &ask);
	if (options_of(spec)->search)
		ask.name_count =
			sdr_resolvconf_candidates(sdr_names_resolvconf(names), name, candidates);
	status = sdr_questions_start(sdr_names_servers(names), &ask, &run->questions);
	if (status != SDR_OK)
		sdr_error_set(&run->error, 0, "%s", sdr_status_text(status));
	return status;
}

static enum sdr_status start(
	void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now)
{
	struct dns_shared *dns = shared;
	struct dns_run *run = calloc(1, sizeof(*run));
	if (!run)
		return SDR_ENOMEM;
	run->shared = dns;
	run->target = target;
	run->sequence = sequence;
	run->sent = now;
	run->when = sdr_clock_wall();
	TAILQ_INSERT_TAIL(&dns->runs, run, link);
	uv_timer_init(dns->env->loop, &run->later);
	run->later.data = run;
	if (run_begin(run) != SDR_OK)
		uv_timer_start(&run->later, on_later, 0, 0);
	return SDR_OK;
}

static void stop(void *shared, const struct sdr_target *target)
{
	struct dns_shared *dns = shared;
	struct dns_run *next;
	for (struct dns_run *run = TAILQ_FIRST(&dns->runs); run; run = next) {
		next = TAILQ_NEXT(run, link);
		if (run->target == target)
			run_end(run);
	}
}

/* "www.test 3: 192.0.2.80 and 1 more  0.41 ms  TTL 300 s  from 127.0.0.1:53", or what is wrong. */
static void text_line(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_result *result)
{
	const struct sdr_value *values = result->values;
	sdr_out_put(out, SDR_TONE_PLAIN, "%s %llu: ", target->typed,
		(unsigned long long)result->sequence);
	if (result->outcome != SDR_OUTCOME_OK) {
		sdr_out_line(out, SDR_TONE_BAD, "%s",
			result->why ? result->why : sdr_outcome_sentence(result->outcome));
		return;
	}
	sdr_out_put(out, SDR_TONE_PLAIN, "%s", values[ANSWER].text);
	if (values[ANSWERS].number > 1)
		sdr_out_put(out, SDR_TONE_PLAIN, " and %lld more",
			(long long)values[ANSWERS].number - 1);
	sdr_out_line(out, SDR_TONE_PLAIN, "  %.3f ms  TTL %lld s  from %s",
		(double)result->rtt / (double)SDR_MS, (long long)values[TTL].number,
		values[SERVER].text);
}

static const unsigned lists[] = {SDR_PLACE(struct sdr_dns_options, types), 0};

const struct probe_type probe_dns = {
	.public =
		{
			.name = "dns",
			.panel = "dns",
			.label = "dns",
			.sentence = "asks name servers for the records of a name",
			.fields = fields,
			.field_count = FIELD_COUNT,
			.options_size = sizeof(struct sdr_dns_options),
			.options = options,
			.lists = lists,
			.default_interval = 10 * SDR_SECOND,
			.default_timeout = SDR_ASK_TIMEOUT,
			.text = {.line = text_line},
		},
	.check = check,
	.open = open_shared,
	.close = close_shared,
	.start = start,
	.stop = stop,
};
