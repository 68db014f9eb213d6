/* links.h - recent changes of this host's interfaces and own addresses: why a packet could not
 * leave, or got no reply.
 *
 * Cheap enough to follow from the first probe on: one netlink socket, no routes. Nothing is asked
 * until a probe has failed. */
#ifndef SOUNDER_LINKS_H
#define SOUNDER_LINKS_H

#include "sounder/clock.h"
#include "sounder/host.h"

struct sdr_links;
struct uv_loop_s;

enum sdr_link_trouble {
	SDR_LINK_FINE,
	SDR_LINK_NO_CARRIER, /* up, but nothing at the other end */
	SDR_LINK_DOWN,       /* set down */
	SDR_LINK_GONE,       /* there is no such interface any more */
};

/* An interface, also one that is gone. */
struct sdr_link {
	struct sdr_interface public;
	enum sdr_link_trouble trouble; /* now */
	enum sdr_link_trouble latest;  /* the trouble that is, or that was the latest */
	bool named;                    /* by the dump that is being read; links.c's own */
	sdr_ns since, until; /* of `latest`; since 0: from before we looked; until SDR_NS_NONE: it
				goes on */
};

/* An address of this host's, also one that is gone. */
struct sdr_own_address {
	struct sdr_interface_address public;
	sdr_ns gone; /* when; SDR_NS_NONE: it is there */
	bool named;  /* by the dump that is being read; links.c's own */
};

/* Reads links and addresses as they are and follows the kernel's notifications on `loop`, which it
 * does not keep running. NULL without netlink (a sandbox), and when out of memory. */
struct sdr_links *sdr_links_new(struct uv_loop_s *loop);

/* Ends it; the memory goes as the loop goes on. NULL is allowed. */
void sdr_links_free(struct sdr_links *links);

/* Takes in at once what has happened up to now. Here and in all below `links` may be NULL: nothing
 * is known then. */
void sdr_links_read(struct sdr_links *links);

/* Reads the links' present state: the kernel takes up to a second to report a lost carrier. At most
 * ten times a second; does nothing in between. */
void sdr_links_look(struct sdr_links *links);

/* Returns a number that grows with each change; 0 for NULL. What the functions below return is
 * valid until links are read, here or by the loop. */
uint64_t sdr_links_version(const struct sdr_links *links);

/* Return the link of that index or name: the one that is there, else one that was; NULL if there
 * was none. At most 64 that are gone are kept. */
const struct sdr_link *sdr_links_find(const struct sdr_links *links, uint32_t index);
const struct sdr_link *sdr_links_named(const struct sdr_links *links, const char *name);

/* Return our own address that equals `addr`, or the one whose network holds it (the longest
 * prefix); a present one before a removed one; NULL if there is none. A zone has to be the
 * interface's. */
const struct sdr_own_address *sdr_links_own(
	const struct sdr_links *links, const struct sdr_addr *addr);
const struct sdr_own_address *sdr_links_network(
	const struct sdr_links *links, const struct sdr_addr *addr);

/* Whether the interface of that index has an address of that version (4 or 6) now. */
bool sdr_links_has(const struct sdr_links *links, uint32_t index, uint8_t version);

/* Return the link that got into trouble last and still is, loopback left out, or the address of
 * that version (4 or 6) that went last and is not back, of those that did since we look; NULL if
 * none did. */
const struct sdr_link *sdr_links_latest(const struct sdr_links *links);
const struct sdr_own_address *sdr_links_latest_gone(const struct sdr_links *links, uint8_t version);

/* Whether any link was in trouble at some time from `from` to `to`, or that one; only the latest
 * trouble of each is known. */
bool sdr_links_any_trouble(const struct sdr_links *links, sdr_ns from, sdr_ns to);
bool sdr_link_in_trouble(const struct sdr_link *link, sdr_ns from, sdr_ns to);

/* Writes a link's trouble: "ea has no carrier", "ea is down", "ea is gone"; `over`: in the past
 * tense. Returns `out`. */
#define SDR_LINK_TEXT 48
const char *sdr_link_format(char out[static SDR_LINK_TEXT], const struct sdr_link *link, bool over);

#endif
