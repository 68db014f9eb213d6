/* test_settings.c - the table of settings: ranges, defaults, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/settings.h"

/* Every setting takes its own default, refuses nonsense with a message that names it, and keeps its
 * value then. */
static void test_settings_table(void **state)
{
	struct sdr_settings *settings = sdr_settings_new();
	const struct sdr_setting *setting;
	(void)state;
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++) {
		struct sdr_error error = {0};
		assert_int_equal(
			sdr_settings_set(settings, setting->name, setting->fallback, &error),
			SDR_OK);
		assert_string_equal(sdr_settings_text(settings, setting->name), setting->fallback);
		if (setting->kind == SDR_SETTING_TEXT)
			continue;
		assert_int_not_equal(
			sdr_settings_set(settings, setting->name, "no such value", &error), SDR_OK);
		assert_non_null(strstr(error.text, setting->name));
		assert_string_equal(sdr_settings_text(settings, setting->name), setting->fallback);
	}
	sdr_settings_free(settings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
