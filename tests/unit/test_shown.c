/* test_shown.c - what the answers of dns and head look like in a shell, with their colours, from
 * sheets of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/out.h"
#include "sounder/sheet.h"
#include "trial.h"

/* Prints a line's answer, colours as <31>; the caller frees. */
static char *shown(struct sdr_app *app, const char *text, const struct sdr_item *detail)
{
	struct sdr_line *line = parse(app, text);
	const struct sdr_call *call = sdr_line_call(line);
	struct sdr_request request = {0};
	struct sdr_out out;
	char *bytes = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&bytes, &length);
	assert_non_null(file);
	assert_int_equal(sdr_request_make(call, &request, NULL), SDR_OK);
	assert_int_equal(request.kind, SDR_REQUEST_WATCH);
	sdr_out_init(&out, file, SDR_COLOUR_ALWAYS);
	request.watch.print(&out, call, detail);
	assert_int_equal(fclose(file), 0);
	size_t used = 0;
	bool within = false;
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '\033')
			bytes[used++] = '<', within = true, i++;
		else if (within && bytes[i] == 'm')
			bytes[used++] = '>', within = false;
		else
			bytes[used++] = bytes[i];
	}
	bytes[used] = '\0';
	sdr_request_done(&request);
	sdr_line_free(line);
	return bytes;
}

static void shows(
	struct sdr_app *app, const char *line, const struct sdr_item *detail, const char *wanted)
{
	char *text = shown(app, line, detail);
	assert_string_equal(text, wanted);
	free(text);
}

/* ---- dns ---- */

struct record {
	const char *section, *name, *type;
	int ttl;
	const char *data;
};

struct question {
	const char *type, *outcome, *why, *server;
	bool without_edns;
	int rejected;
};

struct reply {
	struct record records[4];
	struct question questions[3];
	const char *rcode, *why, *failed;
};

static void fill(struct sdr_item *root, const struct reply *reply)
{
	struct sdr_item *records = sdr_item_list(root, "records", "");
	for (size_t i = 0; i < 4 && reply->records[i].section; i++) {
		const struct record *from = &reply->records[i];
		struct sdr_item *row = sdr_item_object(records, NULL, NULL);
		sdr_item_text(row, "section", "", from->section);
		sdr_item_text(row, "name", "", from->name);
		sdr_item_text(row, "type", "", from->type);
		sdr_item_text(row, "class", "", "IN");
		sdr_item_integer(row, "ttl", "", from->ttl);
		sdr_item_text(row, "data", "", from->data);
	}
	struct sdr_item *questions = sdr_item_list(root, "questions", "");
	for (size_t i = 0; i < 3 && reply->questions[i].type; i++) {
		const struct question *from = &reply->questions[i];
		struct sdr_item *row = sdr_item_object(questions, NULL, NULL);
		sdr_item_text(row, "type", "", from->type);
		sdr_item_text(row, "outcome", "", from->outcome);
		sdr_item_text(row, "why", "", from->why);
		sdr_item_text(row, "server", "", from->server);
		sdr_item_boolean(row, "without_edns", "", from->without_edns);
		sdr_item_integer(row, "rejected", "", from->rejected);
	}
	sdr_item_text(root, "rcode", "", reply->rcode);
	sdr_item_text(root, "server", "", "127.0.0.1");
	sdr_item_text(root, "why", "", reply->why);
	sdr_item_text(root, "failed", "", reply->failed);
	sdr_item_duration(root, "query_seconds", "", 12 * SDR_MS);
}

static void test_dns(void **state)
{
	static const struct {
		struct reply reply;
		const char *line, *wanted;
	} cases[] = {
		{{{{"answer", "a.example", "A", 5, "10.0.0.1"},
			  {"answer", "long.a.example", "CAA", 3600, "0 x y"},
			  {"authority", "example", "NS", 60, "ns.example"},
			  {"additional", "ns.example", "A", 7, "10.0.0.2"}},
			 {{"A", "ok", NULL, "127.0.0.1", false, 0}}, "NOERROR", NULL, NULL},
			"dns a.example",
			"a.example          5  IN  A    10.0.0.1\n"
			"long.a.example  3600  IN  CAA  0 x y\n"
			"<2>authority:<0>\n"
			"<2>example           60  IN  NS   ns.example<0>\n"
			"<2>additional:<0>\n"
			"<2>ns.example         7  IN  A    10.0.0.2<0>\n"
			"<2>NOERROR from 127.0.0.1 in 12.00 ms<0>\n"},
		{{{{"answer", "a.example", "A", 5, "10.0.0.1"},
			  {"authority", "example", "NS", 60, "ns.example"},
			  {"answer", "b.example", "A", 5, "10.0.0.2"}},
			 {{"A", "ok", NULL, "127.0.0.1", false, 0}}, "NOERROR", NULL, NULL},
			"dns --short a.example", "10.0.0.1\n10.0.0.2\n"},
		/* A note beside an answer is no failure. */
		{{{{0}},
			 {{"A", "timeout", "slow", "127.0.0.1", false, 0},
				 {"AAAA", "ok", NULL, "127.0.0.1", false, 0}},
			 "NOERROR", "stale", NULL},
			"dns a.example",
			"<33>A: slow<0>\n<33>stale<0>\n<2>NOERROR from 127.0.0.1 in 12.00 ms<0>\n"},
		{{{{0}}, {{"A", "timeout", "slow", "127.0.0.1", false, 0}}, NULL, "slow", NULL},
			"dns a.example", "<31>slow<0>\n"},
		/* What is absent is no trouble; what the whole has already is not repeated. */
		{{{{0}},
			 {{"A", "nodata", "none", "127.0.0.1", false, 1},
				 {"AAAA", "refused", "no", "127.0.0.1", true, 0},
				 {"MX", "servfail", "broken", NULL, true, 1}},
			 "REFUSED", "no", "127.0.0.2"},
			"dns a.example",
			"<33>MX: broken<0>\n<31>no<0>\n"
			"<33>rejected 1 datagram that was no answer to what was asked<0>\n"
			"<2>asked without EDNS, which 127.0.0.1 refused<0>\n"
			"<33>not answered by 127.0.0.2<0>\n"
			"<2>REFUSED from 127.0.0.1 in 12.00 ms<0>\n"},
		{{{{0}},
			 {{"A", "timeout", NULL, "127.0.0.1", true, 2},
				 {"AAAA", "timeout", NULL, "127.0.0.1", true, 3},
				 {"MX", "timeout", NULL, "127.0.0.1", true, 1}},
			 NULL, "silence", "127.0.0.2"},
			"dns a.example",
			"<31>silence<0>\n"
			"<33>rejected 3 datagrams that were no answer to what was asked<0>\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_sheet *sheet = sdr_sheet_new();
		fill(sdr_sheet_root(sheet), &cases[i].reply);
		shows(*state, cases[i].line, sdr_sheet_root(sheet), cases[i].wanted);
		sdr_sheet_free(sheet);
	}
}

/* A column is as wide as what is in it, to a limit: one that is longer moves its own line alone. */
static void test_dns_columns(void **state)
{
	char name[80], wanted[400];
	for (int length = 47; length <= 50; length++) {
		int width = length < 48 ? length : 48;
		struct sdr_sheet *sheet = sdr_sheet_new();
		snprintf(name, sizeof(name), "%0*d", length, 7);
		const struct reply reply = {{{"answer", name, "TYPE65280", 5, "x"},
						    {"answer", "b", "A", 2147483647, "y"}},
			{{"A", "ok", NULL, NULL, false, 0}}, NULL, NULL, NULL};
		fill(sdr_sheet_root(sheet), &reply);
		snprintf(wanted, sizeof(wanted),
			"%-*s           5  IN  TYPE65280  x\n%-*s  2147483647  IN  A          y\n",
			width, name, width, "b");
		shows(*state, "dns a.example", sdr_sheet_root(sheet), wanted);
		sdr_sheet_free(sheet);
	}
}

/* ---- head ---- */

struct answer {
	int status;
	const char *line, *failed_at, *note, *address, *tls, *subject, *expires, *earlier;
	bool headers, phases;
};

static void fill_head(struct sdr_item *root, const struct answer *answer)
{
	if (answer->status)
		sdr_item_integer(root, "status_code", "", answer->status);
	else
		sdr_item_null(root, "status_code", "");
	sdr_item_text(root, "status_line", "", answer->line);
	struct sdr_item *headers = sdr_item_list(root, "headers", "");
	for (int i = 0; answer->headers && i < 2; i++) {
		struct sdr_item *row = sdr_item_object(headers, NULL, NULL);
		sdr_item_text(row, "name", "", i == 0 ? "Server" : "X");
		sdr_item_text(row, "value", "", i == 0 ? "none" : "");
	}
	sdr_item_text(root, "failed_at", "", answer->failed_at);
	sdr_item_text(root, "note", "", answer->note);
	struct sdr_item *phases = sdr_item_object(root, "phases", "");
	if (answer->phases) {
		sdr_item_duration(phases, "a", "lookup", SDR_MS);
		sdr_item_duration(phases, "b", "hidden", SDR_MS)->show = SDR_SHOW_HIDDEN;
		sdr_item_null(phases, "c", "never");
		sdr_item_duration(phases, "d", "total", 3 * SDR_MS);
	}
	sdr_item_text(root, "remote_address", "", answer->address);
	sdr_item_integer(root, "remote_port", "", 80);
	if (answer->tls)
		sdr_item_text(root, "tls", "", answer->tls);
	if (answer->subject) {
		struct sdr_item *certificate = sdr_item_object(root, "certificate", "");
		sdr_item_text(certificate, "subject", "", answer->subject);
		if (answer->expires)
			sdr_item_text(certificate, "expires", "", answer->expires);
	}
	if (answer->earlier)
		sdr_item_text(root, "chain_note", "", answer->earlier);
}

static void test_head(void **state)
{
	static const struct {
		struct answer answer;
		const char *wanted;
	} cases[] = {
		{{.status = 200,
			 .line = "HTTP/1.1 200 OK",
			 .headers = true,
			 .phases = true,
			 .address = "127.0.0.1"},
			"<1>HTTP/1.1 200 OK<0>\nServer: none\nX: \n\n"
			"<2>lookup <0>1.00ms<2>  total <0>3.00ms<2>  from <0>127.0.0.1 port 80\n"},
		{{.status = 399, .line = "HTTP/1.1 399 So", .note = "HTTP/1.1 399 So"},
			"<1>HTTP/1.1 399 So<0>\n\n"
			"<33>http://***@a.example/: <0><33>HTTP/1.1 399 So<0>\n\n"},
		{{.status = 400,
			 .line = "HTTP/1.1 400 No",
			 .note = "HTTP/1.1 400 No",
			 .address = "::1"},
			"<31>HTTP/1.1 400 No<0>\n\n<2>from <0>::1 port 80\n"},
		{{.status = 400, .line = "HTTP/1.1 400 No", .note = "HTTP/1.1 400 No; ::1 refused"},
			"<31>HTTP/1.1 400 No<0>\n\n"
			"<33>http://***@a.example/: <0><33>HTTP/1.1 400 No; ::1 refused<0>\n\n"},
		{{.failed_at = "connect", .note = "refused"},
			"<31>http://***@a.example/: <0><31>refused<0>\n\n"},
		{{.status = 200,
			 .line = "HTTP/1.1 200 OK",
			 .tls = "TLSv1.3",
			 .subject = "CN=a",
			 .expires = "in 9 days",
			 .earlier = "CN=b"},
			"<1>HTTP/1.1 200 OK<0>\n\n\n"
			"TLSv1.3<2>  certificate <0>CN=a<2>  expires <0>in 9 days\n"
			"<33>chain ends first with <0><33>CN=b<0>\n"},
		{{.status = 200, .line = "HTTP/1.1 200 OK", .tls = "TLSv1.3"},
			"<1>HTTP/1.1 200 OK<0>\n\n\nTLSv1.3\n"},
		{{.failed_at = "tls", .note = "expired", .subject = "CN=a"},
			"<31>http://***@a.example/: <0><31>expired<0>\n\n<2>certificate <0>CN=a\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_sheet *sheet = sdr_sheet_new();
		fill_head(sdr_sheet_root(sheet), &cases[i].answer);
		shows(*state, "head http://me:key@a.example/", sdr_sheet_root(sheet),
			cases[i].wanted);
		sdr_sheet_free(sheet);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dns),
		cmocka_unit_test(test_dns_columns),
		cmocka_unit_test(test_head),
	};
	return cmocka_run_group_tests(tests, trial_set_up, trial_tear_down);
}
