/* daytime_clock.c - the peer's clock against ours, from a text that counts whole seconds, or parts
 * of them.
 *
 * The peer cut its time to the text's last digit, somewhere between our asking and our reading. So
 * its clock lies from (text - arrival) to (text + 1 s, or what that digit counts, - asking) ahead
 * of ours; the middle is given, with half the width. NIST's text is ahead on purpose, by the amount
 * it contains. */
#include "probe/daytime_clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUARTER (15 * SDR_MINUTE)

struct daytime_clock sdr_daytime_clock_compare(const struct sdr_daytime *text, sdr_wall arrived,
	sdr_ns rtt, int32_t local_offset, const char *local_zone)
{
	struct daytime_clock clock = {
		.assumed = !text->zone_known, .zone = text->zone_known ? text->zone : local_zone};
	int64_t second = text->seconds - (text->zone_known ? text->zone_offset : local_offset);
	if (second < 0 ||
		second > INT64_MAX / SDR_SECOND -
				1) /* before 1970: no clock, or one that was never set */
		return clock;
	sdr_ns resolution = text->resolution > 0 ? text->resolution : SDR_SECOND;
	clock.known = true;
	clock.time = second * SDR_SECOND + text->nanoseconds;
	sdr_ns advance = (sdr_ns)(text->advance_ms * 1e6);
	clock.offset = clock.time - advance - (arrived - rtt / 2) + resolution / 2;
	clock.uncertainty = resolution / 2 + rtt / 2;
	return clock;
}

static sdr_ns size_of(sdr_ns offset)
{
	return offset < 0 ? -offset : offset;
}

/* Zones differ by quarters of an hour: an offset that close to such a step, and a step or more, is
 * one of zones. */
static bool looks_like_zone(const struct daytime_clock *clock)
{
	sdr_ns size = size_of(clock->offset), rest = (size + QUARTER / 2) % QUARTER - QUARTER / 2;
	return clock->assumed && size > QUARTER / 2 && size < 15 * SDR_HOUR &&
		size_of(rest) <= 30 * SDR_SECOND;
}

const char *sdr_daytime_clock_format(
	char out[static DAYTIME_MEANING], const struct daytime_clock *clock)
{
	char size[SDR_DURATION_TEXT], bound[SDR_DURATION_TEXT];
	const char *zone =
		clock->assumed ? "; the text names no known zone, this host's was assumed" : "";
	sdr_duration_display(size, size_of(clock->offset));
	sdr_duration_display(bound, clock->uncertainty);
	if (!clock->known)
		snprintf(out, DAYTIME_MEANING, "no time of day that can be compared");
	else if (size_of(clock->offset) <= clock->uncertainty)
		snprintf(out, DAYTIME_MEANING,
			"the clocks agree, as far as this text can tell: to within %s%s", bound,
			zone);
	else if (looks_like_zone(clock))
		snprintf(out, DAYTIME_MEANING,
			"the peer is likely in another time zone, %s "
			"%s; its clock may well be right",
			size, clock->offset < 0 ? "behind" : "ahead");
	else
		snprintf(out, DAYTIME_MEANING, "the peer's clock is %s %s, give or take %s%s", size,
			clock->offset < 0 ? "behind" : "ahead", bound, zone);
	return out;
}
