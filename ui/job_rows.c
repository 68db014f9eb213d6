/* job_rows.c - what a job's probes came to, as objects to show. */
#include "job_rows.h"

struct sdr_sheet *ui_row_of_result(const struct sdr_target *target, const struct sdr_result *result)
{
	const struct sdr_probe_type *type = target->spec->type;
	struct sdr_sheet *sheet = sdr_sheet_new();
	char text[SDR_ADDR_TEXT];
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_format(root, "outcome", "Outcome", "%s%s%s", sdr_outcome_sentence(result->outcome),
		result->why ? ": " : "", result->why ? result->why : "")
		->show = SDR_SHOW_HEADLINE;
	sdr_item_text(root, "target", "Target", target->typed);
	if (result->from.addr.version)
		sdr_item_text(
			root, "address", "Address", sdr_addr_format(text, &result->from.addr));
	sdr_item_duration(root, "time_seconds", "Time", result->rtt);
	for (unsigned i = 0; i < type->field_count; i++) {
		const struct sdr_field *field = &type->fields[i];
		const struct sdr_value *value = sdr_result_value(result, i);
		if (!value->present)
			continue;
		if (field->kind == SDR_FIELD_DURATION)
			sdr_item_duration(root, field->name, field->label, value->number);
		else if (field->kind == SDR_FIELD_TEXT)
			sdr_item_text(root, field->name, field->label, value->text);
		else if (field->kind == SDR_FIELD_BOOLEAN)
			sdr_item_boolean(root, field->name, field->label, value->number != 0);
		else if (field->kind == SDR_FIELD_ADDRESS)
			sdr_item_text(root, field->name, field->label,
				sdr_addr_format(text, value->addr));
		else
			sdr_item_integer(root, field->name, field->label, value->number);
	}
	return sheet;
}

struct sdr_sheet *ui_row_of_alive(const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	char label[SDR_TARGET_LABEL];
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_text(root, "alive", "Alive", sdr_target_label(label, target));
	sdr_item_duration(root, "time_seconds", "Time", result->rtt);
	return sheet;
}

struct sdr_sheet *ui_row_of_totals(const struct sdr_watch *watch, const struct sdr_target *target,
	const struct sdr_totals *totals, bool reached)
{
	static const char *const states[] = {[SDR_UNTIL_UP] = "up", [SDR_UNTIL_DOWN] = "DOWN"};
	struct sdr_sheet *sheet = sdr_sheet_new();
	char label[SDR_TARGET_LABEL];
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_text(root, "target", "Target", sdr_target_label(label, target));
	if (watch->until != SDR_UNTIL_STOPPED)
		sdr_item_format(root, "state", "State", "%s%s", reached ? "" : "not ",
			states[watch->until]);
	sdr_item_integer(root, "transmitted", "Sent", (int64_t)totals->transmitted);
	sdr_item_integer(root, "received", "Answered", (int64_t)totals->received);
	sdr_item_integer(root, "lost", "Lost", (int64_t)totals->lost);
	sdr_item_duration(root, "avg_seconds", "Average", totals->rtt_avg);
	sdr_item_duration(root, "elapsed_seconds", "Took", totals->elapsed);
	return sheet;
}
