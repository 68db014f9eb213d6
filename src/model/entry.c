/* entry.c - one target's memory: counters, series, latest values. */
#include "model/entry.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Minimum length of a part of the loss window. */
#define LOSS_PART (15 * SDR_SECOND)

static unsigned brief_fields(const struct sdr_probe_type *type)
{
	unsigned count = 0;
	for (unsigned i = 0; i < type->field_count; i++)
		count += type->fields[i].brief;
	return count;
}

static struct sdr_extras *extras_new(const struct sdr_probe_type *type)
{
	struct sdr_extras *extras =
		calloc(1, sizeof(*extras) + brief_fields(type) * sizeof(struct sdr_kept));
	if (extras)
		extras->gap_at = SDR_NS_NONE;
	return extras;
}

struct sdr_extras *sdr_entry_extras(struct sdr_entry *entry)
{
	if (!entry->extras)
		entry->extras = extras_new(entry->target->spec->type);
	return entry->extras;
}

static size_t size_of(const struct sdr_reach *reach)
{
	return offsetof(struct sdr_entry, series.memory) + sdr_history_bytes(reach);
}

static struct sdr_reach reach_of(const struct sdr_series *series)
{
	return (struct sdr_reach){
		.capacity = series->capacity, .digest_bytes = series->digest_bytes};
}

struct sdr_entry *sdr_entry_new(const struct sdr_target *target, sdr_ns time)
{
	struct sdr_reach reach = sdr_history_want(target->spec, time);
	struct sdr_entry *entry = calloc(1, size_of(&reach));
	if (!entry)
		return NULL;
	entry->target = sdr_target_hold(target);
	entry->last = SDR_NS_NONE;
	entry->group = SDR_GROUP_NONE;
	sdr_history_init(&entry->series, &reach);
	if (brief_fields(target->spec->type) == 0 || sdr_entry_extras(entry))
		return entry;
	sdr_entry_free(entry);
	return NULL;
}

void sdr_entry_free(struct sdr_entry *entry)
{
	if (!entry)
		return;
	if (entry->extras) {
		for (unsigned i = 0; i < brief_fields(entry->target->spec->type); i++)
			free(entry->extras->kept[i].text);
		sdr_sheet_free(entry->extras->detail);
		free(entry->extras->cause);
		free(entry->extras->day);
		free(entry->extras);
	}
	free(entry->why);
	sdr_target_release(entry->target);
	free(entry);
}

/* Returns a copy of `size` bytes, NULL for NULL. `whole` becomes false when out of memory. */
static void *twin(const void *from, size_t size, bool *whole)
{
	void *copy = from ? malloc(size) : NULL;
	if (copy)
		memcpy(copy, from, size);
	*whole = *whole && (copy || !from);
	return copy;
}

static struct sdr_extras *extras_copy(
	const struct sdr_extras *from, const struct sdr_probe_type *type, bool *whole)
{
	unsigned count = brief_fields(type);
	struct sdr_extras *copy = twin(from, sizeof(*from) + count * sizeof(*from->kept), whole);
	if (!copy)
		return NULL;
	copy->detail = from->detail ? sdr_sheet_copy(from->detail) : NULL;
	copy->day = twin(from->day, sizeof(*from->day), whole);
	copy->cause = twin(from->cause, from->cause ? strlen(from->cause) + 1 : 0, whole);
	for (unsigned i = 0; i < count; i++) {
		const char *text = from->kept[i].text;
		copy->kept[i].text = twin(text, text ? strlen(text) + 1 : 0, whole);
		if (text)
			copy->kept[i].value.text = copy->kept[i].text;
	}
	return copy;
}

struct sdr_entry *sdr_entry_copy(const struct sdr_entry *entry)
{
	bool whole = true;
	struct sdr_reach reach = reach_of(&entry->series);
	struct sdr_entry *copy = twin(entry, size_of(&reach), &whole);
	if (!copy)
		return NULL;
	copy->target = sdr_target_copy(entry->target);
	if (!copy->target) {
		free(copy);
		return NULL;
	}
	copy->extras = extras_copy(entry->extras, entry->target->spec->type, &whole);
	copy->why = twin(entry->why, entry->why ? strlen(entry->why) + 1 : 0, &whole);
	if (whole)
		return copy;
	sdr_entry_free(copy);
	return NULL;
}

enum sdr_status sdr_entry_fit(struct sdr_entry **entry, sdr_ns time)
{
	struct sdr_entry *old = *entry;
	struct sdr_reach reach = sdr_history_want(old->target->spec, time);
	const struct sdr_reach has = reach_of(&old->series);
	if (reach.capacity <= has.capacity && reach.digest_bytes <= has.digest_bytes)
		return SDR_OK;
	reach.capacity = reach.capacity > has.capacity ? reach.capacity : has.capacity;
	reach.digest_bytes =
		reach.digest_bytes > has.digest_bytes ? reach.digest_bytes : has.digest_bytes;
	struct sdr_entry *wider = malloc(size_of(&reach));
	if (!wider)
		return SDR_ENOMEM;
	memcpy(wider, old, offsetof(struct sdr_entry, series));
	sdr_history_init(&wider->series, &reach);
	sdr_history_follow(&wider->series, &old->series);
	free(old);
	*entry = wider;
	return SDR_OK;
}

/* Makes `*kept` a copy of `text`; does nothing if it is one already. Out of memory: NULL. */
static void text_keep(char **kept, const char *text)
{
	if (text && *kept && strcmp(text, *kept) == 0)
		return;
	if (!text && !*kept)
		return;
	free(*kept);
	*kept = text ? strdup(text) : NULL;
}

const char *sdr_entry_cause(const struct sdr_entry *entry)
{
	return entry->why_is_cause ? entry->why : entry->extras ? entry->extras->cause : NULL;
}

bool sdr_entry_set_cause(
	struct sdr_entry *entry, enum sdr_outcome outcome, const char *why, bool begins)
{
	bool specific = why || outcome != SDR_OUTCOME_TIMEOUT;
	const char *known = sdr_entry_cause(entry);
	if (!begins && !specific)
		return false;
	bool changed = begins || entry->cause_outcome != outcome || !known || !why ||
		strcmp(known, why) != 0;
	entry->cause_outcome = (uint8_t)outcome;
	entry->why_is_cause = why;
	if (entry->extras)
		text_keep(&entry->extras->cause, NULL);
	return changed;
}

static void values_keep(struct sdr_entry *entry, const struct sdr_result *result)
{
	const struct sdr_probe_type *type = entry->target->spec->type;
	struct sdr_kept *kept = entry->extras->kept;
	for (unsigned i = 0; i < type->field_count; i++) {
		if (!type->fields[i].brief)
			continue;
		kept->value = *sdr_result_value(result, i);
		if (type->fields[i].kind == SDR_FIELD_TEXT) {
			text_keep(&kept->text, kept->value.present ? kept->value.text : NULL);
			kept->value.text = kept->text;
		}
		kept++;
	}
}

const struct sdr_value *sdr_entry_value(const struct sdr_entry *entry, unsigned field)
{
	static const struct sdr_value unknown = {0};
	const struct sdr_probe_type *type = entry->target->spec->type;
	unsigned before = 0;
	if (!entry->extras || field >= type->field_count || !type->fields[field].brief)
		return &unknown;
	for (unsigned i = 0; i < field; i++)
		before += type->fields[i].brief;
	return &entry->extras->kept[before].value;
}

/* A known cause of an outage, or of losses that may become one, is kept over results without a
 * cause. */
static void why_keep(struct sdr_entry *entry, const struct sdr_result *result)
{
	bool lost = result->outcome != SDR_OUTCOME_OK,
	     same = entry->why && result->why && strcmp(entry->why, result->why) == 0;
	bool wanted = entry->health.state == SDR_STATE_DOWN || (entry->health.bad > 0 && lost);
	struct sdr_extras *extras =
		entry->why_is_cause && wanted && !same ? sdr_entry_extras(entry) : NULL;
	if (extras) {
		free(extras->cause);
		extras->cause = entry->why;
		entry->why = NULL;
	}
	entry->why_is_cause = entry->why_is_cause && same;
	text_keep(&entry->why, result->why);
}

void sdr_entry_keep(struct sdr_entry *entry, const struct sdr_result *result)
{
	why_keep(entry, result);
	if (!entry->extras && (!result->detail || !sdr_entry_extras(entry)))
		return;
	values_keep(entry, result);
	sdr_sheet_free(entry->extras->detail);
	entry->extras->detail = result->detail ? sdr_sheet_copy(result->detail) : NULL;
}

static uint64_t slot_of(const struct sdr_entry *entry, const struct sdr_result *result)
{
	const struct sdr_extras *extras = entry->extras;
	if (!extras)
		return result->sequence;
	bool before = extras->gap_at != SDR_NS_NONE && result->sent < extras->gap_at;
	return result->sequence + extras->shift - (before ? extras->gap : 0);
}

/* The code is computed once for all its users. */
static uint16_t count_answer(struct sdr_entry *entry, sdr_ns rtt)
{
	uint16_t code = sdr_code_of(rtt);
	sdr_sketch_add(&entry->sketch, entry->all.count, code);
	sdr_stats_add(&entry->all, rtt);
	return code;
}

void sdr_entry_count_local(struct sdr_entry *entry)
{
	struct sdr_extras *extras = sdr_entry_extras(entry);
	if (extras)
		extras->local++;
}

void sdr_entry_count(struct sdr_entry *entry, const struct sdr_result *result,
	enum sdr_evidence evidence, sdr_ns slept)
{
	uint16_t code = SDR_SLOT_GAP;
	if (evidence == SDR_EVIDENCE_GOOD) {
		code = count_answer(entry, result->rtt == SDR_NS_NONE ? 0 : result->rtt);
	} else if (evidence == SDR_EVIDENCE_BAD) {
		entry->lost++;
		code = SDR_SLOT_LOST;
	} else {
		sdr_entry_count_local(entry);
	}
	sdr_history_put(&entry->series, slot_of(entry, result),
		(int32_t)((result->sent + slept) / SDR_SECOND), code);
}

void sdr_entry_amend(struct sdr_entry *entry, const struct sdr_result *result, sdr_ns slept)
{
	if (entry->lost == 0) /* forgotten by a reset that came between */
		return;
	uint16_t code = count_answer(entry, result->rtt == SDR_NS_NONE ? 0 : result->rtt);
	entry->lost--;
	sdr_history_amend(&entry->series, slot_of(entry, result),
		(int32_t)((result->sent + slept) / SDR_SECOND), code);
}

void sdr_entry_gap(struct sdr_entry *entry, sdr_ns at, sdr_ns length)
{
	sdr_ns interval = entry->target->spec->interval;
	if (interval <= 0 || length < interval || entry->series.newest == SDR_SERIES_NEVER)
		return;
	struct sdr_extras *extras = sdr_entry_extras(entry);
	if (!extras)
		return;
	sdr_ns slots = length / interval;
	extras->gap = slots < entry->series.capacity ? (uint32_t)slots : entry->series.capacity;
	extras->gap_at = at;
	extras->shift += extras->gap;
	sdr_history_gap(&entry->series, extras->gap);
}

void sdr_entry_reset(struct sdr_entry *entry)
{
	uint64_t ended =
		entry->all.count + entry->lost + (entry->extras ? entry->extras->local : 0);
	struct sdr_extras *extras = ended ? sdr_entry_extras(entry) : entry->extras;
	if (extras) {
		uint64_t carried = extras->carried < ended ? extras->carried : ended;
		extras->carried -= carried;
		extras->before += ended - carried;
	}
	entry->all = (struct sdr_stats){0};
	entry->sketch = (struct sdr_sketch){0};
	entry->lost = 0;
	entry->health.shares = (struct sdr_shares){0};
	entry->health.lossy = false;
	if (extras)
		extras->late = extras->duplicates = extras->corrupt = extras->foreign = 0;
	if (extras)
		extras->local = 0;
	sdr_history_reset(&entry->series);
}

sdr_ns sdr_model_loss_window(const struct sdr_entry *entry)
{
	sdr_ns part = 7 * entry->target->spec->interval;
	return SDR_LOSS_PARTS * (part > LOSS_PART ? part : LOSS_PART);
}
