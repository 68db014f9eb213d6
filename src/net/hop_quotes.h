/* hop_quotes.h - a raw socket that has what ICMP errors quote, beside the error queues that say
 * whose they are: those leave the quoted IP header out. A raw socket gets every error of this host:
 * nothing of it is believed but what belongs to an answer that a queue had. raw(7), icmp(7). */
#ifndef SOUNDER_NET_HOP_QUOTES_H
#define SOUNDER_NET_HOP_QUOTES_H

#include "net/hop_quote.h"

struct hop_quotes;
struct sdr_privilege;

/* Opens it for a family, 4 or 6, with what is held for SDR_PRIVILEGE_RAW. Returns 0, or an
 * errno. */
int sdr_hop_quotes_open(
	const struct sdr_privilege *privilege, uint8_t version, struct hop_quotes **quotes);
void sdr_hop_quotes_close(struct hop_quotes *quotes); /* NULL allowed */

/* Reads what came: the kernel hands an error to raw sockets first, so that what a queue has is
 * there. NULL allowed. */
void sdr_hop_quotes_read(struct hop_quotes *quotes);

/* Notes that something of a quote can't be looked at; whether that was so since it was opened, by
 * this or by a read that failed. NULL allowed. */
void sdr_hop_quotes_fail(struct hop_quotes *quotes);
bool sdr_hop_quotes_failed(const struct hop_quotes *quotes);

/* Returns the latest quote that is meant, until the next read; NULL: it is not among the latest
 * hundreds, or `quotes` is NULL. */
const struct hop_quote *sdr_hop_quotes_find(
	const struct hop_quotes *quotes, const struct hop_quote_wanted *wanted);

#endif
