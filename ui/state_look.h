/* state_look.h - how a target's state looks: a sign, a style, a word. */
#ifndef SOUNDER_UI_STATE_LOOK_H
#define SOUNDER_UI_STATE_LOOK_H

#include "draw.h"
#include "sounder/model.h"

enum ui_style ui_state_style(enum sdr_state state);
enum ui_glyph ui_state_sign(enum sdr_state state);

/* Why a target is DOWN, by its outage's own evidence, or can't be probed; else what its latest
 * result has to say. "": nothing. Borrowed as the row's texts. */
const char *ui_state_why(const struct sdr_row *row);

/* How a row looks: as its state, but for one that flaps. */
enum ui_style ui_row_style(const struct sdr_row *row);
enum ui_glyph ui_row_sign(const struct sdr_row *row);
const char *ui_row_word(const struct sdr_row *row); /* "FLAPS", or as sdr_state_word */

/* The word behind a count: "down". */
const char *ui_state_counted(enum sdr_state state);

#endif
