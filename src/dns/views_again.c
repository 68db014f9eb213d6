/* views_again.c - views asked again: each type of each view when the time of its own answer is
 * over, never sooner, so that no cache is asked for what it is known to have. RFC 1035 sec.
 * 3.2.1. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "dns/view_ask.h"
#include "dns/views_again.h"
#include "dns/views_sheet.h"

#define LEAST 1          /* seconds: what may not be kept is not asked for more often */
#define MOST 3600        /* what may be kept longer is asked for all the same */
#define AFTER_FAILURE 5  /* what had no answer has no time */
#define SPREAD_PERCENT 5 /* later, so that not all who saw the same answer ask at once */
#define SPREAD_MOST (SDR_SECOND / 2)

static sdr_ns spread(sdr_ns time)
{
	uint32_t random;
	sdr_ns most = time / 100 * SPREAD_PERCENT;
	most = most < SPREAD_MOST ? most : SPREAD_MOST;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
		return most;
	return (sdr_ns)(random % (uint64_t)most);
}

void sdr_view_note_due(struct view *view)
{
	sdr_ns now = sdr_clock_now();
	for (unsigned i = 0; i < view->answered; i++) {
		unsigned type = view->asking[i];
		int64_t ttl = view->ttls[type];
		ttl = ttl < 0 ? AFTER_FAILURE : ttl < LEAST ? LEAST : ttl > MOST ? MOST : ttl;
		view->due[type] = now + ttl * SDR_SECOND + spread(ttl * SDR_SECOND);
	}
}

/* What it had of types that were not asked for now is what it has. */
static bool has_changed(const struct view *view)
{
	for (unsigned i = 0; i < view->answered; i++) {
		unsigned type = view->asking[i];
		const struct view_data *was = &view->before.of[type], *is = &view->set.of[type];
		if (was->kind != is->kind || was->count != is->count)
			return true;
		if (is->kind == VIEW_NONE && view->outcomes[type] != view->outcomes_before[type])
			return true;
		for (unsigned j = 0; j < is->count; j++)
			if (strcmp(was->data[j], is->data[j]) != 0)
				return true;
	}
	return false;
}

void sdr_view_compare(struct view *view)
{
	struct sdr_views *views = view->all;
	sdr_view_note_due(view);
	if (!has_changed(view))
		return;
	sdr_ns now = sdr_clock_now();
	struct sdr_sheet *sheet = sdr_view_show_change(view, now - view->since);
	views->no_memory = views->no_memory || !sheet;
	if (sheet)
		views->spec.emit(views->spec.context, sheet);
	view->since = now;
}

static unsigned due_types(struct view *view, sdr_ns now, unsigned types[static SDR_VIEW_TYPES])
{
	unsigned count = 0;
	bool whole = view->word.source > VIEW_RESOLVER; /* these are asked for all at once */
	for (unsigned i = 0; i < view->set.types; i++)
		if (view->due[i] <= now)
			types[count++] = i;
	for (unsigned i = 0; whole && count > 0 && i < view->set.types; i++)
		types[i] = i;
	return whole && count > 0 ? view->set.types : count;
}

sdr_ns sdr_views_again(struct sdr_views *views, sdr_ns now)
{
	sdr_ns next = MOST * SDR_SECOND;
	for (unsigned i = 0; i < views->count; i++) {
		struct view *view = &views->views[i];
		unsigned types[SDR_VIEW_TYPES],
			count = view->busy ? 0 : due_types(view, now, types);
		if (count > 0) {
			memcpy(view->asking, types, count * sizeof(*types));
			sdr_view_ask(view, count);
		}
		for (unsigned j = 0; !view->busy && j < view->set.types; j++)
			next = view->due[j] - now < next ? view->due[j] - now : next;
		if (view->libc && SDR_SECOND < next)
			next = SDR_SECOND; /* is it late? */
	}
	return next > SDR_MS ? next : SDR_MS;
}
