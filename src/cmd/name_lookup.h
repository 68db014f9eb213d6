/* name_lookup.h (internal) - what `resolve` and `host` share: a name lookup for one word, from the
 * options of the call. */
#ifndef SOUNDER_CMD_NAME_LOOKUP_H
#define SOUNDER_CMD_NAME_LOOKUP_H

#include "sounder/command.h"
#include "sounder/names.h"

extern const struct sdr_option sdr_lookup_options[]; /* --timeout */

/* One word being looked up. */
struct sdr_lookup_job {
	const struct sdr_call *call;                     /* borrowed */
	struct sdr_answers answers;                      /* where the outcome goes */
	char word[SDR_HOST_TEXT + SDR_SERVICE_TEXT + 4]; /* as typed */
	struct sdr_hostport parts;                       /* of `resolve` */
	uint16_t port;                                   /* likewise */
	bool wildcard;                                   /* likewise */
	struct sdr_names_call *under_way;
	bool literal;    /* the word is an address already; set by sdr_lookup_start */
	bool note_apart; /* as text, the note goes to stderr: the answer is one word */
	/* Fills the sheet from an answer that is OK. */
	void (*fill)(const struct sdr_lookup_job *job, const struct sdr_names_answer *answer,
		struct sdr_item *root);
};

/* Adds what both show about how an answer came about: `partial`, `omitted`, times, `attempts`,
 * `not_followed`. */
void sdr_lookup_fill(const struct sdr_lookup_job *job, const struct sdr_names_answer *answer,
	struct sdr_item *root);

/* Writes what a person should know beside the answer ("AAAA: no answer in 4.0 s; 136 more addresses
 * ..."); "" if nothing. */
#define SDR_LOOKUP_NOTE 1024
void sdr_lookup_note(const struct sdr_lookup_job *job, const struct sdr_names_answer *answer,
	char out[static SDR_LOOKUP_NOTE]);

/* Starts the lookup of `name` with a copy of `job`; emits a sheet and ends, or ends with the
 * reason. With `reverse`, of an address's names. EINVAL, ENOMEM with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_lookup_start(
	const struct sdr_lookup_job *job, const char *name, bool reverse, struct sdr_error *error);

/* Gives it up: see struct sdr_lookup. */
void sdr_lookup_cancel(const struct sdr_call *call, void *handle);

#endif
