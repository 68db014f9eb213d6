/* test_settings.c - the table of settings: ranges, defaults, refused values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/settings.h"

static enum sdr_setting_id index_of(const char *name)
{
	unsigned index = 0;
	while (sdr_setting_at(index) && strcmp(sdr_setting_at(index)->name, name) != 0)
		index++;
	return (enum sdr_setting_id)index;
}

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
		assert_string_equal(sdr_settings_text(settings, i), setting->fallback);
		if (setting->kind == SDR_SETTING_TEXT)
			continue;
		assert_int_not_equal(
			sdr_settings_set(settings, setting->name, "no such value", &error), SDR_OK);
		assert_non_null(strstr(error.text, setting->name));
		assert_string_equal(sdr_settings_text(settings, i), setting->fallback);
	}
	sdr_settings_free(settings);
}

/* What is no such value is EINVAL, what is too much ERANGE; the value stays, and so does the
 * version. */
static void test_refused_values(void **state)
{
	static const struct {
		const char *name, *value;
		enum sdr_status status;
		const char *message;
		int64_t number; /* of what is taken */
	} cases[] = {
		{"frame-rate", "1", SDR_OK, "", 1},
		{"frame-rate", "60", SDR_OK, "", 60},
		{"frame-rate", "0", SDR_ERANGE, "from 1 to 60", 0},
		{"frame-rate", "61", SDR_ERANGE, "from 1 to 60", 0},
		{"frame-rate", "99999999999999999999", SDR_ERANGE, "from 1 to 60", 0},
		{"frame-rate", "", SDR_EINVAL, "whole number", 0},
		{"frame-rate", "4.5", SDR_EINVAL, "whole number", 0},
		{"frame-rate", "-1", SDR_EINVAL, "whole number", 0},
		{"frame-rate", " 4", SDR_EINVAL, "whole number", 0},
		{"slow", "250ms", SDR_OK, "", 250 * SDR_MS},
		{"slow", "0", SDR_OK, "", 0},
		{"slow", "1h", SDR_OK, "", SDR_HOUR},
		{"slow", "2h", SDR_ERANGE, "0s to 1h", 0},
		{"slow", "soon", SDR_EINVAL, "slow: ", 0},
		{"bell", "on", SDR_OK, "", 1},
		{"bell", "no", SDR_OK, "", 0},
		{"bell", "true", SDR_OK, "", 1},
		{"bell", "On", SDR_EINVAL, "on or off", 0},
		{"sparks", "common", SDR_OK, "", 1},
		{"sparks", "own", SDR_OK, "", 0},
		{"sparks", "each", SDR_EINVAL, "one of own, common", 0},
		{"theme", "mono", SDR_OK, "", 4},
		{"theme", "pink", SDR_EINVAL, "one of default, dark, light, contrast, mono", 0},
		{"down-command", "say it", SDR_OK, "", 1},
		{"down-command", "", SDR_OK, "", 0},
		{"nothing", "1", SDR_ENOENT, "no such setting", 0},
		{"", "", SDR_ENOENT, "no such setting", 0},
	};
	struct sdr_settings *settings = sdr_settings_new();
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_error error = {0};
		uint64_t version = sdr_settings_version(settings);
		char before[64] = "";
		unsigned index = index_of(cases[i].name);
		bool known = sdr_setting_at(index);
		assert_true(known == (cases[i].status != SDR_ENOENT));
		if (known)
			snprintf(before, sizeof(before), "%s", sdr_settings_text(settings, index));
		assert_int_equal(sdr_settings_set(settings, cases[i].name, cases[i].value, &error),
			cases[i].status);
		if (!strstr(error.text, cases[i].message))
			fail_msg("%s", error.text);
		bool taken = cases[i].status == SDR_OK;
		if (known)
			assert_string_equal(sdr_settings_text(settings, index),
				taken ? cases[i].value : before);
		assert_true((sdr_settings_version(settings) > version) == taken);
		assert_true(!taken || sdr_settings_number(settings, index) == cases[i].number);
	}
	sdr_settings_free(settings);
	sdr_settings_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_table),
		cmocka_unit_test(test_refused_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
