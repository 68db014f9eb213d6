/* test_sheet.c - the typed tree: built, looked at, copied. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/sheet.h"

static void say_is(const struct sdr_item *item, const char *text)
{
	char out[64];
	assert_int_equal(sdr_item_format_value(out, sizeof(out), item), strlen(text));
	assert_string_equal(out, text);
}

static void build(struct sdr_sheet *sheet)
{
	struct sdr_item *root = sdr_sheet_root(sheet), *list, *row;
	sdr_item_text(root, "name", "Name", "db1");
	sdr_item_text(root, "nothing", NULL, NULL);
	sdr_item_bytes(root, "raw", NULL, "a\0b", 3)->show = SDR_SHOW_HIDDEN;
	sdr_item_integer(root, "size", NULL, -5)->unit = "bytes";
	sdr_item_real(root, "share", NULL, 0.25);
	sdr_item_real(root, "undefined", NULL, NAN);
	sdr_item_duration(root, "query_seconds", NULL, 12400 * SDR_US);
	sdr_item_duration(root, "none_seconds", NULL, SDR_NS_NONE);
	sdr_item_boolean(root, "reachable", NULL, true);
	list = sdr_item_list(root, "records", "Records");
	for (int i = 0; i < 100; i++) {
		row = sdr_item_object(list, NULL, NULL);
		sdr_item_format(row, "data", NULL, "record %d", i);
	}
}

static void check_sheet(const struct sdr_sheet *sheet)
{
	const struct sdr_item *root = sdr_sheet_view(sheet);
	assert_false(sdr_sheet_failed(sheet));
	assert_null(sdr_item_find(root, "absent"));
	say_is(sdr_item_find(root, "name"), "db1");
	say_is(sdr_item_find(root, "nothing"), "-");
	say_is(sdr_item_find(root, "size"), "-5 bytes");
	say_is(sdr_item_find(root, "share"), "0.25");
	say_is(sdr_item_find(root, "undefined"), "-");
	say_is(sdr_item_find(root, "query_seconds"), "12.40 ms");
	assert_int_equal(sdr_item_find(root, "none_seconds")->kind, SDR_ITEM_NULL);
	say_is(sdr_item_find(root, "reachable"), "yes");
	const struct sdr_item *raw = sdr_item_find(root, "raw");
	assert_int_equal(raw->show, SDR_SHOW_HIDDEN);
	assert_int_equal(raw->value.length, 3);
	assert_memory_equal(raw->value.bytes, "a\0b", 4);
	int i = 0;
	char text[32];
	for (const struct sdr_item *row = sdr_item_find(root, "records")->first; row;
		row = row->next) {
		snprintf(text, sizeof(text), "record %d", i++);
		say_is(sdr_item_find(row, "data"), text);
	}
	assert_int_equal(i, 100);
}

static void test_sheets(void **state)
{
	(void)state;
	struct sdr_sheet *sheet = sdr_sheet_new();
	build(sheet);
	check_sheet(sheet);
	const struct sdr_item *root = sdr_sheet_view(sheet);
	assert_int_equal(sdr_item_time(root, "query_seconds", 7), 12400 * SDR_US);
	assert_int_equal(sdr_item_time(root, "none_seconds", 7), 7);
	assert_int_equal(sdr_item_time(root, "absent", 7), 7);
	assert_int_equal(sdr_item_time(NULL, "query_seconds", 7), 7);
	struct sdr_sheet *copy = sdr_sheet_copy(sheet);
	sdr_sheet_free(sheet);
	check_sheet(copy);
	sdr_sheet_free(copy);
	sdr_sheet_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sheets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
