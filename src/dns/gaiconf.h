/* gaiconf.h (internal) - the tables by which this host's libc orders addresses: its own, or those
 * of /etc/gai.conf. A pure parser. gai.conf(5). */
#ifndef SOUNDER_DNS_GAICONF_H
#define SOUNDER_DNS_GAICONF_H

#include "sounder/addr.h"

#define SDR_GAICONF_ROWS 32

/* A prefix (IPv4 as ::ffff:a.b.c.d) and its value. */
struct sdr_gaiconf_row {
	uint8_t prefix[16];
	uint8_t length;
	uint32_t value;
};

/* Longest prefix first; the last has length 0, or 96 for IPv4 scopes, and matches all. */
struct sdr_gaiconf_table {
	struct sdr_gaiconf_row rows[SDR_GAICONF_ROWS];
	unsigned count;
};

struct sdr_gaiconf {
	struct sdr_gaiconf_table labels, precedences, scopes; /* scopes: of IPv4 */
};

/* Parses the file's text; NULL is an empty file. A kind of line that occurs replaces libc's table
 * of that kind as a whole. `libc` is the version of the glibc whose reading counts ("2.36"); NULL:
 * the newest. */
void sdr_gaiconf_parse(const char *text, const char *libc, struct sdr_gaiconf *conf);

uint32_t sdr_gaiconf_label(const struct sdr_gaiconf *conf, const struct sdr_addr *addr);
uint32_t sdr_gaiconf_precedence(const struct sdr_gaiconf *conf, const struct sdr_addr *addr);

/* RFC 6724 sec. 3.1 and 3.2: 2 link-local, 5 site-local, 14 global. */
uint32_t sdr_gaiconf_scope(const struct sdr_gaiconf *conf, const struct sdr_addr *addr);

/* How many leading bits of two addresses are the same. */
unsigned sdr_gaiconf_common_bits(const uint8_t *a, const uint8_t *b, unsigned bits);

#endif
