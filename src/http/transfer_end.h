/* transfer_end.h (internal) - what libcurl's code and what we saw ourselves come to. Pure. */
#ifndef SOUNDER_HTTP_ENDING_H
#define SOUNDER_HTTP_ENDING_H

#include "http/transfer.h"

/* What was seen besides the code. */
struct sdr_transfer_end_facts {
	int code;        /* CURLcode */
	bool enough;     /* we stopped the transfer, content with what there is */
	bool not_http;   /* a body came without a status line */
	bool to_the_end; /* the end of the connection is the end of the answer */
	bool is_head;
	uint64_t received; /* bytes of the connection in all; TLS and proxy included */
	const struct sdr_transfer_answer *answer; /* headers, times, errno and text so far */
};

enum sdr_transfer_end sdr_transfer_end_of(const struct sdr_transfer_end_facts *facts);

#endif
