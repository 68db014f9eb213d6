/* ask.h (internal) - a question as it is typed: the name, the types, how it is put, how long it may
 * take. */
#ifndef SOUNDER_DNS_ASK_H
#define SOUNDER_DNS_ASK_H

#include "dns/names.h"
#include "sounder/probe_options.h"

#define SDR_ASK_TRIES 2
#define SDR_ASK_TIMEOUT (SDR_ASK_TRIES * SDR_EXCHANGE_TIMEOUT) /* in all, unless set otherwise */

/* Fills types[*count] from the words, or without any with the usual ones for a name (A and AAAA) or
 * an address (PTR). EINVAL for a word that is no type, ERANGE for too many; with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_ask_types(const char *host, const char *const *words,
	uint16_t types[static SDR_QUESTIONS_TYPES], unsigned *count, struct sdr_error *error);

/* Writes the name to ask for: an address means its reverse name, for all types, since no name looks
 * like that. EINVAL with `error`, as sdr_message_name. */
SDR_MUST_CHECK enum sdr_status sdr_ask_name(
	const char *host, char name[static SDR_MESSAGE_NAME], struct sdr_error *error);

/* How the question is put. EINVAL, ERANGE with `error`: the subnet is none. */
SDR_MUST_CHECK enum sdr_status sdr_ask_manner(
	const struct sdr_dns_options *given, struct sdr_manner *manner, struct sdr_error *error);

/* Whether the answers are exactly the data expected (NULL-terminated). ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_ask_is_expected(
	const struct sdr_questions_result *result, const char *const *expected, bool *good);

/* resolv.conf's options, as far as its servers are asked; without any, two tries. `ask->budget` is
 * set; a longer one is longer each time, too. */
void sdr_ask_times(struct sdr_names *names, struct sdr_questions_spec *ask);

#endif
