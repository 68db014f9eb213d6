/* rtnetlink.h - rtnetlink's messages as the values of sounder/host.h. */
#ifndef SOUNDER_HOST_RTNETLINK_H
#define SOUNDER_HOST_RTNETLINK_H

#include <stdbool.h>

#include "sounder/host.h"

struct nlmsghdr;

/* Each fills its value from a message of the matching RTM_NEW or RTM_DEL type; false where the
 * message has nothing we keep (another address family, a route of another table, a multicast route,
 * a cloned one) or is too short. */
bool sdr_decode_link(const struct nlmsghdr *message, struct sdr_interface *interface);
bool sdr_decode_address(const struct nlmsghdr *message, struct sdr_interface_address *address);
bool sdr_decode_route(const struct nlmsghdr *message, struct sdr_route *route);

/* What a message of NLMSG_DONE or NLMSG_ERROR ends a dump with: 0, or a negative errno value.
 * Either may hold one. */
int sdr_decode_end(const struct nlmsghdr *message);

/* Fills a choice from the answer to RTM_GETROUTE of one address; here all tables and types
 * count. */
bool sdr_decode_route_choice(const struct nlmsghdr *message, struct sdr_route_choice *choice);

#endif
