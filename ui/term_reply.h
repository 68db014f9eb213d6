/* term_reply.h - answers of the terminal that are still to come when it is given back: they would
 * be typed at the shell. For tty.c and term_rescue.c only. */
#ifndef SOUNDER_UI_TERM_REPLY_H
#define SOUNDER_UI_TERM_REPLY_H

#include <stddef.h>

/* Takes so many answers to UI_ACK_REQUEST (frame_ack.h) from a terminal in raw mode, opened
 * non-blocking, for at most so long. `begun` bytes of the first one were read before. What else
 * comes stays there to be read, in its order; where the system puts nothing back (Linux
 * dev.tty.legacy_tiocsti=0), nothing is taken as soon as anything else has come. May be called from
 * a signal's handler. */
void ui_reply_take(int descriptor, unsigned answers, size_t begun, int milliseconds);

#endif
