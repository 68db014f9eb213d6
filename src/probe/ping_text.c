/* ping_text.c - what ping prints, to the letter of iputils (ping.c, ping_common.c of 20221126), so
 * that what parses it parses us. */
#include "probe/ping_text.h"

#include "probe/ping_cause.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_DEFAULT 56
#define IPV4_AND_ICMP 28 /* header bytes that the header line adds in brackets */

uint32_t sdr_ping_size(const struct sdr_spec *spec)
{
	return sdr_ping_options(spec)->has_size ? sdr_ping_options(spec)->size : SIZE_DEFAULT;
}

/* "host (address)", or only the address if that was typed or names are off. */
static void put_peer(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_addr *from)
{
	char text[SDR_ADDR_TEXT];
	sdr_addr_format(text, from);
	bool same = sdr_addr_compare(from, &target->addr) == 0;
	if (same && !sdr_ping_options(target->spec)->numeric && target->name &&
		strcmp(target->name, text) != 0)
		sdr_out_put(out, SDR_TONE_PLAIN, "%s (%s)", target->name, text);
	else
		sdr_out_put(out, SDR_TONE_PLAIN, "%s", text);
}

/* The host that a line is about, if the line does not name it and there are several. */
static void end_line(struct sdr_out *out, const struct sdr_target *target)
{
	char label[SDR_TARGET_LABEL];
	if (sdr_ping_options(target->spec)->several)
		sdr_out_put(out, SDR_TONE_PLAIN, " (to %s)", sdr_target_label(label, target));
	sdr_out_end(out);
}

static void put_stamp(struct sdr_out *out, const struct sdr_target *target, sdr_wall when)
{
	if (sdr_ping_options(target->spec)->stamps)
		sdr_out_put(out, SDR_TONE_PLAIN, "[%lld.%06lld] ", (long long)(when / SDR_SECOND),
			(long long)(when % SDR_SECOND / 1000));
}

/* "from 10.0.0.1 eth0: ": of -I, as iputils has it; a blank stands for no interface. */
static void put_source(struct sdr_out *out, const struct sdr_target *target)
{
	char text[SDR_ADDR_TEXT];
	struct sdr_addr source;
	const char *given = target->spec->source;
	if (!given)
		return;
	bool is_address = sdr_addr_parse(given, &source, NULL) == SDR_OK;
	if (is_address || sdr_ping_source(&target->addr, given, &source)) {
		source.scope_id = is_address ? source.scope_id : 0;
		sdr_out_put(out, SDR_TONE_PLAIN, "from %s ", sdr_addr_format(text, &source));
	} else {
		sdr_out_put(out, SDR_TONE_PLAIN, "from ");
	}
	sdr_out_put(out, SDR_TONE_PLAIN, "%s: ", is_address ? "" : given);
}

/* The bytes as they are sent: the last digit of an odd number is a byte. */
static void put_pattern(struct sdr_out *out, const char *digits)
{
	sdr_out_put(out, SDR_TONE_PLAIN, "PATTERN: 0x");
	for (size_t i = 0; digits[i] != '\0'; i += digits[i + 1] != '\0' ? 2 : 1) {
		char pair[3] = {digits[i], digits[i + 1], '\0'};
		sdr_out_put(out, SDR_TONE_PLAIN, "%02lx", strtoul(pair, NULL, 16));
	}
	sdr_out_line(out, SDR_TONE_PLAIN, "%s", "");
}

void sdr_ping_text_header(struct sdr_out *out, const struct sdr_target *target)
{
	char text[SDR_ADDR_TEXT];
	unsigned size = sdr_ping_size(target->spec);
	sdr_addr_format(text, &target->addr);
	if (sdr_ping_options(target->spec)->pattern)
		put_pattern(out, sdr_ping_options(target->spec)->pattern);
	const char *host = target->host ? target->host : target->typed;
	if (target->addr.version == 4) {
		sdr_out_put(out, SDR_TONE_PLAIN, "PING %s (%s) ", host, text);
	} else {
		sdr_out_put(out, SDR_TONE_PLAIN, "PING %s(", host);
		put_peer(out, target, &target->addr);
		sdr_out_put(out, SDR_TONE_PLAIN, ") ");
	}
	put_source(out, target);
	if (target->addr.version == 4)
		sdr_out_line(
			out, SDR_TONE_PLAIN, "%u(%u) bytes of data.", size, size + IPV4_AND_ICMP);
	else
		sdr_out_line(out, SDR_TONE_PLAIN, "%u data bytes", size);
}

/* Three to five digits, as gather_statistics() rounds them. */
static void put_time(struct sdr_out *out, sdr_ns rtt)
{
	long long us = rtt / SDR_US;
	if (us >= 100000 - 50)
		sdr_out_put(out, SDR_TONE_PLAIN, " time=%lld ms", (us + 500) / 1000);
	else if (us >= 10000 - 5)
		sdr_out_put(out, SDR_TONE_PLAIN, " time=%lld.%01lld ms", (us + 50) / 1000,
			(us + 50) % 1000 / 100);
	else if (us >= 1000)
		sdr_out_put(out, SDR_TONE_PLAIN, " time=%lld.%02lld ms", (us + 5) / 1000,
			(us + 5) % 1000 / 10);
	else
		sdr_out_put(out, SDR_TONE_PLAIN, " time=%lld.%03lld ms", us / 1000, us % 1000);
}

static void put_reply(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_result *result)
{
	const struct sdr_value *ttl = sdr_result_value(result, PING_TTL);
	put_stamp(out, target,
		result->rtt == SDR_NS_NONE ? result->when : result->when + result->rtt);
	sdr_out_put(out, SDR_TONE_PLAIN, "%lld bytes from ",
		(long long)sdr_result_value(result, PING_BYTES)->number);
	put_peer(out, target, &result->from.addr);
	sdr_out_put(out, SDR_TONE_PLAIN, ": icmp_seq=%u", (unsigned)(uint16_t)result->sequence);
	if (ttl->present)
		sdr_out_put(out, SDR_TONE_PLAIN, " ttl=%lld", (long long)ttl->number);
	if (result->rtt != SDR_NS_NONE)
		put_time(out, result->rtt);
	if (result->kind == SDR_RESULT_DUPLICATE)
		sdr_out_put(out, SDR_TONE_WARNING, " (DUP!)");
	else if (result->kind == SDR_RESULT_LATE)
		sdr_out_put(out, SDR_TONE_WARNING, " (late)");
	else if (result->kind == SDR_RESULT_CORRUPT)
		sdr_out_put(out, SDR_TONE_BAD, " (BAD CHECKSUM!)");
	sdr_out_end(out);
}

static void put_error(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_result *result)
{
	put_stamp(out, target, result->when);
	if (result->from.addr.version == 0) {
		sdr_out_put(out, SDR_TONE_BAD, "ping: sendmsg: icmp_seq=%u %s",
			(unsigned)(uint16_t)result->sequence, result->why);
		end_line(out, target);
		return;
	}
	sdr_out_put(out, SDR_TONE_PLAIN, "From ");
	put_peer(out, target, &result->from.addr);
	sdr_out_put(out, SDR_TONE_BAD, " icmp_seq=%u %s", (unsigned)(uint16_t)result->sequence,
		result->why);
	end_line(out, target);
}

void sdr_ping_text_line(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_result *result)
{
	if (result->kind == SDR_RESULT_PENDING) {
		put_stamp(out, target, sdr_clock_wall());
		sdr_out_put(out, SDR_TONE_WARNING, "no answer yet for icmp_seq=%u",
			(unsigned)(uint16_t)result->sequence);
		end_line(out, target);
	} else if (result->kind == SDR_RESULT_ANSWER && result->outcome == SDR_OUTCOME_TIMEOUT &&
		result->why) {
		put_stamp(out, target, sdr_clock_wall());
		sdr_out_put(out, SDR_TONE_BAD, "ping: icmp_seq=%u no answer: %s",
			(unsigned)(uint16_t)result->sequence, result->why);
		end_line(out, target);
	} else if (result->kind == SDR_RESULT_FOREIGN ||
		(result->kind == SDR_RESULT_ANSWER && result->outcome == SDR_OUTCOME_TIMEOUT)) {
		return; /* iputils is silent here */
	} else if (result->kind == SDR_RESULT_ANSWER && result->outcome != SDR_OUTCOME_OK) {
		put_error(out, target, result);
	} else {
		put_reply(out, target, result);
	}
}

static void put_ms(struct sdr_out *out, sdr_ns time, const char *after)
{
	long long us = time / SDR_US;
	sdr_out_put(out, SDR_TONE_PLAIN, "%lld.%03lld%s", us / 1000, us % 1000, after);
}

void sdr_ping_text_summary(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_totals *totals)
{
	char label[SDR_TARGET_LABEL];
	sdr_out_end(out);
	sdr_out_line(
		out, SDR_TONE_PLAIN, "--- %s ping statistics ---", sdr_target_label(label, target));
	unsigned long long sent = totals->transmitted; /* what could not leave is among them, and
							  lost, as iputils has it */
	sdr_out_put(out, SDR_TONE_PLAIN, "%llu packets transmitted, ", sent);
	sdr_out_put(out, SDR_TONE_PLAIN, "%llu received", (unsigned long long)totals->received);
	if (totals->duplicates > 0)
		sdr_out_put(out, SDR_TONE_PLAIN, ", +%llu duplicates",
			(unsigned long long)totals->duplicates);
	if (totals->corrupt > 0)
		sdr_out_put(out, SDR_TONE_PLAIN, ", +%llu corrupted",
			(unsigned long long)totals->corrupt);
	if (totals->errors > 0)
		sdr_out_put(
			out, SDR_TONE_PLAIN, ", +%llu errors", (unsigned long long)totals->errors);
	if (sent > 0) {
		float loss = (float)((double)(sent - totals->received) * 100.0 / (double)sent);
		sdr_out_put(out, SDR_TONE_PLAIN, ", %g%% packet loss, time %lldms", (double)loss,
			(long long)(totals->elapsed / SDR_MS));
	}
	sdr_out_end(out);
	if (totals->received > 0 && totals->rtt_min != SDR_NS_NONE) {
		sdr_out_put(out, SDR_TONE_PLAIN, "rtt min/avg/max/mdev = ");
		put_ms(out, totals->rtt_min, "/");
		put_ms(out, totals->rtt_avg, "/");
		put_ms(out, totals->rtt_max, "/");
		put_ms(out, totals->rtt_mdev, " ms");
		sdr_out_end(out);
	}
}

void sdr_ping_text_status(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_totals *totals)
{
	(void)target;
	unsigned long long sent = totals->transmitted,
			   loss = sent > 0 ? (sent - totals->received) * 100 / sent : 0;
	sdr_out_raw(out, "\r", 1); /* over the terminal's ^\\ */
	sdr_out_put(out, SDR_TONE_PLAIN, "%llu/%llu packets, %llu%% loss",
		(unsigned long long)totals->received, sent, loss);
	if (totals->received > 0 && totals->rtt_min != SDR_NS_NONE) {
		sdr_out_put(out, SDR_TONE_PLAIN, ", min/avg/ewma/max = ");
		put_ms(out, totals->rtt_min, "/");
		put_ms(out, totals->rtt_avg, "/");
		put_ms(out, totals->rtt_ewma, "/");
		put_ms(out, totals->rtt_max, " ms");
	}
	sdr_out_end(out);
}
