/* ranking.c - which targets a table shows, and what they are ordered by.
 *
 * The set of rows changes only when targets come and go. Only states that changed are read.
 * Figures, which cost most, are computed between frames if there are many, for some of the rows at
 * a time; rows are sorted at most twice a second then. So a frame costs about the same for ten
 * targets and for 65,536. */
#include "ranking.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monitors.h"
#include "monitors_blocks.h"
#include "monitors_filter.h"
#include "monitors_labels.h"
#include "page_host.h"
#include "sounder/engine.h"
#include "sounder/flaps.h"

#define LOOK_EVERY (500 * SDR_MS) /* how often many targets are looked at */
/* How often addresses, which rarely change, are sorted again. */
#define READDRESS (10 * SDR_SECOND)
#define FIGURES_A_LOOK 1024 /* rows whose figures are computed at once: at least UI_MONITORS_MANY */

#define NO_FIGURE 0xFFFFFF /* a weight */

static const struct sdr_target *target_at(const struct ui_monitors *monitors, uint32_t row)
{
	return sdr_model_target(ui_model(monitors->ui), ui_monitors_position(monitors, row));
}

/* ---- weights: the least comes first ---- */

/* The worst first, and what has no figure last. Three bytes are enough to sort by: a number's
 * magnitude and its 15 highest bits. */
static uint64_t worst_first(sdr_ns value)
{
	float number = value < 0 ? 0 : (float)value;
	uint32_t bits;
	memcpy(&bits, &number, sizeof(bits));
	return value == SDR_NS_NONE ? NO_FIGURE : NO_FIGURE - 1 - (bits >> 8);
}

static bool is_text(enum ui_monitors_column column)
{
	return column == UI_MONITORS_TARGET || column == UI_MONITORS_ADDRESS ||
		column == UI_MONITORS_KIND;
}

static bool is_state(enum ui_monitors_column column)
{
	return column == UI_MONITORS_SIGN || column == UI_MONITORS_STATE;
}

static uint64_t eight_bytes(const char *text)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < 8; i++)
		value = value << 8 | (unsigned char)(*text ? *text++ : 0);
	return value;
}

static const char *text_of(const struct sdr_target *target, enum ui_monitors_column column)
{
	return column == UI_MONITORS_KIND ? target->spec->type->label : target->typed;
}

/* Seven bytes of an address from `from` on; IPv4 before IPv6 before none. */
static uint64_t address_weight(const struct sdr_addr *addr, unsigned from)
{
	uint64_t value = 0;
	if (addr->version != 6)
		from = 0;
	for (unsigned i = from; i < from + 7; i++)
		value = value << 8 | (i < (addr->version == 4 ? 4u : 16u) ? addr->bytes[i] : 0);
	return addr->version == 0    ? UINT64_MAX
		: addr->version == 4 ? value
				     : value | (uint64_t)1 << 56;
}

static const struct sdr_addr *addr_at(const struct ui_monitors *monitors, uint32_t row)
{
	return &target_at(monitors, row)->addr;
}

/* The common prefix of all IPv6 addresses is skipped: the seven bytes after it count. */
static void weigh_addresses(const struct ui_monitors *monitors, uint64_t *weights)
{
	const struct sdr_addr *first = NULL;
	unsigned common = 9;
	for (uint32_t i = 0; i < monitors->table.count; i++) {
		const struct sdr_addr *addr = addr_at(monitors, i);
		if (addr->version != 6)
			continue;
		first = first ? first : addr;
		unsigned alike = 0;
		while (alike < common && addr->bytes[alike] == first->bytes[alike])
			alike++;
		common = alike;
	}
	for (uint32_t i = 0; i < monitors->table.count; i++)
		weights[i] = address_weight(addr_at(monitors, i), common);
}

/* The common prefix of all names is skipped: the eight bytes after it count. */
static void weigh_text(
	const struct ui_monitors *monitors, enum ui_monitors_column column, uint64_t *weights)
{
	uint32_t count = monitors->table.count;
	const char *first = count ? text_of(target_at(monitors, 0), column) : "";
	size_t common = strlen(first);
	for (uint32_t i = 1; i < count && common > 0; i++) {
		const char *text = text_of(target_at(monitors, i), column);
		size_t alike = 0;
		while (alike < common && text[alike] == first[alike])
			alike++;
		common = alike;
	}
	for (uint32_t i = 0; i < count; i++)
		weights[i] = eight_bytes(text_of(target_at(monitors, i), column) + common);
}

static uint64_t weight_of(
	const struct ui_monitors *monitors, uint32_t row, enum ui_monitors_column column)
{
	const struct sdr_model *model = ui_model(monitors->ui);
	struct sdr_figures figures;
	struct sdr_row whole;
	if (column == UI_MONITORS_LAST || column == UI_MONITORS_SENT) {
		sdr_model_row(model, ui_monitors_position(monitors, row), &whole);
		return worst_first(
			column == UI_MONITORS_LAST ? whole.last : (sdr_ns)whole.transmitted);
	}
	sdr_model_figures(model, ui_monitors_position(monitors, row), SDR_WINDOW_1MIN,
		ui_now(monitors->ui), &figures);
	sdr_model_row(model, ui_monitors_position(monitors, row), &whole);
	if (column == UI_MONITORS_LOSS && whole.state == SDR_STATE_UNKNOWN && whole.received == 0)
		return worst_first(SDR_NS_NONE);
	if (column == UI_MONITORS_LOSS)
		return worst_first(
			isnan(figures.loss) ? SDR_NS_NONE : (sdr_ns)(figures.loss * 1000));
	return worst_first(column == UI_MONITORS_P50 ? figures.p50
			: column == UI_MONITORS_P95  ? figures.p95
						     : figures.jitter);
}

/* Computes the figures of some rows, all in turn. Returns whether there was anything to do. */
static bool compute(struct ui_monitors *monitors)
{
	uint32_t count = monitors->table.count,
		 left = count < FIGURES_A_LOOK ? count : FIGURES_A_LOOK;
	int sort = monitors->table.sort;
	enum ui_monitors_column column = sort > 0 ? monitors->shown[sort - 1] : UI_MONITORS_SIGN;
	if (is_state(column) || is_text(column) || count == 0)
		return false;
	if (monitors->weighed != column + 1u) {
		for (uint32_t i = 0; i < count; i++)
			monitors->weights[i] = NO_FIGURE;
		monitors->weighed = column + 1u;
	}
	for (; left > 0; left--) {
		monitors->next = monitors->next + 1 < count ? monitors->next + 1 : 0;
		monitors->weights[monitors->next] = weight_of(monitors, monitors->next, column);
	}
	return true;
}

void ui_ranking_weigh(void *context, unsigned number, uint64_t *weights)
{
	struct ui_monitors *monitors = context;
	enum ui_monitors_column column = monitors->shown[number];
	if (column == UI_MONITORS_ADDRESS) {
		weigh_addresses(monitors, weights);
	} else if (is_text(column)) {
		weigh_text(monitors, column, weights);
	} else {
		if (monitors->weighed != column + 1u)
			compute(monitors);
		memcpy(weights, monitors->weights, monitors->table.count * sizeof(*weights));
	}
}

const uint8_t *ui_ranking_ranks(void *context, unsigned number)
{
	const struct ui_monitors *monitors = context;
	return is_state(monitors->shown[number]) ? monitors->ranks : NULL;
}

/* ---- groups ---- */

/* What a name stands under: all behind its first dot, or the whole of a short one. */
static const char *domain_of(const struct sdr_target *target)
{
	const char *host = target->host ? target->host : target->typed, *dot = strchr(host, '.');
	return dot && dot[1] ? dot + 1 : host;
}

static bool is_named(const struct sdr_target *target)
{
	const char *host = target->host ? target->host : target->typed;
	return strspn(host, "0123456789.") < strlen(host) && !strchr(host, ':');
}

/* Alphabetical by four bytes, then apart by a hash (FNV-1a). */
static uint64_t text_group(const char *text)
{
	uint32_t hash = 2166136261;
	for (const char *p = text; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619;
	return (eight_bytes(text) >> 32) << 31 | hash >> 1;
}

uint64_t ui_ranking_group_of(const struct ui_monitors *monitors, uint32_t row)
{
	const struct sdr_target *target = target_at(monitors, row);
	if (monitors->grouping == UI_GROUPING_STATE)
		return monitors->ranks[row];
	if (monitors->grouping == UI_GROUPING_NAME && is_named(target))
		return text_group(domain_of(target));
	uint64_t weight = address_weight(&target->addr, 0);
	/* Named groups have bit 63 clear. A network is a /24 of the 56 bits, or a /48. */
	if (weight == UINT64_MAX)
		return weight;
	unsigned dropped = target->addr.version == 4 ? 32 : 8;
	return (uint64_t)1 << 63 | weight >> dropped;
}

bool ui_ranking_group(void *context, uint64_t *groups)
{
	const struct ui_monitors *monitors = context;
	if (monitors->grouping == UI_GROUPING_NONE || monitors->grouping == UI_GROUPING_GROUP)
		return false;
	for (uint32_t i = 0; i < monitors->table.count; i++)
		groups[i] = ui_ranking_group_of(monitors, i);
	return true;
}

const char *ui_ranking_group_name(
	const struct ui_monitors *monitors, uint32_t row, char *out, size_t size)
{
	const struct sdr_target *target = target_at(monitors, row);
	char text[SDR_PREFIX_TEXT];
	struct sdr_prefix prefix = {
		.addr = target->addr, .length = target->addr.version == 4 ? 24 : 48};
	if (monitors->grouping == UI_GROUPING_STATE)
		snprintf(out, size, "%s",
			sdr_state_word(sdr_model_state(
				ui_model(monitors->ui), ui_monitors_position(monitors, row))));
	else if (monitors->grouping == UI_GROUPING_NAME && is_named(target))
		snprintf(out, size, "%s", domain_of(target));
	else if (target->addr.version == 0)
		snprintf(out, size, "no address");
	else {
		prefix.addr = sdr_prefix_network(&prefix);
		snprintf(out, size, "%s", sdr_prefix_format(text, &prefix));
	}
	return out;
}

/* ---- rows ---- */

#define HEAD_KEY ((uint64_t)1 << 63) /* and the block */

uint64_t ui_ranking_key(void *context, uint32_t row)
{
	const struct ui_monitors *monitors = context;
	if (row >= monitors->table.count)
		return HEAD_KEY | (row - monitors->table.count);
	return target_at(context, row)->id;
}

uint32_t ui_ranking_find(void *context, uint64_t key)
{
	const struct ui_monitors *monitors = context;
	if (key & HEAD_KEY)
		return ui_group_rows_size(&monitors->groups, (uint32_t)key) > 0
			? monitors->table.count + (uint32_t)key
			: UINT32_MAX;
	uint32_t position = sdr_model_position(ui_model(monitors->ui), (uint32_t)key), low = 0,
		 high = monitors->table.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (ui_monitors_position(monitors, middle) < position)
			low = middle + 1;
		else
			high = middle;
	}
	return low < monitors->table.count && ui_monitors_position(monitors, low) == position
		? low
		: UINT32_MAX;
}

static bool is_shown(const struct ui_monitors *monitors, const struct sdr_target *target)
{
	const char *panel = target->spec->type->panel;
	if (monitors->host && !ui_page_host_has(monitors->host, monitors->model, target))
		return false;
	return !monitors->panel || (panel && strcmp(monitors->panel, panel) == 0);
}

static bool make_room(struct ui_monitors *monitors, uint32_t all)
{
	if (all <= monitors->size)
		return true;
	uint8_t *ranks = realloc(monitors->ranks, all);
	if (!ranks)
		return false;
	monitors->ranks = ranks;
	uint64_t *weights = realloc(monitors->weights, all * sizeof(*weights));
	if (!weights)
		return false;
	monitors->weights = weights;
	monitors->size = all;
	return true;
}

static void take_state(struct ui_monitors *monitors, uint32_t row)
{
	uint32_t position = ui_monitors_position(monitors, row);
	enum sdr_state state = sdr_model_state(monitors->model, position);
	/* One that flaps has one place, whatever its state is just now. */
	if (sdr_model_flaps(monitors->model, position))
		state = SDR_STATE_SLOW;
	monitors->ranks[row] = sdr_state_rank(state);
	monitors->tally[monitors->ranks[row]]++;
	if (monitors->grouping == UI_GROUPING_GROUP)
		ui_group_rows_add(&monitors->groups, row,
			sdr_model_group_of(monitors->model, ui_monitors_position(monitors, row)),
			monitors->ranks[row]);
}

static void begin_states(struct ui_monitors *monitors, uint32_t rows)
{
	memset(monitors->tally, 0, sizeof(monitors->tally));
	if (monitors->grouping == UI_GROUPING_GROUP)
		(void)ui_group_rows_begin(&monitors->groups, monitors->model, rows);
}

/* Makes a list of where rows are in the model, unless all of it is shown: then there is none, and
 * 65,536 numbers less. */
static bool place_rows(struct ui_monitors *monitors, uint32_t all)
{
	uint32_t shown = 0;
	while (shown < all && is_shown(monitors, sdr_model_target(monitors->model, shown)))
		shown++;
	free(monitors->positions);
	monitors->positions = shown < all ? malloc(all * sizeof(*monitors->positions)) : NULL;
	return shown == all || monitors->positions;
}

/* Reads positions and states again; shows none when out of memory. */
static void gather(struct ui_monitors *monitors)
{
	uint32_t all = sdr_model_count(monitors->model), count = 0;
	if (!make_room(monitors, all) || !place_rows(monitors, all))
		all = 0;
	begin_states(monitors, all);
	monitors->longest = 0;
	ui_monitors_blocks_begin(monitors, all);
	for (uint32_t i = 0; i < all; i++) {
		if (!is_shown(monitors, sdr_model_target(monitors->model, i)))
			continue;
		if (monitors->positions)
			monitors->positions[count] = i;
		ui_monitors_blocks_add(monitors, count, i);
		take_state(monitors, count++);
	}
	ui_monitors_blocks_end(monitors, count);
	for (uint32_t row = 0; row < count; row++)
		ui_monitors_measure(monitors, row);
	monitors->weighed = 0;
	monitors->next = 0;
	ui_monitors_compare_again(monitors);
	monitors->members = sdr_model_member_version(monitors->model);
	monitors->order = monitors->sorted_order = sdr_model_order_version(monitors->model);
	monitors->held = false;
	monitors->sorted++;
	/* The table gets rid of rows that are there no more before anything is asked of them. */
	ui_table_update(&monitors->table, monitors, count, monitors->sorted);
}

static void take_all(struct ui_monitors *monitors)
{
	begin_states(monitors, monitors->table.count);
	for (uint32_t i = 0; i < monitors->table.count; i++)
		take_state(monitors, i);
}

/* Asks for the states of those that changed. Returns false where the model does not know any more
 * which those are. */
static bool take_changes(struct ui_monitors *monitors)
{
	uint64_t version = sdr_model_order_version(monitors->model), from = monitors->order + 1;
	if (sdr_model_changed(monitors->model, from) == UINT32_MAX)
		return false;
	for (; from <= version; from++) {
		uint32_t row = ui_ranking_find(monitors, sdr_model_changed(monitors->model, from));
		if (row == UINT32_MAX)
			continue;
		monitors->tally[monitors->ranks[row]]--;
		if (monitors->grouping == UI_GROUPING_GROUP)
			ui_group_rows_remove(&monitors->groups, row, monitors->ranks[row]);
		take_state(monitors, row);
	}
	return true;
}

/* Whether states, or what changes along with them, make the order. */
static bool is_old(const struct ui_monitors *monitors, bool few, sdr_ns now)
{
	int sort = monitors->table.sort;
	enum ui_monitors_column column = sort > 0 ? monitors->shown[sort - 1] : UI_MONITORS_KIND;
	if (few || is_state(column) || ui_monitors_filters_states(monitors) ||
		monitors->grouping == UI_GROUPING_STATE || monitors->grouping == UI_GROUPING_GROUP)
		return true;
	return column == UI_MONITORS_ADDRESS && now - monitors->sorted_at >= READDRESS;
}

/* Has rows sorted again, but not while their order is held. */
static void sort_again(struct ui_monitors *monitors, sdr_ns now)
{
	monitors->held = ui_holds(monitors->ui);
	if (monitors->held)
		return;
	monitors->sorted_at = now;
	monitors->sorted_order = monitors->order;
	monitors->sorted++;
}

void ui_ranking_look(struct ui_monitors *monitors)
{
	const struct sdr_model *model = ui_model(monitors->ui);
	sdr_ns now = ui_now(monitors->ui);
	bool other =
		sdr_model_member_version(model) != monitors->members || model != monitors->model;
	monitors->model = model;
	if (other)
		gather(monitors);
	bool few = monitors->table.count < UI_MONITORS_MANY,
	     due = now - monitors->looked >= LOOK_EVERY || now < monitors->looked;
	if (!few && !due)
		return;
	if (due)
		monitors->looked = now;
	if (sdr_model_order_version(model) != monitors->order) {
		if (!take_changes(monitors))
			take_all(monitors);
		monitors->order = sdr_model_order_version(model);
	}
	if (monitors->order != monitors->sorted_order && is_old(monitors, few, now))
		sort_again(monitors, now);
	if (few && due && (compute(monitors) || ui_monitors_filters_figures(monitors)))
		sort_again(monitors, now);
}

bool ui_ranking_work(struct ui_monitors *monitors)
{
	sdr_ns now = ui_now(monitors->ui);
	if (monitors->table.count < UI_MONITORS_MANY)
		return false;
	bool computed = compute(monitors), compared = ui_monitors_compare(monitors);
	if (!computed && !compared)
		return false;
	if (now - monitors->sorted_at >= LOOK_EVERY || now < monitors->sorted_at)
		sort_again(monitors, now);
	return true;
}
