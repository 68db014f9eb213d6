/* term_output.h - buffered output to a terminal that may not take it at once. For term.c only. */
#ifndef SOUNDER_UI_TERM_OUTPUT_H
#define SOUNDER_UI_TERM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

struct ui_output {
	int descriptor; /* non-blocking */
	char *bytes;    /* [length], owned; `at` bytes of it are written */
	size_t length, at, size;
};

/* Whether some are still to be taken. */
bool ui_output_is_busy(const struct ui_output *output);

/* Copies bytes behind what waits. False: out of memory, they are left out. */
bool ui_output_add(struct ui_output *output, const char *bytes, size_t length);

/* The same of two that belong together, by one write(2) where the terminal takes them at once. */
bool ui_output_add_both(struct ui_output *output, const struct iovec parts[2]);

/* Writes what the terminal takes now. Returns false once it is gone. */
bool ui_output_carry(struct ui_output *output);

/* Waits until the terminal has taken everything: only before exit or a stop. Returns whether it
 * has. */
bool ui_output_drain(struct ui_output *output, int milliseconds);

#endif
