/* monitors_filter.c - which targets a filter holds for. Names are compared at once, 65,536 in some
 * milliseconds; figures cost a hundred times that, so of many they are compared between frames. */
#include "monitors_filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/engine.h"
#include "sounder/flaps.h"

#define COMPARED_A_LOOK 1024
#define COMPARE_EVERY SDR_SECOND

/* What is known of a row's figures and the filter. */
enum { UNKNOWN, FAILS, PASSES };

/* As sdr_addr_format, of which IPv4 takes a tenth of the time here. */
static const char *format_address(char out[static SDR_ADDR_TEXT], const struct sdr_addr *addr)
{
	char *at = out;
	if (addr->version != 4)
		return sdr_addr_format(out, addr);
	for (unsigned i = 0; i < 4; i++) {
		unsigned byte = addr->bytes[i];
		if (byte >= 100)
			*at++ = (char)('0' + byte / 100);
		if (byte >= 10)
			*at++ = (char)('0' + byte / 10 % 10);
		*at++ = (char)('0' + byte % 10);
		*at++ = i < 3 ? '.' : '\0';
	}
	return out;
}

static unsigned states_of(enum sdr_state state)
{
	static const unsigned bits[SDR_STATES] = {[SDR_STATE_UNKNOWN] = 1u << UI_FILTER_IS_NEW,
		[SDR_STATE_UP] = 1u << UI_FILTER_IS_UP,
		[SDR_STATE_SLOW] = 1u << UI_FILTER_IS_SLOW | 1u << UI_FILTER_IS_WRONG,
		[SDR_STATE_DOWN] = 1u << UI_FILTER_IS_DOWN | 1u << UI_FILTER_IS_WRONG,
		[SDR_STATE_PAUSED] = 1u << UI_FILTER_IS_PAUSED};
	return bits[state];
}

static unsigned flapping(const struct sdr_model *model, uint32_t position)
{
	return sdr_model_flaps(model, position)
		? 1u << UI_FILTER_IS_FLAPPING | 1u << UI_FILTER_IS_WRONG
		: 0;
}

static unsigned marked(const struct ui_monitors *monitors, uint32_t id)
{
	return strchr(ui_target_signs(monitors->ui, id), '*') ? 1u << UI_FILTER_IS_MARKED : 0;
}

static double ms(sdr_ns time)
{
	return time == SDR_NS_NONE ? (double)NAN : (double)time / SDR_MS;
}

/* As the columns show them. */
static bool figures_hold(
	const struct ui_monitors *monitors, uint32_t position, const struct ui_filter *filter)
{
	const struct sdr_model *model = ui_model(monitors->ui);
	struct sdr_figures figures;
	struct sdr_row row;
	sdr_model_row(model, position, &row);
	sdr_model_figures(model, position, SDR_WINDOW_1MIN, ui_now(monitors->ui), &figures);
	bool begins = row.state == SDR_STATE_UNKNOWN && row.received == 0;
	struct ui_filter_facts facts = {
		.figures = {[UI_FILTER_LOSS] = begins ? (double)NAN : figures.loss,
			[UI_FILTER_LAST] = ms(row.last),
			[UI_FILTER_P50] = ms(figures.p50),
			[UI_FILTER_P95] = ms(figures.p95),
			[UI_FILTER_JITTER] = ms(figures.jitter),
			[UI_FILTER_SENT] = (double)row.transmitted}};
	return ui_filter_figures_hold(filter, &facts);
}

static bool words_hold(
	const struct ui_monitors *monitors, uint32_t position, const struct ui_filter *filter)
{
	const struct sdr_model *model = ui_model(monitors->ui);
	const struct sdr_target *target = sdr_model_target(model, position);
	struct sdr_target_group group;
	char address[SDR_ADDR_TEXT];
	struct ui_filter_facts facts = {.texts = {target->typed, target->spec->type->label},
		.probe = target->spec->type->label,
		.is = states_of(sdr_model_state(model, position)) | flapping(model, position) |
			marked(monitors, target->id)};
	if (target->addr.version && target->host && filter->addresses)
		facts.texts[2] = format_address(address, &target->addr);
	if (ui_filter_asks(filter, UI_FILTER_GROUP) &&
		sdr_model_group(model, sdr_model_group_of(model, position), &group))
		facts.group = group.name;
	return ui_filter_holds(filter, &facts);
}

bool ui_monitors_holds(void *context, uint32_t row, const struct ui_filter *filter)
{
	const struct ui_monitors *monitors = context;
	uint32_t position = ui_monitors_position(monitors, row);
	if (!words_hold(monitors, position, filter))
		return false;
	if (!ui_filter_asks(filter, UI_FILTER_HAS_FIGURE))
		return true;
	if (monitors->table.count < UI_MONITORS_MANY)
		return figures_hold(monitors, position, filter);
	return monitors->passes && row < monitors->passes_size && monitors->passes[row] == PASSES;
}

/* ---- many ---- */

bool ui_monitors_filters_states(const struct ui_monitors *monitors)
{
	return monitors->table.filter && ui_filter_asks(monitors->table.filter, UI_FILTER_IS);
}

bool ui_monitors_filters_figures(const struct ui_monitors *monitors)
{
	return monitors->table.filter &&
		ui_filter_asks(monitors->table.filter, UI_FILTER_HAS_FIGURE);
}

void ui_monitors_compare_again(struct ui_monitors *monitors)
{
	monitors->passes_of[0] = '\0';
}

/* Forgets what was compared with another filter. False when out of memory. */
static bool begin(struct ui_monitors *monitors, const char *text)
{
	if (monitors->passes && monitors->passes_size == monitors->table.count &&
		strcmp(monitors->passes_of, text) == 0)
		return true;
	free(monitors->passes);
	monitors->passes_size = monitors->table.count;
	monitors->passes = calloc(monitors->passes_size, sizeof(*monitors->passes));
	monitors->passes_next = 0;
	monitors->table.partial = true;
	memcpy(monitors->passes_of, text, strlen(text) + 1);
	return monitors->passes;
}

/* Compares one row; false: it was the last one. */
static bool compare_next(struct ui_monitors *monitors, const struct ui_filter *filter)
{
	uint32_t row = monitors->passes_next;
	bool hold = figures_hold(monitors, ui_monitors_position(monitors, row), filter);
	monitors->passes[row] = hold ? PASSES : FAILS;
	monitors->passes_next = row + 1 < monitors->table.count ? row + 1 : 0;
	return monitors->passes_next > 0;
}

bool ui_monitors_compare(struct ui_monitors *monitors)
{
	const struct ui_filter *filter = monitors->table.filter;
	sdr_ns now = ui_now(monitors->ui);
	uint32_t count = monitors->table.count,
		 left = count < COMPARED_A_LOOK ? count : COMPARED_A_LOOK;
	if (count < UI_MONITORS_MANY || !ui_monitors_filters_figures(monitors)) {
		monitors->table.partial = false;
		return false;
	}
	if (!begin(monitors, filter->text))
		return false;
	/* Figures change: they are compared again and again, but not all the time. */
	if (monitors->passes_next == 0 && !monitors->table.partial &&
		now - monitors->passes_at < COMPARE_EVERY)
		return false;
	while (left-- > 0 && compare_next(monitors, filter))
		;
	if (monitors->passes_next > 0)
		return true;
	monitors->passes_at = now;
	monitors->table.partial = false;
	monitors->sorted++;
	return false;
}
