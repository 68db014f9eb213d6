/* draw.c - safe text and shapes on a surface. The only file that calls curses' text functions:
 * everything passes sdr_sanitize and is placed cell by cell, so neither a byte from outside nor a
 * character of disputed width can move the cells beside it. */
#include "draw.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "grid.h"
#include "panel.h"
#include "sounder/sanitize.h"

/* Bytes that cleaned text of SDR_TEXT_CELLS_MAX cells may take: a base and two combining marks of
 * four bytes each, and the count of what was cut. */
#define CLEAN_SIZE (SDR_TEXT_CELLS_MAX * 12 + 64)
#define SHORT 16                     /* bytes of a text, such as a sign or a state */
#define SHORT_SIZE (SHORT * 48 + 64) /* a byte becomes at most four cells */

#define SHOW_AT_ONCE 256 /* characters passed to curses in one call */

enum cut { CUT_END, CUT_MIDDLE, CUT_END_AT_RIGHT };

struct place {
	int row, column;
	enum ui_style style;
	enum cut cut;
};

struct ui_surface ui_surface_part(
	const struct ui_surface *of, int row, int column, int height, int width)
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

static uint8_t look_of(const struct ui_surface *s, enum ui_style style)
{
	return s->bar || style == UI_BAR ? UI_CELL_BAR : 0;
}

/* Places one character, a base with its marks. What the C library measures otherwise than we do is
 * shown as question marks. */
static void put_character(const struct ui_surface *s, int row, int column, struct ui_cell *cell)
{
	int width = cell->width;
	if (cell->text[0] >= 0x80 && wcwidth((wchar_t)cell->text[0]) != width)
		*cell = (struct ui_cell){
			.text = {'?'}, .style = cell->style, .look = cell->look, .width = 1};
	for (int i = 0; i < width; i += cell->width)
		ui_grid_put(s->grid, s->row + row, s->column + column + i, cell);
}

/* Draws text that is clean and known to fit. Returns the cells used. */
static int put_clean(const struct ui_surface *s, struct place place, const char *clean)
{
	size_t left = strlen(clean);
	int at = place.column;
	while (left > 0) {
		struct ui_cell cell = {
			.style = (uint8_t)place.style, .look = look_of(s, place.style)};
		uint32_t code;
		unsigned marks = 0;
		size_t step = sdr_text_decode(clean, left, &cell.text[0]);
		if (step == 0)
			break;
		int width = sdr_text_width(cell.text[0]);
		clean += step;
		left -= step;
		while (left > 0 && (step = sdr_text_decode(clean, left, &code)) > 0 &&
			sdr_text_width(code) == 0) {
			if (marks < 2)
				cell.text[1 + marks++] = code;
			clean += step;
			left -= step;
		}
		cell.width = (uint16_t)width;
		if (width > 0 && at + width <= s->width)
			put_character(s, place.row, at, &cell);
		at += width;
	}
	return at - place.column;
}

/* Draws text that is plain ASCII and known to fit: it is clean, and each byte is a cell. */
static int put_plain(const struct ui_surface *s, struct place place, const char *text, int length)
{
	struct ui_cell cell = {
		.style = (uint8_t)place.style, .look = look_of(s, place.style), .width = 1};
	struct ui_cell *at = ui_grid_at(s->grid, s->row + place.row, s->column + place.column);
	for (int i = 0; i < length; i++) {
		cell.text[0] = (unsigned char)text[i];
		if (at[i].width == 1)
			at[i] = cell;
		else
			ui_grid_put(
				s->grid, s->row + place.row, s->column + place.column + i, &cell);
	}
	return length;
}

/* Cleans into out[size]. */
static void clean_up(
	const struct ui_surface *s, char *out, size_t size, const void *bytes, size_t length)
{
	struct sdr_text_style style = {.ascii = s->ascii};
	sdr_sanitize(out, size, bytes, length, &style);
}

/* Draws what was cleaned, cut by way of fitted[size]. */
static int put_fitted(const struct ui_surface *s, struct place place, const char *clean,
	char *fitted, size_t size)
{
	int room = s->width - place.column;
	int cells = place.cut == CUT_MIDDLE
		? sdr_text_cut_middle(fitted, size, clean, room, s->ascii)
		: sdr_text_cut_end(fitted, size, clean, room, s->ascii);
	place.column = place.cut == CUT_END_AT_RIGHT ? s->width - cells : place.column;
	return put_clean(s, place, fitted);
}

/* These two apart, for the sake of all the text that is plain: buffers are zeroed by the
 * compiler. */
static __attribute__((noinline)) int put_short(
	const struct ui_surface *s, struct place place, const void *bytes, size_t length)
{
	char clean[SHORT_SIZE], fitted[SHORT_SIZE];
	clean_up(s, clean, sizeof(clean), bytes, length);
	return put_fitted(s, place, clean, fitted, sizeof(fitted));
}

static __attribute__((noinline)) int put_any(
	const struct ui_surface *s, struct place place, const void *bytes, size_t length)
{
	char clean[CLEAN_SIZE], fitted[CLEAN_SIZE];
	clean_up(s, clean, sizeof(clean), bytes, length);
	return put_fitted(s, place, clean, fitted, sizeof(fitted));
}

static int put(const struct ui_surface *s, struct place place, const void *bytes, size_t length)
{
	if (place.cut == CUT_END_AT_RIGHT ? place.row < 0 || place.row >= s->height || s->width <= 0
					  : !is_inside(s, place.row, place.column))
		return 0;
	if (length > (size_t)(s->width - place.column) || length > SDR_TEXT_CELLS_MAX ||
		sdr_text_ascii_run(bytes, length) < length)
		return length <= SHORT ? put_short(s, place, bytes, length)
				       : put_any(s, place, bytes, length);
	place.column = place.cut == CUT_END_AT_RIGHT ? s->width - (int)length : place.column;
	return put_plain(s, place, bytes, (int)length);
}

int ui_draw_text(
	const struct ui_surface *s, int row, int column, enum ui_style style, const char *text)
{
	return put(s, (struct place){row, column, style, CUT_END}, text, strlen(text));
}

int ui_draw_bytes(
	const struct ui_surface *s, int row, enum ui_style style, const void *bytes, size_t length)
{
	return put(s, (struct place){row, 0, style, CUT_END}, bytes, length);
}

int ui_draw_printf(const struct ui_surface *s, int row, int column, enum ui_style style,
	const char *format, ...)
{
	char text[2048];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return ui_draw_text(s, row, column, style, text);
}

int ui_draw_name(
	const struct ui_surface *s, int row, int column, enum ui_style style, const char *text)
{
	return put(s, (struct place){row, column, style, CUT_MIDDLE}, text, strlen(text));
}

int ui_draw_right(const struct ui_surface *s, int row, enum ui_style style, const char *text)
{
	return put(s, (struct place){row, 0, style, CUT_END_AT_RIGHT}, text, strlen(text));
}

/* Returns the bytes of `text` that make one row of at most `width` cells, broken at a blank where
 * there is one. */
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
	clean_up(s, clean, sizeof(clean), text, strlen(text));
	for (const char *rest = clean; *rest && s->width > 0 && at >= 0 && at < s->height; at++) {
		char line[CLEAN_SIZE];
		size_t next, length = row_of_words(rest, s->width, &next);
		if (next == 0)
			break;
		memcpy(line, rest, length);
		line[length] = '\0';
		put_clean(s, (struct place){at, 0, style, CUT_END}, line);
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
	[UI_GLYPH_FLAPS] = {"~", "~"},
	[UI_GLYPH_UNKNOWN] = {"\u00b7", "."},
	[UI_GLYPH_LOST] = {"\u00b7", "!"},
	[UI_GLYPH_LEFT] = {"\u258f", "["},
	[UI_GLYPH_RIGHT] = {"\u2595", "]"},
	[UI_GLYPH_ASCENDING] = {"\u2191", "^"},
	[UI_GLYPH_DESCENDING] = {"\u2193", "v"},
	[UI_GLYPH_OPEN] = {"\u25be", "v"},
	[UI_GLYPH_FOLDED] = {"\u25b8", ">"},
};

const char *ui_draw_glyph(const struct ui_surface *s, enum ui_glyph glyph)
{
	return glyphs[glyph][s->ascii || s->drawing == UI_DRAWING_CONSOLE];
}

/* ASCII twins: blocks by height, braille by where its dots are (U+2800 plus a bit per dot: 0 3 / 1
 * 4 / 2 5 / 6 7 from the top). */
static char twin(uint32_t code)
{
	static const char heights[] = " _,-=oOH#";
	static const struct {
		uint32_t code;
		char twin;
	} lines[] = {{0x2500, '-'}, {0x254c, '-'}, {0x2594, '-'}, {0x2501, '='}, {0x257a, '='},
		{0x2502, '|'}, {0x2524, '|'}, {0x252c, '+'}, {0x253c, '+'}, {0x250c, '+'},
		{0x2510, '+'}, {0x2514, '+'}, {0x2518, '+'}};
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

/* The halves of a cell that a braille cell has dots in; on the console so many eighths, too. */
static uint32_t in_blocks(enum ui_drawing drawing, uint32_t code)
{
	static const uint32_t halves[] = {' ', 0x2580, 0x2584, 0x2588};
	if (code >= 0x2800 && code <= 0x28ff)
		return halves[(code & 0x1b ? 1 : 0) | (code & 0xe4 ? 2 : 0)];
	if (drawing == UI_DRAWING_CONSOLE && code >= 0x2581 && code <= 0x2587)
		return code <= 0x2582 ? '_' : code <= 0x2585 ? 0x2584 : 0x2588;
	if (drawing == UI_DRAWING_CONSOLE && (code == 0x2501 || code == 0x257a))
		return 0x2584;
	if (drawing == UI_DRAWING_CONSOLE && (code == 0x254c || code == 0x2594))
		return 0x2500;
	if (drawing == UI_DRAWING_CONSOLE && code >= 0x2589 && code <= 0x258f)
		return code <= 0x258b ? 0x2588 : 0x258c;
	return code;
}

void ui_draw_cell(
	const struct ui_surface *s, int row, int column, enum ui_style style, uint32_t code)
{
	if (!is_inside(s, row, column))
		return;
	if (s->drawing != UI_DRAWING_BRAILLE && !s->ascii)
		code = in_blocks(s->drawing, code);
	struct ui_cell cell = {.text = {s->ascii ? (uint32_t)(unsigned char)twin(code) : code},
		.style = (uint8_t)style,
		.look = look_of(s, style),
		.width = 1};
	ui_grid_put(s->grid, s->row + row, s->column + column, &cell);
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
	struct ui_cell cell = {
		.text = {' '}, .style = (uint8_t)style, .look = look_of(s, style), .width = 1};
	for (int row = 0; row < s->height; row++)
		for (int column = 0; column < s->width; column++)
			ui_grid_put(s->grid, s->row + row, s->column + column, &cell);
}

void ui_draw_fade(const struct ui_surface *s)
{
	for (int row = 0; row < s->height; row++) {
		struct ui_cell *cells = ui_grid_at(s->grid, s->row + row, s->column);
		for (int column = 0; column < s->width; column++) {
			cells[column].style = UI_DIM;
			cells[column].look = UI_CELL_FADED;
		}
	}
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
	return ui_surface_part(s, 1, 2, s->height - 2 < 0 ? 0 : s->height - 2,
		s->width - 4 < 0 ? 0 : s->width - 4);
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
		ui_draw_cell(
			s, 0, column, style, eighths >= 8 ? 0x2588 : (uint32_t)(0x2590 - eighths));
}

int ui_draw_empty(const struct ui_surface *s, const struct ui_panel *panel)
{
	struct ui_surface inner =
		ui_surface_part(s, s->height > 4 ? 1 : 0, s->width > 20 ? 2 : 0, -1, -1);
	int row = 0;
	for (unsigned i = 0; i < 2; i++)
		if (panel->empty[i])
			row += ui_draw_words(
				&inner, row, i == 0 ? UI_PLAIN : UI_DIM, panel->empty[i]);
	return row + inner.row - s->row;
}

void ui_draw_cursor(const struct ui_surface *s, int row, int column)
{
	if (!is_inside(s, row, column))
		return;
	*s->cursor = (struct ui_cursor){s->row + row, s->column + column, true};
}

/* ---- to curses ---- */

static cchar_t curses_cell(const struct ui_theme *theme, const struct ui_cell *cell)
{
	attr_t attributes =
		(attr_t)ui_theme_attribute(theme, cell->style, cell->look & UI_CELL_BAR);
	short pair = (short)PAIR_NUMBER(attributes);
	wchar_t text[4] = {
		(wchar_t)cell->text[0], (wchar_t)cell->text[1], (wchar_t)cell->text[2], 0};
	cchar_t out;
	attributes = (attributes & ~(attr_t)A_COLOR) | (cell->look & UI_CELL_FADED ? A_DIM : 0);
	if (setcchar(&out, text, attributes, pair, NULL) != OK)
		setcchar(&out, L"?", attributes, pair, NULL);
	return out;
}

/* Hands over cells `from` .. `to` - 1 of a row: one call, which takes a wide character as one. */
static void show_part(const struct ui_grid *grid, struct _win_st *window,
	const struct ui_theme *theme, int row, const int ends[2])
{
	cchar_t out[SHOW_AT_ONCE];
	const struct ui_cell *cells = ui_grid_at(grid, row, 0);
	for (int at = ends[0]; at < ends[1];) {
		int count = 0, start = at;
		if (cells[at].width == 0) { /* the right half of what went before */
			at++;
			continue;
		}
		for (; at < ends[1] && count < SHOW_AT_ONCE; at++)
			if (cells[at].width > 0)
				out[count++] = curses_cell(theme, &cells[at]);
		mvwadd_wchnstr(window, row, start, out, count);
	}
}

void ui_draw_show(
	struct ui_grid *grid, struct _win_st *window, const struct ui_theme *theme, int row)
{
	size_t line = (size_t)grid->columns * sizeof(struct ui_cell);
	struct ui_cell *cells = ui_grid_at(grid, row, 0),
		       *shown = grid->shown + (size_t)row * (size_t)grid->columns;
	int ends[2] = {0, grid->columns};
	if (memcmp(cells, shown, line) == 0)
		return;
	while (memcmp(&cells[ends[0]], &shown[ends[0]], sizeof(*cells)) == 0)
		ends[0]++;
	while (memcmp(&cells[ends[1] - 1], &shown[ends[1] - 1], sizeof(*cells)) == 0)
		ends[1]--;
	ends[0] -= ends[0] > 0 && cells[ends[0]].width == 0; /* a character is passed as a whole */
	show_part(grid, window, theme, row, ends);
	memcpy(shown, cells, line);
}
