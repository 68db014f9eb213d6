/* tls.c - OpenSSL 1.1.1 and 3.x: these functions have the same ABI in both. */
#include "http/tls.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALERTS 1000 /* SSL_AD_REASON_OFFSET: reasons from here on are alerts of the peer */
/* X509_V_FLAG_PARTIAL_CHAIN, which libcurl sets, too: what is in the file is trusted, root or
 * not. */
#define PARTIAL_CHAIN 0x80000UL

typedef int verifier(void *store_context, void *argument);
typedef int chooser(void *session, void *argument);

#define FUNCTIONS(X) \
	X(void *, X509_STORE_new, (void)) \
	X(void, X509_STORE_free, (void *store)) \
	X(int, X509_STORE_load_locations, (void *store, const char *file, const char *folder)) \
	X(int, X509_STORE_set_flags, (void *store, unsigned long flags)) \
	X(void, ERR_clear_error, (void)) \
	X(const void *, TLS_client_method, (void)) \
	X(void *, SSL_CTX_new, (const void *method)) \
	X(void, SSL_CTX_free, (void *context)) \
	X(void, SSL_CTX_set1_cert_store, (void *context, void *store)) \
	X(void, SSL_CTX_set_cert_verify_callback, \
		(void *context, verifier *verify, void *argument)) \
	X(void, SSL_CTX_set_cert_cb, (void *context, chooser *choose, void *argument)) \
	X(const char *, SSL_get_version, (const void *session)) \
	X(const void *, SSL_get_current_cipher, (const void *session)) \
	X(const char *, SSL_CIPHER_get_name, (const void *cipher)) \
	X(int, X509_verify_cert, (void *store_context)) \
	X(void *, X509_STORE_CTX_get0_untrusted, (const void *store_context)) \
	X(int, X509_STORE_CTX_get_error, (const void *store_context)) \
	X(int, X509_STORE_CTX_get_error_depth, (const void *store_context)) \
	X(void *, X509_STORE_CTX_get_ex_data, (const void *store_context, int index)) \
	X(int, SSL_get_ex_data_X509_STORE_CTX_idx, (void)) \
	X(int, OPENSSL_sk_num, (const void *stack)) \
	X(void *, OPENSSL_sk_value, (const void *stack, int index)) \
	X(int, i2d_X509, (const void *certificate, unsigned char **out))

struct sdr_tls {
#define X(result, name, arguments) result(*name) arguments;
	FUNCTIONS(X)
#undef X
};

struct function {
	const char *name;
	size_t offset; /* of its pointer in struct sdr_tls */
};

static const struct function functions[] = {
#define X(result, name, arguments) {#name, offsetof(struct sdr_tls, name)},
	FUNCTIONS(X)
#undef X
};

struct sdr_tls *sdr_tls_new(const struct sdr_curl *curl)
{
	const curl_version_info_data *info = curl->version_info(CURLVERSION_NOW);
	struct sdr_tls *tls;
	if (!info->ssl_version || strncmp(info->ssl_version, "OpenSSL/", 8) != 0 ||
		!(tls = calloc(1, sizeof(*tls))))
		return NULL;
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *address = dlsym(curl->library, functions[i].name);

		memcpy((char *)tls + functions[i].offset, &address, sizeof(address));
		if (address)
			continue;
		free(tls);
		return NULL;
	}
	return tls;
}

void *sdr_tls_store_new(const struct sdr_tls *tls, const char *path)
{
	/* The first context has OpenSSL look for its algorithms, which takes some milliseconds,
	 * too. */
	tls->SSL_CTX_free(tls->SSL_CTX_new(tls->TLS_client_method()));
	void *store = tls->X509_STORE_new();

	if (store && tls->X509_STORE_load_locations(store, path, NULL) == 1 &&
		tls->X509_STORE_set_flags(store, PARTIAL_CHAIN) == 1)
		return store;
	tls->ERR_clear_error();
	if (store)
		tls->X509_STORE_free(store);
	return NULL;
}

void sdr_tls_store_free(const struct sdr_tls *tls, void *store)
{
	if (store)
		tls->X509_STORE_free(store);
}

/* Copies what the peer sent, certificate by certificate. */
static void take_chain(struct sdr_tls_sight *sight, const void *sent)
{
	const struct sdr_tls *tls = sight->tls;
	sdr_certificates_done(&sight->chain);
	for (int i = 0; sent && i < tls->OPENSSL_sk_num(sent); i++) {
		const void *certificate = tls->OPENSSL_sk_value(sent, i);
		int length = tls->i2d_X509(certificate, NULL);
		unsigned char *room = length > 0 ? malloc((size_t)length) : NULL;

		unsigned char *der = room; /* i2d_X509 moves it on */
		if (!room || tls->i2d_X509(certificate, &der) != length ||
			!sdr_certificates_add(&sight->chain, room, (size_t)length)) {
			free(room);
			return;
		}
		free(room);
	}
}

static int on_verify(void *store_context, void *argument)
{
	struct sdr_tls_sight *sight = argument;
	const struct sdr_tls *tls = sight->tls;

	const void *session = tls->X509_STORE_CTX_get_ex_data(
		store_context, tls->SSL_get_ex_data_X509_STORE_CTX_idx());
	if (session)
		snprintf(sight->version, sizeof(sight->version), "%s",
			tls->SSL_get_version(session));
	take_chain(sight, tls->X509_STORE_CTX_get0_untrusted(store_context));
	int result = tls->X509_verify_cert(store_context);
	sight->verify_error = result > 0 ? 0 : tls->X509_STORE_CTX_get_error(store_context);
	sight->verify_depth = tls->X509_STORE_CTX_get_error_depth(store_context);
	return result;
}

/* Called when the peer requests a client certificate; we have none. */
static int on_wanted(void *session, void *argument)
{
	struct sdr_tls_sight *sight = argument;
	(void)session;
	sight->certificate_wanted = true;
	return 1;
}

void sdr_tls_take(struct sdr_tls_sight *sight, const struct sdr_curl *curl, CURL *easy)
{
	const struct sdr_tls *tls = sight->tls;
	struct curl_tlssessioninfo *info = NULL;
	if (!tls || curl->easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || !info ||
		!info->internals)
		return;
	const void *cipher = tls->SSL_get_current_cipher(info->internals);
	snprintf(sight->version, sizeof(sight->version), "%s",
		tls->SSL_get_version(info->internals));
	snprintf(sight->cipher, sizeof(sight->cipher), "%s",
		cipher ? tls->SSL_CIPHER_get_name(cipher) : "");
}

/* "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384" */
int sdr_tls_talk(CURL *easy, curl_infotype type, char *bytes, size_t length, void *context)
{
	static const char lead[] = "SSL connection using ";
	struct sdr_tls_sight *sight = context;
	char line[128];
	(void)easy;
	if (type != CURLINFO_TEXT || length < sizeof(lead) ||
		memcmp(bytes, lead, sizeof(lead) - 1) != 0)
		return 0;
	snprintf(line, sizeof(line), "%.*s", (int)(length - sizeof(lead) + 1),
		bytes + sizeof(lead) - 1);
	sscanf(line, "%15s / %63s", sight->version, sight->cipher);
	return 0;
}

int sdr_tls_alert_of(const char *text)
{
	const char *mark = strstr(text, "error:");
	char *end;
	unsigned long code = mark ? strtoul(mark + 6, &end, 16) : 0;
	unsigned long reason = code & 0xfff;
	return mark && *end == ':' && reason >= ALERTS && reason < ALERTS + 256
		? (int)(reason - ALERTS)
		: -1;
}

CURLcode sdr_tls_hook(CURL *easy, void *context, void *argument)
{
	struct sdr_tls_sight *sight = argument;
	const struct sdr_tls *tls = sight->tls;
	(void)easy;
	if (sight->store)
		tls->SSL_CTX_set1_cert_store(context, sight->store);
	tls->SSL_CTX_set_cert_verify_callback(context, on_verify, sight);
	tls->SSL_CTX_set_cert_cb(context, on_wanted, sight);
	return CURLE_OK;
}
