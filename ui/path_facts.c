/* path_facts.c - a path in words: what is made of it, and the paths that were. */
#include "path_facts.h"

#include <inttypes.h>
#include <stdio.h>

#include "number.h"

void ui_path_format_facts(const struct sdr_path *path, char *out, size_t size)
{
	char clock[SDR_WALL_TEXT], until[SDR_WALL_TEXT], epoch[64] = "", flows[24] = "";
	if (path->round == 0) {
		snprintf(out, size, "not probed yet");
		return;
	}
	if (path->until)
		snprintf(epoch, sizeof(epoch), ", epoch %u, %s - %s", path->epoch,
			sdr_wall_clock(clock, path->since), sdr_wall_clock(until, path->until));
	else if (path->epoch > 1)
		snprintf(epoch, sizeof(epoch), ", epoch %u since %s", path->epoch,
			sdr_wall_clock(clock, path->since));
	if (path->flows > 1)
		snprintf(flows, sizeof(flows), ", %u flows", path->flows);
	snprintf(out, size, "%s%s, %u round%s%s%s", path->protocol, flows, path->round,
		path->round == 1 ? "" : "s", epoch,
		path->until             ? ""
			: path->reached ? ", reached"
					: ", not reached");
}

bool ui_path_draw_hop(const struct sdr_path_hop *hop, const struct ui_surface *s)
{
	int used = 1;
	if (hop->why[0])
		used += ui_draw_text(s, 0, 1, UI_PLAIN, hop->why) + 2;
	if (hop->quoted_tos >= 0)
		ui_draw_printf(s, 0, used, UI_DIM, "quotes TOS %#x, TTL %d%s", hop->quoted_tos,
			hop->quoted_ttl,
			hop->nat == 1           ? ", behind a NAT"
				: hop->nat == 0 ? ", no NAT to be seen"
						: "");
	return hop->why[0] || hop->quoted_tos >= 0;
}

void ui_path_draw_past(const struct sdr_path *path, unsigned back, const struct ui_surface *s)
{
	char from[SDR_WALL_TEXT], to[SDR_WALL_TEXT], before[SDR_ADDR_TEXT], loss[UI_NUMBER_TEXT],
		typical[UI_NUMBER_TEXT];
	ui_draw_rule(s, 0, "Paths before", "b shows them");
	for (unsigned i = 0; i < path->past_count && (int)i + 1 < s->height; i++) {
		const struct sdr_path_past *past = &path->past[i];
		ui_draw_printf(s, (int)i + 1, 1, i + 1 == back ? UI_STRONG : UI_DIM,
			"%s - %s  hop %u was %s  %s %% lost  p50 %s ms  %u rounds",
			sdr_wall_clock(from, past->from), sdr_wall_clock(to, past->to), past->hop,
			sdr_addr_format(before, &past->before), ui_number_percent(loss, past->loss),
			ui_number_ms(typical, past->typical), past->rounds);
	}
}

/* Returns how many columns it took. */
static int draw_second(const struct sdr_path *path, const struct ui_surface *s, int at)
{
	char port[8] = "";
	if (!path->second)
		return 0;
	if (path->second_port)
		snprintf(port, sizeof(port), " %u", path->second_port);
	return 2 +
		ui_draw_printf(s, 0, at, UI_DIM, "%s%s answers %" PRIu64 " of %" PRIu64,
			path->second, port, path->second_received, path->second_sent);
}

void ui_path_draw_sentence(const struct sdr_path *path, const struct ui_surface *s)
{
	bool bad = path->why[0] != '\0';
	if (path->until) {
		ui_draw_text(s, 0, 2, UI_STRONG,
			"a path that was: b shows the one before it, at last the present one");
		return;
	}
	if (bad)
		ui_draw_text(s, 0, 0, UI_WARNING, ui_draw_glyph(s, UI_GLYPH_SLOW));
	if (path->count == 0)
		return;
	int used = 2 +
		ui_draw_text(s, 0, 2, bad ? UI_STRONG : UI_DIM,
			bad ? path->why : "no loss of the path to be seen");
	used += draw_second(path, s, used + 2);
	ui_draw_text(s, 0, used + 2, path->mtu_hole ? UI_WARNING : UI_DIM, path->mtu_why);
}
