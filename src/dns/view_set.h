/* view_set.h (internal) - what views have for a name, compared: sets of records, the relation of
 * two of them, and who stands together. Pure. */
#ifndef SOUNDER_DNS_VIEW_SET_H
#define SOUNDER_DNS_VIEW_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/status.h"

#define SDR_VIEWS_MAX 64 /* addresses of name servers among them */
#define SDR_VIEW_TYPES 16

/* What there is of a type, or of a name. The three that are not data are three things. */
enum view_kind { VIEW_NONE, VIEW_NXDOMAIN, VIEW_NODATA, VIEW_REFERRAL, VIEW_DATA };

/* What a view has of one type. Zero it: it has no answer. */
struct view_data {
	enum view_kind kind;
	unsigned count; /* of `data`, with DATA */
	char **data;    /* [count] sorted, each once; owned */
};

struct view_set {
	unsigned types; /* the same for all that are compared */
	struct view_data of[SDR_VIEW_TYPES];
};

/* How a view stands to others. Of two views it is the same both ways: SUBSET if one has all that
 * the other has, and more. NONE: one of them has no answer, or to no type that the other has one
 * to. */
enum view_relation { VIEW_UNRELATED, VIEW_SAME, VIEW_SUBSET, VIEW_DIFFERS };

/* Adds data of a type in presentation form, as it came: case of names and repeats do not count.
 * ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_view_add(
	struct view_set *set, unsigned index, uint16_t type, const char *data);
void sdr_view_set_free(struct view_set *set); /* and empties it */

/* What the view has of the name: data, if it has any. */
enum view_kind sdr_view_kind(const struct view_set *set);
const char *sdr_view_kind_word(enum view_kind kind); /* "NXDOMAIN"; NULL for NONE and DATA */

enum view_relation sdr_view_relate(const struct view_set *a, const struct view_set *b);
const char *sdr_view_relation_word(enum view_relation relation); /* as JSON has it */

/* Where a view stands. */
struct view_place {
	int group;                   /* from 0; -1: none */
	enum view_relation relation; /* to the first group: SAME and SUBSET in it, DIFFERS in
					others */
};

/* Finds out who stands together: sets[count] into places[count]. The first group is that of the
 * largest number of equal views, of several the one that comes first; a view that has a part of
 * what a group has, or that and more, is in it, too. Writes who leads each group, and returns how
 * many there are. */
unsigned sdr_views_group(const struct view_set *const sets[], unsigned count,
	struct view_place places[], unsigned leaders[]);

/* Whether the view has exactly what is expected (NULL-terminated), in any order; a name's last dot
 * and quotes around a text may be left out. */
bool sdr_view_is_expected(
	const struct view_set *set, const uint16_t types[], const char *const *expected);

#endif
