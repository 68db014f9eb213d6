/* path_text.c - hops as they are found; the table at the end has the rest. */
#include "probe/path_text.h"

#include <string.h>

#include "probe/path.h"
#include "probe/path_sheet.h"

/* " by UDP" ...: what probes are, once that is known. */
static const char *protocol_of(const struct sdr_target *target)
{
	const struct path_own *state = sdr_target_state(target);
	if (!state || !state->own)
		return "";
	if (state->own->protocol == HOP_TCP)
		return " by TCP";
	if (state->own->protocol == HOP_ICMP)
		return " by ICMP";
	return target->spec->udp ? " by UDP" : " by UDP, since this user may not use ICMP";
}

void sdr_path_text_header(struct sdr_out *out, const struct sdr_target *target)
{
	const struct path_options *options = target->spec->options;
	char text[SDR_ADDR_TEXT];
	if (sdr_target_role(target))
		return;
	sdr_out_line(out, SDR_TONE_STRONG, "path to %s (%s)%s, %d hops at most", target->name,
		sdr_addr_format(text, &target->addr), protocol_of(target), (int)options->max);
}

/* The first answer of each hop. */
static void put_hop(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_result *result)
{
	const struct sdr_value *hop = sdr_result_value(result, PATH_HOP),
			       *labels = sdr_result_value(result, PATH_LABELS_TEXT);
	char text[SDR_ADDR_TEXT];
	if (result->outcome != SDR_OUTCOME_OK || result->sequence != 1)
		return;
	sdr_out_put(out, SDR_TONE_PLAIN, "%3d  %-15s  %.3f ms", (int)hop->number,
		sdr_addr_format(text, &target->addr), (double)result->rtt / 1e6);
	if (labels->present)
		sdr_out_put(out, SDR_TONE_DIM, "  %s", labels->text);
	sdr_out_end(out);
}

void sdr_path_text_line(
	struct sdr_out *out, const struct sdr_target *target, const struct sdr_result *result)
{
	if (sdr_target_role(target)) {
		put_hop(out, target, result);
		return;
	}
	if (result->kind == SDR_RESULT_EVENT)
		sdr_out_line(out, SDR_TONE_WARNING, "%s: %s", target->typed, result->why);
	if (result->outcome == SDR_OUTCOME_OK)
		return;
	sdr_out_line(out, SDR_TONE_WARNING, "%s: round %llu: %s", target->typed,
		(unsigned long long)result->sequence,
		result->why ? result->why : sdr_outcome_sentence(result->outcome));
}
