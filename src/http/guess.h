/* guess.h (internal) - what a peer speaks that answered with something else than HTTP, by its first
 * bytes. Pure. */
#ifndef SOUNDER_HTTP_GUESS_H
#define SOUNDER_HTTP_GUESS_H

#include <stddef.h>

/* Returns "SSH", "TLS", "HTTP/2" and the like, or NULL where nothing is known by these bytes. */
const char *sdr_guess_protocol(const void *bytes, size_t length);

/* The same of what came where TLS was wanted: a web server that speaks without is one, too. */
const char *sdr_guess_plain(const void *bytes, size_t length);

#endif
