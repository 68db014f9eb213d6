/* draw.c - safe text and shapes on a surface. The only file that calls curses' text functions: everything passes sdr_text_clean and is
 * placed cell by cell, so neither a byte from outside nor a character of disputed width can move what stands beside it. */
#include "draw.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "panel.h"
#include "sounder/text.h"

/* Bytes that cleaned text of SDR_TEXT_CELLS_MAX cells may take: a base and two combining marks of four bytes each, and the count of what was cut. */
#define CLEAN_SIZE (SDR_TEXT_CELLS_MAX * 12 + 64)

struct ui_surface ui_surface_part(const struct ui_surface *of, int row, int column, int height, int width)
{
	struct ui_surface part = *of;
	int top = row < 0 ? 0 : row > of->height ? of->height : row;
	int left = column < 0 ? 0 : column > of->width ? of->width : column;
	part.row = of->row + top;
	part.column = of->column + left;
	part.height = height < 0 || height > of->height - top ? of->height - top : height;
	part.width = width < 0 || width > of->width - left ? of->width - left : width;
	return part;
}

struct ui_surface ui_surface_line(const struct ui_surface *of, int row)
{
	return ui_surface_part(of, row, 0, row < 0 ? 0 : 1, -1);
}

static bool is_inside(const struct ui_surface *s, int row, int column)
{
	return row >= 0 && row < s->height && column >= 0 && column < s->width;
}

static void set_style(const struct ui_surface *s, enum ui_style style)
{
	attr_t attributes = (attr_t)ui_theme_attribute(s->theme, style, s->bar || style == UI_BAR);
	short pair = (short)PAIR_NUMBER(attributes);
	wattr_set(s->window, attributes & ~(attr_t)A_COLOR, pair, NULL);
}

/* Places one character, a base with its marks, in `width` cells. What curses measures otherwise than we do is shown as question marks. */
static void put_character(const struct ui_surface *s, int row, int column, const wchar_t *text, int width)
{
	cchar_t cell;
	attr_t attributes;
	short pair;
	wattr_get(s->window, &attributes, &pair, NULL);
	if (wcwidth(text[0]) == width && setcchar(&cell, text, attributes, pair, NULL) == OK) {
		mvwadd_wch(s->window, s->row + row, s->column + column, &cell);
		return;
	}
	for (int i = 0; i < width; i++)
		mvwaddch(s->window, s->row + row, s->column + column + i, '?');
}

/* Draws text that is clean and known to fit. Returns the cells used. */
static int put_clean(const struct ui_surface *s, int row, int column, const char *clean)
{
	size_t left = strlen(clean);
	int at = column;
	while (left > 0) {
		wchar_t text[4] = {0};
		uint32_t code;
		unsigned marks = 0;
		size_t step = sdr_text_decode(clean, left, &code);
		if (step == 0)
			break;
		text[0] = (wchar_t)code;
		int width = sdr_text_width(code);
		clean += step;
		left -= step;
		while (left > 0 && (step = sdr_text_decode(clean, left, &code)) > 0 && sdr_text_width(code) == 0) {
			if (marks < 2)
				text[1 + marks++] = (wchar_t)code;
			clean += step;
			left -= step;
		}
		if (width > 0 && at + width <= s->width)
			put_character(s, row, at, text, width);
		at += width;
	}
	return at - column;
}

/* Cleans into out[CLEAN_SIZE]. */
static void clean_up(const struct ui_surface *s, char *out, const void *bytes, size_t length)
{
	struct sdr_text_style style = {.ascii = s->ascii};
	sdr_text_clean(out, CLEAN_SIZE, bytes, length, &style);
}

enum cut { CUT_END, CUT_MIDDLE, CUT_END_AT_RIGHT };

struct place {
	int row, column;
	enum ui_style style;
	enum cut cut;
};

static int put(const struct ui_surface *s, struct place place, const void *bytes, size_t length)
{
	char clean[CLEAN_SIZE], fitted[CLEAN_SIZE];
	if (place.cut == CUT_END_AT_RIGHT ? place.row < 0 || place.row >= s->height || s->width <= 0
					  : !is_inside(s, place.row, place.column))
		return 0;
	clean_up(s, clean, bytes, length);
	int room = s->width - place.column;
	int cells = place.cut == CUT_MIDDLE ? sdr_text_cut_middle(fitted, sizeof(fitted), clean, room, s->ascii)
					    : sdr_text_cut_end(fitted, sizeof(fitted), clean, room, s->ascii);
	set_style(s, place.style);
	return put_clean(s, place.row, place.cut == CUT_END_AT_RIGHT ? s->width - cells : place.column, fitted);
}

int ui_draw_text(const struct ui_surface *s, int row, int column, enum ui_style style, const char *text)
{
	return put(s, (struct place){row, column, style, CUT_END}, text, strlen(text));
}

int ui_draw_bytes(const struct ui_surface *s, int row, enum ui_style style, const void *bytes, size_t length)
{
	return put(s, (struct place){row, 0, style, CUT_END}, bytes, length);
}

int ui_draw_printf(const struct ui_surface *s, int row, int column, enum ui_style style, const char *format, ...)
{
	char text[2048];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return ui_draw_text(s, row, column, style, text);
}

int ui_draw_name(const struct ui_surface *s, int row, int column, enum ui_style style, const char *text)
{
	return put(s, (struct place){row, column, style, CUT_MIDDLE}, text, strlen(text));
}

int ui_draw_right(const struct ui_surface *s, int row, enum ui_style style, const char *text)
{
	return put(s, (struct place){row, 0, style, CUT_END_AT_RIGHT}, text, strlen(text));
}

/* Returns the bytes of `text` that make one row of at most `width` cells, broken at a blank where there is one. */
static size_t row_of_words(const char *text, int width, size_t *next)
{
	size_t at = 0, blank = 0, left = strlen(text);
	int cells = 0;
	while (at < left) {
		uint32_t code;
		size_t step = sdr_text_decode(text + at, left - at, &code);
		if (step == 0)
			break;
		if (code == ' ')
			blank = at;
		cells += sdr_text_width(code);
		if (cells > width)
			break;
		at += step;
	}
	if (at < left && blank > 0) {
		*next = blank + 1;
		return blank;
	}
	*next = at;
	return at;
}

int ui_draw_words(const struct ui_surface *s, int row, enum ui_style style, const char *text)
{
	char clean[CLEAN_SIZE];
	int at = row;
	clean_up(s, clean, text, strlen(text));
	set_style(s, style);
	for (const char *rest = clean; *rest && s->width > 0 && at >= 0 && at < s->height; at++) {
		char line[CLEAN_SIZE];
		size_t next, length = row_of_words(rest, s->width, &next);
		if (next == 0)
			break;
		memcpy(line, rest, length);
		line[length] = '\0';
		put_clean(s, at, 0, line);
		rest += next;
	}
	return at - row;
}

/* ---- signs and cells ---- */

static const char *const glyphs[UI_GLYPH_COUNT][2] = {
	[UI_GLYPH_OK] = {"\u2713", "+"},
	[UI_GLYPH_SLOW] = {"\u25b2", "^"},
	[UI_GLYPH_DOWN] = {"\u2717", "x"},
	[UI_GLYPH_DIFFERS] = {"\u2260", "#"},
	[UI_GLYPH_PAUSED] = {"\u2016", "="},
	[UI_GLYPH_UNKNOWN] = {"\u00b7", "."},
	[UI_GLYPH_LOST] = {"\u00b7", "!"},
	[UI_GLYPH_LEFT] = {"\u258f", "["},
	[UI_GLYPH_RIGHT] = {"\u2595", "]"},
	[UI_GLYPH_ASCENDING] = {"\u2191", "^"},
	[UI_GLYPH_DESCENDING] = {"\u2193", "v"},
};

const char *ui_draw_glyph(const struct ui_surface *s, enum ui_glyph glyph)
{
	return glyphs[glyph][s->ascii];
}

/* ASCII twins: blocks by height, braille by where its dots are (U+2800 plus a bit per dot: 0 3 / 1 4 / 2 5 / 6 7 from the top). */
static char twin(uint32_t code)
{
	static const char heights[] = " _.-=+*##";
	static const struct {
		uint32_t code;
		char twin;
	} lines[] = {{0x2500, '-'}, {0x2502, '|'}, {0x2524, '|'}, {0x252c, '+'}, {0x253c, '+'}, {0x250c, '+'}, {0x2510, '+'}, {0x2514, '+'},
		{0x2518, '+'}};
	if (code < 0x7f)
		return (char)code;
	if (code >= 0x2581 && code <= 0x2588)
		return heights[code - 0x2580];
	if (code >= 0x2589 && code <= 0x258f)
		return code <= 0x258c ? '#' : '|';
	if (code > 0x2800 && code <= 0x28ff) {
		bool top = code & 0x1b, bottom = code & 0xe4;
		return top && bottom ? ':' : top ? '\'' : '.';
	}
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (lines[i].code == code)
			return lines[i].twin;
	return code == 0x2800 ? ' ' : '?';
}

void ui_draw_cell(const struct ui_surface *s, int row, int column, enum ui_style style, uint32_t code)
{
	if (!is_inside(s, row, column))
		return;
	wchar_t text[2] = {(wchar_t)(s->ascii ? (uint32_t)twin(code) : code), 0};
	set_style(s, style);
	put_character(s, row, column, text, 1);
}

/* ---- shapes ---- */

void ui_draw_rule(const struct ui_surface *s, int row, const char *title, const char *right)
{
	int at = title ? ui_draw_text(s, row, 0, UI_TITLE, title) : 0;
	if (at > 0)
		at++;
	for (int column = at; column < s->width; column++)
		ui_draw_cell(s, row, column, UI_RULE, 0x2500);
	if (!right || s->width - at < 8)
		return;
	/* A blank each side of the text, and two cells of rule behind it. */
	struct ui_surface room = ui_surface_part(s, row, at + 1, 1, s->width - at - 3);
	int used = ui_draw_right(&room, 0, UI_DIM, right);
	if (used > 0) {
		ui_draw_cell(s, row, s->width - 3 - used + 0, UI_PLAIN, ' ');
		ui_draw_cell(s, row, s->width - 2, UI_PLAIN, ' ');
	}
}

void ui_draw_fill(const struct ui_surface *s, enum ui_style style)
{
	set_style(s, style);
	for (int row = 0; row < s->height; row++)
		for (int column = 0; column < s->width; column++)
			mvwaddch(s->window, s->row + row, s->column + column, ' ');
}

void ui_draw_fade(const struct ui_surface *s)
{
	attr_t attributes = (attr_t)ui_theme_attribute(s->theme, UI_DIM, false);
	short pair = (short)PAIR_NUMBER(attributes);
	for (int row = 0; row < s->height && s->width > 0; row++)
		mvwchgat(s->window, s->row + row, s->column, s->width, (attributes & ~(attr_t)A_COLOR) | A_DIM, pair, NULL);
}

struct ui_surface ui_draw_box(const struct ui_surface *s, const char *title)
{
	int bottom = s->height - 1, right = s->width - 1;
	ui_draw_fill(s, UI_PLAIN);
	for (int column = 1; column < right; column++) {
		ui_draw_cell(s, 0, column, UI_RULE, 0x2500);
		ui_draw_cell(s, bottom, column, UI_RULE, 0x2500);
	}
	for (int row = 1; row < bottom; row++) {
		ui_draw_cell(s, row, 0, UI_RULE, 0x2502);
		ui_draw_cell(s, row, right, UI_RULE, 0x2502);
	}
	ui_draw_cell(s, 0, 0, UI_RULE, 0x250c);
	ui_draw_cell(s, 0, right, UI_RULE, 0x2510);
	ui_draw_cell(s, bottom, 0, UI_RULE, 0x2514);
	ui_draw_cell(s, bottom, right, UI_RULE, 0x2518);
	if (title && s->width > 6) {
		struct ui_surface room = ui_surface_part(s, 0, 2, 1, s->width - 4);
		ui_draw_printf(&room, 0, 0, UI_TITLE, " %s ", title);
	}
	return ui_surface_part(s, 1, 2, s->height - 2 < 0 ? 0 : s->height - 2, s->width - 4 < 0 ? 0 : s->width - 4);
}

void ui_draw_bar(const struct ui_surface *s, enum ui_style style, double from, double to)
{
	double cells = s->width;
	int first = (int)(from * cells), eighths = (int)((to - from) * cells * 8 + 0.5);
	if (!(from >= 0) || !(to >= from) || to > 1.0001)
		return;
	if (eighths == 0)
		eighths = 1; /* what took any time at all shows */
	for (int column = first; eighths > 0; column++, eighths -= 8)
		ui_draw_cell(s, 0, column, style, eighths >= 8 ? 0x2588 : (uint32_t)(0x2590 - eighths));
}

void ui_draw_empty(const struct ui_surface *s, const struct ui_panel *panel)
{
	struct ui_surface inner = ui_surface_part(s, s->height > 4 ? 1 : 0, s->width > 20 ? 2 : 0, -1, -1);
	int row = 0;
	for (unsigned i = 0; i < 2; i++)
		if (panel->empty[i])
			row += ui_draw_words(&inner, row, i == 0 ? UI_PLAIN : UI_DIM, panel->empty[i]);
}

void ui_draw_cursor(const struct ui_surface *s, int row, int column)
{
	if (!is_inside(s, row, column))
		return;
	*s->cursor = (struct ui_cursor){s->row + row, s->column + column, true};
}
