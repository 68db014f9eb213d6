/* members.h - what the screen's commands do to all targets that a head stands for. */
#ifndef SOUNDER_UI_MEMBERS_H
#define SOUNDER_UI_MEMBERS_H

#include "ui_state.h"

/* Returns the targets under the head that the cursor is on, [count], to be freed; NULL where there
 * are none, and when out of memory. */
uint32_t *ui_members(struct ui *ui, uint32_t *count);

/* Pauses them all, or has all go on if all are paused; probes them all now. ENOENT, ENOMEM with
 * `error`. */
enum sdr_status ui_members_pause(struct ui *ui, struct sdr_error *error);
enum sdr_status ui_members_again(struct ui *ui, struct sdr_error *error);

/* Removes them all in one step, which `undo` brings back. ENOMEM with `error`. */
enum sdr_status ui_members_remove(struct ui *ui, const char *host, struct sdr_error *error);

/* Reports that what was asked for is done to one target, not to a group. */
void ui_members_refuse(const struct ui_subject *subject, struct sdr_error *error);

#endif
