/* test_app.c - parts of the app: opened on demand alone, with what they need before them; a lack of
 * descriptors is a status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>

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
		(sdr_app_model(app) ? SDR_PART_MODEL : 0u) |
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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
