/* transfer_state.h (internal) - the state of a transfer in progress. Shared by transfer.c,
 * transfer_options.c and transfer_times.c. */
#ifndef SOUNDER_HTTP_TRANSFER_STATE_H
#define SOUNDER_HTTP_TRANSFER_STATE_H

#include "http/easy.h"
#include "http/multi.h"

struct sdr_transfer {
	struct sdr_multi_job job; /* first: libcurl's private pointer leads here */
	struct sdr_trust_wait wait;
	struct sdr_multi *multi; /* borrowed */
	struct sdr_transfer_spec spec;
	struct sdr_easy easy;
	struct sdr_dial *dial; /* pending */
	int fd;                /* connected, not passed to libcurl yet; -1 */
	struct sdr_tls_sight sight;
	struct sdr_transfer_answer answer;
	char text[CURL_ERROR_SIZE];
	bool is_head, to_the_end;
	bool enough; /* stopped by us, content */
	bool not_http;
	sdr_ns begun, deadline;
	sdr_ns handed;         /* after `begun`, when libcurl got the connection; 0: not yet */
	sdr_ns woken, arrival; /* monotonic: when poll reported bytes; when they arrived by the
				  kernel's clock, 0: unknown */
	sdr_ns latest;         /* after `begun`, when the latest piece of body came; 0: none */
	struct sdr_endpoint peers[]; /* [spec.peer_count] */
};

#endif
