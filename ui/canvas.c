/* canvas.c - curses painting into memory: newterm gets a memfd for its output, so that what it
 * writes can be taken and carried to the terminal without blocking. curses sees no tty then: sizes
 * are passed to it, modes are tty.c's. */
#include "canvas.h"

#include <curses.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "grid.h"
#include "grid_room.h"
#include "key.h"
#include "sounder/sanitize.h"
#include "terminfo.h"

#define KEPT_BYTES 65536
#define DELETE_BYTES 16384 /* more than ncurses takes to delete a screen */
#define UPDATE_BYTES 256   /* a row: more than ncurses takes to find out what scrolled */

struct ui_canvas {
	SCREEN *screen;
	FILE *out, *in; /* out: the memfd; in: /dev/null, never read */
	char *bytes;    /* what was taken; owned */
	size_t size;
	const struct ui_theme *theme;
	struct ui_grid grid; /* as large as the screen */
	struct ui_cursor cursor;
	bool ascii;   /* the locale is not UTF-8 */
	bool console; /* the kernel's */
	unsigned glyphs;
	size_t room;       /* bytes of a frame; 0: any */
	int next_row;      /* that a frame had no room for */
	bool behind;       /* there are such rows */
	bool sync;         /* frames are the terminal's synchronized updates */
	int rows, columns; /* what was asked for last */
	bool torn;  /* there was no memory for it: curses' windows do not agree, nothing is drawn
		       until they do */
	bool begun; /* the screen has been entered, colours are there */
	bool cursor_shown; /* as the terminal has it */
};

/* Until a program has once left the screen and come back, ncurses (6.4) takes each of its cursor
 * movements for one asked for by the program and writes out at once, some fifty times a frame. So
 * it is left before anything is shown, and what was sent until then is dropped. */
static enum sdr_status leave_once(struct ui_canvas *canvas)
{
	int descriptor = fileno(canvas->out);
	endwin();
	fflush(canvas->out);
	return lseek(descriptor, 0, SEEK_SET) < 0 || ftruncate(descriptor, 0) < 0 ? SDR_ESYSTEM
										  : SDR_OK;
}

/* Set again, once the size is known, since it is sent to the terminal; and before start_color, or
 * the palette would be reset. */
static void begin_once(struct ui_canvas *canvas)
{
	if (canvas->begun)
		return;
	canvas->begun = true;
	doupdate();
	start_color();
	ui_canvas_theme(canvas, canvas->theme);
}

static enum sdr_status open_screen(struct ui_canvas *canvas, const char *terminal)
{
	int descriptor = memfd_create("screen", MFD_CLOEXEC);
	if (descriptor < 0)
		return SDR_ESYSTEM;
	canvas->out = fdopen(descriptor, "w+");
	if (!canvas->out) {
		close(descriptor);
		return SDR_ESYSTEM;
	}
	canvas->in = fopen("/dev/null", "re");
	if (!canvas->in)
		return SDR_ESYSTEM;
	enum sdr_status status = ui_terminfo_check(terminal, descriptor);
	if (status)
		return status;
	/* LINES and COLUMNS of the environment do not count: the terminal's own size does. By
	 * use_env(FALSE) newterm would fail where terminfo has no size, as for the console. */
	unsetenv("LINES");
	unsetenv("COLUMNS");
	canvas->screen = newterm(terminal, canvas->out, canvas->in);
	if (!canvas->screen)
		return SDR_ENOENT;
	set_term(canvas->screen);
	return leave_once(canvas);
}

enum sdr_status ui_canvas_new(const char *terminal, struct ui_canvas **result)
{
	struct ui_canvas *canvas = calloc(1, sizeof(*canvas));
	if (!canvas)
		return SDR_ENOMEM;
	enum sdr_status status = open_screen(canvas, terminal);
	if (status) {
		ui_canvas_free(canvas);
		return status;
	}
	canvas->bytes = malloc(KEPT_BYTES); /* a usual frame then needs no memory */
	canvas->size = canvas->bytes ? KEPT_BYTES : 0;
	canvas->console = !strncmp(terminal, "linux", 5);
	canvas->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	canvas->cursor_shown = true;
	typeahead(-1);
	idlok(stdscr, TRUE);
	ui_canvas_theme(canvas, ui_theme_at(0));
	ui_grid_resize(&canvas->grid, getmaxy(stdscr), getmaxx(stdscr));
	*result = canvas;
	return SDR_OK;
}

enum sdr_status ui_canvas_choose(
	struct ui_canvas **canvas, char *note, size_t size, struct sdr_error *error)
{
	static const char *const others[] = {"xterm-256color", "xterm", "ansi", "vt100", NULL};
	const char *wanted = getenv("TERM");
	enum sdr_status status = wanted && *wanted ? ui_canvas_new(wanted, canvas) : SDR_ENOENT;
	note[0] = '\0';
	if (status == SDR_ENOTSUP)
		sdr_error_set(error, 0,
			"TERM=%s can't place its cursor; use a subcommand, such "
			"as \"sounder ping HOST\" (sounder --help)",
			wanted);
	if (status == SDR_ENOTSUP || status == SDR_OK)
		return status;
	for (int i = 0; others[i]; i++) {
		if (ui_canvas_new(others[i], canvas))
			continue;
		if (wanted && *wanted)
			snprintf(note, size, "TERM=%s is not known here; drawing as for %s", wanted,
				others[i]);
		else
			snprintf(note, size, "TERM is not set; drawing as for %s", others[i]);
		return SDR_OK;
	}
	sdr_error_set(error, 0,
		"no terminal description could be read (TERM=%s); install "
		"ncurses-base or use a subcommand (sounder --help)",
		wanted ? wanted : "");
	return SDR_ENOTSUP;
}

size_t ui_canvas_rescue(struct ui_canvas *canvas, char *out, size_t size)
{
	static const char *const names[] = {"sgr0", "rmcup", "cnorm"};
	size_t used = 0;
	set_term(canvas->screen);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *sequence = tigetstr((char *)(uintptr_t)names[i]);
		size_t length = sequence && sequence != (char *)-1 ? strlen(sequence) : 0;
		if (length == 0 || used + length > size)
			continue;
		memcpy(out + used, sequence, length);
		used += length;
	}
	return used;
}

bool ui_canvas_is_ecma48(struct ui_canvas *canvas)
{
	static const char name[] = "cup";
	set_term(canvas->screen);
	const char *place = tigetstr((char *)(uintptr_t)name);
	return place && place != (char *)-1 && !strncmp(place, "\033[", 2);
}

/* ncurses (6.4) checks not all that it allocates. */
static bool is_memory_for(size_t size)
{
	void *memory = malloc(size);
	free(memory);
	return memory;
}

void ui_canvas_free(struct ui_canvas *canvas)
{
	if (!canvas)
		return;
	if (canvas->screen) {
		set_term(canvas->screen);
		endwin();
		if (is_memory_for(DELETE_BYTES)) /* it allocates to free; without memory the process
						    ends soon */
			delscreen(canvas->screen);
	}
	if (canvas->out)
		fclose(canvas->out);
	if (canvas->in)
		fclose(canvas->in);
	ui_grid_done(&canvas->grid);
	free(canvas->bytes);
	free(canvas);
}

void ui_canvas_resize(struct ui_canvas *canvas, int rows, int columns)
{
	set_term(canvas->screen);
	canvas->rows = rows > 0 ? rows : 1;
	canvas->columns = columns > 0 ? columns : 1;
	ui_grid_done(&canvas->grid);
	canvas->torn = resize_term(canvas->rows, canvas->columns) != OK;
	if (canvas->torn)
		return;
	begin_once(canvas);
	clearok(curscr, TRUE);
	werase(newscr);
	ui_grid_resize(&canvas->grid, getmaxy(stdscr), getmaxx(stdscr));
	canvas->torn = !canvas->grid.cells;
}

void ui_canvas_theme(struct ui_canvas *canvas, const struct ui_theme *theme)
{
	set_term(canvas->screen);
	canvas->theme = has_colors() ? theme : ui_theme_find("mono");
	if (!canvas->begun)
		return;
	ui_theme_apply(canvas->theme);
	clearok(curscr, TRUE);
	ui_grid_forget(&canvas->grid);
}

/* The setting's words. */
enum { AUTO, BRAILLE, BLOCK, ASCII };

static enum ui_drawing drawing_of(const struct ui_canvas *canvas)
{
	if (canvas->glyphs == BRAILLE || (canvas->glyphs == AUTO && !canvas->console))
		return UI_DRAWING_BRAILLE;
	return canvas->console ? UI_DRAWING_CONSOLE : UI_DRAWING_BLOCK;
}

void ui_canvas_glyphs(struct ui_canvas *canvas, unsigned glyphs)
{
	canvas->glyphs = glyphs;
}

void ui_canvas_sync(struct ui_canvas *canvas, bool sync)
{
	canvas->sync = sync;
}

void ui_canvas_room(struct ui_canvas *canvas, size_t bytes)
{
	canvas->room = bytes;
}

bool ui_canvas_is_behind(const struct ui_canvas *canvas)
{
	return canvas->behind;
}

void ui_canvas_from_top(struct ui_canvas *canvas)
{
	canvas->next_row = 0;
}

struct ui_surface ui_canvas_begin(struct ui_canvas *canvas)
{
	canvas->cursor.shown = false;
	if (canvas->torn) /* perhaps there is memory by now */
		ui_canvas_resize(canvas, canvas->rows, canvas->columns);
	ui_grid_clear(&canvas->grid);
	return (struct ui_surface){.grid = &canvas->grid,
		.cursor = &canvas->cursor,
		.theme = canvas->theme,
		.height = canvas->grid.rows,
		.width = canvas->grid.columns,
		.drawing = drawing_of(canvas),
		.ascii = canvas->ascii || canvas->glyphs == ASCII};
}

#define SYNC_BEGIN "\033[?2026h"
#define SYNC_END "\033[?2026l"
#define SYNC_BYTES (sizeof(SYNC_BEGIN SYNC_END) - 1)

/* curses writes to the descriptor, too, and keeps nothing back. */
static void mark_frame(struct ui_canvas *canvas, const char *mark)
{
	if (canvas->sync)
		(void)!write(fileno(canvas->out), mark, strlen(mark));
}

static void show_rows(struct ui_canvas *canvas)
{
	struct ui_grid *grid = &canvas->grid;
	int cursor = canvas->cursor.shown ? canvas->cursor.row : -1;
	canvas->behind =
		canvas->room > 0 && !ui_grid_choose(grid, canvas->room, cursor, &canvas->next_row);
	for (int row = 0; row < grid->rows; row++)
		if (canvas->room == 0 || grid->chosen[row])
			ui_draw_show(grid, newscr, canvas->theme, row);
}

/* What changed goes right into the screen that curses is to bring about (newscr): the copy that
 * wnoutrefresh makes from a window is ours already. */
void ui_canvas_end(struct ui_canvas *canvas)
{
	/* Without its hashes of rows ncurses scrolls by garbage, over its own memory. */
	canvas->torn = canvas->torn || !is_memory_for((size_t)canvas->grid.rows * UPDATE_BYTES);
	if (canvas->torn)
		return;
	set_term(canvas->screen);
	begin_once(canvas);
	show_rows(canvas);
	leaveok(newscr, !canvas->cursor.shown);
	if (canvas->cursor.shown)
		wmove(newscr, canvas->cursor.row, canvas->cursor.column);
	if (canvas->cursor.shown != canvas->cursor_shown)
		curs_set(canvas->cursor.shown);
	canvas->cursor_shown = canvas->cursor.shown;
	mark_frame(canvas, SYNC_BEGIN);
	doupdate();
	mark_frame(canvas, SYNC_END);
}

void ui_canvas_forget(struct ui_canvas *canvas)
{
	set_term(canvas->screen);
	clearok(curscr, TRUE);
}

void ui_canvas_leave(struct ui_canvas *canvas)
{
	static const char name[] = "cnorm";
	set_term(canvas->screen);
	const char *shown = tigetstr((char *)(uintptr_t)name);
	if (shown && shown != (char *)-1)
		putp(shown); /* curses may think that it was sent: a write into memory fails
				unnoticed */
	endwin();
	canvas->cursor_shown = true;
}

/* What curses takes for shown is not: the next frame is drawn from nothing. */
static size_t lose_frame(struct ui_canvas *canvas)
{
	(void)lseek(fileno(canvas->out), 0, SEEK_SET);
	canvas->torn = true;
	return 0;
}

bool ui_canvas_is_torn(const struct ui_canvas *canvas)
{
	return canvas->torn;
}

void ui_canvas_tear(struct ui_canvas *canvas)
{
	canvas->torn = true;
}

size_t ui_canvas_take(struct ui_canvas *canvas, const char **bytes)
{
	int descriptor = fileno(canvas->out);
	fflush(canvas->out);
	off_t end = lseek(descriptor, 0, SEEK_CUR);
	size_t length = end > 0 ? (size_t)end : 0;
	if (length > canvas->size) {
		char *larger = realloc(canvas->bytes, length);
		if (!larger)
			return lose_frame(canvas);
		canvas->bytes = larger;
		canvas->size = length;
	}
	ssize_t got = length > 0 ? pread(descriptor, canvas->bytes, length, 0) : 0;
	/* The next frame overwrites this one. The memory of a usual one is kept, that of a large
	 * one given back. */
	if (length > 0 &&
		(lseek(descriptor, 0, SEEK_SET) < 0 ||
			(length > KEPT_BYTES && ftruncate(descriptor, 0) < 0)))
		return lose_frame(canvas);
	*bytes = canvas->bytes;
	if (canvas->sync && got == (ssize_t)SYNC_BYTES &&
		!memcmp(canvas->bytes, SYNC_BEGIN SYNC_END, SYNC_BYTES))
		return 0; /* an empty frame */
	return got == (ssize_t)length ? length : lose_frame(canvas);
}

void ui_canvas_keys(struct ui_canvas *canvas,
	void (*learn)(void *context, const char *sequence, uint32_t key), void *context)
{
	static const struct {
		const char *capability;
		uint32_t key;
	} table[] = {{"kcuu1", UI_KEY_UP}, {"kcud1", UI_KEY_DOWN}, {"kcub1", UI_KEY_LEFT},
		{"kcuf1", UI_KEY_RIGHT}, {"khome", UI_KEY_HOME}, {"kend", UI_KEY_END},
		{"kpp", UI_KEY_PAGE_UP}, {"knp", UI_KEY_PAGE_DOWN}, {"kich1", UI_KEY_INSERT},
		{"kdch1", UI_KEY_DELETE}, {"kcbt", UI_KEY_TAB | UI_KEY_SHIFT}, {"kf1", UI_KEY_F1},
		{"kf2", UI_KEY_F1 + 1}, {"kf3", UI_KEY_F1 + 2}, {"kf4", UI_KEY_F1 + 3},
		{"kf5", UI_KEY_F1 + 4}, {"kf6", UI_KEY_F1 + 5}, {"kf7", UI_KEY_F1 + 6},
		{"kf8", UI_KEY_F1 + 7}, {"kf9", UI_KEY_F1 + 8}, {"kf10", UI_KEY_F1 + 9},
		{"kf11", UI_KEY_F1 + 10}, {"kf12", UI_KEY_F12}};
	set_term(canvas->screen);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const char *sequence = tigetstr((char *)(uintptr_t)table[i].capability);
		if (sequence && sequence != (char *)-1)
			learn(context, sequence, table[i].key);
	}
}

/* ---- reading back ---- */

/* Leaves out the blanks at the end. */
static size_t row_text(const struct ui_cell *cells, int columns, char *out, size_t size)
{
	size_t length = 0, solid = 0;
	for (int column = 0; column < columns; column++) {
		for (int i = 0; i < 3 && cells[column].text[i] && length + 5 < size; i++)
			length += sdr_text_encode(out + length, cells[column].text[i]);
		if (cells[column].width > 0 && cells[column].text[0] != ' ')
			solid = length;
	}
	return solid;
}

size_t ui_canvas_text(struct ui_canvas *canvas, char *out, size_t size)
{
	size_t length = 0;
	const struct ui_grid *grid = &canvas->grid;
	for (int row = 0; row < grid->rows && length + 2 < size; row++) {
		length += row_text(
			ui_grid_at(grid, row, 0), grid->columns, out + length, size - length - 1);
		out[length++] = '\n';
	}
	if (size > 0)
		out[length < size ? length : size - 1] = '\0';
	return length;
}
