/* path_members.h (internal) - hops as members of a path's set: what each answer has of its
 * hop. */
#ifndef SOUNDER_PROBE_PATH_MEMBERS_H
#define SOUNDER_PROBE_PATH_MEMBERS_H

#include "probe/path.h"
#include "probe/path_sheet.h"

/* A result of a hop, or of the target, with what its fields are made of. */
struct path_report {
	struct sdr_result result;
	struct sdr_value values[PATH_FIELDS];
	char labels[PATH_LABELS_MAX * 32];
	char why[PATH_WORDS];
};

/* Begins one of a probe; a TTL of 0 is the target's own, of the whole round. */
void sdr_path_report_begin(struct path_report *report, const struct hop_tag *tag);
void sdr_path_set(struct path_report *report, unsigned field, int64_t number);

/* Hands it on as that of the hop; the target may be gone after that. */
void sdr_path_report_member(struct path_target *target, uint8_t ttl, struct path_report *report);

/* Keeps what an answer has of its hop besides being there: labels, what is quoted. */
void sdr_path_keep(struct path_target *target, const struct hop_answer *answer);

/* Hands on a hop's answer, which was kept; the target may be gone after that. */
void sdr_path_report_hop(struct path_target *target, const struct hop_answer *answer);

/* Removes the members of bit TTL - 1. */
void sdr_path_remove_hops(struct path_target *target, uint64_t which);

#endif
