/* guess.h (internal) - what a peer speaks that answered with something else than HTTP, by its first
 * bytes. Pure. */
#ifndef SOUNDER_HTTP_GUESS_H
#define SOUNDER_HTTP_GUESS_H

#include <stddef.h>

/* Returns "SSH", "TLS", "HTTP/2" and the like, or NULL where nothing is known by these bytes. */
const char *sdr_guess_protocol(const void *bytes, size_t length);

/* The same for an answer where TLS was expected: a web server without TLS is one, too. */
const char *sdr_guess_plain(const void *bytes, size_t length);

#endif
