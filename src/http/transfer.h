/* transfer.h (internal) - one HTTP request to the first of the given addresses that answers, with
 * all results.
 *
 * The name is resolved by the caller, the connection is made by net/dial; the URL's own host stays
 * in Host and SNI. Nothing is read from the environment or ~/.netrc, no redirect is followed, no
 * content is decoded, no connection is used twice. */
#ifndef SOUNDER_HTTP_TRANSFER_H
#define SOUNDER_HTTP_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "http/certificate.h"
#include "http/headers.h"
#include "net/dial.h"
#include "sounder/addr.h"
#include "sounder/clock.h"
#include "sounder/status.h"

struct sdr_multi;
struct sdr_transfer;
struct sdr_transfer_answer;

/* What to send. All text is borrowed until `done`, or sdr_transfer_stop. */
struct sdr_transfer_spec {
	const char *url;                  /* http or https, complete; neither user nor password */
	const char *method;               /* "HEAD" or "GET" */
	const struct sdr_endpoint *peers; /* [peer_count] what to connect to (the proxy, if there is
					     one), in order of preference; copied */
	unsigned peer_count;              /* 1..SDR_ATTEMPTS_MAX */
	const char *user, *password;      /* NULL: none */
	const char *proxy;                /* a proxy's URL, also without; or NULL */
	const char *proxy_user, *proxy_password;
	const char *proxy_host; /* the name in it, for which libcurl gets the address */
	const char *connect_to; /* behind a proxy: HOST1:PORT1:HOST2:PORT2 as curl's; else NULL */
	const char *user_agent; /* NULL: none is sent */
	const char *cacert;     /* a file of trusted certificates, or NULL for the system's */
	const char *const *headers; /* "Name: value", as curl's -H; NULL-terminated; or NULL */
	bool http10;                /* speak HTTP/1.0 */
	bool bare;                  /* only the request line and the empty line */
	bool to_the_end; /* HEAD: read on until the peer closes, whatever length it announced */
	bool insecure;   /* take any certificate */
	sdr_ns connect_timeout, timeout;
	uint64_t body_max; /* bytes after which the body is cut */
	bool (*on_body)(void *context, const void *bytes,
		size_t length); /* false: enough; must not stop the transfer; or NULL */
	void *on_body_context;
	void (*done)(void *context,
		const struct sdr_transfer_answer
			*answer); /* once, from the loop; the transfer is gone afterwards */
	void *context;
};

/* How a transfer ended. */
enum sdr_transfer_end {
	SDR_TRANSFER_DONE,        /* an answer; whatever its status */
	SDR_TRANSFER_NOT_STARTED, /* all sockets were in use for the whole time */
	SDR_TRANSFER_LOCAL, /* not sent for a reason of this host (descriptors, memory, address) */
	SDR_TRANSFER_PROXY, /* the proxy would not have it */
	SDR_TRANSFER_CONNECT,      /* no connection; see os_errno */
	SDR_TRANSFER_TIMEOUT,      /* see times for how far it got */
	SDR_TRANSFER_NOT_TLS,      /* the peer answered in another language than TLS */
	SDR_TRANSFER_TLS,          /* the handshake failed */
	SDR_TRANSFER_CERTIFICATE,  /* the peer's certificate was not accepted */
	SDR_TRANSFER_CA_FILE,      /* the file of trusted certificates cannot be used */
	SDR_TRANSFER_WRITE,        /* the request could not be sent */
	SDR_TRANSFER_READ,         /* reading failed; see os_errno */
	SDR_TRANSFER_CLOSED_EMPTY, /* closed without a byte */
	SDR_TRANSFER_CLOSED_EARLY, /* closed within headers or body */
	SDR_TRANSFER_NOT_HTTP,     /* see first_bytes */
	SDR_TRANSFER_HEADERS_LONG, /* over SDR_HEADERS_BYTES_MAX */
	SDR_TRANSFER_HEADERS_MANY, /* over SDR_HEADERS_LINES_MAX */
	SDR_TRANSFER_HEADER_LINE,  /* one line over libcurl's 100 KiB */
	SDR_TRANSFER_HEADER_BAD,   /* a header that contradicts the standard; see text */
	SDR_TRANSFER_OTHER,        /* see text */
	SDR_TRANSFER_END_COUNT
};

/* Phases as curl counts them: cumulative, from the start, which is where the first SYN leaves.
 * SDR_NS_NONE where it did not get there. Taken by this program's own clock, as poll returns, not
 * by libcurl's. */
struct sdr_transfer_times {
	sdr_ns namelookup; /* the caller's: NONE here */
	sdr_ns waited; /* before the winner's own handshake, for others that did not answer; part of
			  `connect` */
	sdr_ns connect, appconnect, pretransfer;
	sdr_ns starttransfer; /* the final answer's first byte; a 1xx has its own time */
	sdr_ns total;
};

#define SDR_TRANSFER_TEXT 256   /* libcurl's own bound of its message */
#define SDR_TRANSFER_FIRST 1024 /* bytes kept of what is not HTTP */

/* Valid during `done`. */
struct sdr_transfer_answer {
	enum sdr_transfer_end end;
	int curl_code; /* libcurl's number; 0 also where we ended it ourselves, content */
	int os_errno;  /* the failing system call's; 0 if none */
	char text[SDR_TRANSFER_TEXT];         /* libcurl's words; unsanitised */
	char first_bytes[SDR_TRANSFER_FIRST]; /* the first that came, read or not, of a connection
						 without TLS; else before it */
	size_t first_length;
	bool first_cut;               /* more came */
	struct sdr_attempt *attempts; /* [attempt_count] of the connection */
	unsigned attempt_count;
	enum sdr_outcome dial_outcome; /* CONNECT, LOCAL: how that ended */
	const char *dial_error; /* "ECONNREFUSED", of the most informative try; static; or NULL */
	char dial_why[SDR_DIAL_WHY]; /* each dead address with its reason; "" if there is none */
	struct sdr_headers headers;
	int status_code;            /* 0 if none */
	const char *http_version;   /* "1.0" "1.1" "2" "3"; NULL if none */
	struct sdr_endpoint remote; /* version 0 unless connected */
	bool proxied;               /* what was connected to is the proxy */
	int tunnel; /* what that answered to CONNECT; 0: nothing; -1: it was not asked */
	struct sdr_transfer_times times;
	uint64_t body_bytes; /* taken; the rest, if cut, is not counted */
	bool body_cut;
	bool left_open;  /* read to the end, which did not come in time */
	bool tls_wanted; /* an https URL */
	bool tls;        /* its handshake was done */
	char tls_version[16], tls_cipher[64];
	struct sdr_certificates chain; /* what the peer sent */
	int verify_error; /* why it was not accepted: an X509_V_ERR_ of OpenSSL; 0: none, or not
			     known */
	int verify_depth; /* which of the chain that is about */
	int tls_alert; /* what the peer ended the handshake with (RFC 8446 sec. 6.2); -1: nothing */
	bool certificate_wanted; /* the peer asked for a client's certificate */
};

/* Begins; the request leaves in the next loop iteration or when a connection is free. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_transfer_start(struct sdr_multi *multi,
	const struct sdr_transfer_spec *spec, struct sdr_transfer **transfer);

/* Gives it up: `done` will not be called. Not from within `done` or `on_body`. */
void sdr_transfer_stop(struct sdr_transfer *transfer);

#endif
