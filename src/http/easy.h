/* easy.h (internal) - an easy handle set up from a spec, with libcurl's automatic features off. */
#ifndef SOUNDER_HTTP_EASY_H
#define SOUNDER_HTTP_EASY_H

#include "http/curl.h"
#include "http/tls.h"
#include "http/transfer.h"
#include "http/trust.h"

/* What is made, and from what. */
struct sdr_easy {
	const struct sdr_curl *curl; /* borrowed */
	CURL *handle;                /* owned, as the lists are; NULL before */
	struct curl_slist *headers, *resolve, *connect_to;
};

/* What goes into it. */
struct sdr_easy_spec {
	const struct sdr_transfer_spec *transfer;
	const struct sdr_endpoint *peer; /* that libcurl is to take itself to be connected to */
	struct sdr_trust_found trust;
	struct sdr_tls_sight
		*sight; /* its `tls` is NULL: libcurl's own account of the handshake is taken */
	bool to_the_end;
	bool is_tls;
};

/* Fills in easy->handle and all that libcurl keeps no copy of. */
CURLcode sdr_easy_make(struct sdr_easy *easy, const struct sdr_easy_spec *spec);

/* Returns which HTTP was spoken: "1.0" "1.1" "2" "3"; NULL if none. Static. */
const char *sdr_easy_version(const struct sdr_easy *easy);

/* Returns what a proxy answered to CONNECT; 0: nothing; -1: it was not asked. */
int sdr_easy_tunnel(const struct sdr_easy *easy, const struct sdr_transfer_spec *spec);

void sdr_easy_done(struct sdr_easy *easy);

#endif
