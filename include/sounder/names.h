/* names.h - name lookups through c-ares on the loop: nothing here ever blocks. */
#ifndef SOUNDER_NAMES_H
#define SOUNDER_NAMES_H

#include "sounder/attempt.h"

struct sdr_names;

#define SDR_NAMES_ADDRESSES_MAX 64

struct sdr_names_answer;

/* What to ask. Text is borrowed until the call returns. */
struct sdr_names_query {
	const char *name;   /* a host name; an address literal is answered at once (in the next
			       iteration) */
	uint8_t family;     /* 4, 6, 0 both */
	const char *server; /* "ADDR[:PORT]"; NULL: the system's resolvers */
	sdr_ns timeout;     /* per try; 0: 2 s */
	uint8_t tries;      /* 0: 2 */
	bool search;        /* apply the search list */
	bool connects;      /* for a connection: once one address family has an answer, the other is
			  awaited for at most 50 ms (RFC 8305 sec. 3) */
	void (*done)(void *context,
		const struct sdr_names_answer
			*answer); /* comes once, from the loop, never before the call returns */
	void *context;
};

struct sdr_names_address {
	struct sdr_addr addr;
	int32_t ttl; /* seconds; -1 where unknown (hosts file, literal) */
};

#define SDR_NAMES_NOTE 320

/* The addresses of a name, in the order of this host's libc (RFC 6724, gai.conf). Valid during the
 * callback. */
struct sdr_names_answer {
	enum sdr_outcome outcome; /* OK with one address at least; else NXDOMAIN NODATA SERVFAIL
				     REFUSED TIMEOUT MALFORMED LOCAL */
	const char *why;          /* a sentence for a person; names server and time where it can */
	const char *canonical_name; /* without trailing dot */
	const char *const *aliases; /* CNAMEs on the way there, NULL-terminated */
	unsigned count;
	const struct sdr_names_address *addresses; /* [count] */
	bool partial; /* one address family could not be resolved (no answer, SERVFAIL): there may
			 be more addresses */
	const char
		*missing; /* which and why, as "AAAA: no answer in 4.0 s"; NULL unless `partial` */
	const char *unseen;  /* what is missing, or in an order that is a guess, by a fault of this
				host (no memory, no descriptors); NULL: nothing */
	bool cut;            /* there are more than SDR_NAMES_ADDRESSES_MAX */
	unsigned more;       /* how many */
	unsigned more_names; /* names for which there was no room */
	sdr_ns elapsed;      /* from the call to the answer, all sources and tries */
	sdr_ns query;  /* of that the tries that brought the answer; SDR_NS_NONE where name servers
			  did not */
	sdr_ns waited; /* time of the other tries; the same */
	const struct sdr_attempt
		*attempts; /* [attempt_count] name servers asked, in the order of asking */
	unsigned attempt_count;
	const char *failed; /* servers that did not answer before one did, each with its reason; ""
			       if none */
};

/* A lookup under way. */
struct sdr_names_call;

/* Looks up a name's addresses: literal, hosts file, then DNS, as nsswitch.conf orders them. `call`
 * (may be NULL) is valid until `done`. EINVAL, ERANGE: what sdr_host_check refuses, as typed or as
 * IDNA maps it, or a bad server; ESYSTEM as sdr_addr_parse; ENOMEM. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_names_addresses(struct sdr_names *names,
	const struct sdr_names_query *query, struct sdr_names_call **call, struct sdr_error *error);

/* Looks up an address's names, `query->name` being the address's text (hosts file, then PTR): the
 * answer has the first as `canonical_name`, the others as `aliases`, and no addresses. OK with one
 * name at least. EINVAL (no address, or a bad server), ERANGE, ESYSTEM, ENOMEM with `error`, as
 * above. */
SDR_MUST_CHECK enum sdr_status sdr_names_reverse(struct sdr_names *names,
	const struct sdr_names_query *query, struct sdr_names_call **call, struct sdr_error *error);

/* Gives a lookup up; `done` will not be called. Not from within its `done`, nor after it. */
void sdr_names_cancel(struct sdr_names *names, struct sdr_names_call *call);

/* One configured resolver, for the overview. */
struct sdr_names_server {
	struct sdr_endpoint endpoint;
	uint64_t asked, answered;
	uint64_t rejected;        /* datagrams that answered no question: forged, or of another */
	sdr_ns last;              /* latest answer's time; SDR_NS_NONE */
	enum sdr_outcome outcome; /* latest */
};

/* Returns how many resolvers are configured. */
unsigned sdr_names_server_count(const struct sdr_names *names);

/* Fills in the resolver of that position, which is below the count. */
void sdr_names_server(
	const struct sdr_names *names, unsigned index, struct sdr_names_server *server);

/* Returns what in resolv.conf and nsswitch.conf is not supported; "" if nothing. Valid until the
 * version changes. */
const char *sdr_names_unfollowed(const struct sdr_names *names);

/* Returns the search list, blank-separated; "" if none. Valid until the version changes. */
const char *sdr_names_search(const struct sdr_names *names);

/* Returns a number that grows with each change of the above, counters among them. */
uint64_t sdr_names_version(const struct sdr_names *names);

/* Returns how often the resolvers or the search list changed while running. */
uint32_t sdr_names_reloads(const struct sdr_names *names);

/* Returns why the last lookup may differ from this host's libc: a configuration file exists but
 * could not be read; a sentence, or "". With an explicit server only resolv.conf counts. */
const char *sdr_names_unread(const struct sdr_names *names, bool server_named);

/* Whether the system reports changes of those files (inotify). If not, their mtime is checked, here
 * and at each lookup, at most once a second. */
bool sdr_names_look(struct sdr_names *names);

/* Parses a resolver, "ADDR[:PORT]" (IPv6 with a port in brackets); port 53 unless given. EINVAL: no
 * address, a link-local one without its interface; ERANGE: the port; ESYSTEM as sdr_addr_parse.
 * With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_names_server_parse(
	const char *text, struct sdr_endpoint *server, struct sdr_error *error);

/* Reads a DNS record type by its word, in any case ("mx", "TYPE65": RFC 3597 sec. 5). EINVAL with
 * `error`, which suggests what would be right: no such type, or one that can't be queried. */
SDR_MUST_CHECK enum sdr_status sdr_names_type_parse(
	const char *word, uint16_t *type, struct sdr_error *error);

#endif
