/* dial_words.h (internal) - outcome and messages of a finished dial. */
#ifndef SOUNDER_NET_DIAL_WORDS_H
#define SOUNDER_NET_DIAL_WORDS_H

#include "net/dial.h"
#include "net/dial_error.h"

/* A race that is over. */
struct sdr_dial_story {
	const struct sdr_attempt *attempts; /* [begun] */
	const char (
		*words)[SDR_FAULT_WORDS]; /* [begun]: why each failed; "": the outcome is enough */
	unsigned begun, count;            /* tries; endpoints */
	sdr_ns elapsed;                   /* since its start */
};

/* Returns the outcome of a dial that failed: that of the most informative try. */
enum sdr_outcome sdr_dial_outcome(const struct sdr_dial_story *story);

/* Writes each address with its own reason; the reason alone where there is one address, or one
 * reason of this host for all. */
void sdr_dial_format_failed(char why[static SDR_DIAL_WHY], const struct sdr_dial_story *story);

/* Writes which addresses are dead while `winner` answered; "" where none is. */
void sdr_dial_format_warning(
	char why[static SDR_DIAL_WHY], const struct sdr_dial_story *story, unsigned winner);

#endif
