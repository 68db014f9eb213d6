/* test_ui_page.c - the page of a host: which targets are on it, what to try, from where it is
 * opened and where one step back leads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "incident.h"
#include "lib/given.h"
#include "lib/set_target.h"
#include "model/model.h"
#include "next_step.h"
#include "page_host.h"
#include "places.h"
#include "sounder/engine.h"
#include "table.h"
#include "ui_test.h"
#include "ui_tick.h"

/* ---- which targets are of a host ---- */

#define TARGETS 8

static const struct sdr_probe_type plain = {.name = "plain", .label = "plain"};
static const struct sdr_probe_type parts = {.name = "parts", .label = "parts", .parts = true};

struct host_scene {
	struct sdr_model *model;
	struct engine_target *targets[TARGETS];
	struct sdr_spec specs[TARGETS];
};

static void notify(struct host_scene *scene, uint32_t id, enum sdr_target_event event)
{
	struct sdr_sink sink = sdr_model_sink(scene->model);
	sink.on_target(sink.context, scene->targets[id]->public, event);
}

static struct engine_target *add(struct host_scene *scene, uint32_t id, const char *typed,
	const char *host, const char *address)
{
	scene->specs[id] = (struct sdr_spec){.type = &plain,
		.target = typed,
		.host = host,
		.interval = SDR_SECOND,
		.timeout = SDR_SECOND};
	scene->targets[id] = set_target_plain(&scene->specs[id], id);
	if (address)
		scene->targets[id]->public->addr = addr_of(address);
	notify(scene, id, SDR_TARGET_ADDED);
	return scene->targets[id];
}

static int open_hosts(void **state)
{
	struct host_scene *scene = calloc(1, sizeof(*scene));
	assert_non_null(scene);
	scene->model = sdr_model_new();
	assert_non_null(scene->model);
	*state = scene;
	return 0;
}

static int close_hosts(void **state)
{
	struct host_scene *scene = *state;
	for (uint32_t id = 0; id < TARGETS; id++) {
		if (!scene->targets[id])
			continue;
		sdr_set_leave(scene->targets[id]);
		notify(scene, id, SDR_TARGET_REMOVED);
		set_target_free(scene->targets[id]);
	}
	sdr_model_free(scene->model);
	free(scene);
	return 0;
}

/* The ids of those that are on the page of the target, as digits. */
static const char *page_of(struct host_scene *scene, uint32_t id)
{
	static char found[TARGETS + 1];
	struct ui_page_host host = {0};
	struct ui_about about = ui_page_host_about(scene->targets[id]->public);
	char *at = found;
	(void)ui_page_host_read(&host, &about, scene->model);
	for (uint32_t i = 0; i < sdr_model_count(scene->model); i++)
		if (ui_page_host_has(&host, scene->model, sdr_model_target(scene->model, i)))
			*at++ = (char)('0' + sdr_model_target(scene->model, i)->id);
	*at = '\0';
	return found;
}

/* A name has its own probes and those of its addresses; an address all that are at it. */
static void test_names_and_addresses(void **state)
{
	struct host_scene *scene = *state;
	add(scene, 0, "https://shop.example/", "shop.example", "10.0.0.80");
	add(scene, 1, "SHOP.example.", "SHOP.example.", "10.0.0.81");
	add(scene, 2, "10.0.0.81:443", "10.0.0.81", NULL); /* not resolved yet */
	add(scene, 3, "other.example", "other.example", "10.0.0.80");
	add(scene, 4, "shop.example", NULL, NULL); /* as names are asked for */
	add(scene, 5, "10.0.0.9", "10.0.0.9", "10.0.0.9");
	assert_string_equal(page_of(scene, 0), "0124");
	assert_string_equal(page_of(scene, 4), "0124");
	assert_string_equal(page_of(scene, 2), "12");
	assert_string_equal(page_of(scene, 3), "3");
	assert_string_equal(page_of(scene, 5), "5");
}

/* It has another address from now on: so have those that were typed so. */
static void test_addresses_change(void **state)
{
	struct host_scene *scene = *state;
	struct ui_page_host host = {0};
	struct engine_target *named = add(scene, 0, "db1", "db1", "10.0.0.1");
	struct ui_about about = {.host = "db1", .id = 0};
	add(scene, 1, "10.0.0.2", "10.0.0.2", "10.0.0.2");
	assert_true(ui_page_host_read(&host, &about, scene->model));
	assert_false(ui_page_host_read(&host, &about, scene->model));
	assert_false(ui_page_host_has(&host, scene->model, sdr_model_target(scene->model, 1)));
	named->public->addr = addr_of("10.0.0.2");
	notify(scene, 0, SDR_TARGET_CHANGED);
	assert_true(ui_page_host_read(&host, &about, scene->model));
	assert_true(ui_page_host_has(&host, scene->model, sdr_model_target(scene->model, 1)));
}

/* A hop is a router of its own, though it is typed as the target of its path. */
static void test_parts(void **state)
{
	struct host_scene *scene = *state;
	struct engine_target *path = add(scene, 0, "far", "far", "10.0.0.80");
	set_target_lead(path, 1, true);
	for (uint32_t id = 1; id < 3; id++) {
		scene->specs[id] = scene->specs[0];
		scene->specs[id].type = &parts;
		scene->targets[id] = set_target_plain(&scene->specs[id], id);
		scene->targets[id]->public->addr = addr_of(id == 1 ? "10.0.0.254" : "10.0.0.80");
		set_target_join(path, scene->targets[id]);
		notify(scene, id, SDR_TARGET_ADDED);
	}
	add(scene, 3, "10.0.0.254", "10.0.0.254", "10.0.0.254");
	if (!sdr_target_is_part(scene->targets[1]->public))
		fail_msg("a hop is a part of its path");
	assert_string_equal(page_of(scene, 0), "0"); /* its last hop is itself */
	assert_string_equal(page_of(scene, 1), "13");
}

static void test_texts_that_mean_a_target(void **state)
{
	struct host_scene *scene = *state;
	char cut[SDR_EVENT_SUBJECT], endless[200] = "";
	memset(endless, 'a', sizeof(endless) - 1);
	add(scene, 0, "https://shop.example/", "shop.example", "10.0.0.80");
	add(scene, 1, "shop.example", "shop.example", "10.0.0.80");
	add(scene, 2, endless, endless, NULL);
	sdr_event_subject(cut, endless);
	const struct {
		const char *text;
		uint32_t position;
	} cases[] = {{"shop.example", 1}, {"https://shop.example/", 0}, {"SHOP.example.", 0},
		{"10.0.0.80", 0}, {cut, 2}, {"10.0.0.81", UINT32_MAX}, {"shop", UINT32_MAX},
		{"", UINT32_MAX}, {"echo tcp 10.0.0.80:7", UINT32_MAX}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (ui_page_host_find(scene->model, cases[i].text) != cases[i].position)
			fail_msg("\"%s\"", cases[i].text);
}

/* ---- what to try ---- */

static void test_next_steps(void **state)
{
	static const struct {
		const char *type;
		uint16_t port;
		bool udp;
		enum sdr_state state;
		enum sdr_outcome cause;
		const char *line;
	} cases[] = {
		{"tcp", 443, false, SDR_STATE_DOWN, SDR_OUTCOME_REFUSED,
			"tcp --until up %endpoint"},
		{"tcp", 443, false, SDR_STATE_DOWN, SDR_OUTCOME_TIMEOUT,
			"path --tcp %port %address"},
		{"echo", 7, true, SDR_STATE_DOWN, SDR_OUTCOME_TIMEOUT, "trace %address"},
		{"echo", 7, true, SDR_STATE_DOWN, SDR_OUTCOME_REFUSED, NULL},
		{"ping", 0, false, SDR_STATE_DOWN, SDR_OUTCOME_UNREACHABLE, "trace %address"},
		{"ping", 0, false, SDR_STATE_DOWN, SDR_OUTCOME_TOO_BIG, "path --mtu %address"},
		{"path", 0, false, SDR_STATE_DOWN, SDR_OUTCOME_TIMEOUT, "ping -c 3 %address"},
		{"http", 80, false, SDR_STATE_DOWN, SDR_OUTCOME_HTTP_ERROR, "head %target"},
		{"http", 443, false, SDR_STATE_DOWN, SDR_OUTCOME_TLS, "head --insecure %target"},
		{"http", 443, false, SDR_STATE_DOWN, SDR_OUTCOME_RESOLVE_FAILED, "dns %name"},
		{"http", 80, false, SDR_STATE_SLOW, SDR_OUTCOME_OK, "head %target"},
		{"dns", 0, false, SDR_STATE_DOWN, SDR_OUTCOME_TIMEOUT, "dns %name"},
		{"ping", 0, false, SDR_STATE_SLOW, SDR_OUTCOME_OK, "trace %address"},
		{"path", 0, false, SDR_STATE_SLOW, SDR_OUTCOME_OK, "path --tcp 443 %address"},
		{"path", 80, false, SDR_STATE_SLOW, SDR_OUTCOME_OK, "ping -c 20 %address"},
		{"ping", 0, false, SDR_STATE_UP, SDR_OUTCOME_OK, NULL},
		{"ping", 0, false, SDR_STATE_UNKNOWN, SDR_OUTCOME_OK, NULL},
		{"tcp", 1, false, SDR_STATE_DOWN, SDR_OUTCOME_LOCAL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_spec spec = {.type = sdr_probe_find(cases[i].type), .udp = cases[i].udp};
		struct sdr_target target = {.spec = &spec,
			.phase = SDR_PHASE_RUNNING,
			.port = cases[i].port,
			.why = ""};
		struct sdr_row row = {
			.target = &target, .state = cases[i].state, .cause = cases[i].cause};
		const char *line = ui_next_step(&row);
		if (!line != !cases[i].line || (line && strcmp(line, cases[i].line) != 0))
			fail_msg("case %zu: %s", i, line ? line : "nothing");
	}
}

/* ---- opening, and back ---- */

static int silent = -1;

static void watch(struct ui_test *test, const char *command, const char *target)
{
	char line[160];
	static uint16_t port;
	if (silent < 0)
		silent = loopback_socket(SOCK_DGRAM | SOCK_CLOEXEC, 1, &port);
	snprintf(line, sizeof(line), "%s --server 127.0.0.1:%u --interval 1s %s", command, port,
		target);
	ui_do(&test->ui, line);
}

static int open_screen(void **state)
{
	struct ui_test *test = ui_test_new(30, 120);
	watch(test, "tcp", "n01.example:80");
	watch(test, "tcp", "n02.example:80");
	watch(test, "head", "http://n02.example/");
	watch(test, "tcp", "n03.example:80");
	ui_test_loop(test);
	ui_tick(&test->ui);
	assert_int_equal(sdr_model_count(sdr_app_model(test->app)), 4);
	*state = test;
	return 0;
}

static const char *panel_of(struct ui_test *test)
{
	return ui_focused(&test->ui)->panel->name;
}

static const char *under_cursor(struct ui_test *test)
{
	static struct ui_subject subject;
	(void)ui_test_draw(test);
	return ui_subject(&test->ui, &subject) ? subject.target : "nothing";
}

static void test_back_to_the_same_line(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "panel overview");
	(void)ui_test_draw(test);
	while (strcmp(under_cursor(test), "n02.example:80") != 0)
		ui_test_keys(test, "Down");
	ui_test_keys(test, "Enter");
	assert_string_equal(panel_of(test), "page");
	assert_non_null(strstr(ui_test_draw(test), "2 probes of this host"));
	assert_string_equal(under_cursor(test), "n02.example:80");
	assert_int_equal(ui_tab(&test->ui), 0);
	ui_test_keys(test, "Esc");
	assert_string_equal(panel_of(test), "overview");
	assert_string_equal(under_cursor(test), "n02.example:80");
	ui_test_keys(test, "Esc Esc"); /* never out */
	assert_string_equal(panel_of(test), "overview");
}

/* On to a probe's panel, to another host's page from there, and all the way back. */
static void test_on_and_all_the_way_back(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "panel ports");
	ui_do(&test->ui, "panel overview");
	(void)ui_test_draw(test);
	while (strcmp(under_cursor(test), "n02.example:80") != 0)
		ui_test_keys(test, "Down");
	ui_test_keys(test, "Enter");
	while (strcmp(under_cursor(test), "http://n02.example/") != 0)
		ui_test_keys(test, "Down");
	ui_test_keys(test, "Enter");
	assert_string_equal(panel_of(test), "http");
	assert_string_equal(under_cursor(test), "http://n02.example/");
	ui_test_keys(test, "Enter");
	assert_string_equal(ui_about(&test->ui)->host, "n02.example");
	ui_test_keys(test, "Esc");
	assert_string_equal(panel_of(test), "http");
	ui_test_keys(test, "Esc");
	assert_string_equal(panel_of(test), "page");
	ui_test_keys(test, "Esc");
	assert_string_equal(panel_of(test), "overview");
	/* Who goes elsewhere by a digit does not come back by Esc. */
	ui_test_keys(test, "Enter 2 Esc");
	assert_string_equal(panel_of(test), "ping");
}

/* Tab goes through the overview's sections before it goes on; what Enter does there, Esc takes
 * back. */
static void test_sections(void **state)
{
	struct ui_test *test = *state;
	struct ui_table *targets;
	ui_do(&test->ui, "panel overview");
	(void)ui_test_draw(test);
	targets = ui_table_now(&test->ui);
	assert_int_equal(targets->count, 4);
	sdr_model_note(sdr_app_model(test->app), test->ui.wall, SDR_TONE_BAD, "n03.example:80",
		"up -> DOWN");
	(void)ui_test_draw(test);
	ui_test_keys(test, "Tab"); /* groups */
	assert_ptr_not_equal(ui_table_now(&test->ui), targets);
	ui_test_keys(test, "Enter");
	assert_ptr_equal(ui_table_now(&test->ui), targets);
	assert_string_equal(ui_table_filter_text(targets), "group=n");
	assert_int_equal(targets->found, 4);
	ui_test_keys(test, "Esc Esc"); /* the first one takes the message away */
	assert_false(ui_table_is_filtered(targets));
	ui_test_keys(test, "Tab Tab"); /* the log */
	assert_string_equal(under_cursor(test), "n03.example:80");
	ui_test_keys(test, "Enter");
	assert_string_equal(panel_of(test), "page");
	assert_string_equal(ui_about(&test->ui)->host, "n03.example");
	ui_test_keys(test, "Esc");
	assert_string_equal(panel_of(test), "overview");
	assert_string_equal(under_cursor(test), "n03.example:80");
	ui_test_keys(test, "S-Tab S-Tab");
	assert_ptr_equal(ui_table_now(&test->ui), targets);
	ui_test_keys(test, "Tab Esc");
	assert_ptr_equal(ui_table_now(&test->ui), targets);
	for (int i = 0; i < 5 && strcmp(panel_of(test), "overview") == 0; i++)
		ui_test_keys(test, "Tab");
	assert_string_equal(panel_of(test), "ping");
	ui_test_keys(test, "1 Esc S-Tab");
	assert_string_equal(panel_of(test), "path");
}

/* A section with no line any more has no keys either. */
static void test_a_section_goes(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "panel overview");
	(void)ui_test_draw(test);
	struct ui_table *targets = ui_table_now(&test->ui);
	ui_test_keys(test, "Tab");
	(void)ui_test_draw(test);
	ui_test_resize(test, 8, 60);
	(void)ui_test_draw(test);
	assert_ptr_equal(ui_table_now(&test->ui), targets);
	assert_false(targets->passive);
}

/* The picture stands still, goes on, and a key comes before the next frame. */
static void test_sections_of_a_copy(void **state)
{
	struct ui_test *test = *state;
	struct ui_subject subject;
	ui_do(&test->ui, "panel overview");
	sdr_model_note(sdr_app_model(test->app), test->ui.wall, SDR_TONE_BAD, "n03.example:80",
		"up -> DOWN");
	ui_test_keys(test, "Space");
	(void)ui_test_draw(test);
	ui_test_keys(test, "Tab");
	(void)ui_test_draw(test);
	ui_test_keys(test, "Space");
	assert_true(ui_subject(&test->ui, &subject));
	assert_string_equal(subject.value, "n");
	ui_test_keys(test, "Tab");
	assert_true(ui_subject(&test->ui, &subject));
	assert_string_equal(subject.target, "n03.example:80");
	/* Of a group that is gone by then nothing is meant. */
	ui_test_keys(test, "S-Tab");
	(void)ui_test_draw(test);
	uint32_t ids[4];
	for (uint32_t i = 0; i < 4; i++)
		ids[i] = sdr_model_target(sdr_app_model(test->app), i)->id;
	for (uint32_t i = 0; i < 4; i++)
		(void)sdr_engine_remove(sdr_app_engine(test->app), ids[i]);
	ui_test_loop(test);
	assert_int_equal(sdr_model_count(sdr_app_model(test->app)), 0);
	assert_false(ui_subject(&test->ui, &subject));
	ui_test_keys(test, "p");
}

/* More pages than are remembered: the latest lead back. */
static void test_a_long_way(void **state)
{
	struct ui_test *test = *state;
	struct ui_about about = {.id = UINT32_MAX};
	ui_do(&test->ui, "panel overview");
	for (unsigned i = 0; i < 100; i++) {
		snprintf(about.host, sizeof(about.host), "host%u", i);
		ui_open_page(&test->ui, &about);
	}
	for (unsigned i = 98; i > 90; i--) {
		char host[16];
		snprintf(host, sizeof(host), "host%u", i);
		assert_true(ui_leave_page(&test->ui));
		assert_string_equal(ui_about(&test->ui)->host, host);
	}
	assert_non_null(strstr(ui_test_draw(test), "Nothing is watched of this host"));
	ui_test_keys(test, "1");
	assert_false(ui_leave_page(&test->ui));
}

/* A line of the journal leads to its target; what nothing is watched of, to the menu. */
static void test_lines_without_a_target(void **state)
{
	struct ui_test *test = *state;
	struct sdr_model *model = sdr_app_model(test->app);
	sdr_model_note(model, test->ui.wall, SDR_TONE_BAD, "n03.example:80", "up -> DOWN");
	ui_do(&test->ui, "panel log");
	(void)ui_test_draw(test);
	ui_test_keys(test, "g Enter");
	assert_string_equal(ui_about(&test->ui)->host, "n03.example");
	assert_true(ui_on_page(&test->ui));
	ui_test_keys(test, "Esc");
	assert_string_equal(panel_of(test), "log");
	sdr_model_note(model, test->ui.wall, SDR_TONE_BAD, "this machine", "slept");
	(void)ui_test_draw(test);
	ui_test_keys(test, "g Enter");
	assert_false(ui_on_page(&test->ui));
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_LIST);
	ui_test_keys(test, "Esc");
}

/* Removing the last of it leaves an empty page, and u fills it again. */
static void test_what_is_taken_comes_back(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "panel overview");
	(void)ui_test_draw(test);
	while (strcmp(under_cursor(test), "n01.example:80") != 0)
		ui_test_keys(test, "Down");
	ui_test_keys(test, "Enter d");
	ui_test_loop(test);
	ui_tick(&test->ui);
	assert_non_null(strstr(ui_test_draw(test), "Nothing is watched of this host"));
	ui_test_keys(test, "Enter u");
	ui_test_loop(test);
	ui_tick(&test->ui);
	assert_non_null(strstr(ui_test_draw(test), "1 probe of this host"));
	ui_test_keys(test, "Esc");
	assert_string_equal(panel_of(test), "overview");
}

/* A report has the log's lines about its target, whose name is cut there. */
static void test_report_of_a_long_name(void **state)
{
	struct ui_test *test = *state;
	char target[128], *text = NULL;
	size_t length;
	snprintf(target, sizeof(target), "%s.example:80",
		"a-name-that-is-longer-than-the-log-has-room-for.and-more-of-it.and-more");
	watch(test, "tcp", target);
	ui_test_loop(test);
	sdr_model_note(sdr_app_model(test->app), test->ui.wall, SDR_TONE_BAD, target, "up -> DOWN");
	sdr_model_note(sdr_app_model(test->app), test->ui.wall, SDR_TONE_BAD, "n01.example:80",
		"of another one");
	uint32_t position = ui_page_host_find(sdr_app_model(test->app), target);
	assert_int_not_equal(position, UINT32_MAX);
	FILE *file = open_memstream(&text, &length);
	assert_non_null(file);
	ui_incident_write(&test->ui, position, file);
	assert_int_equal(fclose(file), 0);
	assert_non_null(strstr(text, target));
	assert_non_null(strstr(text, "up -> DOWN"));
	assert_null(strstr(text, "of another one"));
	free(text);
}

/* The config that is written names a panel that can be gone to. */
static void test_panel_of_the_config(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "panel page");
	assert_non_null(strstr(test->ui.message, "no panel \"page\""));
}

int main(void)
{
	const struct CMUnitTest hosts[] = {
		cmocka_unit_test_setup_teardown(test_names_and_addresses, open_hosts, close_hosts),
		cmocka_unit_test_setup_teardown(test_addresses_change, open_hosts, close_hosts),
		cmocka_unit_test_setup_teardown(test_parts, open_hosts, close_hosts),
		cmocka_unit_test_setup_teardown(
			test_texts_that_mean_a_target, open_hosts, close_hosts),
		cmocka_unit_test(test_next_steps),
	};
	const struct CMUnitTest screens[] = {
		cmocka_unit_test_setup_teardown(
			test_back_to_the_same_line, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_on_and_all_the_way_back, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(test_sections, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(test_a_section_goes, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_sections_of_a_copy, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(test_a_long_way, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_lines_without_a_target, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_what_is_taken_comes_back, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_report_of_a_long_name, open_screen, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_panel_of_the_config, open_screen, ui_test_teardown),
	};
	int failed = cmocka_run_group_tests_name("hosts", hosts, NULL, NULL);
	return cmocka_run_group_tests_name("screens", screens, NULL, NULL) + failed;
}
