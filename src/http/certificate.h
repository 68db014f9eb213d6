/* certificate.h (internal) - the fields of an X.509 certificate, read from its DER. Pure; RFC 5280.
 * Nothing is verified here. */
#ifndef SOUNDER_HTTP_CERTIFICATE_H
#define SOUNDER_HTTP_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

#include "sounder/clock.h"

#define SDR_CHAIN_MAX 10 /* certificates kept of what a peer sent */

/* What the peer sent, its own certificate first. All zero bytes is an empty one. */
struct sdr_certificates {
	unsigned count; /* 0..SDR_CHAIN_MAX */
	struct sdr_certificates_link {
		unsigned char *der; /* owned */
		size_t length;
	} links[SDR_CHAIN_MAX];
};

/* Copies der[length] to the chain's end; false: it is full, or there is no memory. */
bool sdr_certificates_add(struct sdr_certificates *chain, const void *der, size_t length);
void sdr_certificates_done(struct sdr_certificates *chain);

/* One certificate. Text is "" where unknown; what is no printable ASCII or UTF-8 in it is left to
 * the sanitizer, a NUL byte is "\x00". */
struct sdr_certificate {
	char subject[256], issuer[256]; /* "CN=www.example, O=..." in the order written */
	char common_name[128];          /* only the subject's */
	char names[2048]; /* subject alternative names, each "DNS:a\n", "IP:127.0.0.1\n"; those that
			     fit */
	char key[48];     /* "RSA 2048", "EC P-256", "Ed25519" */
	char signature[64];    /* "sha256WithRSAEncryption" */
	sdr_wall begins, ends; /* 0 where unknown */
	bool self_issued;      /* issuer and subject are the same */
};

/* Returns false, and an empty certificate, if der[length] is not a certificate. */
bool sdr_certificate_read(const void *der, size_t length, struct sdr_certificate *certificate);

/* Decodes the first "-----BEGIN CERTIFICATE-----" of `pem` onto the chain; false if there is
 * none. */
bool sdr_certificates_add_pem(struct sdr_certificates *chain, const char *pem);

#endif
