/* test_ui_chart_legend.c - the figures of what is drawn, against a second computation; and that a
 * legend is one line, with each letter once, however narrow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart_legend.h"
#include "chart_lines.h"
#include "grid.h"

#define WIDTH_MAX 300

static struct ui_grid grid;

/* A surface of one line with a line below and a column beside it that nothing may touch. */
static struct ui_surface surface(int width)
{
	ui_grid_resize(&grid, 2, width + 1);
	ui_grid_clear(&grid);
	return (struct ui_surface){.grid = &grid, .height = 1, .width = width};
}

static void read_line(char out[static WIDTH_MAX + 1], int width)
{
	for (int i = 0; i < width; i++) {
		uint32_t code = ui_grid_at(&grid, 0, i)->text[0];
		out[i] = code < 0x7f ? (char)code : '?';
	}
	out[width] = '\0';
	for (int i = 0; i <= width; i++)
		assert_int_equal(ui_grid_at(&grid, 1, i)->text[0], ' ');
	assert_int_equal(ui_grid_at(&grid, 0, width)->text[0], ' ');
}

/* ---- figures ---- */

/* How many samples are no longer than that. */
static uint32_t up_to(const sdr_ns *samples, uint32_t count, sdr_ns value)
{
	uint32_t found = 0;
	for (uint32_t i = 0; i < count; i++)
		found += samples[i] >= 0 && samples[i] <= value;
	return found;
}

static void check_part(
	const sdr_ns *samples, uint32_t count, uint32_t answered, sdr_ns value, double part)
{
	assert_true((double)up_to(samples, count, value) >= part * answered);
	assert_true((double)up_to(samples, count, value - 1) < part * answered);
}

static void test_figures(void **state)
{
	sdr_ns samples[200];
	unsigned seed = 3;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		uint32_t count = (uint32_t)(rand_r(&seed) % 200), answered = 0, lost = 0;
		for (uint32_t i = 0; i < count; i++) {
			int kind = rand_r(&seed) % 10;
			samples[i] = kind == 0 ? SDR_SAMPLE_LOST
				: kind == 1    ? SDR_SAMPLE_GAP
					       : rand_r(&seed) % 50;
			answered += samples[i] >= 0;
			lost += samples[i] == SDR_SAMPLE_LOST;
		}
		const struct ui_series series = {samples, count, 0};
		struct ui_chart_name name = {.minutes = round % 2};
		ui_chart_name_count(&name, &series);
		if (answered == 0) {
			assert_true(name.p50 == SDR_NS_NONE && name.p95 == SDR_NS_NONE);
		} else {
			check_part(samples, count, answered, name.p50, 0.50);
			check_part(samples, count, answered, name.p95, round % 2 ? 1 : 0.95);
		}
		if (answered + lost == 0)
			assert_true(isnan(name.loss));
		else
			assert_true(fabs(name.loss - 100.0 * lost / (answered + lost)) < 1e-9);
	}
}

/* ---- the line ---- */

static unsigned letters_in(const char *line, unsigned count)
{
	unsigned found = 0;
	for (unsigned i = 0; i < count; i++) {
		const char entry[] = {' ', ui_chart_letter(i), ' ', '#', '\0'};
		bool first = strncmp(line, entry + 1, 3) == 0;
		const char *at = strstr(line, entry);
		assert_false(at && strstr(at + 1, entry));
		found += first || at;
	}
	return found;
}

static void test_one_line(void **state)
{
	struct ui_chart_name names[UI_CHART_LINES];
	char line[WIDTH_MAX + 1];
	unsigned seed = 9;
	(void)state;
	for (int round = 0; round < 4000; round++) {
		unsigned count = 2 + (unsigned)(rand_r(&seed) % (UI_CHART_LINES - 1)), more = 0;
		int width = 24 + rand_r(&seed) % (WIDTH_MAX - 24), length = 1 + rand_r(&seed) % 60;
		for (unsigned i = 0; i < count; i++) {
			/* Names begin with a sign that is in none of the figures. */
			names[i] = (struct ui_chart_name){
				.p50 = rand_r(&seed), .p95 = rand_r(&seed), .loss = i};
			memset(names[i].name, 'x', (size_t)length);
			snprintf(names[i].name + length, 8, "%u", i);
			names[i].name[0] = '#';
		}
		struct ui_surface s = surface(width);
		ui_chart_legend_draw(&s, names, count);
		read_line(line, width);
		const char *rest = strstr(line, " more");
		if (rest)
			more = (unsigned)(rest[-1] - '0');
		if (letters_in(line, count) + more != count)
			fail_msg("%u of %u in \"%s\"", letters_in(line, count), count, line);
		assert_true(!rest || !strstr(line, "ms")); /* figures go before entries do */
		assert_true(!strstr(line, "lost") == !strstr(line, "%"));
	}
	ui_grid_done(&grid);
}

/* What goes first where it gets narrow. */
static void test_gives_way(void **state)
{
	const struct ui_chart_name names[2] = {
		{.name = "db1.example.org", .p50 = SDR_MS, .p95 = 2 * SDR_MS, .loss = 0},
		{.name = "db2.example.org", .p50 = 3 * SDR_MS, .p95 = SDR_NS_NONE, .loss = 12.5}};
	static const struct {
		int width;
		const char *line;
	} cases[] = {
		{100,
			"p50  p95 ms  lost %   a db1.example.org  1.00  2.00  0.0"
			"   b db2.example.org  3.00  -  12.5"},
		{90,
			"p50  p95 ms  lost %   a db1.exa?le.org  1.00  2.00  0.0"
			"   b db2.exa?le.org  3.00  -  12.5"},
		{80, "p95 ms  lost %   a db1.example.org  2.00  0.0   b db2.example.org  -  12.5"},
		{40, "a db1.example.org   b db2.example.org"},
		{30, "a db1.e?e.org   b db2.e?e.org"},
		{18, "a db1?rg   1 more"},
	};
	char line[WIDTH_MAX + 1];
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ui_surface s = surface(cases[i].width);
		ui_chart_legend_draw(&s, names, 2);
		read_line(line, cases[i].width);
		char *end = line + strlen(line);
		while (end > line && end[-1] == ' ')
			*--end = '\0';
		assert_string_equal(line, cases[i].line);
	}
	struct ui_surface s = surface(100);
	ui_chart_legend_draw(&s, names, 2);
	assert_int_equal(ui_grid_at(&grid, 0, 22)->style, ui_chart_hue(0));
	assert_int_equal(ui_grid_at(&grid, 0, 52)->style, UI_PLAIN);   /* nothing was lost */
	assert_int_equal(ui_grid_at(&grid, 0, 86)->style, UI_WARNING); /* some was */
	ui_grid_done(&grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_gives_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
