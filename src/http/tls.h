/* tls.h (internal) - what libcurl leaves to OpenSSL and does not expose: trusted certificates, read
 * once for all probes, the chain that a peer sent and why it was refused, version and cipher.
 * OpenSSL is neither linked nor its headers used: its functions are found through libcurl, whose
 * dependency it is. With another TLS library libcurl's own functions are used. */
#ifndef SOUNDER_HTTP_TLS_H
#define SOUNDER_HTTP_TLS_H

#include "http/certificate.h"
#include "http/curl.h"

struct sdr_tls; /* OpenSSL's functions */

/* Returns them; NULL where libcurl uses another library, or an OpenSSL that lacks one of them, or
 * there is no memory. The caller frees. */
struct sdr_tls *sdr_tls_new(const struct sdr_curl *curl);

/* Reads a file of trusted certificates: OpenSSL's X509_STORE, or NULL where it can't be used. From
 * any thread. */
void *sdr_tls_store_new(const struct sdr_tls *tls, const char *path);
void sdr_tls_store_free(const struct sdr_tls *tls, void *store);

/* What is seen of one connection's handshake. Set `tls` and `store` (NULL: libcurl's), zero the
 * rest. */
struct sdr_tls_sight {
	const struct sdr_tls *tls;
	void *store;
	char version[16], cipher[64];
	struct sdr_certificates chain; /* owned by the sight's owner */
	int verify_error;              /* an X509_V_ERR_; 0: none, or nothing was checked */
	int verify_depth;              /* which of the chain it is about */
	bool certificate_wanted;       /* the peer asked for a client's certificate */
};

/* Notes version and cipher, from within a callback of a handle whose handshake is over. */
void sdr_tls_take(struct sdr_tls_sight *sight, const struct sdr_curl *curl, CURL *easy);

/* For CURLOPT_DEBUGFUNCTION, with another TLS library than OpenSSL: version and cipher are in
 * libcurl's account only. Its data is the sight. */
int sdr_tls_talk(CURL *easy, curl_infotype type, char *bytes, size_t length, void *sight);

/* Returns the peer's alert (RFC 8446 sec. 6) named in libcurl's error text, by its number; -1:
 * none. Pure. */
int sdr_tls_alert_of(const char *text);

/* For CURLOPT_SSL_CTX_FUNCTION; its data is the sight. */
CURLcode sdr_tls_hook(CURL *easy, void *context, void *sight);

#endif
