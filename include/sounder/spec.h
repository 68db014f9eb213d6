/* spec.h - what to probe, and how: a target and the options of its probe type. */
#ifndef SOUNDER_SPEC_H
#define SOUNDER_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/status.h"

struct sdr_probe_type;

/* -M: whether routers, or this host, may take a packet apart. */
enum sdr_fragment {
	SDR_FRAGMENT_DEFAULT,
	SDR_FRAGMENT_NEVER,
	SDR_FRAGMENT_MAY,
	SDR_FRAGMENT_HERE,
	SDR_FRAGMENT_PROBE
};

/* Options a type reads; zero means the type's default. All text is borrowed. */
struct sdr_ping_options {
	uint32_t size; /* payload bytes, 0..65507; `has_size` distinguishes 0 from unset (56) */
	bool has_size;
	uint8_t hop_limit;     /* 1..255 */
	uint8_t tos;           /* 0..255 */
	const char *interface; /* interface name or source address, -I */
	bool late_notice;      /* -O */
	bool several;     /* there are other targets: ping's own text names the one that an error is
			     about */
	bool stamps;      /* -D: ping's own text puts the time of day before each line */
	bool numeric;     /* -n: ping's own text shows no names */
	bool broadcast;   /* -b: an address that stands for many is a target, too */
	uint8_t fragment; /* enum sdr_fragment */
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
	/* The body as it comes (`get`), or NULL. Called from the loop; returns whether to go on;
	 * must not remove the target. */
	bool (*on_body)(void *context, const void *bytes, size_t length);
	void *on_body_context;
};

struct sdr_dns_options {
	const char *const
		*types; /* "A", "TYPE65", NULL-terminated; NULL: A and AAAA (PTR for an address) */
	bool search;    /* apply the search list */
	bool tcp;
};

struct sdr_echo_options { /* echo and daytime */
	bool udp;
	uint32_t size; /* payload bytes of echo: to 65507 by UDP, to 1 MiB by TCP; 0: 64 */
};

/* What to probe, and how. The engine copies it. */
struct sdr_spec {
	const struct sdr_probe_type *type;
	const char *target; /* as typed; what every sink shows */
	const char *host;   /* the name or address to resolve; NULL where the type needs none */
	uint16_t port;      /* 0 where the type needs none */
	uint8_t family;     /* 4, 6, or 0 for RFC 6724's choice */
	const char *server; /* resolver "ADDR[:PORT]", or NULL for the system's */
	sdr_ns interval;    /* 10 ms .. 1 h; 0: once */
	sdr_ns timeout;     /* of one probe, name lookup apart; 0: the type's default */
	uint64_t count; /* probes to send; 0: for ever (once, where interval is 0); above 1 without
			   interval: the type's default interval */
	bool all_addresses; /* every address of `host` is to be a target, see engine.h; only where
			       the type is by_address */
	const char *line;   /* the command line that adds just this target, for :write-config and
			       copy-as-command; may be NULL */
	bool line_open;     /* without its last word, the target: so targets with the same settings
			   share it */
	const char *group;  /* the label that it stands and counts together under, which `line` does
			       not have; NULL: none */
	struct sdr_ping_options ping;
	struct sdr_http_options http;
	struct sdr_dns_options dns;
	struct sdr_echo_options echo;
};

/* Bytes of a group's name: 63 characters of four, and the NUL. */
#define SDR_GROUP_TEXT (63 * 4 + 1)

/* Whether a text may be a group's name: 1 to 63 characters that print, the first no - and no blank.
 * EINVAL with `error`, which shows what was given. */
SDR_MUST_CHECK enum sdr_status sdr_group_check(const char *name, struct sdr_error *error);

#endif
