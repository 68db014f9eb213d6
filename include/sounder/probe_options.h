/* probe_options.h - the options of those probe types whose commands do more than copy what was
 * typed. Others keep theirs to themselves: see sdr_probe_type.options. */
#ifndef SOUNDER_PROBE_OPTIONS_H
#define SOUNDER_PROBE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* Zero means the type's default; all text is borrowed. */
struct sdr_ping_options {
	uint32_t size; /* payload bytes, 0..65507; `has_size` distinguishes 0 from unset (56) */
	bool has_size;
	bool late_notice; /* -O */
	bool several;     /* there are other targets: ping's own text names the one that an error is
			     about */
	bool stamps;      /* -D: ping's own text puts the time of day before each line */
	bool numeric;     /* -n: ping's own text shows no names */
	uint8_t fragment; /* enum sdr_fragment (addr.h) */
	const char *pattern; /* -p: up to 32 hexadecimal digits that fill the payload behind our own
				12 bytes; of all targets: the latest */
};

struct sdr_http_options {
	const char *url;    /* complete, without user and password; or NULL for host:port */
	const char *method; /* "HEAD" or "GET"; NULL: HEAD */
	bool http10, bare, insecure;
	const char *cacert, *connect_to, *proxy;
	const char *user, *password, *proxy_user,
		*proxy_password;    /* sent as Basic; never shown; user NULL: none */
	const char *const *headers; /* "Name: value", NULL-terminated; or NULL */
	uint64_t body_max;          /* bytes after which the body is cut; 0: 1 MiB */
};

struct sdr_dns_options {
	const char *const
		*types; /* "A", "TYPE65", NULL-terminated; NULL: A and AAAA (PTR for an address) */
	bool search;    /* apply the search list */
	bool tcp;
	bool no_recurse;        /* recursion is not desired */
	bool checking_disabled; /* signatures need not be valid */
	/* By EDNS. */
	bool dnssec;        /* signatures come along */
	bool nsid;          /* which of its servers a name server is */
	const char *subnet; /* for whom is asked: an address or a prefix; or NULL */
	bool cookie;
	int64_t bufsize;           /* bytes of a datagram that we take; 0: 1232 */
	bool no_edns;              /* none of it */
	const char *const *expect; /* data that is to be the answer, NULL-terminated; or NULL */
};

#endif
