/* views_sheet.h (internal) - views as sheets. */
#ifndef SOUNDER_DNS_VIEWS_SHEET_H
#define SOUNDER_DNS_VIEWS_SHEET_H

#include "dns/views_state.h"

struct sdr_hosts_match;

/* Make a view's object of what came; false: out of memory. */
bool sdr_view_show_reply(struct view *view, const struct sdr_questions_result *result);
bool sdr_view_show_libc(
	struct view *view, const struct sdr_libc_answer *answer, enum sdr_outcome outcome);
bool sdr_view_show_hosts(
	struct view *view, const struct sdr_hosts_match *match, const char *unread);

/* One that could not be asked. */
bool sdr_view_show_failure(struct view *view, enum sdr_outcome outcome, const char *why);

/* All of them together. NULL: out of memory. */
struct sdr_sheet *sdr_views_show(const struct sdr_views *views);

/* A change. NULL: out of memory. */
struct sdr_sheet *sdr_view_show_change(const struct view *view, sdr_ns held);

/* How the views stand. Returns how many groups there are. */
unsigned sdr_views_places(const struct sdr_views *views,
	struct view_place places[static SDR_VIEWS_MAX], unsigned leaders[static SDR_VIEWS_MAX]);

#endif
