/* test_ui_layout.c - every panel at every size. Fault row G7. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "places.h"
#include "ui_test.h"

static void draw_at(struct ui_test *test, int rows, int columns)
{
	ui_test_resize(test, rows, columns);
	ui_test_draw(test);
	const struct ui_layout *layout = &test->ui.layout;
	assert_int_equal(layout->kind,
		columns < 20 || rows < 6            ? UI_LAYOUT_LINE
			: columns < 60 || rows < 16 ? UI_LAYOUT_REDUCED
						    : UI_LAYOUT_FULL);
	assert_true(layout->body.height >= 0 && layout->body.row + layout->body.height <= rows);
	assert_true(layout->body.width >= 0 && layout->body.column + layout->body.width <= columns);
}

static void test_G7_all_sizes(void **state)
{
	struct ui_test test;
	(void)state;
	ui_test_open(&test, "xterm-256color", 24, 80);
	for (int rows = 1; rows <= 40; rows++) {
		for (int columns = 1; columns <= 100; columns++) {
			ui_focus(&test.ui, (unsigned)(rows * 101 + columns) % test.ui.slot_count);
			draw_at(&test, rows, columns);
		}
	}
	draw_at(&test, 200, 500);
	draw_at(&test, 2, 2);
	ui_test_close(&test);
}

/* Overlays, prompt, input and zoom over each panel, at sizes around the limits. */
static void test_G7_what_lies_over(void **state)
{
	static const char *const keys[] = {"?", ":", "i", "z", "Enter"};
	static const int sizes[][2] = {{1, 1}, {2, 2}, {5, 19}, {6, 20}, {10, 40}, {15, 59},
		{16, 60}, {23, 79}, {24, 80}, {40, 200}};
	struct ui_test test;
	(void)state;
	ui_test_open(&test, "xterm-256color", 24, 80);
	for (unsigned panel = 0; panel < test.ui.slot_count; panel++) {
		for (size_t key = 0; key < sizeof(keys) / sizeof(*keys); key++) {
			ui_focus(&test.ui, panel);
			ui_test_keys(&test, keys[key]);
			for (size_t size = 0; size < sizeof(sizes) / sizeof(*sizes); size++)
				draw_at(&test, sizes[size][0], sizes[size][1]);
			ui_test_keys(&test, "Esc Esc");
			test.ui.zoom = false;
		}
	}
	ui_test_close(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_G7_all_sizes), cmocka_unit_test(test_G7_what_lies_over)};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
