/* test_probe_sheets.c - the whole of what dns and http attach to a result, item by item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns/dns_sheet.h"
#include "lib/dump_sheet.h"
#include "lib/pem.h"
#include "probe/http_sheet.h"

#define DAY ((sdr_wall)24 * SDR_HOUR)
#define NOW ((sdr_wall)1795978729 * SDR_SECOND)

static void holds(struct sdr_sheet *sheet, const char *wanted)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&bytes, &length);
	assert_non_null(file);
	assert_non_null(sheet);
	dump_sheet(file, sdr_sheet_view(sheet));
	assert_int_equal(fclose(file), 0);
	assert_string_equal(bytes, wanted);
	free(bytes);
	sdr_sheet_free(sheet);
}

static struct sdr_endpoint at(const char *text, uint16_t port)
{
	struct sdr_endpoint endpoint = {.port = port};
	assert_int_equal(sdr_addr_parse(text, &endpoint.addr, NULL), SDR_OK);
	return endpoint;
}

/* ---- dns ---- */

static struct sdr_record record(enum sdr_section section, const char *name, const char *type,
	uint32_t ttl, const char *data)
{
	return (struct sdr_record){.section = section,
		.name = name,
		.type_text = type,
		.klass = "IN",
		.ttl = ttl,
		.data = data};
}

/* Two types that were answered with an alias in common. */
static void test_dns_answers(void **state)
{
	struct sdr_record four[] =
		{
			record(SDR_SECTION_ANSWER, "a.example.", "CNAME", 60, "b.example."),
			record(SDR_SECTION_ANSWER, "b.example.", "A", 5, "10.0.0.1"),
			record(SDR_SECTION_AUTHORITY, "example.", "NS", 7, "ns.example."),
		},
			  six[] = {
				  record(SDR_SECTION_ANSWER, "a.example.", "CNAME", 60,
					  "b.example."),
				  record(SDR_SECTION_ANSWER, "b.example.", "AAAA", 6, "fd00::1"),
				  record(SDR_SECTION_AUTHORITY, "example.", "NS", 7, "NS.example."),
				  record(SDR_SECTION_ADDITIONAL, "ns.example.", "A", 8, "10.0.0.2"),
			  };
	struct sdr_message of4 = {.authoritative = true,
		.recursion_desired = true,
		.authentic = true,
		.edns = {.present = true,
			.ede_count = 2,
			.edes = {{.code = 3, .text = "old", .length = 3}, {.code = 4}},
			.has_nsid = true,
			.nsid = (const uint8_t *)"ns1",
			.nsid_length = 3,
			.cookie = (const uint8_t *)"0123456789abcdef",
			.cookie_length = 16,
			.subnet = {{.version = 4, .bytes = {10, 1}}, 16},
			.scope = 24},
		.count = 3,
		.records = four};
	struct sdr_message of6 = {.truncated = true,
		.recursion_available = true,
		.checking_disabled = true,
		.count = 4,
		.omitted = 9,
		.records = six};
	const struct sdr_reply replies[] = {
		{.type = 1,
			.outcome = SDR_OUTCOME_OK,
			.message = &of4,
			.chain = {.ttl = 5},
			.server = at("127.0.0.1", 53),
			.elapsed = 3 * SDR_MS,
			.waited = 2 * SDR_MS,
			.why = "old: EDE 3",
			.tries = 1},
		{.type = 28,
			.outcome = SDR_OUTCOME_OK,
			.message = &of6,
			.chain = {.ttl = -1},
			.server = at("::1", 5353),
			.elapsed = 4 * SDR_MS,
			.tries = 2,
			.tcp = true,
			.truncated = true,
			.plain = true,
			.rejected = 2},
	};
	const struct sdr_questions_result result = {.name = "a.example.",
		.count = 2,
		.replies = replies,
		.deciding = &replies[0],
		.elapsed = 4 * SDR_MS,
		.waited = 5 * SDR_MS};
	(void)state;
	holds(sdr_dns_sheet_new(&result, NULL),
		"{name=a.example.; types?{=A; =AAAA; }; rcode=NOERROR; server=127.0.0.1:53; "
		"query_seconds=4.000 ms; waited_seconds?=5.000 ms; failed?=-; missing?=-; "
		"why=old: EDE 3; flags?{=aa; =rd; =ad; }; ede?{{code=3; text=old; }; {code=4; "
		"text=-; }; }; nsid?=ns1; records{{section=answer; name=a.example.; type=CNAME; "
		"class=IN; ttl=60 s; data=b.example.; }; {section=answer; name=b.example.; "
		"type=A; class=IN; ttl=5 s; data=10.0.0.1; }; {section=answer; name=b.example.; "
		"type=AAAA; class=IN; ttl=6 s; data=fd00::1; }; {section=authority; "
		"name=example.; type=NS; class=IN; ttl=7 s; data=ns.example.; }; "
		"{section=authority; name=example.; type=NS; class=IN; ttl=7 s; "
		"data=NS.example.; }; {section=additional; name=ns.example.; type=A; class=IN; "
		"ttl=8 s; data=10.0.0.2; }; }; questions?{{type=A; outcome=ok; rcode=NOERROR; "
		"why=old: EDE 3; server=127.0.0.1:53; transport=udp; truncated=no; edns=yes; "
		"without_edns=no; tries=1; rejected=0; records_omitted=0; query_seconds=3.000 "
		"ms; waited_seconds=2.000 ms; ttl=5 s; flags?{=aa; =rd; =ad; }; ede?{{code=3; "
		"text=old; }; {code=4; text=-; }; }; nsid?=ns1; subnet=10.1.0.0/16/24; "
		"cookie=good; attempts?{}; }; {type=AAAA; outcome=ok; rcode=NOERROR; why=-; "
		"server=[::1]:5353; transport=tcp; truncated=yes; edns=no; without_edns=yes; "
		"tries=2; rejected=2; records_omitted=9; query_seconds=4.000 ms; "
		"waited_seconds=0.000 ms; ttl=-; flags?{=tc; =ra; =cd; }; ede?{}; nsid?=-; "
		"subnet=-; cookie=-; attempts?{}; }; }; attempts?{}; }; ");
	holds(sdr_dns_sheet_new(&result, "no memory for all"),
		"{name=a.example.; types?{=A; =AAAA; }; rcode=NOERROR; server=127.0.0.1:53; "
		"query_seconds=4.000 ms; waited_seconds?=5.000 ms; failed?=-; missing?=-; "
		"why?=no memory for all; flags?{=aa; =rd; =ad; }; ede?{{code=3; text=old; }; "
		"{code=4; text=-; }; }; nsid?=ns1; records{{section=answer; name=a.example.; "
		"type=CNAME; class=IN; ttl=60 s; data=b.example.; }; {section=answer; "
		"name=b.example.; type=A; class=IN; ttl=5 s; data=10.0.0.1; }; {section=answer; "
		"name=b.example.; type=AAAA; class=IN; ttl=6 s; data=fd00::1; }; "
		"{section=authority; name=example.; type=NS; class=IN; ttl=7 s; "
		"data=ns.example.; }; {section=authority; name=example.; type=NS; class=IN; "
		"ttl=7 s; data=NS.example.; }; {section=additional; name=ns.example.; type=A; "
		"class=IN; ttl=8 s; data=10.0.0.2; }; }; questions?{{type=A; outcome=ok; "
		"rcode=NOERROR; why=old: EDE 3; server=127.0.0.1:53; transport=udp; "
		"truncated=no; edns=yes; without_edns=no; tries=1; rejected=0; "
		"records_omitted=0; query_seconds=3.000 ms; waited_seconds=2.000 ms; ttl=5 s; "
		"flags?{=aa; =rd; =ad; }; ede?{{code=3; text=old; }; {code=4; text=-; }; }; "
		"nsid?=ns1; subnet=10.1.0.0/16/24; cookie=good; attempts?{}; }; {type=AAAA; "
		"outcome=ok; rcode=NOERROR; why=-; server=[::1]:5353; transport=tcp; "
		"truncated=yes; edns=no; without_edns=yes; tries=2; rejected=2; "
		"records_omitted=9; query_seconds=4.000 ms; waited_seconds=0.000 ms; ttl=-; "
		"flags?{=tc; =ra; =cd; }; ede?{}; nsid?=-; subnet=-; cookie=-; attempts?{}; }; "
		"}; attempts?{}; }; ");
}

/* One of the types was not answered, by servers of which one was silent. */
static void test_dns_failures(void **state)
{
	struct sdr_attempt attempts[] = {
		{.to = at("127.0.0.1", 53),
			.transport = "udp",
			.outcome = SDR_OUTCOME_TIMEOUT,
			.took = SDR_SECOND,
			.icmp_type = -1,
			.icmp_code = -1},
		{.to = at("127.0.0.2", 53),
			.transport = "udp",
			.outcome = SDR_OUTCOME_OK,
			.began = SDR_SECOND,
			.took = SDR_MS,
			.icmp_type = -1,
			.icmp_code = -1},
	};
	struct sdr_message empty = {.recursion_desired = true};
	struct sdr_reply replies[] = {
		{.type = 1,
			.outcome = SDR_OUTCOME_NODATA,
			.message = &empty,
			.server = at("127.0.0.2", 53),
			.elapsed = SDR_MS,
			.waited = SDR_SECOND,
			.chain = {.ttl = 60},
			.tries = 2},
		{.type = 28,
			.outcome = SDR_OUTCOME_TIMEOUT,
			.why = "no answer in 5.0 s",
			.rcode = -1,
			.elapsed = 5 * SDR_SECOND,
			.tries = 2},
	};
	struct sdr_questions_result result = {.name = "a.example.",
		.count = 2,
		.replies = replies,
		.deciding = &replies[0],
		.elapsed = SDR_MS,
		.waited = SDR_SECOND,
		.attempts = attempts,
		.attempt_count = 2};
	(void)state;
	holds(sdr_dns_sheet_new(&result, NULL),
		"{name=a.example.; types?{=A; =AAAA; }; rcode=NOERROR; server=127.0.0.2:53; "
		"query_seconds=1.000 ms; waited_seconds?=1.000 s; failed?=127.0.0.1:53: no "
		"answer; missing=AAAA: no answer in 5.0 s; why?=-; flags?{=rd; }; ede?{}; "
		"nsid?=-; records{}; questions?{{type=A; outcome=nodata; rcode=NOERROR; why=-; "
		"server=127.0.0.2:53; transport=udp; truncated=no; edns=no; without_edns=no; "
		"tries=2; rejected=0; records_omitted=0; query_seconds=1.000 ms; "
		"waited_seconds=1.000 s; ttl=60 s; flags?{=rd; }; ede?{}; nsid?=-; subnet=-; "
		"cookie=-; attempts?{}; }; {type=AAAA; outcome=timeout; rcode=-; why=no answer "
		"in 5.0 s; server=-; transport=udp; truncated=no; edns=no; without_edns=no; "
		"tries=2; rejected=0; records_omitted=0; query_seconds=-; waited_seconds=5.000 "
		"s; ttl=-; flags?{}; ede?{}; nsid?=-; subnet=-; cookie=-; attempts?{}; }; }; "
		"attempts?{{server=127.0.0.1:53; transport=udp; began_seconds=0.000 ms; "
		"outcome=timeout; errno=-; icmp_type=-; icmp_code=-; router=-; "
		"took_seconds=1.000 s; }; {server=127.0.0.2:53; transport=udp; "
		"began_seconds=1.000 s; outcome=ok; errno=-; icmp_type=-; icmp_code=-; router=-; "
		"took_seconds=1.000 ms; }; }; }; ");
	result.count = 1;
	holds(sdr_dns_sheet_new(&result, NULL),
		"{name=a.example.; types?{=A; }; rcode=NOERROR; server=127.0.0.2:53; "
		"query_seconds=1.000 ms; waited_seconds?=1.000 s; failed=127.0.0.1:53: no "
		"answer; missing?=-; why?=-; flags?{=rd; }; ede?{}; nsid?=-; records{}; "
		"questions?{{type=A; outcome=nodata; rcode=NOERROR; why=-; server=127.0.0.2:53; "
		"transport=udp; truncated=no; edns=no; without_edns=no; tries=2; rejected=0; "
		"records_omitted=0; query_seconds=1.000 ms; waited_seconds=1.000 s; ttl=60 s; "
		"flags?{=rd; }; ede?{}; nsid?=-; subnet=-; cookie=-; attempts?{}; }; }; "
		"attempts?{{server=127.0.0.1:53; transport=udp; began_seconds=0.000 ms; "
		"outcome=timeout; errno=-; icmp_type=-; icmp_code=-; router=-; "
		"took_seconds=1.000 s; }; {server=127.0.0.2:53; transport=udp; "
		"began_seconds=1.000 s; outcome=ok; errno=-; icmp_type=-; icmp_code=-; router=-; "
		"took_seconds=1.000 ms; }; }; }; ");
	result.deciding = &replies[1];
	result.attempt_count = 1;
	result.count = 1;
	result.replies = &replies[1];
	holds(sdr_dns_sheet_new(&result, NULL),
		"{name=a.example.; types?{=AAAA; }; rcode=-; server=-; query_seconds=-; "
		"waited_seconds?=1.001 s; failed?=-; missing?=-; why?=no answer in 5.0 s; "
		"flags?{}; ede?{}; nsid?=-; records{}; questions?{{type=AAAA; outcome=timeout; "
		"rcode=-; why=no answer in 5.0 s; server=-; transport=udp; truncated=no; "
		"edns=no; without_edns=no; tries=2; rejected=0; records_omitted=0; "
		"query_seconds=-; waited_seconds=5.000 s; ttl=-; flags?{}; ede?{}; nsid?=-; "
		"subnet=-; cookie=-; attempts?{}; }; }; attempts?{{server=127.0.0.1:53; "
		"transport=udp; began_seconds=0.000 ms; outcome=timeout; errno=-; icmp_type=-; "
		"icmp_code=-; router=-; took_seconds=1.000 s; }; }; }; ");
}

/* ---- http ---- */

static void add(struct sdr_headers *headers, const char *line, sdr_ns now)
{
	headers->now = now;
	assert_true(sdr_headers_add(headers, line, strlen(line)));
}

static struct sdr_transfer_answer blank(void)
{
	const sdr_ns none = SDR_NS_NONE;
	return (struct sdr_transfer_answer){.times = {none, none, none, none, none, none, none}};
}

/* With an interim answer, over TLS, after another address that was dead. */
static void test_http_answer(void **state)
{
	struct sdr_transfer_answer answer = blank();
	struct sdr_attempt attempts[] = {
		{.to = at("::1", 443),
			.transport = "tcp",
			.outcome = SDR_OUTCOME_REFUSED,
			.error_name = "ECONNREFUSED",
			.icmp_type = -1,
			.icmp_code = -1},
		{.to = at("127.0.0.1", 443),
			.transport = "tcp",
			.outcome = SDR_OUTCOME_OK,
			.began = SDR_MS,
			.took = SDR_MS,
			.icmp_type = -1,
			.icmp_code = -1},
	};
	struct http_diagnosis diagnosis = {.outcome = SDR_OUTCOME_OK, .why = "::1 refused"};
	const struct http_sheet_case of = {
		&answer, &diagnosis, "https://a.example/", "GET", NOW, true};
	(void)state;
	answer.attempts = attempts;
	answer.attempt_count = 2;
	add(&answer.headers, "HTTP/1.1 103 Early\r\n", 9 * SDR_MS);
	add(&answer.headers, "Link: x\r\n", 9 * SDR_MS);
	add(&answer.headers, "\r\n", 9 * SDR_MS);
	add(&answer.headers, "HTTP/1.1 200 OK\r\n", 12 * SDR_MS);
	add(&answer.headers, "Server: none\r\n", 12 * SDR_MS);
	add(&answer.headers, "\r\n", 12 * SDR_MS);
	answer.status_code = 200;
	answer.http_version = "1.1";
	answer.remote = at("127.0.0.1", 443);
	answer.times = (struct sdr_transfer_times){
		SDR_MS, 2 * SDR_MS, 4 * SDR_MS, 7 * SDR_MS, 8 * SDR_MS, 12 * SDR_MS, 20 * SDR_MS};
	answer.body_bytes = 5;
	answer.body_cut = true;
	snprintf(answer.tls_version, sizeof(answer.tls_version), "TLSv1.3");
	snprintf(answer.tls_cipher, sizeof(answer.tls_cipher), "NONE");
	assert_true(sdr_certificates_add_pem(&answer.chain, pem));
	holds(sdr_http_sheet_new(&of),
		"{url?=https://a.example/; method?=GET; status_line=HTTP/1.1 200 OK; "
		"status_code?=200; http_version?=1.1; headers{{name=Server; value=none; }; }; "
		"note=::1 refused; failed_at?=-; curl_code?=0; curl_text?=-; errno?=-; "
		"remote_address=127.0.0.1; remote_port=443; time_namelookup?=1.000 ms; "
		"waited_seconds?=2.000 ms; time_connect?=4.000 ms; time_appconnect?=7.000 ms; "
		"time_pretransfer?=8.000 ms; time_starttransfer?=12.00 ms; time_total?=20.00 "
		"ms; phases!{lookup_seconds=1.000 ms; waited_seconds=2.000 ms; "
		"connect_seconds=1.000 ms; tls_seconds=3.000 ms; prepare_seconds=1.000 ms; "
		"wait_seconds=4.000 ms; transfer_seconds=8.000 ms; total_seconds=20.00 ms; }; "
		"early?{{status_code=103; status_line=HTTP/1.1 103 Early; at_seconds=9.000 ms; "
		"headers{{name=Link; value=x; }; }; }; }; attempts?{{address=[::1]:443; "
		"transport=tcp; began_seconds=0.000 ms; outcome=refused; errno=ECONNREFUSED; "
		"icmp_type=-; icmp_code=-; router=-; took_seconds=0.000 ms; }; "
		"{address=127.0.0.1:443; transport=tcp; began_seconds=1.000 ms; outcome=ok; "
		"errno=-; icmp_type=-; icmp_code=-; router=-; took_seconds=1.000 ms; }; }; "
		"body_bytes?=5; body_cut?=yes; tls=TLSv1.3 NONE; certificate!{subject=C=DE, "
		"O=A, Inc, CN=www.example; issuer=C=DE, O=A, Inc, CN=www.example; "
		"names=DNS:www.example, DNS:*.example, IP:127.0.0.1, IP:::1, email:a@b, "
		"URI:http://x/; key=RSA 2048; expires=2036-11-26T09:06:22+0000, expires in "
		"3649 days; expires_in_days?=3649; }; chain?{{subject=C=DE, O=A, Inc, "
		"CN=www.example; issuer=C=DE, O=A, Inc, CN=www.example; "
		"begins=2026-11-29T09:06:22Z; expires=2036-11-26T09:06:22Z; "
		"expires_in_days=3649; key=RSA 2048; signature=sha256WithRSAEncryption; "
		"names{=www.example; =*.example; =127.0.0.1; =::1; =email:a@b; =URI:http://x/; "
		"}; sha256=11afe7179be4512124bc66f141560f66263f640761602ed099dab18b34338c90; "
		"}; }; chain_earliest_expiry?=2036-11-26T09:06:22Z; "
		"chain_earliest_in_days?=3649; chain_earliest_index?=0; "
		"chain_earliest_subject?=C=DE, O=A, Inc, CN=www.example; }; ");
	sdr_certificates_done(&answer.chain);
	answer.tls_cipher[0] = '\0';
	answer.times.waited = 0;
	sdr_headers_done(&answer.headers);
	holds(sdr_http_sheet_new(&of),
		"{url?=https://a.example/; method?=GET; status_line?=-; status_code?=200; "
		"http_version?=1.1; headers{}; note=::1 refused; failed_at?=-; curl_code?=0; "
		"curl_text?=-; errno?=-; remote_address=127.0.0.1; remote_port=443; "
		"time_namelookup?=1.000 ms; waited_seconds?=0.000 ms; time_connect?=4.000 ms; "
		"time_appconnect?=7.000 ms; time_pretransfer?=8.000 ms; "
		"time_starttransfer?=12.00 ms; time_total?=20.00 ms; "
		"phases!{lookup_seconds=1.000 ms; waited_seconds?=0.000 ms; "
		"connect_seconds=3.000 ms; tls_seconds=3.000 ms; prepare_seconds=1.000 ms; "
		"wait_seconds=4.000 ms; transfer_seconds=8.000 ms; total_seconds=20.00 ms; }; "
		"early?{}; attempts?{{address=[::1]:443; transport=tcp; began_seconds=0.000 "
		"ms; outcome=refused; errno=ECONNREFUSED; icmp_type=-; icmp_code=-; router=-; "
		"took_seconds=0.000 ms; }; {address=127.0.0.1:443; transport=tcp; "
		"began_seconds=1.000 ms; outcome=ok; errno=-; icmp_type=-; icmp_code=-; "
		"router=-; took_seconds=1.000 ms; }; }; body_bytes?=5; body_cut?=yes; "
		"tls=TLSv1.3; }; ");
}

static void test_http_failures(void **state)
{
	struct sdr_transfer_answer answer = blank();
	struct http_diagnosis diagnosis = {
		.outcome = SDR_OUTCOME_REFUSED, .stage = "connect", .why = "refused"};
	const struct http_sheet_case of = {
		&answer, &diagnosis, "http://a.example/", "HEAD", NOW, false};
	(void)state;
	answer.end = SDR_TRANSFER_CONNECT;
	answer.dial_error = "ECONNREFUSED";
	answer.os_errno = 5;
	answer.curl_code = 7;
	answer.times.namelookup = SDR_MS;
	answer.times.total = 3 * SDR_MS;
	snprintf(answer.text, sizeof(answer.text), "Couldn't connect");
	holds(sdr_http_sheet_new(&of),
		"{url?=http://a.example/; method?=HEAD; status_line?=-; status_code?=-; "
		"http_version?=-; headers{}; note=refused; failed_at=connect; curl_code?=7; "
		"curl_text?=Couldn't connect; errno?=ECONNREFUSED; remote_address?=-; "
		"remote_port?=-; time_namelookup?=1.000 ms; waited_seconds?=-; "
		"time_connect?=-; time_appconnect?=-; time_pretransfer?=-; "
		"time_starttransfer?=-; time_total?=3.000 ms; phases!{lookup_seconds=1.000 ms; "
		"waited_seconds?=-; connect_seconds?=-; tls_seconds?=-; prepare_seconds?=-; "
		"wait_seconds?=-; transfer_seconds?=-; total_seconds=3.000 ms; }; early?{}; "
		"body_bytes?=0; body_cut?=no; }; ");
	/* The handshake's time is what it took to fail. */
	answer = blank();
	answer.end = SDR_TRANSFER_NOT_TLS;
	diagnosis = (struct http_diagnosis){
		.outcome = SDR_OUTCOME_TLS, .stage = "tls", .why = "not TLS"};
	answer.os_errno = 5;
	answer.times.waited = 0;
	answer.times.connect = 2 * SDR_MS;
	answer.times.total = 6 * SDR_MS;
	answer.first_length = 7;
	memcpy(answer.first_bytes, "220 a\0\n", 7);
	holds(sdr_http_sheet_new(&of),
		"{url?=http://a.example/; method?=HEAD; status_line?=-; status_code?=-; "
		"http_version?=-; headers{}; note=not TLS; failed_at=tls; curl_code?=0; "
		"curl_text?=-; errno?=EIO; first_bytes?=220 a\\x00\\x0a; first_bytes_cut?=no; "
		"looks_like?=SMTP or FTP; remote_address?=-; remote_port?=-; "
		"time_namelookup?=-; waited_seconds?=0.000 ms; time_connect?=2.000 ms; "
		"time_appconnect?=-; time_pretransfer?=-; time_starttransfer?=-; "
		"time_total?=6.000 ms; phases!{lookup_seconds?=-; waited_seconds?=0.000 ms; "
		"connect_seconds=2.000 ms; tls_seconds=4.000 ms; prepare_seconds?=-; "
		"wait_seconds?=-; transfer_seconds?=-; total_seconds=6.000 ms; }; early?{}; "
		"body_bytes?=0; body_cut?=no; }; ");
	answer = blank();
	answer.end = SDR_TRANSFER_NOT_HTTP;
	diagnosis = (struct http_diagnosis){
		.outcome = SDR_OUTCOME_MALFORMED, .stage = "read", .why = "not HTTP"};
	answer.first_length = 8;
	answer.first_cut = true;
	memcpy(answer.first_bytes, "SSH-2.0-", 8);
	holds(sdr_http_sheet_new(&of),
		"{url?=http://a.example/; method?=HEAD; status_line?=-; status_code?=-; "
		"http_version?=-; headers{}; note=not HTTP; failed_at=read; curl_code?=0; "
		"curl_text?=-; errno?=-; first_bytes?=SSH-2.0-; first_bytes_cut?=yes; "
		"looks_like?=SSH; remote_address?=-; remote_port?=-; time_namelookup?=-; "
		"waited_seconds?=-; time_connect?=-; time_appconnect?=-; time_pretransfer?=-; "
		"time_starttransfer?=-; time_total?=-; phases!{lookup_seconds?=-; "
		"waited_seconds?=-; connect_seconds?=-; tls_seconds?=-; prepare_seconds?=-; "
		"wait_seconds?=-; transfer_seconds?=-; total_seconds=-; }; early?{}; "
		"body_bytes?=0; body_cut?=no; }; ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dns_answers),
		cmocka_unit_test(test_dns_failures),
		cmocka_unit_test(test_http_answer),
		cmocka_unit_test(test_http_failures),
	};
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
