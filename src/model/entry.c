/* entry.c - one target's memory: counters, series, latest values. */
#include "model/entry.h"

#include <stdlib.h>
#include <string.h>

static struct sdr_extras *extras_new(const struct sdr_probe_type *type)
{
	return calloc(1, sizeof(struct sdr_extras) + type->field_count * sizeof(struct sdr_value));
}

struct sdr_entry *sdr_entry_new(const struct sdr_target *target)
{
	struct sdr_entry *entry = calloc(1, sizeof *entry);
	if (!entry)
		return NULL;
	entry->target = target;
	entry->last = SDR_NS_NONE;
	entry->gap_at = SDR_NS_NONE;
	entry->extras = target->spec.type->field_count ? extras_new(target->spec.type) : NULL;
	bool short_of = target->spec.type->field_count && !entry->extras;
	if (!short_of && sdr_series_init(&entry->series, sdr_series_want(&target->spec)) == SDR_OK)
		return entry;
	sdr_entry_free(entry);
	return NULL;
}

void sdr_entry_free(struct sdr_entry *entry)
{
	if (!entry)
		return;
	if (entry->extras) {
		for (unsigned i = 0; i < SDR_FIELDS_MAX; i++)
			free(entry->extras->texts[i]);
		sdr_sheet_free(entry->extras->detail);
		free(entry->extras);
	}
	free(entry->why);
	sdr_series_done(&entry->series);
	free(entry);
}

/* Makes `*kept` a copy of `text`; leaves it alone where it is one already. Out of memory: NULL. */
static void text_keep(char **kept, const char *text)
{
	if (text && *kept && strcmp(text, *kept) == 0)
		return;
	if (!text && !*kept)
		return;
	free(*kept);
	*kept = text ? strdup(text) : NULL;
}

static void values_keep(struct sdr_entry *entry, const struct sdr_result *result)
{
	const struct sdr_probe_type *type = entry->target->spec.type;
	for (unsigned i = 0; i < type->field_count; i++) {
		struct sdr_value *value = &entry->extras->values[i];
		*value = result->values[i];
		if (type->fields[i].kind == SDR_FIELD_TEXT)
			text_keep(&entry->extras->texts[i], value->present ? value->text : NULL);
		value->text = entry->extras->texts[i];
	}
}

void sdr_entry_keep(struct sdr_entry *entry, const struct sdr_result *result)
{
	text_keep(&entry->why, result->why);
	if (!entry->extras && result->detail)
		entry->extras = extras_new(entry->target->spec.type);
	if (!entry->extras)
		return;
	values_keep(entry, result);
	sdr_sheet_free(entry->extras->detail);
	entry->extras->detail = result->detail ? sdr_sheet_copy(result->detail) : NULL;
}

static uint64_t slot_of(const struct sdr_entry *entry, const struct sdr_result *result)
{
	bool before = entry->gap_at != SDR_NS_NONE && result->sent < entry->gap_at;
	return result->sequence + entry->shift - (before ? entry->gap : 0);
}

void sdr_entry_count(struct sdr_entry *entry, const struct sdr_result *result, enum sdr_evidence evidence, sdr_ns slept)
{
	uint16_t code = SDR_SLOT_GAP;
	if (evidence == SDR_EVIDENCE_GOOD) {
		sdr_ns rtt = result->rtt == SDR_NS_NONE ? 0 : result->rtt;
		entry->received++;
		sdr_stats_add(&entry->all, rtt);
		sdr_sketch_add(&entry->sketch, rtt);
		code = sdr_code_of(rtt);
	} else if (evidence == SDR_EVIDENCE_BAD) {
		entry->lost++;
		code = SDR_SLOT_LOST;
	} else {
		entry->local++;
	}
	sdr_series_put(&entry->series, slot_of(entry, result), result->sent + slept, code);
}

void sdr_entry_gap(struct sdr_entry *entry, sdr_ns at, sdr_ns length)
{
	sdr_ns interval = entry->target->spec.interval;
	if (interval <= 0 || length < interval || entry->series.newest == SDR_NS_NONE)
		return;
	entry->gap = sdr_series_gap(&entry->series, (uint64_t)(length / interval));
	entry->gap_at = at;
	entry->shift += entry->gap;
}

void sdr_entry_reset(struct sdr_entry *entry)
{
	entry->all = (struct sdr_stats){0};
	entry->sketch = (struct sdr_sketch){0};
	entry->received = entry->lost = 0;
	entry->late = entry->duplicates = entry->corrupt = entry->foreign = entry->local = 0;
	sdr_series_reset(&entry->series);
}
