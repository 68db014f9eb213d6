/* reply_sheet.h (internal) - what came of a question, as items of a sheet; the same keys wherever
 * an answer is shown. Lists are hidden in text. */
#ifndef SOUNDER_DNS_REPLY_SHEET_H
#define SOUNDER_DNS_REPLY_SHEET_H

#include "dns/questions.h"
#include "sounder/sheet.h"

void sdr_reply_put_server(struct sdr_item *parent, const struct sdr_reply *reply);
void sdr_reply_put_rcode(struct sdr_item *parent, const struct sdr_reply *reply);
void sdr_reply_put_ttl(struct sdr_item *parent, const struct sdr_reply *reply);

/* Whether an earlier reply holds the record already: the CNAMEs and authority records that A and
 * AAAA have in common. */
bool sdr_reply_shown_before(
	const struct sdr_questions_result *result, unsigned reply, const struct sdr_record *record);

/* A row of `records`. */
void sdr_reply_put_record(struct sdr_item *records, const struct sdr_record *record);

/* The flags of the header, as dig names them; `message` NULL: none. */
void sdr_reply_put_flags(struct sdr_item *parent, const struct sdr_message *message);

/* What the OPT record had; NULL: there was none. */
const struct sdr_edns *sdr_reply_edns(const struct sdr_reply *reply);
void sdr_reply_put_edes(struct sdr_item *parent, const struct sdr_edns *edns);
void sdr_reply_put_nsid(struct sdr_item *parent, const struct sdr_edns *edns);

/* `subnet`, the one that the answer is for, and `cookie`, whether the server takes them. */
void sdr_reply_put_options(struct sdr_item *parent, const struct sdr_edns *edns);

#endif
