/* recent.h - the latest events of the journal, as a part of the overview. */
#ifndef SOUNDER_UI_RECENT_H
#define SOUNDER_UI_RECENT_H

#include "panel.h"
#include "sounder/model.h"
#include "table.h"

#define UI_RECENT_LINES 96

/* What happened to several targets in one second is one line. */
struct ui_recent_line {
	struct sdr_event event; /* the latest of them: a copy, since the model may be another */
	uint64_t number;        /* its, from the first one on */
	uint32_t count;
	char who[160]; /* "db2, db2:22 +3" */
};

struct ui_recent {
	struct ui_table table;
	struct ui_recent_line lines[UI_RECENT_LINES]; /* the latest first */
	uint32_t count;                               /* of `lines` */
	int names;                                    /* cells for who it was */
};

void ui_recent_init(struct ui_recent *recent);
void ui_recent_done(struct ui_recent *recent);

/* Reads as many as there is room for in so many rows, the section's rule included. */
void ui_recent_update(struct ui_recent *recent, struct ui *ui, int rows, int width);

/* Draws the section over the whole surface, its rule in the first row. */
void ui_recent_draw(struct ui_recent *recent, struct ui *ui, const struct ui_surface *s);

/* Fills in the event under the cursor. */
bool ui_recent_subject(const struct ui_recent *recent, struct ui_subject *subject);

#endif
