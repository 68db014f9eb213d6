/* frame_ack.c - requests and answers counted, and what they show of the line.
 *
 * Answers carry no number. One that is lost would make all that follow it seem late; so when a wait
 * ends in which some came but not all, what is missing counts as lost. */
#include "frame_ack.h"

#include <string.h>

#define UNPROVEN_REQUESTS 2 /* to a terminal that has answered none */
#define FAREWELL 1000       /* ms */
#define FAREWELL_UNPROVEN 200
#define MEASURED 128   /* bytes: a smaller frame shows the latency only */
#define SHARE 400      /* ms of the line that a frame may take */
#define ROOM_LEAST 256 /* bytes: about a line of the screen */
#define ROOM_MOST 8192 /* a whole screen; more is no limit */
#define SMOOTH 4       /* a slower measure counts for one part in so many */

void ui_ack_begin(struct ui_ack *ack, bool able)
{
	*ack = (struct ui_ack){
		.able = able, .answers = able && ack->answers, .answered = -1, .latency = -1};
}

/* The line can't be slower than it was seen to be, so a faster measure counts at once. */
static void measure(struct ui_ack *ack, size_t bytes, int64_t took)
{
	uint64_t rate = (uint64_t)bytes * 1000 / (uint64_t)(took > 0 ? took : 1);
	if (bytes < MEASURED)
		return;
	if (rate > UINT32_MAX)
		rate = UINT32_MAX;
	if (ack->rate == 0 || rate > ack->rate)
		ack->rate = (uint32_t)rate;
	else
		ack->rate -= (ack->rate - (uint32_t)rate) / SMOOTH;
}

static int64_t last_asked(const struct ui_ack *ack)
{
	return ack->asked > 0 ? ack->frames[ack->asked - 1].at : 0;
}

/* A wait is over, and answers are missing. */
static void miss(struct ui_ack *ack)
{
	if (ack->heard)
		ack->asked = 0;
	else if (++ack->missed == UI_ACK_MISSES)
		ack->answers = false;
}

bool ui_ack_sent(struct ui_ack *ack, size_t bytes, int64_t now)
{
	if (ack->answers && ack->asked > 0)
		miss(ack);
	if (!ack->able || ack->asked >= (ack->answers ? UI_ACK_ASKED : UNPROVEN_REQUESTS))
		return false;
	ack->heard = false;
	ack->frames[ack->asked++] = (struct ui_ack_frame){bytes, now};
	return true;
}

bool ui_ack_answered(struct ui_ack *ack, int64_t now)
{
	if (ack->asked == 0)
		return false;
	struct ui_ack_frame frame = ack->frames[0];
	ack->asked--;
	memmove(ack->frames, ack->frames + 1, ack->asked * sizeof(*ack->frames));
	/* One that stood behind another had the line from that one's answer on. */
	bool queued = ack->answered >= frame.at;
	int64_t took = now - (queued ? ack->answered : frame.at);
	if (!queued && (ack->latency < 0 || took < ack->latency))
		ack->latency = took;
	measure(ack, frame.bytes, queued ? took : took - ack->latency);
	ack->answers = ack->heard = true;
	ack->answered = now;
	ack->missed = 0;
	return ack->asked == 0;
}

int64_t ui_ack_wait(const struct ui_ack *ack, int64_t now)
{
	int64_t left = last_asked(ack) + UI_ACK_PATIENCE - now;
	return ack->answers && ack->asked > 0 && left > 0 ? left : 0;
}

int64_t ui_ack_farewell(const struct ui_ack *ack, int64_t now)
{
	int64_t left = last_asked(ack) + UI_ACK_PATIENCE - now,
		most = ack->answers ? FAREWELL : FAREWELL_UNPROVEN;
	if (ack->asked == 0 || left <= 0)
		return 0;
	return left < most ? left : most;
}

size_t ui_ack_room(const struct ui_ack *ack)
{
	size_t room = (size_t)((uint64_t)ack->rate * SHARE / 1000);
	if (!ack->answers || ack->rate == 0 || room > ROOM_MOST)
		return 0;
	return room > ROOM_LEAST ? room : ROOM_LEAST;
}
