/* question_panel.h - what the panels of names and of HTTP share: one question with its whole
 * answer, and below it what is asked again and again. */
#ifndef SOUNDER_UI_QUESTION_PANEL_H
#define SOUNDER_UI_QUESTION_PANEL_H

#include "monitors.h"
#include "sheet_view.h"

#define UI_QUESTION_BEFORE 6 /* questions remembered */

struct ui_question {
	struct ui_sheet sheet;
	struct ui_monitors monitors;
	char line[512];                      /* the question on show, as asked */
	char before[UI_QUESTION_BEFORE][64]; /* earlier ones, newest first */
	sdr_ns elapsed;                      /* the answer's time, as the screen saw it */
	sdr_ns asked;                        /* when */
	bool waiting;                        /* the answer is pending */
	bool below; /* the cursor is in the table of what is watched, not in the answer */
};

/* Sets up, with the table of the targets that stand on the panel of that name. */
void ui_question_init(struct ui_question *question, struct ui *ui, const char *panel);
void ui_question_done(struct ui_question *question);

/* Takes a stage of an answer. */
void ui_question_answer(struct ui_question *question, const struct ui_answer *answer);

/* Returns the root of the latest answer, or NULL. */
const struct sdr_item *ui_question_root(const struct ui_question *question);

/* Draws the head ("title or question --- `summary` --"), what is watched and what was asked before;
 * returns the part that is left for the answer. */
struct ui_surface ui_question_frame(struct ui_question *question, const struct ui_surface *surface,
	const char *title, const char *summary);

/* Draws the answer, or the panel's invitation where there was no question yet. */
void ui_question_draw(struct ui_question *question, const struct ui_surface *surface,
	const struct ui_panel *panel);

/* As the verbs of a panel. */
struct ui_table *ui_question_table(struct ui_question *question);
bool ui_question_subject(struct ui_question *question, struct ui_subject *subject);
bool ui_question_alarm(struct ui_question *question);
bool ui_question_work(struct ui_question *question);

/* The columns of its table. */
extern const struct ui_column ui_question_columns[];

#endif
