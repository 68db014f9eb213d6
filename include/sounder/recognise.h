/* recognise.h - finds the address or network in any pasted text, and which form it has. Pure, and
 * allocates nothing. The forms are those of RFC 4291 sec. 2.2, RFC 4632, RFC 3986, RFC 1035 sec.
 * 3.5, RFC 3596 sec. 2.5 and IEEE 802 (EUI-48, EUI-64). */
#ifndef SOUNDER_RECOGNISE_H
#define SOUNDER_RECOGNISE_H

#include "sounder/addr.h"

enum sdr_reading_kind {
	SDR_READING_ADDRESS,  /* 192.0.2.1, 2001:db8::1, fe80::1%eth0 */
	SDR_READING_NETWORK,  /* 192.0.2.1/24 */
	SDR_READING_NETMASK,  /* 192.0.2.1 255.255.255.0, or with a slash between, or ffffff00 */
	SDR_READING_WILDCARD, /* 192.0.2.1 0.0.0.255 */
	SDR_READING_RANGE,    /* 192.0.2.1-192.0.2.9 */
	SDR_READING_INTEGER,  /* 3221225985, 0xc0000201; smaller and shorter ones where asked for */
	SDR_READING_HARDWARE, /* 00:00:5e:00:53:01, also with dashes or dots: the address is the
				 link-local one that follows from it */
	SDR_READING_ENDPOINT, /* 192.0.2.1:80, [2001:db8::1]:http; 192.0.2.1#53, 192.0.2.1.443,
				 192.0.2.1:443/tcp, as programs write them */
	SDR_READING_URL,      /* http://192.0.2.1/ */
	SDR_READING_REVERSE,  /* 1.2.0.192.in-addr.arpa, 2.0.192.in-addr.arpa */
	SDR_READING_OLD,      /* 127.1, 0x7f.1, 010.0.0.1, where asked for */
	SDR_READING_LINE, /* a line of a log: the first address or network in it, and the mask or
			     port that belongs to it */
	SDR_READING_COUNT
};

#define SDR_ZONE_TEXT 32 /* a zone's name: IFNAMSIZ is half of it */

/* The form a text was recognised as. */
struct sdr_reading {
	enum sdr_reading_kind kind;
	struct sdr_addr addr; /* the address; of a range the first one; the host bits may be set */
	struct sdr_addr last; /* RANGE: the last one; else version 0 */
	bool has_length;      /* a mask was given, in any form */
	uint8_t length;       /* its length */
	const char *either;   /* what else the text could be, as a phrase; NULL: nothing. Static */
	const char *form;     /* how it was written, as a phrase: "as tcpdump writes it"; NULL: as
				 usual. Static */
	char zone[SDR_ZONE_TEXT]; /* a zone that this host does not have, as another machine's; ""
				     if none */
	char service[SDR_SERVICE_TEXT]; /* ENDPOINT, URL, LINE: a port or a service's name; "" if
					   there was none */
	uint8_t hardware[8];            /* HARDWARE */
	uint8_t hardware_length;        /* HARDWARE: 6 or 8; else 0 */
	size_t offset, size;            /* the bytes of the text that were read */
	unsigned others;                /* LINE: addresses in it after the first */
};

/* How to read what is ambiguous; bits. */
#define SDR_RECOGNISE_INTEGER 1U /* any decimal or 0x number is an address */
/* Old spellings of IPv4 addresses are read as inet_aton() does, not refused. */
#define SDR_RECOGNISE_INET_ATON 2U

/* Recognises what `text` stands for, by bits of `how`; blanks around it do not count. EINVAL: it
 * has none of the forms (the offset is where it stops being the most likely one), a host's name, an
 * old spelling (with what it would be read as), a mask whose ones are not in one piece, a range
 * that runs backwards. ESYSTEM: whether its zone is an interface of this host could not be looked
 * at. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_recognise(
	const char *text, unsigned how, struct sdr_reading *reading, struct sdr_error *error);

/* Writes the recognised form for display: "IPv4 network with host". Returns `out`. */
#define SDR_READING_TEXT 160
const char *sdr_reading_format(
	char out[static SDR_READING_TEXT], const struct sdr_reading *reading);

/* Returns the prefix of a reading with a length; of others the address alone, as /32 or /128. */
struct sdr_prefix sdr_reading_prefix(const struct sdr_reading *reading);

#endif
