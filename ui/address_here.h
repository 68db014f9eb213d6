/* address_here.h - where an address lies from this host, in a line. */
#ifndef SOUNDER_UI_ADDRESS_HERE_H
#define SOUNDER_UI_ADDRESS_HERE_H

#include "sounder/host.h"

#define UI_ADDRESS_HERE (SDR_ERROR_TEXT + 160)

/* Writes "in 10.2.0.0/16 of eth0; would leave by eth0 from 10.2.0.17", asking the kernel for the
 * route. Returns `out`. */
const char *ui_address_here(
	char out[static UI_ADDRESS_HERE], const struct sdr_host *host, const struct sdr_addr *addr);

/* Returns the name of an interface, "?" for one that is gone. */
const char *ui_address_interface(const struct sdr_host *host, uint32_t index);

/* How many lines this host's networks take: one each, and one with the error if they could not be
 * read. */
unsigned ui_address_ours(const struct sdr_host *host);

/* Writes why this host's addresses could not be read; "" if they could. Returns `out`. */
const char *ui_address_unseen(const struct sdr_host *host, char out[static SDR_ERROR_TEXT]);

#endif
