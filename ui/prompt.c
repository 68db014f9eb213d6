/* prompt.c - the command line at the foot of the screen: history as typed, completion from the
 * table of commands. */
#include "prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "key.h"
#include "panel.h"
#include "panels.h"
#include "sounder/command.h"
#include "sounder/line.h"

#define HISTORY 200   /* lines */
#define CANDIDATES 64 /* shown at most */

struct ui_prompt {
	struct sdr_app *app;
	struct ui_input input;
	char *history[HISTORY];    /* oldest first; owned */
	size_t count, at;          /* lines kept; the one shown, `count` for what is being typed */
	char typed[UI_INPUT_TEXT]; /* what was being typed when the history was entered */
	char *candidates;          /* of the last completion, blank-separated; NULL if none */
};

struct ui_prompt *ui_prompt_new(struct sdr_app *app)
{
	struct ui_prompt *prompt = calloc(1, sizeof(*prompt));
	if (prompt)
		prompt->app = app;
	return prompt;
}

void ui_prompt_free(struct ui_prompt *prompt)
{
	if (!prompt)
		return;
	for (size_t i = 0; i < prompt->count; i++)
		free(prompt->history[i]);
	free(prompt->candidates);
	free(prompt);
}

static void forget_candidates(struct ui_prompt *prompt)
{
	free(prompt->candidates);
	prompt->candidates = NULL;
}

void ui_prompt_open(struct ui_prompt *prompt, const char *text)
{
	ui_input_set(&prompt->input, text);
	prompt->input.active = true;
	prompt->at = prompt->count;
	forget_candidates(prompt);
}

bool ui_prompt_is_open(const struct ui_prompt *prompt)
{
	return prompt->input.active;
}

struct ui_input *ui_prompt_input(struct ui_prompt *prompt)
{
	return &prompt->input;
}

const char *ui_prompt_text(const struct ui_prompt *prompt)
{
	return prompt->input.text;
}

/* Keeps a line, unless it equals the last one. */
static void remember(struct ui_prompt *prompt)
{
	const char *text = prompt->input.text;
	if (!*text || (prompt->count > 0 && !strcmp(prompt->history[prompt->count - 1], text)))
		return;
	char *copy = strdup(text);
	if (!copy)
		return;
	if (prompt->count == HISTORY) {
		free(prompt->history[0]);
		memmove(prompt->history, prompt->history + 1,
			(HISTORY - 1) * sizeof(*prompt->history));
		prompt->count--;
	}
	prompt->history[prompt->count++] = copy;
}

static void recall(struct ui_prompt *prompt, int step)
{
	if ((step < 0 && prompt->at == 0) || (step > 0 && prompt->at == prompt->count))
		return;
	if (prompt->at == prompt->count)
		memcpy(prompt->typed, prompt->input.text, sizeof(prompt->typed));
	prompt->at = step < 0 ? prompt->at - 1 : prompt->at + 1;
	ui_input_set(&prompt->input,
		prompt->at == prompt->count ? prompt->typed : prompt->history[prompt->at]);
}

static size_t common_prefix(const char *const *candidates, size_t count)
{
	size_t length = strlen(candidates[0]);
	for (size_t i = 1; i < count; i++) {
		size_t same = 0;
		while (same < length && candidates[i][same] == candidates[0][same])
			same++;
		length = same;
	}
	return length;
}

static void list_candidates(struct ui_prompt *prompt, const char *const *candidates, size_t count)
{
	size_t size = 1, used = 0;
	for (size_t i = 0; i < count; i++)
		size += strlen(candidates[i]) + 2;
	prompt->candidates = malloc(size);
	if (!prompt->candidates)
		return;
	prompt->candidates[0] = '\0';
	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(
			prompt->candidates + used, size - used, "%s  ", candidates[i]);
}

static size_t offer(const char *stem, const char *word, const char **candidates, size_t count)
{
	bool fits = count < CANDIDATES && !strncasecmp(word, stem, strlen(stem));
	if (fits)
		candidates[count] = word;
	return count + fits;
}

/* How many words stand before the last one; whether the one before it is an option that takes a
 * panel's name. */
static unsigned words_before(const char *text, const char *stem, bool *panel)
{
	unsigned count = 0;
	for (const char *at = text; at < stem;) {
		size_t length = strcspn(at, " ");
		*panel = (length == 2 && !strncmp(at, "-p", 2)) ||
			(length == 7 && !strncmp(at, "--panel", 7));
		count += length > 0 && *at != '-';
		at += length + strspn(at + length, " ");
	}
	return count;
}

/* Panels and keys are known to the screen alone. Returns 0 where the command's word is neither. */
static size_t complete_own(struct ui_prompt *prompt, const char **candidates)
{
	const char *text = prompt->input.text, *blank = strrchr(text, ' ');
	char name[64];
	size_t length = strcspn(text, " "), count = 0;
	if (!blank || length >= sizeof(name))
		return 0;
	memcpy(name, text, length);
	name[length] = '\0';
	const struct sdr_command *command = sdr_command_find(prompt->app, name);
	bool panel = false;
	unsigned words = words_before(text, blank + 1, &panel);
	if (command && command->complete == SDR_COMPLETE_PANEL)
		panel = true;
	else if (!command || command->complete != SDR_COMPLETE_KEY || (words > 1 && !panel))
		return 0;
	for (unsigned i = 0; panel && ui_panel_at(i); i++)
		if (!ui_panel_at(i)->page)
			count = offer(blank + 1, ui_panel_at(i)->name, candidates, count);
	for (unsigned i = 0; !panel && ui_key_name(i); i++)
		count = offer(blank + 1, ui_key_name(i), candidates, count);
	return count;
}

/* Replaces the last word by what all candidates begin with; a single one is followed by a blank. */
static void complete(struct ui_prompt *prompt)
{
	const char *candidates[CANDIDATES];
	struct ui_input *input = &prompt->input;
	size_t all = complete_own(prompt, candidates);
	if (all == 0)
		all = sdr_line_complete(prompt->app, input->text, candidates, CANDIDATES);
	size_t count = all < CANDIDATES ? all : CANDIDATES;
	if (count == 0)
		return;
	const char *blank = strrchr(input->text, ' ');
	size_t start = blank ? (size_t)(blank - input->text) + 1 : 0,
	       prefix = common_prefix(candidates, count);
	if (start + prefix + 2 > sizeof(input->text))
		return;
	if (count > 1)
		list_candidates(prompt, candidates, count);
	if (prefix < input->length - start)
		return;
	memcpy(input->text + start, candidates[0], prefix);
	input->length = start + prefix;
	if (all == 1)
		input->text[input->length++] = ' ';
	input->text[input->length] = '\0';
	input->at = input->length;
}

enum ui_input_result ui_prompt_key(struct ui_prompt *prompt, uint32_t key)
{
	forget_candidates(prompt);
	prompt->input.error[0] = '\0';
	if (key == UI_KEY_UP || key == UI_KEY_DOWN) {
		recall(prompt, key == UI_KEY_UP ? -1 : 1);
		return UI_INPUT_CHANGED;
	}
	if (key == UI_KEY_TAB) {
		complete(prompt);
		return UI_INPUT_CHANGED;
	}
	/* Backspace in an empty prompt leaves it, as in every editor's. */
	if (key == UI_KEY_BACKSPACE && prompt->input.length == 0)
		key = UI_KEY_ESC;
	enum ui_input_result result = ui_input_key(&prompt->input, key);
	if (result == UI_INPUT_ENTERED)
		remember(prompt);
	if (result == UI_INPUT_ENTERED || result == UI_INPUT_LEFT)
		prompt->input.active = false;
	return result;
}

void ui_prompt_draw(const struct ui_prompt *prompt, const struct ui_surface *s)
{
	struct ui_surface line = ui_surface_line(s, s->height - 1),
			  above = ui_surface_line(s, s->height - 2);
	ui_draw_fill(&line, UI_PLAIN);
	ui_input_draw(&prompt->input, &line, ":", NULL);
	if (!prompt->candidates || above.height == 0)
		return;
	ui_draw_fill(&above, UI_PLAIN);
	ui_draw_text(&above, 0, 1, UI_DIM, prompt->candidates);
}
