/* view_words.h (internal) - the words that name views: @ADDR, @tcp://ADDR, @NAME, @system, @hosts,
 * @libc. Pure. */
#ifndef SOUNDER_DNS_VIEW_WORDS_H
#define SOUNDER_DNS_VIEW_WORDS_H

#include "sounder/addr.h"

enum view_source {
	VIEW_SERVER,   /* an address */
	VIEW_NAMED,    /* the addresses of a name, each a view */
	VIEW_SYSTEM,   /* the servers of resolv.conf, each a view */
	VIEW_RESOLVER, /* the same with fail-over: one view; without a word of its own */
	VIEW_HOSTS,
	VIEW_LIBC,
};

struct view_word {
	enum view_source source;
	bool tcp;
	struct sdr_endpoint server; /* of SERVER; of NAMED its port */
	char host[SDR_HOST_TEXT];   /* of NAMED */
};

/* Reads a word, with its @. EINVAL, ERANGE with `error`: it names no view, or one that can't be
 * asked; ESYSTEM as sdr_addr_parse. */
SDR_MUST_CHECK enum sdr_status sdr_view_word_parse(
	const char *text, struct view_word *word, struct sdr_error *error);

#endif
