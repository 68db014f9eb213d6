/* transfer_end.h (internal) - how a transfer ended, from libcurl's code and our own observations.
 * Pure. */
#ifndef SOUNDER_HTTP_TRANSFER_END_H
#define SOUNDER_HTTP_TRANSFER_END_H

#include "http/transfer.h"

/* What was seen besides the code. */
struct sdr_transfer_end_facts {
	int code;        /* CURLcode */
	bool enough;     /* we stopped the transfer, having enough */
	bool not_http;   /* a body came without a status line */
	bool to_the_end; /* the end of the connection is the end of the answer */
	bool is_head;
	uint64_t received; /* bytes of the connection in all; TLS and proxy included */
	const struct sdr_transfer_answer *answer; /* headers, times, errno and text so far */
};

enum sdr_transfer_end sdr_transfer_end_of(const struct sdr_transfer_end_facts *facts);

#endif
