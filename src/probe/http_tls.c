/* http_tls.c - OpenSSL's error numbers and texts, the peer's alerts, and what each means for the
 * user. */
#include "probe/http_tls.h"

#include <stdio.h>
#include <string.h>

#define DAY ((sdr_wall)24 * SDR_HOUR)

static const char *days(char *out, size_t size, sdr_wall span)
{
	long long count = (long long)(span / DAY);
	snprintf(out, size, "%lld day%s", count, count == 1 ? "" : "s");
	return out;
}

const char *sdr_http_tls_expiry(char *out, size_t size, sdr_wall ends, sdr_wall now)
{
	char span[32];
	out[0] = '\0';
	if (ends && ends < now)
		snprintf(out, size, "expired %s ago", days(span, sizeof(span), now - ends));
	else if (ends)
		snprintf(out, size, "expires in %s", days(span, sizeof(span), ends - now));
	return out;
}

/* ---- certificates ---- */

/* What the sentences need. */
struct about {
	const struct sdr_transfer_answer *answer;
	const struct sdr_certificate
		*at;  /* the certificate that was refused; all "" where it was not seen */
	bool is_leaf; /* it is the peer's own */
	sdr_wall now;
};

typedef void format_error(char *out, size_t size, const struct about *about);

/* "the certificate", or which of the chain. */
static const char *which(char out[static 192], const struct about *about)
{
	if (about->is_leaf)
		snprintf(out, 192, "the certificate");
	else
		snprintf(out, 192, "the chain's certificate %.160s", about->at->subject);
	return out;
}

static void format_expired(char *out, size_t size, const struct about *about)
{
	char name[192], expiry[64];
	sdr_http_tls_expiry(expiry, sizeof(expiry), about->at->ends, about->now);
	snprintf(out, size, "%s has expired%s%s: the server needs a new one", which(name, about),
		expiry[0] ? "; it " : "", expiry);
}

static void format_early(char *out, size_t size, const struct about *about)
{
	char name[192], begins[SDR_WALL_TEXT];
	snprintf(out, size,
		"%s is not yet valid%s%s: it is too new, or the clock of this host is behind",
		which(name, about), about->at->begins ? "; it begins " : "",
		about->at->begins ? sdr_wall_format(begins, about->at->begins) : "");
}

static void format_self_signed(char *out, size_t size, const struct about *about)
{
	snprintf(out, size,
		"a self-signed certificate (%.160s), which is not "
		"trusted here: --cacert FILE trusts it",
		about->at->subject);
}

/* The chain ends in a root that the peer sent, and that is not among the trusted ones. */
static void format_unknown_root(char *out, size_t size, const struct about *about)
{
	snprintf(out, size,
		"self-signed certificate in the chain: the CA (certificate authority) "
		"%.160s is unknown, not trusted here: --cacert FILE trusts it",
		about->at->subject);
}

/* A certificate that the peer forgot looks the same as a CA that is not trusted, unless there are
 * others between. */
static void format_no_issuer(char *out, size_t size, const struct about *about)
{
	const struct sdr_certificates *chain = &about->answer->chain;
	struct sdr_certificate last = {0};
	if (chain->count)
		sdr_certificate_read(chain->links[chain->count - 1].der,
			chain->links[chain->count - 1].length, &last);
	if (!last.issuer[0])
		snprintf(out, size,
			"the issuer of its certificate is unknown: a CA that is not trusted "
			"here, or the server does not send its intermediate certificate");
	else
		snprintf(out, size,
			"the server does not send its intermediate certificate %.160s, or that "
			"is an unknown CA, not trusted here (unable to get issuer)",
			last.issuer);
}

static void format_weak_key(char *out, size_t size, const struct about *about)
{
	char name[192];
	snprintf(out, size, "%s has a key too weak to be taken here: %s; RSA needs 2048 bits",
		which(name, about), about->at->key[0] ? about->at->key : "too few bits");
}

static void format_weak_hash(char *out, size_t size, const struct about *about)
{
	char name[192];
	snprintf(out, size, "%s has a signature too weak to be taken here: %s; SHA-256 would do",
		which(name, about), about->at->signature[0] ? about->at->signature : "an old hash");
}

static void format_names(char *out, size_t size, const struct about *about)
{
	char names[160] = "";
	size_t used = 0;
	for (const char *at = about->at->names, *end; *at && used + 3 < sizeof(names);
		at = *end ? end + 1 : end) {
		end = at + strcspn(at, "\n");
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%.*s",
			used ? ", " : "", (int)(end - at), at);
	}
	snprintf(out, size, "the certificate is for another name: it is for %s",
		used ? names : about->at->subject);
}

struct certificate_error {
	int number; /* X509_V_ERR_ */
	format_error *format;
	const char *sentence; /* where there is no `format` */
};

static const struct certificate_error errors[] = {
	{2, format_no_issuer, NULL},
	{9, format_early, NULL},
	{10, format_expired, NULL},
	{18, format_self_signed, NULL},
	{19, format_unknown_root, NULL},
	{20, format_no_issuer, NULL},
	{21, format_no_issuer, NULL},
	{62, format_names, NULL},
	{66, format_weak_key, NULL},
	{67, format_weak_key, NULL},
	{68, format_weak_hash, NULL},
	{7, NULL, "a signature in the certificate chain is wrong: it is damaged or forged"},
	{22, NULL, "the certificate chain is too long"},
	{23, NULL, "the certificate was revoked by its CA"},
	{24, NULL, "an issuer in the chain is no CA: its certificate may not sign others"},
	{26, NULL, "the certificate is for another purpose than a web server"},
	{79, NULL, "an issuer in the chain is no CA: its certificate may not sign others"},
	{47, NULL, "the CA may not sign for that name (name constraints)"},
};

/* Leaves out the lead that libcurl puts before OpenSSL's reason. */
static const char *reason(const char *text)
{
	static const char *const leads[] = {"SSL certificate problem: ", "SSL: ",
		"TLS connect error: ", "OpenSSL SSL_connect: ", "OpenSSL SSL_read: "};
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (strncmp(text, leads[i], strlen(leads[i])) == 0)
			text += strlen(leads[i]);
	/* "error:0A00014D:SSL routines::what it is" */
	const char *mark = strncmp(text, "error:", 6) == 0 ? strstr(text, "::") : NULL;
	return mark ? mark + 2 : text;
}

/* Where the number is not known, as of an https proxy's certificate, the words are libcurl's or
 * OpenSSL's. */
static int number_of(const struct sdr_transfer_answer *answer)
{
	static const struct {
		const char *part;
		int number;
	} parts[] = {{"subject name", 62}, {"has expired", 10}, {"not yet valid", 9},
		{"in certificate chain", 19}, {"self-signed", 18}, {"self signed", 18},
		{"get local issuer", 20}, {"get issuer", 20}};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !answer->verify_error; i++)
		if (strstr(answer->text, parts[i].part))
			return parts[i].number;
	return answer->verify_error;
}

void sdr_http_tls_certificate(
	char *out, size_t size, const struct sdr_transfer_answer *answer, sdr_wall now)
{
	const struct sdr_certificates *chain = &answer->chain;
	struct sdr_certificate at = {0};
	unsigned depth = answer->verify_error && answer->verify_depth > 0
		? (unsigned)answer->verify_depth
		: 0;
	const struct about about = {answer, &at, depth == 0, now};
	/* With a certificate that this host added, the chain is longer than what was sent. */
	if (depth < chain->count)
		sdr_certificate_read(chain->links[depth].der, chain->links[depth].length, &at);
	int number = number_of(answer);
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].number != number)
			continue;
		if (errors[i].format)
			errors[i].format(out, size, &about);
		else
			snprintf(out, size, "%s", errors[i].sentence);
		return;
	}
	snprintf(out, size, "the certificate was not accepted: %s", reason(answer->text));
}

/* ---- handshakes ---- */

#define WANTED "the server wants a client certificate, and none was given"
#define OLD "protocol too old: the server speaks only TLS 1.1 or older, which this host refuses"

struct words {
	const char *part; /* of OpenSSL's text */
	const char *sentence;
};

static const struct words texts[] = {
	{"unsupported protocol", OLD},
	{"version too low", OLD},
	{"alert protocol version",
		"the server refuses TLS 1.2 and 1.3, or speaks "
		"only older versions (protocol too old)"},
	{"no protocols available", "no TLS version is allowed here"},
	{"legacy sigalg",
		"the server signs the handshake in an old, weak way "
		"(as SHA-1), which this host refuses"},
	{"wrong signature type",
		"the server signs the handshake in a way that this host "
		"did not offer: an old or weak signature"},
	{"no suitable signature algorithm",
		"the server and this host have no signature algorithm in common"},
	{"dh key too small",
		"the server's key exchange is too weak: its Diffie-Hellman key is under 2048 bits"},
	{"ee key too small",
		"the key of the server's certificate is too weak; RSA needs 2048 bits"},
	{"ca key too small", "the key of a CA in the chain is too weak; RSA needs 2048 bits"},
	{"ca md too weak", "a certificate of the chain is signed with a weak hash (as SHA-1)"},
	{"unsafe legacy renegotiation",
		"the server lacks secure renegotiation (RFC 5746), as only very old ones do"},
	{"no ciphers available", "no cipher is allowed here"},
	{"unknown cipher returned", "the server chose a cipher that was not offered"},
	{"wrong cipher returned", "the server chose a cipher that was not offered"},
	{"wrong curve", "the server chose a curve that was not offered"},
	{"bad signature",
		"the signature of the handshake is wrong: the server's key is "
		"not its certificate's, or somebody is in between"},
	{"decryption failed or bad record mac",
		"what came was changed or damaged on its way (bad record)"},
	{"length mismatch", "the server's handshake is malformed"},
	{"bad length", "the server's handshake is malformed"},
	{"unexpected message", "the server's handshake is malformed"},
};

/* RFC 8446 sec. 6.2, RFC 5246 sec. 7.2.2. */
static const struct {
	int number;
	const char *sentence;
} alerts[] = {
	{10, "the server calls the handshake out of order (unexpected message)"},
	{40, "the server refused the handshake: no cipher, curve or signature in common"},
	{42, "the server refused the client certificate (bad certificate)"},
	{43, "the server takes no client certificate of that kind"},
	{44, "the server says the client certificate was revoked"},
	{45, "the server says the client certificate has expired"},
	{46, "the server refused the client certificate"},
	{47, "the server calls the handshake wrong (illegal parameter)"},
	{48, "the server does not know the client certificate's CA (unknown CA)"},
	{49, "the server denies access to that certificate (access denied)"},
	{50, "the server could not read the handshake (decode error)"},
	{51, "the server says the handshake was changed on its way (decrypt error)"},
	{70,
		"the server refuses TLS 1.2 and 1.3, or speaks "
		"only older versions (protocol too old)"},
	{71, "the server finds the ciphers offered too weak (insufficient security)"},
	{80, "the server has an internal error, and says no more"},
	{109, "the server misses an extension in the handshake"},
	{112, "the server knows no such name (SNI: unrecognized name)"},
	{116, WANTED},
	{120, "the server speaks neither HTTP/2 nor HTTP/1.1 (ALPN)"},
};

static const char *alert_sentence(const struct sdr_transfer_answer *answer)
{
	bool by_certificate = answer->tls_alert >= 40 && answer->tls_alert <= 46;
	if (answer->certificate_wanted && (by_certificate || answer->tls_alert == 116))
		return WANTED;
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++)
		if (alerts[i].number == answer->tls_alert)
			return alerts[i].sentence;
	return NULL;
}

/* The version is known once the peer's certificate came, whatever fails then. */
static bool is_old(const struct sdr_transfer_answer *answer)
{
	const char *version = answer->tls_version;
	return strncmp(version, "SSL", 3) == 0 || strcmp(version, "TLSv1") == 0 ||
		strcmp(version, "TLSv1.1") == 0;
}

void sdr_http_tls_handshake(char *out, size_t size, const struct sdr_transfer_answer *answer)
{
	const char *sentence = answer->tls_alert >= 0 ? alert_sentence(answer)
		: is_old(answer)                      ? OLD
						      : NULL;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !sentence; i++)
		if (strstr(answer->text, texts[i].part))
			sentence = texts[i].sentence;
	if (sentence)
		snprintf(out, size, "TLS handshake: %s", sentence);
	else if (answer->certificate_wanted)
		snprintf(out, size, "TLS handshake: " WANTED);
	else if (answer->tls_alert >= 0)
		snprintf(out, size, "TLS handshake: the server ended it with alert %d",
			answer->tls_alert);
	else
		snprintf(out, size, "TLS handshake: %s", reason(answer->text));
}

int sdr_http_tls_earliest(const struct sdr_certificates *chain, struct sdr_certificate *certificate)
{
	struct sdr_certificate each;
	int found = -1;
	for (unsigned i = 0; i < chain->count; i++) {
		if (!sdr_certificate_read(chain->links[i].der, chain->links[i].length, &each) ||
			!each.ends)
			continue;
		if (found < 0 || each.ends < certificate->ends) {
			*certificate = each;
			found = (int)i;
		}
	}
	return found;
}
