/* transfer_end.c - libcurl's codes mean different things at different moments (56 is a reset, too
 * many headers, or a proxy's 403; 27 means "out of memory" for one endless header line), so our own
 * observations come first, and a table of the codes last. */
#include "http/transfer_end.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "net/dial_error.h"

/* The least that libcurl takes for one line too long, of the trailer; of headers it is 100 KiB. */
#define LONG_LINE 4096

struct code_end {
	int code;
	enum sdr_transfer_end end;
};

static const struct code_end code_ends[] = {
	{CURLE_COULDNT_RESOLVE_PROXY, SDR_TRANSFER_PROXY},
	{CURLE_PROXY, SDR_TRANSFER_PROXY},
	{CURLE_COULDNT_CONNECT, SDR_TRANSFER_CONNECT},
	{CURLE_INTERFACE_FAILED, SDR_TRANSFER_LOCAL},
	{CURLE_OPERATION_TIMEDOUT, SDR_TRANSFER_TIMEOUT},
	{CURLE_SSL_CONNECT_ERROR, SDR_TRANSFER_TLS},
	{CURLE_SSL_CIPHER, SDR_TRANSFER_TLS},
	{CURLE_USE_SSL_FAILED, SDR_TRANSFER_TLS},
	{CURLE_SSL_CLIENTCERT, SDR_TRANSFER_TLS},
	{CURLE_SSL_CERTPROBLEM, SDR_TRANSFER_TLS},
	{CURLE_PEER_FAILED_VERIFICATION, SDR_TRANSFER_CERTIFICATE},
	{CURLE_SSL_ISSUER_ERROR, SDR_TRANSFER_CERTIFICATE},
	{CURLE_SSL_INVALIDCERTSTATUS, SDR_TRANSFER_CERTIFICATE},
	{CURLE_SSL_CACERT_BADFILE, SDR_TRANSFER_CA_FILE},
	{CURLE_SSL_ENGINE_INITFAILED, SDR_TRANSFER_LOCAL},
	{CURLE_OUT_OF_MEMORY, SDR_TRANSFER_LOCAL},
	{CURLE_FAILED_INIT, SDR_TRANSFER_LOCAL},
	{CURLE_SEND_ERROR, SDR_TRANSFER_WRITE},
	{CURLE_SEND_FAIL_REWIND, SDR_TRANSFER_WRITE},
	{CURLE_RECV_ERROR, SDR_TRANSFER_READ},
	{CURLE_HTTP2, SDR_TRANSFER_READ},
	{CURLE_HTTP2_STREAM, SDR_TRANSFER_READ},
	{CURLE_GOT_NOTHING, SDR_TRANSFER_CLOSED_EMPTY},
	{CURLE_PARTIAL_FILE, SDR_TRANSFER_CLOSED_EARLY},
	{CURLE_UNSUPPORTED_PROTOCOL, SDR_TRANSFER_NOT_HTTP},
	{CURLE_WEIRD_SERVER_REPLY, SDR_TRANSFER_HEADER_BAD},
	{CURLE_BAD_CONTENT_ENCODING, SDR_TRANSFER_HEADER_BAD},
};

static const enum sdr_transfer_end header_ends[] = {
	[SDR_HEADERS_TOO_LONG] = SDR_TRANSFER_HEADERS_LONG,
	[SDR_HEADERS_TOO_MANY] = SDR_TRANSFER_HEADERS_MANY,
	[SDR_HEADERS_BAD_LENGTH] = SDR_TRANSFER_HEADER_BAD,
	[SDR_HEADERS_TWO_LENGTHS] = SDR_TRANSFER_HEADER_BAD,
	[SDR_HEADERS_NO_MEMORY] = SDR_TRANSFER_LOCAL,
};

static enum sdr_transfer_end code_end(int code)
{
	for (size_t i = 0; i < sizeof(code_ends) / sizeof(code_ends[0]); i++)
		if (code_ends[i].code == code)
			return code_ends[i].end;
	return SDR_TRANSFER_OTHER;
}

/* An answer read until the peer closes, or a HEAD that announces a length, ends early by design. */
static bool is_whole(const struct sdr_transfer_end_facts *facts)
{
	bool ended = facts->code == CURLE_OK || facts->code == CURLE_PARTIAL_FILE;
	if (!sdr_headers_final(&facts->answer->headers))
		return false;
	if (facts->is_head && facts->to_the_end)
		return ended || facts->code == CURLE_OPERATION_TIMEDOUT ||
			facts->code == CURLE_RECV_ERROR;
	return facts->code == CURLE_OK;
}

static enum sdr_transfer_end tls_end(const struct sdr_transfer_end_facts *facts)
{
	const char *text = facts->answer->text;
	/* OpenSSL's and GnuTLS's errors for data that is no TLS record. */
	if (strstr(text, "wrong version number") || strstr(text, "packet length too long") ||
		strstr(text, "http request") || strstr(text, "unexpected TLS packet"))
		return SDR_TRANSFER_NOT_TLS;
	return SDR_TRANSFER_TLS;
}

static enum sdr_transfer_end read_end(const struct sdr_transfer_end_facts *facts)
{
	const struct sdr_transfer_answer *answer = facts->answer;
	if (answer->tls_alert >= 0) /* with TLS 1.3 a client certificate is missed after the
				       handshake only (RFC 8446 sec. 4.4.2) */
		return SDR_TRANSFER_TLS;
	if (strstr(answer->text, "from proxy") || strstr(answer->text, "Proxy CONNECT"))
		return SDR_TRANSFER_PROXY;
	if (strstr(answer->text, "oo large response headers") ||
		strstr(answer->text, "oo many response headers"))
		return SDR_TRANSFER_HEADERS_LONG;
	return SDR_TRANSFER_READ;
}

/* With TLS 1.3 a server that misses a client certificate sends its alert after the handshake (RFC
 * 8446 sec. 4.4.2), and the alert is lost where the request crosses it. */
static bool is_locked_out(const struct sdr_transfer_end_facts *facts)
{
	bool broken = facts->code == CURLE_SEND_ERROR || facts->code == CURLE_RECV_ERROR ||
		facts->code == CURLE_GOT_NOTHING;
	return broken && facts->answer->certificate_wanted && !facts->answer->headers.used;
}

/* Whether a connection that was there broke by what this host lacks. libcurl looks once more at
 * what it was handed; where it can't, it has no errno of a peer, or (8.14: fcntl) code 1, which is
 * otherwise about an answer. */
static bool is_own_fault(const struct sdr_transfer_end_facts *facts)
{
	const struct sdr_fault_about about = {0};
	struct sdr_fault fault;
	bool connects = facts->code == CURLE_COULDNT_CONNECT;
	if (facts->code == CURLE_UNSUPPORTED_PROTOCOL)
		return facts->answer->times.pretransfer == SDR_NS_NONE;
	if (!connects && facts->code != CURLE_SEND_ERROR && facts->code != CURLE_RECV_ERROR)
		return false;
	if (facts->answer->os_errno == 0)
		return connects && facts->answer->times.connect != SDR_NS_NONE;
	sdr_fault_of_errno(&about, SDR_FAULT_WAIT, facts->answer->os_errno, &fault);
	return fault.outcome == SDR_OUTCOME_LOCAL;
}

enum sdr_transfer_end sdr_transfer_end_of(const struct sdr_transfer_end_facts *facts)
{
	const struct sdr_transfer_answer *answer = facts->answer;
	bool connected = answer->times.connect != SDR_NS_NONE;
	if (facts->not_http)
		return SDR_TRANSFER_NOT_HTTP;
	if (answer->headers.fault)
		return header_ends[answer->headers.fault];
	if (facts->enough || is_whole(facts))
		return SDR_TRANSFER_DONE;
	if (answer->tunnel >= 300) /* whatever code libcurl has for it */
		return SDR_TRANSFER_PROXY;
	/* libcurl 7.88 measured: a header line over 100 KiB is code 27; newer ones return 100 (too
	 * large). With less than that, there really was no memory. */
	if (connected &&
		(facts->code == 100 ||
			(facts->code == CURLE_OUT_OF_MEMORY && facts->received >= LONG_LINE)))
		return SDR_TRANSFER_HEADER_LINE;
	if (is_own_fault(facts))
		return SDR_TRANSFER_LOCAL;
	if (facts->code == CURLE_OK)
		return SDR_TRANSFER_CLOSED_EARLY;
	if (is_locked_out(facts))
		return SDR_TRANSFER_TLS;
	if (facts->code == CURLE_GOT_NOTHING && answer->os_errno == ECONNRESET)
		return SDR_TRANSFER_READ;
	if (facts->code == CURLE_SSL_CONNECT_ERROR)
		return tls_end(facts);
	if (facts->code == CURLE_RECV_ERROR)
		return read_end(facts);
	return code_end(facts->code);
}
