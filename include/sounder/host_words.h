/* host_words.h - words that name hosts. */
#ifndef SOUNDER_HOST_WORDS_H
#define SOUNDER_HOST_WORDS_H

#include "sounder/status.h"

/* Checks a word that names hosts as `ping` takes it: a host, a network, a range; a list (@FILE, -)
 * is not opened. EINVAL: it can be none (see sdr_host_check), or is a URL, has a port; ERANGE: more
 * hosts than can be asked for; ESYSTEM as sdr_addr_parse. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_hosts_check(const char *word, struct sdr_error *error);

#endif
