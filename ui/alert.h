/* alert.h - alerts at a target's next change of state, and which alarms were seen. */
#ifndef SOUNDER_UI_ALERT_H
#define SOUNDER_UI_ALERT_H

#include "sounder/engine.h"
#include "sounder/model.h"

struct ui;
struct ui_slot;

#define UI_ALERTS 32

struct ui_alert {
	uint32_t id;
	enum sdr_state state; /* that it had when it was asked for */
};

/* Asks for an alert at the next change of a target, or takes that back. Returns whether there will
 * be one. ENOMEM in *status: there are as many already; ENOENT: there is no such target. */
bool ui_alert_toggle(struct ui *ui, uint32_t id, enum sdr_status *status);

/* Reports those that changed, once each: the bell, the desktop where it is wanted, the footer. */
void ui_alert_look(struct ui *ui);

/* Whether a panel's tab has an alarm that was not acknowledged. */
bool ui_alert_alarm(struct ui *ui, struct ui_slot *slot);

/* Takes all alarms that there are for seen; returns how many there were. */
unsigned ui_alert_acknowledge(struct ui *ui);

/* A target went DOWN: its alarms are new ones. */
void ui_alert_down(struct ui *ui, const struct sdr_target *target);

#endif
