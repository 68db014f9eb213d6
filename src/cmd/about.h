/* about.h (internal) - what the registries say about an address, as items of a sheet: `ip` and `mask` share it. */
#ifndef SOUNDER_CMD_ABOUT_H
#define SOUNDER_CMD_ABOUT_H

#include "sounder/addr.h"
#include "sounder/sheet.h"

/* Adds `kind`, `special_purpose` (an object or null), `holder` (likewise) and `reverse_name` to `parent`. */
void sdr_about_add(struct sdr_item *parent, const struct sdr_addr *addr);

#define SDR_REVERSE_TEXT 80 /* 32 nibbles with dots, ip6.arpa, and a NUL */

/* Writes the name that PTR records of the address are at: 4.3.2.1.in-addr.arpa (RFC 1035 sec. 3.5), ...ip6.arpa (RFC 3596 sec. 2.5). */
const char *sdr_about_reverse(char out[static SDR_REVERSE_TEXT], const struct sdr_addr *addr);

/* Adds the text as an item, or a null item where it is empty. */
struct sdr_item *sdr_about_text(struct sdr_item *parent, const char *key, const char *label, const char *text);

/* Adds comma-separated text as a list, whose key and label are `aliases`. */
struct sdr_item *sdr_about_aliases(struct sdr_item *parent, const char *aliases);

#endif
