/* headers.h (internal) - collects an answer's status line and headers, with limits. Pure: lines in,
 * answer out. RFC 9110 sec. 5, RFC 9112. */
#ifndef SOUNDER_HTTP_HEADERS_H
#define SOUNDER_HTTP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/clock.h"

/* Over all answers of one request, 1xx included. */
#define SDR_HEADERS_BYTES_MAX ((size_t)64 * 1024)
#define SDR_HEADERS_LINES_MAX 1000u /* likewise */

enum sdr_headers_fault {
	SDR_HEADERS_FINE,
	SDR_HEADERS_TOO_LONG,    /* more than SDR_HEADERS_BYTES_MAX */
	SDR_HEADERS_TOO_MANY,    /* more than SDR_HEADERS_LINES_MAX */
	SDR_HEADERS_BAD_LENGTH,  /* Content-Length is no number, or no 63-bit one */
	SDR_HEADERS_TWO_LENGTHS, /* two that differ */
	SDR_HEADERS_NO_MEMORY,
};

/* One header; both parts borrowed from the collection, neither NUL-terminated. */
struct sdr_header {
	const char *name, *value;
	size_t name_length, value_length;
};

#define SDR_HEADERS_EARLY_MAX 16u /* 1xx answers kept; more are counted only */

/* A 1xx answer that came before the final one: a collection of its own, of which `bytes`, `used`
 * and `status` count. */
struct sdr_headers_early {
	char *bytes; /* owned */
	size_t used;
	int status;
	sdr_ns at; /* when its status line came */
};

/* All zero bytes is an empty collection. */
struct sdr_headers {
	sdr_ns now;          /* set by the caller: when the line came that is added next */
	sdr_ns at;           /* when the latest answer's status line came */
	char *bytes;         /* lines of the latest answer, each ended by LF; owned */
	size_t used, size;   /* of `bytes` */
	size_t bytes_seen;   /* over all answers */
	unsigned lines_seen; /* over all answers */
	unsigned interim;    /* 1xx answers that came before */
	struct sdr_headers_early early[SDR_HEADERS_EARLY_MAX]; /* the first of them */
	int status;             /* of the latest answer; 0 if none was read or it is not valid */
	bool complete;          /* the empty line after the headers has come */
	int64_t content_length; /* -1: none given; set with the first one */
	bool has_length;        /* content_length is set */
	enum sdr_headers_fault fault;
};

/* Takes one line as it came, with its line end. Returns false at the first fault, which stays. */
bool sdr_headers_add(struct sdr_headers *headers, const char *line, size_t length);

/* Returns whether the final answer's headers are all there. */
bool sdr_headers_final(const struct sdr_headers *headers);

/* Returns the status line without its end, and its length; NULL if none came. */
const char *sdr_headers_status_line(const struct sdr_headers *headers, size_t *length);

/* Returns the headers of early answer `index` as a collection that borrows them; nothing of it is
 * to be freed. */
struct sdr_headers sdr_headers_early(const struct sdr_headers *headers, unsigned index);

/* Iterates over the headers: start with *position 0; returns false after the last one. */
bool sdr_headers_next(
	const struct sdr_headers *headers, size_t *position, struct sdr_header *header);

void sdr_headers_done(struct sdr_headers *headers);

#endif
