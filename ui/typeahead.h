/* typeahead.h - the keys of one read of the terminal, run in order; text that looks pasted is kept
 * instead of run. */
#ifndef SOUNDER_UI_TYPEAHEAD_H
#define SOUNDER_UI_TYPEAHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode.h"
#include "input.h"
#include "sounder/clock.h"
#include "tty.h"

struct ui;

/* Zeroed is a valid, empty one. */
struct ui_typeahead {
	uint32_t keys[UI_TERM_READ + 64]; /* [count], in the order they came */
	size_t count;
	bool guards;    /* the read looks pasted: no command that changes or leaves runs */
	bool held_back; /* one did not, for that reason */
	char kept[UI_INPUT_TEXT - 1]; /* [kept_length]: a paste that no text field was open for,
					 UTF-8 or what was pasted */
	size_t kept_length;
	size_t characters; /* of the paste, kept or not */
	sdr_ns kept_at;    /* when keys were last kept; 0: a bracketed paste was */
	sdr_ns kept_until; /* expires if it is not requested */
};

/* Adds a key of the present read. */
void ui_typeahead_key(struct ui *ui, uint32_t key);

/* Runs the keys added since the last call. */
void ui_typeahead_run(struct ui *ui);

/* Whether a key stands for a character. */
bool ui_typeahead_is_text(uint32_t key);

/* Whether printable keys are text now. */
bool ui_typeahead_in_field(const struct ui *ui);

/* Keeps keys, and reports it: a character each; Enter is a blank, other keys are none. */
void ui_typeahead_keep(struct ui *ui, const uint32_t *keys, size_t count);

/* Keeps a bracketed paste for which no text field is open, and reports it. */
void ui_typeahead_keep_paste(struct ui *ui, const struct ui_event *paste);

/* Whether something is kept; putting it into an input, or dropping it. */
bool ui_typeahead_has(const struct ui *ui);
void ui_typeahead_put(struct ui *ui, struct ui_input *input);
void ui_typeahead_drop(struct ui *ui);

#endif
