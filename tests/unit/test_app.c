/* test_app.c - parts of the app: opened on demand alone, with what they need before them; a lack of
 * descriptors is a status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <string.h>
#include <sys/resource.h>

#include <sys/wait.h>
#include <uv.h>

#include "sounder/app.h"
#include "sounder/line.h"

static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};

static int set_up(void **state)
{
	*state = sdr_app_new(&privilege, sdr_commands);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	sdr_app_free(*state);
	return 0;
}

/* Which parts asking shows to be there. */
static unsigned parts_of(struct sdr_app *app)
{
	return (sdr_app_loop(app) ? SDR_PART_LOOP : 0u) |
		(sdr_app_names(app) ? SDR_PART_NAMES : 0u) |
		(sdr_app_engine(app) ? SDR_PART_ENGINE : 0u) |
		(sdr_app_session(app) ? SDR_PART_SESSION : 0u) |
		(sdr_app_services(app) ? SDR_PART_SERVICES : 0u) |
		(sdr_app_host(app) ? SDR_PART_HOST : 0u) |
		(sdr_app_registry(app) ? SDR_PART_REGISTRY : 0u) |
		(sdr_app_listeners(app) ? SDR_PART_LISTENERS : 0u);
}

static void test_asking_opens_nothing(void **state)
{
	assert_int_equal(parts_of(*state), 0);
	assert_int_equal(parts_of(*state), 0);
}

static void test_a_part_comes_with_those_it_needs(void **state)
{
	assert_int_equal(sdr_app_open(*state, SDR_PART_REGISTRY, NULL), SDR_OK);
	assert_int_equal(parts_of(*state), SDR_PART_REGISTRY);
	assert_int_equal(sdr_app_open(*state, SDR_PART_ENGINE, NULL), SDR_OK);
	assert_int_equal(parts_of(*state),
		SDR_PART_REGISTRY | SDR_PART_ENGINE | SDR_PART_NAMES | SDR_PART_LOOP);
}

static void test_what_is_open_stays(void **state)
{
	assert_int_equal(sdr_app_open(*state, SDR_PARTS_ALL, NULL), SDR_OK);
	assert_int_equal(parts_of(*state), SDR_PARTS_ALL);
	const struct sdr_engine *engine = sdr_app_engine(*state);
	const struct sdr_names *names = sdr_app_names(*state);
	assert_int_equal(sdr_app_open(*state, SDR_PARTS_ALL, NULL), SDR_OK);
	assert_ptr_equal(sdr_app_engine(*state), engine);
	assert_ptr_equal(sdr_app_names(*state), names);
}

static void test_too_few_descriptors_are_an_error(void **state)
{
	struct rlimit before, few = {8, 8};
	struct sdr_error error = {0};
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	enum sdr_status status = sdr_app_open(*state, SDR_PART_NAMES, &error);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(status, SDR_ESYSTEM);
	assert_non_null(strstr(error.text, "too few files"));
	assert_int_equal(parts_of(*state), 0);
	assert_int_equal(sdr_app_open(*state, SDR_PART_NAMES, &error), SDR_OK);
	assert_int_equal(parts_of(*state), SDR_PART_NAMES | SDR_PART_LOOP);
}

static unsigned opened_by(struct sdr_app *app, const char *text)
{
	struct sdr_line *line;
	struct sdr_request request = {0};
	struct sdr_error error = {0};
	assert_int_equal(sdr_line_parse(app, text, &line, &error), SDR_OK);
	assert_int_equal(sdr_request_make(sdr_line_call(line), &request, &error), SDR_OK);
	sdr_request_done(&request);
	sdr_line_free(line);
	return parts_of(app);
}

static void test_a_command_opens_what_it_needs(void **state)
{
	assert_int_equal(opened_by(*state, "mask 10.0.0.0/8"), 0);
	assert_int_equal(opened_by(*state, "subnet split 10.0.0.0/8 9"), 0);
	assert_int_equal(opened_by(*state, "protocol 6"), SDR_PART_REGISTRY);
	assert_int_equal(
		opened_by(*state, "interfaces"), SDR_PART_REGISTRY | SDR_PART_HOST | SDR_PART_LOOP);
}

/* ---- descriptors over time ---- */

static unsigned descriptors(void)
{
	unsigned count = 0;
	uv_loop_t loop;
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(uv_loop_close(&loop), 0);
	DIR *folder = opendir("/proc/self/fd");
	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void on_wake(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

static void run_for(struct sdr_app *app, uint64_t ms)
{
	uv_timer_t wake;
	uv_timer_init(sdr_app_loop(app), &wake);
	uv_timer_start(&wake, on_wake, ms, 0);
	uv_run(sdr_app_loop(app), UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&wake, NULL);
	uv_run(sdr_app_loop(app), UV_RUN_NOWAIT);
}

/* Servers and targets of all kinds come and go. */
static void one_round(struct sdr_app *app)
{
	static const char *const types[] = {"tcp", "echo", "daytime", "dns", "http"};
	struct sdr_service_spec service = {.type = sdr_service_find("echo"),
		.local.addr = {.version = 4, .bytes = {127, 0, 0, 1}}};
	struct sdr_endpoint bound;
	uint32_t servers[2], ids[2 * sizeof(types) / sizeof(*types)];
	for (int i = 0; i < 2; i++) {
		service.transport = i ? SDR_UDP : SDR_TCP;
		assert_int_equal(sdr_services_start(sdr_app_services(app), &service, &servers[i],
					 i ? NULL : &bound, NULL),
			SDR_OK);
	}
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		struct sdr_spec spec = {.type = sdr_probe_find(types[i / 2]),
			.target = "127.0.0.1",
			.host = "127.0.0.1",
			.port = i % 2 ? bound.port : 1,
			.server = "127.0.0.1:1",
			.interval = 10 * SDR_MS,
			.timeout = 40 * SDR_MS};
		assert_int_equal(sdr_engine_add(sdr_app_engine(app), &spec, &ids[i], NULL), SDR_OK);
	}
	run_for(app, 60);
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		assert_int_equal(sdr_engine_remove(sdr_app_engine(app), ids[i]), SDR_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(sdr_services_stop(sdr_app_services(app), servers[i]), SDR_OK);
	run_for(app, 10);
}

static void on_any(void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	(void)target;
	*(unsigned *)context += result->outcome == SDR_OUTCOME_OK;
}

static void test_H11_no_descriptor_is_kept(void **state)
{
	unsigned answers = 0, before = descriptors(), most = 0;
	struct sdr_app *app = sdr_app_new(&privilege, sdr_commands);
	struct sdr_sink sink = {&answers, NULL, on_any};
	(void)state;
	assert_int_equal(sdr_app_open(app, SDR_PARTS_ALL, NULL), SDR_OK);
	assert_int_equal(sdr_engine_sink_add(sdr_app_engine(app), &sink), SDR_OK);
	/* A few may wait for an answer that is late, and on a busy machine libcurl comes late:
	 * sooner or later twenty rounds in a row need no more than those before. There, too, a
	 * round has few answers. */
	for (unsigned i = 0, calm = 0; calm < 20 || i < 30 || answers <= 25; i++) {
		one_round(app);
		for (int wait = 0; i >= 10 && descriptors() > most && wait < 200; wait++)
			run_for(app, 10);
		unsigned now = descriptors();
		calm = now > most ? 0 : calm + 1;
		most = now > most ? now : most;
		assert_true(i < 200);
	}
	sdr_app_free(app);
	assert_in_range(descriptors(), before, before + 1); /* what libcurl keeps */
}

static void ignore_event(void *context, const struct sdr_service_event *event)
{
	(void)context;
	(void)event;
}

/* How many sinks the engine still takes; they are taken out again. */
static unsigned room_for_sinks(struct sdr_engine *engine)
{
	int mine;
	unsigned room = 0;
	while (sdr_engine_sink_add(engine, &(struct sdr_sink){.context = &mine}) == SDR_OK)
		room++;
	sdr_engine_sink_remove(engine, &mine);
	return room;
}

/* Where there is no room for one of its sinks, there is no session, and another call
 * fails too until there is. */
static void test_a_session_is_fed_whole_or_not(void **state)
{
	int mine;
	assert_int_equal(sdr_app_open(*state, SDR_PART_ENGINE | SDR_PART_SERVICES, NULL), SDR_OK);
	struct sdr_engine *engine = sdr_app_engine(*state);
	unsigned room = room_for_sinks(engine);
	for (unsigned i = 0; i + 1 < room; i++)
		assert_int_equal(
			sdr_engine_sink_add(engine, &(struct sdr_sink){.context = &mine}), SDR_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(sdr_app_open(*state, SDR_PART_SESSION, NULL), SDR_ESYSTEM);
	assert_int_equal(room_for_sinks(engine), 1);
	sdr_engine_sink_remove(engine, &mine);
	assert_int_equal(sdr_app_open(*state, SDR_PART_SESSION, NULL), SDR_OK);
	assert_int_equal(room_for_sinks(engine), room - 2);
	assert_int_equal(sdr_app_open(*state, SDR_PART_SESSION, NULL), SDR_OK);
	assert_int_equal(room_for_sinks(engine), room - 2);
}

static void test_a_session_that_cannot_note_its_servers_is_none(void **state)
{
	assert_int_equal(sdr_app_open(*state, SDR_PART_ENGINE | SDR_PART_SERVICES, NULL), SDR_OK);
	unsigned room = room_for_sinks(sdr_app_engine(*state));
	while (sdr_services_sink_add(sdr_app_services(*state), ignore_event, NULL) == SDR_OK)
		continue;
	for (int i = 0; i < 2; i++)
		assert_int_equal(sdr_app_open(*state, SDR_PART_SESSION, NULL), SDR_ESYSTEM);
	assert_int_equal(room_for_sinks(sdr_app_engine(*state)), room);
	assert_null(sdr_app_session(*state));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_asking_opens_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_a_part_comes_with_those_it_needs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_open_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_too_few_descriptors_are_an_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_a_command_opens_what_it_needs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_a_session_is_fed_whole_or_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_a_session_that_cannot_note_its_servers_is_none, set_up, tear_down),
		cmocka_unit_test(test_H11_no_descriptor_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
