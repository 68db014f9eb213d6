/* theme_file.h - a theme of the user's own: a file of lines "STYLE COLOUR [bold|dim|...]".
 *
 * Styles are those of theme.h in small letters; a colour is a number up to 255, one of black, red,
 * green, yellow, blue, magenta, cyan, white, or `own`: the terminal's. `like NAME`, before them,
 * takes all else from a theme of ours, `default` where there is none; # begins a comment. With 8 or
 * 16 colours one above 7 is that of the other theme. */
#ifndef SOUNDER_UI_THEME_FILE_H
#define SOUNDER_UI_THEME_FILE_H

#include "sounder/status.h"
#include "theme.h"

/* Reads a theme of that name from a text, which it cuts up; `path` is what errors say it stands in.
 * NULL with `error`: "PATH:LINE: what is wrong". */
struct ui_theme *ui_theme_read(
	const char *name, const char *path, char *text, struct sdr_error *error);

/* Reads themes/NAME.theme in the user's configuration. NULL with `error`. */
struct ui_theme *ui_theme_load(const char *name, struct sdr_error *error);
void ui_theme_free(struct ui_theme *theme); /* NULL is allowed */

/* Writes the name of the user's theme that comes after `name` in the alphabet, "" for the first.
 * Returns whether there is one. */
bool ui_theme_next_own(const char *name, char *out, size_t size);

#endif
