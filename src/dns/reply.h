/* reply.h (internal) - what a reply is worth beside others, and where to go on after it. */
#ifndef SOUNDER_DNS_REPLY_H
#define SOUNDER_DNS_REPLY_H

#include "dns/questions.h"

/* Whether it answers the question: then no other server is asked. A referral from a server that
 * asks nobody does not; libc thinks so, too. */
bool sdr_reply_is_final(const struct sdr_reply *reply);

/* Which of several that do not answer says most: the larger. */
int sdr_reply_worth(const struct sdr_reply *reply);

/* Whether the server took offence at EDNS: FORMERR, NOTIMP, BADVERS. RFC 6891 sec. 7 */
bool sdr_reply_refuses_edns(
	const struct sdr_reply *reply, const struct sdr_exchange_result *result);

/* How a try ended, by what the channel says of it; `error` becomes what connect says where the port
 * would not be closed but out of reach. */
enum sdr_exchange_end sdr_reply_end(
	const struct sdr_channel_result *result, const struct sdr_endpoint *server, int *error);

/* Frees what a reply owns. */
void sdr_reply_clear(struct sdr_reply *reply);

/* Says in a sentence what an answer, or none, to one question means, and fills outcome, rcode,
 * message and chain. Pure but for the sentence's names; apart for tests. `reply->type` is set. */
void sdr_reply_classify(
	const struct sdr_exchange_result *result, const char *name, struct sdr_reply *reply);

#define SDR_QUESTIONS_TIME 32

/* Writes how long was waited: "4.0 s", "20.1 ms"; what is short is no "0.0 s". Returns `out`. */
const char *sdr_inquiry_say_time(char out[static SDR_QUESTIONS_TIME], sdr_ns time);

/* Adds the extended errors of the reply's message to its sentence, or makes one of them. */
void sdr_reply_add_edes(struct sdr_reply *reply);

#endif
