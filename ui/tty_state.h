/* tty_state.h - the terminal's state. For tty.c and tty_extras.c only; others see tty.h. */
#ifndef SOUNDER_UI_TTY_STATE_H
#define SOUNDER_UI_TTY_STATE_H

#include <termios.h>
#include <uv.h>

#include "frame_ack.h"
#include "term_output.h"
#include "tty.h"

enum { ON_WINCH, ON_TSTP, ON_CONT, ON_TERM, ON_INT, ON_HUP, SIGNALS };

struct ui_term {
	uv_loop_t *loop;
	struct ui_term_events events;
	struct ui_decoder *decoder;
	int descriptor;
	struct termios before; /* the modes to give back */
	struct ui_output output;
	struct ui_ack ack;
	bool shown; /* the last answer that was waited for came in this read */
	uv_poll_t poll;
	uv_timer_t escape;
	uv_timer_t patience; /* an answer is waited for no longer */
	uv_signal_t signals[SIGNALS];
	int watched;      /* what poll waits for; 0: it does not */
	unsigned handles; /* open ones */
	int rows, columns;
	bool modern; /* knows xterm's private modes and titles */
	bool mouse, titled, gone;
	unsigned title; /* as shown */
};

#endif
