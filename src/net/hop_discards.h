/* hop_discards.h (internal) - whether this host itself dropped a packet that it took. Sending to an
 * IPv6 ping socket succeeds whatever the local firewall does with the packet (Linux up to 6.18 at
 * least): all that shows is a counter of the whole network namespace, and that the packet gets no
 * stamp of the queue of a device. Of a SYN not even the counter does. */
#ifndef SOUNDER_NET_HOP_DISCARDS_H
#define SOUNDER_NET_HOP_DISCARDS_H

#include <stdint.h>

#define HOP_DISCARDS_UNKNOWN UINT64_MAX

/* Returns how many IPv6 packets this host has dropped on their way out: Ip6OutDiscards of
 * /proc/net/snmp6, RFC 4293. */
uint64_t sdr_hop_discards(void);

#endif
