/* undo.h - what `remove`, `reset` and `replace` took is kept for a minute, and brought back with
 * its figures. */
#ifndef SOUNDER_UI_UNDO_H
#define SOUNDER_UI_UNDO_H

#include "sounder/past.h"

struct ui;
struct sdr_figures;

#define UI_UNDO_FOR SDR_MINUTE
#define UI_UNDO_STEPS 16

/* Begins a step: "removed db1 (icmp)". What else was kept for that long goes. */
void ui_undo_begin(struct ui *ui, const char *what);

/* Keeps what is known of a target, before it is reset, with the figures that its probe type had,
 * which are taken over; or removed: then it is added again by its line. Out of memory it is left
 * out. */
void ui_undo_reset(struct ui *ui, const struct sdr_target *target, struct sdr_figures *figures);
void ui_undo_remove(struct ui *ui, const struct sdr_target *target);

/* Notes that a target came in this step: it goes again. */
void ui_undo_added(struct ui *ui, uint32_t id);

/* Ends the step. `done`: what it is about happened; else it is forgotten. */
void ui_undo_end(struct ui *ui, bool done);

/* Brings the latest step back; writes what that was into text[size]. ENOENT with `error`: there is
 * none left. */
enum sdr_status ui_undo(struct ui *ui, char *text, size_t size, struct sdr_error *error);

/* Gives members of a set back what was known of them once they are there again. */
void ui_undo_settle(struct ui *ui);

void ui_undo_done(struct ui *ui);

#endif
