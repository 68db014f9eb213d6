/* tty_extras.c - what a terminal can do besides showing frames: mouse, bell, desktop, title,
 * clipboard. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clipboard.h"
#include "tty_state.h"

static void write_text(struct ui_term *term, const char *text)
{
	ui_term_write(term, text, strlen(text));
}

bool ui_term_is_modern(const struct ui_term *term)
{
	return term->modern;
}

void ui_term_mouse(struct ui_term *term, bool on)
{
	if (term->modern && on != term->mouse)
		write_text(term, on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
	term->mouse = on;
}

void ui_term_bell(struct ui_term *term)
{
	write_text(term, "\a");
}

void ui_term_desktop(struct ui_term *term, const char *text)
{
	if (!term->modern)
		return;
	write_text(term, "\033]9;");
	write_text(term, text);
	write_text(term, "\a");
}

void ui_term_title(struct ui_term *term, unsigned down)
{
	char text[64];
	if (!term->modern || (term->titled && term->title == down))
		return;
	if (!term->titled)
		write_text(term, "\033[22;0t");
	term->titled = true;
	term->title = down;
	if (down)
		snprintf(text, sizeof(text), "\033]2;sounder: %u down\a", down);
	else
		snprintf(text, sizeof(text), "\033]2;sounder\a");
	write_text(term, text);
}

enum sdr_status ui_term_copy(struct ui_term *term, const char *text, size_t length)
{
	size_t size = 0;
	if (length > UI_CLIPBOARD_MAX)
		return SDR_ERANGE;
	char *sequence = ui_clipboard_sequence(text, length, getenv("TMUX"), &size);
	if (!sequence)
		return SDR_ENOMEM;
	ui_term_write(term, sequence, size);
	free(sequence);
	return SDR_OK;
}
