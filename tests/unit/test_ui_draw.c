/* test_ui_draw.c - hostile text on the screen: whatever comes from outside, what a terminal
 * (libvterm) shows stays in its columns, and nothing in it is interpreted. Fault rows A1, A5, A6,
 * A12, G14. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <vterm.h>

#include "canvas.h"
#include "lib/hostile.h"
#include "number.h"
#include "sounder/sanitize.h"

#define ROWS 50
#define COLUMNS 300
#define STRINGS (sizeof(hostile_strings) / sizeof(*hostile_strings))

struct glass {
	struct ui_canvas *canvas;
	VTerm *vt;
	VTermScreen *screen;
	unsigned properties; /* titles and the like that were set */
};

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct glass *glass = user;
	(void)value;
	glass->properties += property == VTERM_PROP_TITLE || property == VTERM_PROP_ICONNAME;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void open_glass(struct glass *glass)
{
	memset(glass, 0, sizeof(*glass));
	assert_int_equal(ui_canvas_new("xterm-256color", &glass->canvas), SDR_OK);
	ui_canvas_resize(glass->canvas, ROWS, COLUMNS);
	glass->vt = vterm_new(ROWS, COLUMNS);
	vterm_set_utf8(glass->vt, 1);
	glass->screen = vterm_obtain_screen(glass->vt);
	vterm_screen_set_callbacks(glass->screen, &callbacks, glass);
	vterm_screen_enable_altscreen(glass->screen, 1);
	vterm_screen_reset(glass->screen, 1);
}

static void close_glass(struct glass *glass)
{
	ui_canvas_free(glass->canvas);
	vterm_free(glass->vt);
}

/* Takes the frame's bytes and shows them to the terminal; returns how many are above 7E. */
static size_t show(struct glass *glass)
{
	const char *bytes = NULL;
	char answer[64];
	size_t high = 0;
	ui_canvas_end(glass->canvas);
	size_t length = ui_canvas_take(glass->canvas, &bytes);
	vterm_input_write(glass->vt, bytes, length);
	assert_int_equal(vterm_output_read(glass->vt, answer, sizeof(answer)),
		0); /* no report was asked for */
	assert_int_equal(glass->properties, 0);
	for (size_t i = 0; i < length; i++)
		high += (unsigned char)bytes[i] > 0x7e;
	return high;
}

static uint32_t cell_at(struct glass *glass, int row, int column)
{
	VTermScreenCell cell;
	assert_int_equal(vterm_screen_get_cell(glass->screen, (VTermPos){row, column}, &cell), 1);
	return cell.chars[0];
}

/* Draws one string in every width from 1 to 200 between two posts, and looks whether the posts
 * stand. */
static size_t draw_all_widths(struct glass *glass, const struct hostile *hostile)
{
	size_t high = 0;
	for (int from = 1; from <= 200; from += ROWS) {
		struct ui_surface screen = ui_canvas_begin(glass->canvas);
		for (int row = 0; row < ROWS; row++) {
			struct ui_surface part = ui_surface_part(&screen, row, 1, 1, from + row);
			ui_draw_text(&screen, row, 0, UI_PLAIN, "[");
			if (row % 2)
				ui_draw_bytes(&part, 0, UI_PLAIN, hostile->bytes, hostile->length);
			else
				ui_draw_name(&part, 0, 0, UI_BAD, hostile->bytes);
			ui_draw_text(&screen, row, 1 + from + row, UI_PLAIN, "]");
		}
		high += show(glass);
		for (int row = 0; row < ROWS; row++) {
			assert_int_equal(cell_at(glass, row, 0), '[');
			assert_int_equal(cell_at(glass, row, 1 + from + row), ']');
		}
	}
	return high;
}

static void test_A6_every_width(void **state)
{
	struct glass glass;
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	open_glass(&glass);
	for (size_t i = 0; i < STRINGS; i++)
		draw_all_widths(&glass, &hostile_strings[i]);
	close_glass(&glass);
}

static void test_G14_ascii_only(void **state)
{
	struct glass glass;
	size_t high = 0;
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C"));
	open_glass(&glass);
	for (size_t i = 0; i < STRINGS; i += 7)
		high += draw_all_widths(&glass, &hostile_strings[i]);
	struct ui_surface screen = ui_canvas_begin(glass.canvas);
	struct ui_surface box = ui_surface_part(&screen, 2, 2, 20, 60);
	ui_draw_box(&box, "title");
	ui_draw_rule(&screen, 30, "title", "right");
	for (int glyph = 0; glyph < UI_GLYPH_COUNT; glyph++)
		ui_draw_text(
			&screen, 31, glyph, UI_PLAIN, ui_draw_glyph(&screen, (enum ui_glyph)glyph));
	for (uint32_t code = 0x2800; code < 0x2900; code++)
		ui_draw_cell(&screen, 32, (int)(code - 0x2800), UI_PLAIN, code);
	ui_draw_bar(&box, UI_OK, 0.1, 0.77);
	high += show(&glass);
	assert_int_equal(high, 0);
	close_glass(&glass);
}

/* 10,000 combining marks on one base move nothing. */
static void test_A5_zalgo(void **state)
{
	static char text[20002];
	struct hostile zalgo = {text, 20001};
	struct glass glass;
	(void)state;
	text[0] = 'e';
	for (size_t i = 1; i < 20001; i += 2)
		memcpy(text + i, "\xcc\x81", 2);
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	open_glass(&glass);
	draw_all_widths(&glass, &zalgo);
	close_glass(&glass);
}

static void test_A12_formats_are_text(void **state)
{
	struct glass glass;
	(void)state;
	open_glass(&glass);
	struct ui_surface screen = ui_canvas_begin(glass.canvas);
	ui_draw_text(&screen, 0, 0, UI_PLAIN, "%s%n%d");
	show(&glass);
	assert_int_equal(cell_at(&glass, 0, 0), '%');
	assert_int_equal(cell_at(&glass, 0, 3), 'n');
	close_glass(&glass);
}

/* A frame in which nothing changed sends nothing. */
static void test_unchanged_frame_is_silent(void **state)
{
	struct glass glass;
	const char *bytes;
	(void)state;
	open_glass(&glass);
	for (int i = 0; i < 3; i++) {
		struct ui_surface screen = ui_canvas_begin(glass.canvas);
		ui_draw_rule(&screen, 3, "title", "right");
		ui_draw_text(&screen, 5, 5, UI_WARNING, "the same");
		ui_canvas_end(glass.canvas);
		size_t length = ui_canvas_take(glass.canvas, &bytes);
		assert_true(i == 0 ? length > 0 : length == 0);
	}
	close_glass(&glass);
}

/* What the terminal shows, as ui_canvas_text writes it. */
static void read_glass(struct glass *glass, char *out)
{
	for (int row = 0; row < ROWS; row++) {
		char *solid = out;
		for (int column = 0; column < COLUMNS; column++) {
			VTermScreenCell cell;
			assert_int_equal(vterm_screen_get_cell(
						 glass->screen, (VTermPos){row, column}, &cell),
				1);
			if (cell.chars[0] == (uint32_t)-1) /* the right half of a wide one */
				continue;
			out += sdr_text_encode(out, cell.chars[0] ? cell.chars[0] : ' ');
			for (int i = 1; i < 3 && cell.chars[0] && cell.chars[i]; i++)
				out += sdr_text_encode(out, cell.chars[i]);
			if (cell.chars[0] && cell.chars[0] != ' ')
				solid = out;
		}
		out = solid;
		*out++ = '\n';
	}
	*out = '\0';
}

/* However one frame differs from the one before, wide characters cut in two or not: the terminal
 * shows what was drawn. */
static void test_frames_follow_each_other(void **state)
{
	static const char *const texts[] = {"plain text", "\u6f22\u5b57 wide \u6f22",
		"e\u0301\u0302x\u0301 marks", "\u2581\u2582\u2583\u2584", "0.31", "   "};
	static char drawn[ROWS * COLUMNS * 12], shown[ROWS * COLUMNS * 12];
	struct glass glass;
	unsigned places[120], random = 1;
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	open_glass(&glass);
	memset(places, 0, sizeof(places));
	for (int frame = 0; frame < 400; frame++) {
		for (int i = 0; i < (frame % 50 ? 6 : 120); i++) {
			random = random * 1103515245 + 12345;
			places[random >> 16 & 63 ? (random >> 8) % 120 : 0] = random >> 4;
		}
		struct ui_surface screen = ui_canvas_begin(glass.canvas);
		for (int i = 0; i < 120; i++)
			ui_draw_text(&screen, (int)(places[i] % ROWS),
				(int)(places[i] / ROWS % COLUMNS),
				(enum ui_style)(places[i] % UI_STYLE_COUNT),
				texts[places[i] / 7 % 6]);
		if (frame % 9 == 8)
			ui_draw_fade(&screen);
		if (frame % 70 == 69)
			ui_canvas_forget(glass.canvas);
		show(&glass);
		ui_canvas_text(glass.canvas, drawn, sizeof(drawn));
		read_glass(&glass, shown);
		assert_string_equal(drawn, shown);
	}
	close_glass(&glass);
}

/* A row of wide characters that begins at an odd column is handed over in pieces, none of which
 * begins with half of one. */
static void test_a_long_row_of_wide_ones(void **state)
{
	static char drawn[ROWS * COLUMNS * 12], shown[ROWS * COLUMNS * 12], text[COLUMNS * 4];
	struct glass glass;
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	for (int lead = 250; lead < 260; lead++) {
		open_glass(&glass);
		snprintf(text, sizeof(text), "%0*d\u6f22\u5b57\u6f22", lead, 0);
		struct ui_surface screen = ui_canvas_begin(glass.canvas);
		ui_draw_text(&screen, 1, 0, UI_PLAIN, text);
		show(&glass);
		ui_canvas_text(glass.canvas, drawn, sizeof(drawn));
		read_glass(&glass, shown);
		assert_string_equal(drawn, shown);
		close_glass(&glass);
	}
}

static void check_number(const char *got, const char *wanted)
{
	assert_string_equal(got, wanted);
}

static void test_numbers_have_three_digits(void **state)
{
	char out[UI_NUMBER_TEXT];
	(void)state;
	check_number(ui_number_ms(out, 310 * SDR_US), "0.31");
	check_number(ui_number_ms(out, 12 * SDR_US), "0.012");
	check_number(ui_number_ms(out, 0), "0.00");
	check_number(ui_number_ms(out, 12400 * SDR_US), "12.4");
	check_number(ui_number_ms(out, 1240 * SDR_MS), "1240");
	check_number(ui_number_ms(out, 9996 * SDR_US), "10.0");
	check_number(ui_number_ms(out, 99960 * SDR_US), "100");
	check_number(ui_number_ms(out, SDR_NS_NONE), "-");
	check_number(ui_number_percent(out, 0), "0.0");
	check_number(ui_number_percent(out, 99.96), "100");
	check_number(ui_number_share(out, 1), "100");
	check_number(ui_number_share(out, 0.99999), "99.9");
	check_number(ui_number_share(out, 0.5), "50.0");
	check_number(ui_number_share(out, NAN), "-");
	check_number(ui_number_count(out, 11490), "11,490");
	check_number(ui_number_count(out, UINT64_MAX), "18,446,744,073,709,551,615");
	check_number(ui_number_bytes(out, 812), "812 B");
	check_number(ui_number_bytes(out, 1300000), "1.30 MB");
}

static double cpu_seconds(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), 0);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* 64 KiB, 100 KB and 1 MB, plain and of the costliest kinds: a row takes 5 ms of this thread at the
 * most, the least of a few frames, since others may share its core. */
static void test_A11_long_text_is_drawn_soon(void **state)
{
	static const char *const kinds[] = {"a", "\033[", "\xe4\xb8\xad", "e\xcc\x81", "\xf0\x9f"};
	static const size_t lengths[] = {64 << 10, 100000, 1000000};
	static char text[1000002];
	struct glass glass;
	double worst = 0;
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	open_glass(&glass);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) * 3; i++) {
		const char *kind = kinds[i / 3];
		size_t unit = strlen(kind), length = lengths[i % 3];
		double least = 1;
		for (size_t at = 0; at < length; at++)
			text[at] = kind[at % unit];
		text[length] = '\0';
		for (int frame = 0; frame < 5; frame++) {
			double before = cpu_seconds();
			struct ui_surface screen = ui_canvas_begin(glass.canvas);
			for (int row = 0; row < ROWS; row++)
				ui_draw_text(&screen, row, 0, UI_PLAIN, text);
			double row = (cpu_seconds() - before) / ROWS;
			least = row < least ? row : least;
			show(&glass);
		}
		worst = least > worst ? least : worst;
	}
	print_message("a row of long text takes %.3f ms at most\n", worst * 1e3);
	assert_true(worst <= 5e-3);
	close_glass(&glass);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_A6_every_width),
		cmocka_unit_test(test_G14_ascii_only), cmocka_unit_test(test_A5_zalgo),
		cmocka_unit_test(test_A12_formats_are_text),
		cmocka_unit_test(test_unchanged_frame_is_silent),
		cmocka_unit_test(test_frames_follow_each_other),
		cmocka_unit_test(test_a_long_row_of_wide_ones),
		cmocka_unit_test(test_A11_long_text_is_drawn_soon),
		cmocka_unit_test(test_numbers_have_three_digits)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
