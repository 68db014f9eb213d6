/* icmp_filter.h - has a raw ICMP socket hear our own replies alone. */
#ifndef SOUNDER_NET_ICMP_FILTER_H
#define SOUNDER_NET_ICMP_FILTER_H

#include <stdint.h>

#include "sounder/status.h"

/* Lets echo replies through whose identifier has our high 8 bits and whose payload, where it is
 * long enough, our magic; locks that. ESYSTEM. */
SDR_MUST_CHECK enum sdr_status sdr_icmp_filter_set(
	int fd, uint8_t version, uint16_t identifier, uint32_t magic);

#endif
