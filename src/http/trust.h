/* trust.h (internal) - files of trusted certificates, each read once for all connections and off
 * the loop (the system's bundle takes some 30 ms), and again when it has changed. */
#ifndef SOUNDER_HTTP_TRUST_H
#define SOUNDER_HTTP_TRUST_H

#include <stdbool.h>

#include "http/curl.h"

struct uv_loop_s;
struct sdr_trust;
struct sdr_tls;

/* One that waits for a file; embedded in its owner. */
struct sdr_trust_wait {
	void (*ready)(
		struct sdr_trust_wait *wait); /* from the loop; sdr_trust_find has an answer now */
	struct sdr_trust_wait *next, **link;  /* private; link NULL: it does not wait */
};

/* Borrows `tls`; NULL where libcurl reads such files itself. NULL when out of memory. */
struct sdr_trust *sdr_trust_new(
	struct uv_loop_s *loop, const struct sdr_curl *curl, const struct sdr_tls *tls);
/* Waits for a file that is being read; NULL is allowed. Returns false where its thread is stuck:
 * what that was given, `tls` too, stays. */
SDR_MUST_CHECK bool sdr_trust_free(struct sdr_trust *trust);

/* What a connection is to trust. */
struct sdr_trust_found {
	void *store; /* OpenSSL's, borrowed until the loop goes on; NULL: libcurl is to read `path`
			itself */
	const char *path; /* the file; NULL: there is none, use libcurl's folder */
};

/* Finds what `file` holds (NULL: the system's bundle). False: it is being read, and `wait` is
 * called later. */
bool sdr_trust_find(struct sdr_trust *trust, const char *file, struct sdr_trust_found *found,
	struct sdr_trust_wait *wait);

/* Waits no more; also for one that does not wait. */
void sdr_trust_forget(struct sdr_trust_wait *wait);

#endif
