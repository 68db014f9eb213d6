/* reply.h (internal) - what a reply is worth beside others, and where to go on after it. */
#ifndef SOUNDER_DNS_REPLY_H
#define SOUNDER_DNS_REPLY_H

#include "dns/questions.h"

/* Whether it answers the question: then no other server is asked. A referral from a server that
 * does not recurse does not; as in libc. */
bool sdr_reply_is_final(const struct sdr_reply *reply);

/* How informative a reply without an answer is: the larger, the more. */
int sdr_reply_worth(const struct sdr_reply *reply);

/* Whether the server took offence at EDNS: FORMERR, NOTIMP, BADVERS. RFC 6891 sec. 7 */
bool sdr_reply_refuses_edns(
	const struct sdr_reply *reply, const struct sdr_exchange_result *result);

/* How a try ended, from the channel's result; `error` becomes the errno of connect where the server
 * is unreachable rather than its port closed. */
enum sdr_exchange_end sdr_reply_end(
	const struct sdr_channel_result *result, const struct sdr_endpoint *server, int *error);

/* Frees what a reply owns. */
void sdr_reply_clear(struct sdr_reply *reply);

/* Classifies the answer to one question, or its absence: fills outcome, sentence, rcode, message
 * and chain. Separate for tests. `reply->type` is set. */
void sdr_reply_classify(
	const struct sdr_exchange_result *result, const char *name, struct sdr_reply *reply);

#define SDR_QUESTIONS_TIME 32

/* Writes how long was waited: "4.0 s", "20.1 ms"; what is short is no "0.0 s". Returns `out`. */
const char *sdr_questions_format_time(char out[static SDR_QUESTIONS_TIME], sdr_ns time);

/* Adds the extended errors of the reply's message to its sentence, or makes one of them. */
void sdr_reply_add_edes(struct sdr_reply *reply);

#endif
