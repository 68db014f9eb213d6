/* test_options.c - no option is accepted and ignored: on the screen each is refused with its name,
 * or makes a difference on a line of option_cases.inc, where a new one has to be. Rows KO1 to
 * KO3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <uv.h>

#include "front.h"
#include "lib/own_net.h"
#include "lib/skip.h"
#include "sounder/engine.h"
#include "sounder/job.h"
#include "sounder/line.h"
#include "sounder/probe_options.h"
#include "ui_job.h"
#include "ui_test.h"

/* An option and a line on which it makes a difference. */
struct option_case {
	const char *command; /* and the words before the option */
	const char *name, *value, *rest;
	const char *before; /* lines that are run before; NULL: none */
	const char *given;  /* what is typed where a field asks for lines */
};

static const struct option_case cases[] = {
#include "option_cases.inc"
};

/* ---- what a line comes to ---- */

static void put_list(FILE *file, const char *const *list)
{
	for (; list && *list; list++)
		fprintf(file, " [%s]", *list);
}

#define PUT(what, format, value) fprintf(file, " " what "=" format, value)
#define PUT_TEXT(what, value) fprintf(file, " " what "=%s", (value) ? (value) : "-")

/* The type's own options, where the spec is of that type and has any. */
static const void *of_type(const struct sdr_spec *spec, const char *type, const void *none)
{
	return spec->options && !strcmp(spec->type->name, type) ? spec->options : none;
}

/* What a type keeps by its table, but lists. */
static void put_table(FILE *file, const struct sdr_spec *spec)
{
	const char *options = spec->options;
	for (const struct sdr_option *o = spec->type->options; options && o && o->name; o++) {
		int64_t number = 0;
		size_t size = o->kind == SDR_OPTION_FLAG ? sizeof(bool) : sizeof(number);
		memcpy(&number, options + o->place - 1, o->kind == SDR_OPTION_TEXT ? 0 : size);
		fprintf(file, " %s=%lld", o->name, (long long)number);
		const char *text = NULL;
		if (o->kind == SDR_OPTION_TEXT && !o->repeats)
			memcpy(&text, options + o->place - 1, sizeof(text));
		fprintf(file, "%s", text ? text : "");
	}
}

/* All that a probe is asked for, but the line that adds it and what shapes ping's own text. */
static void put_spec(FILE *file, const struct sdr_spec *spec)
{
	static const struct sdr_ping_options no_ping;
	static const struct sdr_http_options no_http;
	static const struct sdr_dns_options no_dns;
	const struct sdr_ping_options *ping = of_type(spec, "ping", &no_ping);
	const struct sdr_http_options *http = of_type(spec, "http", &no_http);
	const struct sdr_dns_options *dns = of_type(spec, "dns", &no_dns);
	PUT_TEXT("\ntype", spec->type->name);
	PUT_TEXT("target", spec->target);
	PUT_TEXT("host", spec->host);
	PUT_TEXT("server", spec->server);
	PUT("port", "%u", spec->port);
	PUT("family", "%u", spec->family);
	PUT("interval", "%lld", (long long)spec->interval);
	PUT("timeout", "%lld", (long long)spec->timeout);
	PUT("count", "%llu", (unsigned long long)spec->count);
	PUT("all", "%d", spec->all_addresses);
	PUT("size", "%u", ping->size);
	PUT("has_size", "%d", ping->has_size);
	PUT("ttl", "%u", spec->hop_limit);
	PUT("tos", "%u", spec->tos);
	PUT("broadcast", "%d", spec->broadcast);
	PUT("fragment", "%u", ping->fragment);
	PUT_TEXT("interface", spec->source);
	PUT_TEXT("group", spec->group);
	PUT_TEXT("pattern", ping->pattern);
	PUT_TEXT("url", http->url);
	PUT_TEXT("method", http->method);
	PUT_TEXT("cacert", http->cacert);
	PUT_TEXT("connect-to", http->connect_to);
	PUT_TEXT("proxy", http->proxy);
	PUT("http10", "%d", http->http10);
	PUT("bare", "%d", http->bare);
	PUT("insecure", "%d", http->insecure);
	PUT("body", "%llu", (unsigned long long)http->body_max);
	put_list(file, http->headers);
	put_list(file, dns->types);
	put_list(file, dns->expect);
	PUT("search", "%d", dns->search);
	PUT("tcp", "%d", dns->tcp);
	PUT("udp", "%d", spec->udp);
	put_table(file, spec);
}

static void put_service(FILE *file, const struct sdr_service_spec *spec)
{
	char at[SDR_ENDPOINT_TEXT];
	const struct sdr_service_limits *limits = &spec->limits;
	PUT_TEXT("\nservice", spec->type->name);
	PUT("transport", "%d", (int)spec->transport);
	PUT("fallback", "%d", spec->or_fallback);
	PUT_TEXT("at", sdr_endpoint_format(at, &spec->local));
	PUT("clients", "%u", limits->clients_max);
	PUT("source", "%u", limits->per_source_max);
	PUT("accepts", "%u", limits->accepts_per_second);
	PUT("udp", "%u", limits->udp_per_second);
	PUT("idle", "%lld", (long long)limits->idle);
	PUT("life", "%lld", (long long)limits->life);
}

/* What a job of it does; a watch that has no end goes by the engine alone. */
static void put_watch(FILE *file, const struct sdr_request *request)
{
	const struct sdr_watch *watch = &request->watch;
	PUT("ends", "%d", sdr_job_ends(request));
	if (!sdr_job_ends(request))
		return;
	PUT("sweep", "%d", watch->sweep);
	PUT("find_mtu", "%d", watch->find_mtu);
	PUT("until", "%d", (int)watch->until);
	PUT("losses", "%u", watch->losses);
	PUT("deadline", "%lld", (long long)watch->deadline);
	PUT("single", "%d", watch->single);
	PUT("rate", "%u", watch->sweep ? watch->rate : 0);
	for (size_t i = 0; i < watch->count; i++) {
		struct sdr_spec spec;
		sdr_watch_spec(watch, i, &spec);
		put_spec(file, &spec);
	}
}

/* Writes what the line asks for, where that can be read from the request: answers and the screen's
 * actions are looked at instead. */
static bool put_request(FILE *file, struct sdr_app *app, const char *text)
{
	struct sdr_line *line = NULL;
	struct sdr_request request = {0};
	struct sdr_error error = {0};
	if (sdr_line_parse(app, text, &line, &error) == SDR_OK &&
		!sdr_call_has(sdr_line_call(line), "help") &&
		sdr_request_make(sdr_line_call(line), &request, &error) == SDR_OK) {
		if (request.kind == SDR_REQUEST_WATCH)
			put_watch(file, &request);
		for (size_t i = 0; request.kind == SDR_REQUEST_SERVE && i < request.serve.count;
			i++)
			put_service(file, &request.serve.specs[i]);
	}
	bool whole = request.kind == SDR_REQUEST_WATCH || request.kind == SDR_REQUEST_SERVE;
	sdr_request_done(&request);
	sdr_line_free(line);
	return whole;
}

static void put_engine(FILE *file, const struct sdr_engine *engine)
{
	PUT("rate", "%u", sdr_engine_rate(engine));
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		if (!target || target->owned)
			continue;
		put_spec(file, target->spec);
		PUT_TEXT("typed", target->typed);
		PUT("at port", "%u", target->port);
		PUT("paused", "%d", target->phase == SDR_PHASE_PAUSED);
	}
}

/* How many bytes stand for nothing here: blanks and rules, which a title's length moves; the option
 * as a title repeats it; what was measured. */
static size_t idle_bytes(const char *at, const char *option)
{
	static const char rule[] = "\342\224\200";
	size_t length = strlen(option), number = strspn(at, "0123456789.");
	if (length && !strncmp(at, option, length))
		return length;
	if (!strncmp(at, rule, sizeof(rule) - 1))
		return sizeof(rule) - 1;
	return number && !strncmp(at + number + (at[number] == ' '), "ms", 2) ? number : *at == ' ';
}

static void put_picture(FILE *file, const char *picture, const char *option)
{
	for (const char *at = picture; *at;) {
		size_t idle = idle_bytes(at, option), number = strspn(at, "0123456789.");
		size_t taken = idle ? idle : number ? number : 1;
		fwrite(at, 1, idle ? 0 : taken, file);
		at += taken;
	}
}

static void put_screen(FILE *file, struct ui_test *test, const char *option)
{
	struct ui *ui = &test->ui;
	struct sdr_out out;
	PUT("quitting", "%d", ui->quitting);
	PUT("leaving", "%d", ui->leaving);
	PUT("marked", "%u", ui->charting.marked);
	sdr_out_init(&out, file, SDR_COLOUR_NEVER);
	ui_keymap_write(ui->keymap, &out);
	sdr_out_flush(&out);
	put_picture(file, ui_test_draw(test), option);
}

/* ---- running it ---- */

static int open_screen(void **state)
{
	*state = ui_test_new(50, 200);
	return 0;
}

static bool is_busy(const struct ui *ui)
{
	bool busy = ui_job_running(ui) > 0;
	for (unsigned i = 0; i < ui->slot_count; i++)
		busy = busy || ui->slots[i].job;
	return busy;
}

/* Gives an answer a second. */
static void await(struct ui_test *test)
{
	for (int i = 0; i < 100 && is_busy(&test->ui); i++) {
		uv_run(sdr_app_loop(test->app), UV_RUN_NOWAIT);
		nanosleep(&(struct timespec){.tv_nsec = i > 1 ? 10000000 : 0}, NULL);
	}
}

static void run_before(struct ui_test *test, const char *lines)
{
	char *copy = strdup(lines ? lines : ""), *rest = copy, *line;
	while ((line = strsep(&rest, "\n"))) {
		ui_do(&test->ui, line);
		uv_run(sdr_app_loop(test->app), UV_RUN_NOWAIT);
		ui_test_draw(test);
		if (test->ui.overlay.kind != UI_OVERLAY_NONE)
			ui_test_keys(test, "Esc");
	}
	free(copy);
}

/* Has the namespace's ping socket in place of none. */
static void permit(struct ui_test *test)
{
	test->privilege.icmp4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
	test->privilege.kind4 = SDR_ICMP_PING;
	assert_true(test->privilege.icmp4 >= 0);
}

/* What becomes of a case's line on a screen of its own, with the option or without it; to be
 * freed. *good: it was not refused. */
static char *observe(const struct option_case *c, bool with, bool *good)
{
	struct ui_test *test;
	struct sdr_error error = {0};
	char *text = NULL, line[256], option[128] = "", word[96] = "";
	bool asked = c->given;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	if (c->value)
		sdr_word_quote(word, sizeof(word), c->value);
	if (with)
		snprintf(option, sizeof(option), "--%s%s%s", c->name, c->value ? "=" : "", word);
	snprintf(line, sizeof(line), "%s %s %s", c->command, option, c->rest);
	open_screen((void **)&test);
	permit(test);
	run_before(test, c->before);
	*good = ui_front_run_text(&test->ui, line, &error) == SDR_OK;
	if (c->given && test->ui.overlay.kind == UI_OVERLAY_LINES) {
		ui_overlay_paste(&test->ui.overlay, c->given, strlen(c->given));
		ui_test_keys(test, "C-d");
	}
	asked = asked || test->ui.job_fresh;
	fputs(*good ? "" : error.text, file);
	put_engine(file, sdr_app_engine(test->app));
	if (!put_request(file, test->app, line)) {
		if (asked)
			await(test);
		put_screen(file, test, option);
	}
	fclose(file);
	close(test->privilege.icmp4);
	ui_test_teardown((void **)&test);
	return text;
}

/* Complains of a case; two texts from a little before where they part. */
static void complain(const struct option_case *c, const char *what, const char *a, const char *b)
{
	size_t at = 0;
	while (a[at] && a[at] == b[at])
		at++;
	at = at > 20 ? at - 20 : 0;
	print_error("%s --%s %s: %s: %.300s | %.300s\n", c->command, c->name, c->rest, what, a + at,
		b + at);
}

/* The same line twice comes to the same, so that a difference is the option's. */
static bool has_effect(const struct option_case *c)
{
	bool good, bare;
	char *without = observe(c, false, &bare), *again = observe(c, false, &bare),
	     *with = observe(c, true, &good);
	const char *wrong = strcmp(without, again) ? "not twice the same"
		: !good                            ? "refused"
		: !strcmp(without, with)           ? "accepted, and changes nothing"
						   : NULL;
	if (wrong)
		complain(c, wrong, without, strcmp(without, again) ? again : with);
	free(without);
	free(again);
	free(with);
	return !wrong;
}

static bool is_of(const char *words, const char *command)
{
	size_t length = strlen(command);
	return !strncmp(words, command, length) && (words[length] == ' ' || !words[length]);
}

/* Whether a case shows the option's effect. */
static bool is_shown(const struct sdr_command *command, const struct sdr_option *option)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (is_of(cases[i].command, command->name) && !strcmp(cases[i].name, option->name))
			return true;
	return false;
}

/* A shell's option at the prompt is refused, with its name. */
static void check_refused(
	struct ui_test *test, const struct sdr_command *command, const struct sdr_option *option)
{
	char line[256];
	struct sdr_error error = {0};
	int length = snprintf(line, sizeof(line), "%s --%s%s", command->name, option->name,
		option->kind == SDR_OPTION_FLAG ? "" : " 1");
	for (int i = 0; i < (command->words_min > 0 ? command->words_min : command->words_max != 0);
		i++)
		length += snprintf(line + length, sizeof(line) - (size_t)length, " 127.0.0.1");
	enum sdr_status status = ui_front_run_text(&test->ui, line, &error);
	if (!(status == SDR_ENOTSUP && strstr(error.text, option->name) &&
		    strstr(error.text, "shell only")))
		fail_msg("%s: accepted (%s)", line, error.text);
}

static void walk(struct ui_test *test, const struct sdr_command *command, unsigned *count)
{
	for (unsigned set = 0; set < SDR_OPTION_SETS_ALL; set++) {
		for (const struct sdr_option *option = sdr_command_options(command, set);
			option && option->name; option++) {
			(*count)++;
			if (!(command->where & SDR_WHERE_SCREEN))
				continue;
			if (option->where && !(option->where & SDR_WHERE_SCREEN))
				check_refused(test, command, option);
			else if (!is_shown(command, option))
				fail_msg("%s --%s: option_cases.inc has no line on which it makes "
					 "a difference",
					command->name, option->name);
		}
	}
	for (const struct sdr_command *const *verb = command->verbs; verb && *verb; verb++)
		walk(test, *verb, count);
}

static void test_KO3_every_option_on_the_screen(void **state)
{
	struct ui_test *test = *state;
	const struct sdr_command *command;
	unsigned count = 0;
	for (unsigned i = 0; (command = sdr_command_at(test->app, i)); i++)
		walk(test, command, &count);
	assert_true(count > 80);
}

static void test_KO3_has_an_effect(void **state)
{
	unsigned wrong = 0;
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		wrong += !has_effect(&cases[i]);
	assert_int_equal(wrong, 0);
}

/* A name in an option's `excludes` that is no option of the command would exclude nothing. */
static void test_KO1_what_is_excluded_is_there(void **state)
{
	struct ui_test *test = *state;
	const struct sdr_command *ping = sdr_command_find(test->app, "ping");
	for (unsigned set = 0; set < SDR_OPTION_SETS_ALL; set++) {
		for (const struct sdr_option *option = sdr_command_options(ping, set);
			option && option->name; option++) {
			char list[256], *rest = list, *name;
			snprintf(
				list, sizeof(list), "%s", option->excludes ? option->excludes : "");
			while ((name = strsep(&rest, " ")) && *name) {
				char line[128];
				struct sdr_line *made = NULL;
				struct sdr_error error = {0};
				snprintf(line, sizeof(line), "ping --%s=1 --%s=1 127.0.0.1",
					option->name, name);
				enum sdr_status status =
					sdr_line_parse(test->app, line, &made, &error);
				if (status == SDR_OK || strstr(error.text, "no such option") ||
					strstr(error.text, "has no option"))
					fail_msg("%s: %s", line, error.text);
				sdr_line_free(made);
			}
		}
	}
}

static void test_KO1_KO2_pairs(void **state)
{
	struct ui_test *test = *state;
	static const struct {
		const char *line, *why;
	} pairs[] = {
		{"ping --tcp 80 -O 127.0.0.2", "--tcp and --outstanding exclude"},
		{"ping -O --tcp 80 127.0.0.2", "--outstanding and --tcp exclude"},
		{"ping --udp-echo 7 -b 127.0.0.2", "--udp-echo and --broadcast exclude"},
		{"ping --tcp 80 -s 9 127.0.0.2", "exclude"},
		{"ping --tcp 80 -M do 127.0.0.2", "exclude"},
		{"ping --tcp 80 -p ff 127.0.0.2", "exclude"},
		{"ping -4 -6 db1", "--ipv4 and --ipv6 exclude"},
		{"ping -I 127.0.0.1 -I 127.0.0.2 127.0.0.1", "--source is given twice"},
		{"ping -c 1 -c 2 127.0.0.1", "--count is given twice"},
		{"dns x @127.0.0.1 --server 127.0.0.2", "a second name server"},
		{"dns --short --json x", "exclude"},
		{"head --json --csv http://127.0.0.1/", "exclude"},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct sdr_line *line = NULL;
		struct sdr_request request = {0};
		struct sdr_error error = {0};
		enum sdr_status status = sdr_line_parse(test->app, pairs[i].line, &line, &error);
		if (status == SDR_OK)
			status = sdr_request_make(sdr_line_call(line), &request, &error);
		if (status != SDR_EINVAL || !strstr(error.text, pairs[i].why))
			fail_msg("%s: %s", pairs[i].line, error.text);
		sdr_request_done(&request);
		sdr_line_free(line);
	}
}

/* A name server that never answers, where the cases look for it. */
static bool is_silent_there(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons(5353),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
}

/* A name with an address of either family. */
static bool has_names(void)
{
	char path[] = "/tmp/sounder-hosts-XXXXXX";
	int fd = mkstemp(path);
	static const char hosts[] = "127.0.0.1 both\n::1 both\n";
	bool good = fd >= 0 && write(fd, hosts, sizeof(hosts) - 1) == sizeof(hosts) - 1 &&
		unshare(CLONE_NEWNS) == 0 &&
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount(path, "/etc/hosts", NULL, MS_BIND, NULL) == 0;
	unlink(path);
	close(fd);
	return good;
}

/* What path --asn reads. */
static void write_numbers(void)
{
	FILE *file = fopen("/tmp/sounder_as_numbers.txt", "w");
	if (!file || fputs("10.0.0.0/8 64500\n", file) < 0 || fclose(file) != 0)
		perror("/tmp/sounder_as_numbers.txt");
}

int main(void)
{
	write_numbers();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_KO3_every_option_on_the_screen, open_screen, ui_test_teardown),
		cmocka_unit_test(test_KO3_has_an_effect),
		cmocka_unit_test_setup_teardown(
			test_KO1_what_is_excluded_is_there, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(test_KO1_KO2_pairs, open_screen, ui_test_teardown)};
	if (!own_net_enter() || !is_silent_there() || !has_names())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
