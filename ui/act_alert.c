/* act_alert.c - `alert` and `acknowledge`: what a person wants to hear of, and has seen. */
#include "act.h"

static enum sdr_status perform_alert(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	enum sdr_status status = SDR_ENOENT;
	(void)call;
	if (!ui_subject(ui, &subject) || subject.id == UI_NO_TARGET) {
		sdr_error_set(error, 0, "there is no watched target on this line");
		return SDR_ENOENT;
	}
	bool wanted = ui_alert_toggle(ui, subject.id, &status);
	if (status != SDR_OK) {
		sdr_error_set(error, 0, "%u targets have an alert, which is as many as can be",
			UI_ALERTS);
		return status;
	}
	ui_notify(ui, SDR_TONE_PLAIN, wanted ? "alert at the next change of %s" : "no alert for %s",
		subject.target);
	return SDR_OK;
}
UI_ACTION(alert)

static enum sdr_status perform_acknowledge(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	unsigned count = ui_alert_acknowledge(screen);
	(void)call;
	if (count == 0) {
		sdr_error_set(error, 0, "there is no alarm that was not seen");
		return SDR_ENOENT;
	}
	ui_notify(screen, SDR_TONE_PLAIN, "seen: the tabs have their ! again when more goes DOWN");
	return SDR_OK;
}
UI_ACTION(acknowledge)

static const struct sdr_command alert_command = {.name = "alert",
	.sentence = "ring the bell at the next change of the target on this line, or do not",
	.details = "It rings once and shows the change in the footer; with \"set desktop on\" the "
		   "terminal shows it on the desktop, too (OSC 9). A ! stands beside the target "
		   "until then.",
	.where = SDR_WHERE_SCREEN,
	.make = make_alert};
static const struct sdr_command acknowledge = {.name = "acknowledge",
	.topic = UI_TOPIC_SCREEN,
	.sentence = "take the ! from the tabs until something else goes DOWN",
	.where = SDR_WHERE_SCREEN,
	.make = make_acknowledge};

const struct sdr_command *const ui_act_alert[] = {&alert_command, &acknowledge, NULL};
