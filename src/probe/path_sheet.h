/* path_sheet.h (internal) - a path as data: the fields of a hop's answer, sums, the sheet. */
#ifndef SOUNDER_PROBE_PATH_SHEET_H
#define SOUNDER_PROBE_PATH_SHEET_H

#include "sounder/probe.h"

enum {
	PATH_SUMMARY_REACHED,
	PATH_SUMMARY_AFTER,
	PATH_SUMMARY_BY,
	PATH_SUMMARY_EPOCHS,
	PATH_SUMMARY_PROTOCOL,
	PATH_SUMMARY_FIELDS
};
extern const struct sdr_field sdr_path_summary_fields[PATH_SUMMARY_FIELDS];
void sdr_path_summarise(const void *state, struct sdr_value *values);

enum {
	PATH_ROUND,
	PATH_FLOW,
	PATH_HOP,
	PATH_TYPE,
	PATH_CODE,
	PATH_HOP_LIMIT,
	PATH_LABELS_TEXT,
	PATH_MTU,
	PATH_QUOTED_TTL,
	PATH_QUOTED_TOS,
	PATH_NAT,
	PATH_FIELDS
};
extern const struct sdr_field sdr_path_fields[PATH_FIELDS];

/* As struct probe_type has it. */
void sdr_path_sheet(const void *state, struct sdr_item *root);

#endif
