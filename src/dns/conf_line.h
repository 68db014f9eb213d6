/* conf_line.h (internal) - a configuration file's text, line by line. */
#ifndef SOUNDER_DNS_CONF_LINE_H
#define SOUNDER_DNS_CONF_LINE_H

#include <stddef.h>

/* Copies the next line of a text, without its line feed and cut to `size` bytes with a NUL, into
 * `line`. Returns what follows it; NULL past the last line, and for a NULL text. */
const char *sdr_conf_line(const char *text, char *line, size_t size);

#endif
