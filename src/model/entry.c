/* entry.c - one target's memory: counters, series, latest values. */
#include "model/entry.h"

#include <stdlib.h>
#include <string.h>

static unsigned brief_fields(const struct sdr_probe_type *type)
{
	unsigned count = 0;
	for (unsigned i = 0; i < type->field_count; i++)
		count += type->fields[i].brief;
	return count;
}

static struct sdr_extras *extras_new(const struct sdr_probe_type *type)
{
	return calloc(1, sizeof(struct sdr_extras) + brief_fields(type) * sizeof(struct sdr_kept));
}

struct sdr_entry *sdr_entry_new(const struct sdr_target *target, sdr_ns time)
{
	const struct sdr_spec *spec = target->spec;
	struct sdr_entry *entry = calloc(1, sizeof *entry);
	if (!entry)
		return NULL;
	entry->target = target;
	entry->last = SDR_NS_NONE;
	bool wants = brief_fields(spec->type) > 0;
	entry->extras = wants ? extras_new(spec->type) : NULL;
	if ((entry->extras || !wants) && sdr_series_init(&entry->series, sdr_series_want(spec, time)) == SDR_OK &&
		sdr_past_init(&entry->past, spec->interval) == SDR_OK)
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
		free(entry->extras);
	}
	free(entry->oddities);
	free(entry->why);
	sdr_series_done(&entry->series);
	sdr_past_done(&entry->past);
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

static struct sdr_extras *extras_copy(const struct sdr_extras *from, const struct sdr_probe_type *type, bool *whole)
{
	unsigned count = brief_fields(type);
	struct sdr_extras *copy = twin(from, sizeof *from + count * sizeof *from->kept, whole);
	if (!copy)
		return NULL;
	copy->detail = from->detail ? sdr_sheet_copy(from->detail) : NULL;
	for (unsigned i = 0; i < count; i++) {
		const char *text = from->kept[i].text;
		copy->kept[i].text = twin(text, text ? strlen(text) + 1 : 0, whole);
		copy->kept[i].value.text = copy->kept[i].text;
	}
	return copy;
}

struct sdr_entry *sdr_entry_copy(const struct sdr_entry *entry)
{
	bool whole = true;
	struct sdr_entry *copy = twin(entry, sizeof *entry, &whole);
	if (!copy)
		return NULL;
	copy->extras = extras_copy(entry->extras, entry->target->spec->type, &whole);
	copy->oddities = twin(entry->oddities, sizeof *entry->oddities, &whole);
	copy->why = twin(entry->why, entry->why ? strlen(entry->why) + 1 : 0, &whole);
	copy->series.slots = twin(entry->series.slots, (size_t)entry->series.capacity / 2 * 3, &whole);
	copy->past.memory = twin(entry->past.memory, sdr_past_size(&entry->past), &whole);
	if (whole)
		return copy;
	sdr_entry_free(copy);
	return NULL;
}

struct sdr_oddities *sdr_entry_oddities(struct sdr_entry *entry)
{
	if (!entry->oddities && (entry->oddities = calloc(1, sizeof *entry->oddities)))
		entry->oddities->gap_at = SDR_NS_NONE;
	return entry->oddities;
}

enum sdr_status sdr_entry_fit(struct sdr_entry *entry, sdr_ns time)
{
	const struct sdr_spec *spec = entry->target->spec;
	uint32_t want = sdr_series_want(spec, time);
	enum sdr_status status = want > entry->series.capacity ? sdr_series_resize(&entry->series, want) : SDR_OK;
	return status == SDR_OK ? sdr_past_resize(&entry->past, spec->interval) : status;
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
	const struct sdr_probe_type *type = entry->target->spec->type;
	struct sdr_kept *kept = entry->extras->kept;
	for (unsigned i = 0; i < type->field_count; i++) {
		if (!type->fields[i].brief)
			continue;
		kept->value = result->values[i];
		if (type->fields[i].kind == SDR_FIELD_TEXT)
			text_keep(&kept->text, kept->value.present ? kept->value.text : NULL);
		kept->value.text = kept->text;
		kept++;
	}
}

void sdr_entry_values(const struct sdr_entry *entry, struct sdr_value *values)
{
	const struct sdr_probe_type *type = entry->target->spec->type;
	const struct sdr_kept *kept = entry->extras ? entry->extras->kept : NULL;
	for (unsigned i = 0; kept && i < type->field_count; i++)
		if (type->fields[i].brief)
			values[i] = (kept++)->value;
}

void sdr_entry_keep(struct sdr_entry *entry, const struct sdr_result *result)
{
	text_keep(&entry->why, result->why);
	if (!entry->extras && result->detail)
		entry->extras = extras_new(entry->target->spec->type);
	if (!entry->extras)
		return;
	values_keep(entry, result);
	sdr_sheet_free(entry->extras->detail);
	entry->extras->detail = result->detail ? sdr_sheet_copy(result->detail) : NULL;
}

static uint64_t slot_of(const struct sdr_entry *entry, const struct sdr_result *result)
{
	const struct sdr_oddities *odd = entry->oddities;
	if (!odd)
		return result->sequence;
	bool before = odd->gap_at != SDR_NS_NONE && result->sent < odd->gap_at;
	return result->sequence + odd->shift - (before ? odd->gap : 0);
}

static void count_local(struct sdr_entry *entry)
{
	struct sdr_oddities *odd = sdr_entry_oddities(entry);
	if (odd)
		odd->local++;
}

void sdr_entry_count(struct sdr_entry *entry, const struct sdr_result *result, enum sdr_evidence evidence, sdr_ns slept)
{
	sdr_ns rtt = SDR_NS_NONE;
	uint16_t code = SDR_SLOT_GAP;
	if (evidence == SDR_EVIDENCE_GOOD) {
		rtt = result->rtt == SDR_NS_NONE ? 0 : result->rtt;
		sdr_stats_add(&entry->all, rtt);
		sdr_sketch_add(&entry->sketch, rtt);
		code = sdr_code_of(rtt);
	} else if (evidence == SDR_EVIDENCE_BAD) {
		entry->lost++;
		code = SDR_SLOT_LOST;
	} else {
		count_local(entry);
	}
	sdr_series_put(&entry->series, slot_of(entry, result), result->sent + slept, code);
	if (evidence != SDR_EVIDENCE_LOCAL)
		sdr_past_put(&entry->past, result->sent + slept, rtt);
}

void sdr_entry_gap(struct sdr_entry *entry, sdr_ns at, sdr_ns length)
{
	sdr_ns interval = entry->target->spec->interval;
	if (interval <= 0 || length < interval || entry->series.newest == SDR_NS_NONE)
		return;
	struct sdr_oddities *odd = sdr_entry_oddities(entry);
	if (!odd)
		return;
	odd->gap = sdr_series_gap(&entry->series, (uint64_t)(length / interval));
	odd->gap_at = at;
	odd->shift += odd->gap;
}

void sdr_entry_reset(struct sdr_entry *entry)
{
	entry->all = (struct sdr_stats){0};
	entry->sketch = (struct sdr_sketch){0};
	entry->lost = 0;
	entry->health.shares = (struct sdr_shares){0};
	entry->health.lossy = false;
	if (entry->oddities)
		entry->oddities->late = entry->oddities->duplicates = entry->oddities->corrupt = entry->oddities->foreign =
			entry->oddities->local = 0;
	sdr_series_reset(&entry->series);
	sdr_past_reset(&entry->past);
}
