/* about.h (internal) - what the registries list for an address, as items of a sheet: `ip` and
 * `mask` share it. */
#ifndef SOUNDER_CMD_ABOUT_H
#define SOUNDER_CMD_ABOUT_H

#include "sounder/addr.h"
#include "sounder/command.h"
#include "sounder/out.h"
#include "sounder/recognise.h"
#include "sounder/sheet.h"

/* How to read a word, from the call's --integer and --inet-aton. */
extern const struct sdr_option sdr_about_options[];
unsigned sdr_about_how(const struct sdr_call *call);

/* Adds what was typed, the form it was recognised as, and what comes with some forms: `input`,
 * `read_as`, `port`, `range`, `hardware`. */
void sdr_about_reading(
	struct sdr_item *parent, const char *word, const struct sdr_reading *reading);

/* Adds `kind`, `special_purpose` (an object or null), `holder` (also), `reverse_name`, and a
 * `description` in a sentence. A network of all addresses is described as that. */
void sdr_about_add(struct sdr_item *parent, const struct sdr_prefix *prefix);

/* Adds the address in its forms (`address`, `version`, `expanded`, `hexadecimal`, `decimal`,
 * `address_binary`) and its class. */
void sdr_about_forms(struct sdr_item *parent, const struct sdr_addr *addr);

/* Adds what the address carries within: `scope`, `multicast_group`, `solicited_node`,
 * `hardware_address`, `ipv4`, `embedded`. */
void sdr_about_embedded(struct sdr_item *parent, const struct sdr_addr *addr);

/* Adds all that follows from a mask: `prefix_length`, `netmask`, `network`, `host_part`,
 * `broadcast`, `usable_hosts`, `reverse_zone` ... */
void sdr_about_network(struct sdr_item *parent, const struct sdr_prefix *prefix);

/* Returns the length of the default mask of an IPv4 address's class, and its letter; 0 where a
 * class (D, E) has none. RFC 791 sec. 3.2. */
unsigned sdr_about_class(const struct sdr_addr *addr, char *letter);

/* Writes the sheet of one address or network as text; what does not apply is left out. */
void sdr_about_print(struct sdr_out *out, const struct sdr_item *root);

/* Writes a network as ipcalc's KEY=value lines, which a shell can eval. */
void sdr_about_shell(struct sdr_out *out, const struct sdr_item *root);

#define SDR_REVERSE_TEXT 80 /* 32 nibbles with dots, ip6.arpa, and a NUL */

/* Writes the name that PTR records of the address are at: 4.3.2.1.in-addr.arpa (RFC 1035 sec. 3.5),
 * ...ip6.arpa (RFC 3596 sec. 2.5). */
const char *sdr_about_reverse(char out[static SDR_REVERSE_TEXT], const struct sdr_addr *addr);

/* Adds an address as text, or a null item where its version is 0. */
struct sdr_item *sdr_about_addr(
	struct sdr_item *parent, const char *key, const char *label, const struct sdr_addr *addr);

/* Adds the text as an item, or a null item where it is empty. */
struct sdr_item *sdr_about_text(
	struct sdr_item *parent, const char *key, const char *label, const char *text);

/* Adds comma-separated text as a list, whose key and label are `aliases`. */
struct sdr_item *sdr_about_aliases(struct sdr_item *parent, const char *aliases);

#endif
