/* incident.h - what is known of one target, as a report for others. */
#ifndef SOUNDER_UI_INCIDENT_H
#define SOUNDER_UI_INCIDENT_H

#include <stdint.h>
#include <stdio.h>

struct ui;

/* Writes it as Markdown: state and reason, figures, outages, failures, its lines of the log, the
 * command that gives them. `position` is the target's in the model. */
void ui_incident_write(struct ui *ui, uint32_t position, FILE *file);

#endif
