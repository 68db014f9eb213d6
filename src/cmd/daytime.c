/* daytime.c - `daytime`: asks a daytime service for the time, reads it, and shows the difference of
 * the clocks. */
#include "cmd/options.h"
#include "cmd/peer.h"
#include "sounder/app.h"

static const char *const examples[] = {
	"daytime db1",
	"what time is it there, over TCP port 13",
	"daytime --udp 127.0.0.1:10013",
	"a datagram to `sounder serve`",
	"daytime db1 --interval 1m --json",
	"the clock's offset every minute, for a program",
	NULL,
};

static const struct sdr_option options[] = {
	{"udp", 0, SDR_OPTION_FLAG, NULL, "use UDP, a datagram a probe", 0, 0},
	{NULL},
};

static void print_part(
	struct sdr_out *out, const struct sdr_item *detail, const char *key, enum sdr_tone tone)
{
	const struct sdr_item *item = sdr_item_find(detail, key);
	char text[SDR_DURATION_TEXT];
	if (!item || item->kind == SDR_ITEM_NULL)
		return;
	if (item->kind == SDR_ITEM_DURATION) {
		const char *sign = item->value.integer < 0 ? "-" : "+";
		int64_t size = item->value.integer < 0 ? -item->value.integer : item->value.integer;
		sdr_out_put(out, SDR_TONE_DIM, "  %s ", item->label);
		sdr_out_put(out, tone, "%s%s",
			sdr_item_find(detail, "rtt_seconds") == item ? "" : sign,
			sdr_duration_display(text, size));
	} else if (item->kind == SDR_ITEM_TEXT) {
		sdr_out_bytes(out, tone, item->value.bytes, item->value.length, 0);
	}
}

/* An offset without its bound would claim more than is known. */
static void print_bound(struct sdr_out *out, const struct sdr_item *detail)
{
	sdr_ns bound = sdr_item_time(detail, "uncertainty_seconds", SDR_NS_NONE);
	char text[SDR_DURATION_TEXT];
	if (bound != SDR_NS_NONE)
		sdr_out_put(out, SDR_TONE_PLAIN, " +/- %s", sdr_duration_display(text, bound));
}

/* The text as it came; then what it means. */
static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *detail)
{
	const struct sdr_item *form = sdr_item_find(detail, "form");
	const struct sdr_item *note = sdr_item_find(detail, "note");
	(void)call;
	print_part(out, detail, "text", SDR_TONE_STRONG);
	sdr_out_end(out);
	if (note && note->kind == SDR_ITEM_TEXT)
		sdr_out_line(out, SDR_TONE_WARNING, "%s", note->value.bytes);
	if (form && form->kind == SDR_ITEM_TEXT) {
		print_part(out, detail, "meaning", SDR_TONE_PLAIN);
		sdr_out_end(out);
		sdr_out_put(out, SDR_TONE_DIM, "form ");
		print_part(out, detail, "form", SDR_TONE_PLAIN);
		sdr_out_put(out, SDR_TONE_DIM, "  zone ");
		print_part(out, detail, "zone", SDR_TONE_PLAIN);
		print_part(out, detail, "clock_offset_seconds", SDR_TONE_PLAIN);
		print_bound(out, detail);
	} else {
		sdr_out_put(out, SDR_TONE_WARNING, "in no form that is known");
	}
	print_part(out, detail, "rtt_seconds", SDR_TONE_PLAIN);
	sdr_out_end(out);
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	enum sdr_status status = sdr_peer_make(call, request, error);
	if (status == SDR_OK)
		request->watch.print = print;
	return status;
}

const struct sdr_command cmd_daytime = {
	.name = "daytime",
	.arguments = "HOST[:PORT]...",
	.sentence = "ask a daytime service for the time and compare the clocks",
	.details = "Speaks RFC 867, on port 13 by default.  "
		   "The text is shown as it came and read where it has a known form: that of "
		   "ctime, xinetd's, RFC 867's examples, NIST's, ISO 8601 (RFC 3339), Go's, "
		   "and that of mail (date -R); words before it are skipped.  "
		   "A text without a zone is read in this host's, and the text "
		   "explains the offset; no offset is given without its bound.  "
		   "By TCP the first of a name's addresses that answers counts, by UDP the next is "
		   "asked where one can't be (ICMP, no route); dead ones are named.  "
		   "At most 512 bytes are read.  "
		   "Asks once, unless --interval or --count is given.  "
		   "On the dashboard - opens a field for a list of peers.\n\n"
		   "Exit status: 0 for an answer; 1 for none, or one longer "
		   "than a daytime can be; 2 for everything else.",
	.examples = examples,
	.options = {options, sdr_options_addresses, sdr_options_repeat, sdr_options_names,
		sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.parts = SDR_PART_REGISTRY,
	.complete = SDR_COMPLETE_HOST,
	.takes_targets = true,
	.make = make,
};
