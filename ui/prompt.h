/* prompt.h - the command line at the foot of the screen: an input with history and completion. */
#ifndef SOUNDER_UI_PROMPT_H
#define SOUNDER_UI_PROMPT_H

#include "input.h"

struct sdr_app;
struct ui_prompt;

struct ui_prompt *ui_prompt_new(struct sdr_app *app);
void ui_prompt_free(struct ui_prompt *prompt);

/* Opens it with some text to start from ("" for none). */
void ui_prompt_open(struct ui_prompt *prompt, const char *text);
bool ui_prompt_is_open(const struct ui_prompt *prompt);

/* Takes a key: Up Down go through the history, Tab completes, Enter and Esc close it. ENTERED:
 * ui_prompt_text is the line to run. */
enum ui_input_result ui_prompt_key(struct ui_prompt *prompt, uint32_t key);
struct ui_input *ui_prompt_input(
	struct ui_prompt *prompt); /* the text being edited, also by a paste */
const char *ui_prompt_text(const struct ui_prompt *prompt);

/* Draws it over the surface's last row, and the candidates of the last completion above. */
void ui_prompt_draw(const struct ui_prompt *prompt, const struct ui_surface *s);

#endif
