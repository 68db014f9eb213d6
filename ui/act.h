/* act.h - the screen's commands, NULL-terminated. */
#ifndef SOUNDER_UI_ACT_H
#define SOUNDER_UI_ACT_H

#include "ui_state.h"

extern const struct sdr_command *const ui_act_screen[];
extern const struct sdr_command *const ui_act_chart[];
extern const struct sdr_command *const ui_act_line[];
extern const struct sdr_command *const ui_act_menu[];
extern const struct sdr_command *const ui_act_open[];
extern const struct sdr_command *const ui_act_take[];
extern const struct sdr_command *const ui_act_share[];
extern const struct sdr_command *const ui_act_columns[];
extern const struct sdr_command *const ui_act_alert[];
extern const struct sdr_command *const ui_act_filter[];
extern const struct sdr_command *const ui_act_keys[];
extern const struct sdr_command *const ui_act_help[];
extern const struct sdr_command *const ui_act_jobs[];
extern const struct sdr_command *const ui_act_group[];

/* Opens the menu of the line under the cursor. ENOENT with `error` where there is nothing. */
enum sdr_status ui_open_menu(struct ui *ui, struct sdr_error *error);

/* What the help lists keys under. */
#define UI_TOPIC_ACTING "On the line"
#define UI_TOPIC_MOVING "Moving"
#define UI_TOPIC_PANELS "Panels"
#define UI_TOPIC_CHARTS "Charts"
#define UI_TOPIC_SCREEN "The screen"

/* Makes an action request; for the act_*.c. */
typedef enum sdr_status (*ui_perform)(
	void *screen, const struct sdr_call *call, struct sdr_error *error);
#define UI_ACTION(verb) \
	static enum sdr_status make_##verb( \
		const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error) \
	{ \
		(void)call; \
		(void)error; \
		request->kind = SDR_REQUEST_ACTION; \
		request->action.perform = perform_##verb; \
		return SDR_OK; \
	}

/* A command of the screen that is as simple as most. */
#define UI_COMMAND(verb, text, under, words, about, least, most) \
	{ \
		.name = text, .topic = under, .arguments = words, .sentence = about, \
		.words_min = least, .words_max = most, \
		.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG, .make = make_##verb \
	}

#endif
