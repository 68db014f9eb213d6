/* bulk.h - many names asked of name servers, each for the same types, as text or as objects. A name
 * goes the short way where it can: one datagram from a socket of the bulk's own, sent and received
 * with others; and the way of all questions (fail-over, TCP, without EDNS) where that has no
 * answer. */
#ifndef SOUNDER_BULK_H
#define SOUNDER_BULK_H

#include "sounder/names.h"
#include "sounder/probe_options.h"

struct sdr_bulk;
struct sdr_bulk_call;
struct sdr_sheet;

enum sdr_bulk_form {
	SDR_BULK_LINES, /* "NAME  TTL  IN  TYPE  DATA", a line a record of the answer section */
	SDR_BULK_SHORT, /* their data alone */
	SDR_BULK_SHEETS /* what `dns` has for one name */
};

/* Borrowed as long as the bulk. */
struct sdr_bulk_spec {
	const struct sdr_dns_options *options;
	const char *server; /* "ADDR[:PORT]"; NULL: the system's */
	sdr_ns timeout;     /* for a name in all; 0: 4 s */
	enum sdr_bulk_form form;
};

/* Valid during the callback, but for the sheet, which is the callee's. */
struct sdr_bulk_answer {
	enum sdr_outcome outcome;
	const char *why;  /* where the outcome is not OK: a sentence */
	const char *text; /* [length] lines, printable ASCII; none with SHEETS */
	size_t length;
	struct sdr_sheet *sheet; /* with SHEETS; NULL: out of memory */
};

struct sdr_bulk_question {
	const char *name; /* or an address; borrowed until the call returns */
	/* Once, from the loop, never before the question has been taken. */
	void (*done)(void *context, const struct sdr_bulk_answer *answer);
	void *context;
};

/* EINVAL, ERANGE with `error`: types, server or options can't be asked for; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_bulk_new(struct sdr_names *names,
	const struct sdr_bulk_spec *spec, struct sdr_bulk **bulk, struct sdr_error *error);

/* Gives up all that is asked; handles close as the loop goes on. NULL is allowed. */
void sdr_bulk_free(struct sdr_bulk *bulk);

/* Asks; of an address for its names, unless types are given. EINVAL with `error`: it can't
 * be asked for; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_bulk_ask(struct sdr_bulk *bulk,
	const struct sdr_bulk_question *question, struct sdr_bulk_call **call,
	struct sdr_error *error);

/* `done` does not come. Not from within it. */
void sdr_bulk_cancel(struct sdr_bulk_call *call);

#endif
