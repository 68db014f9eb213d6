/* kinds.h - the kinds of values that the tables of this machine hold. */
#ifndef SOUNDER_HOST_KINDS_H
#define SOUNDER_HOST_KINDS_H

#include "host/row_table.h"
#include "sounder/addr.h"

extern const struct table_kind sdr_kind_interfaces; /* by index */
extern const struct table_kind sdr_kind_addresses;  /* by interface, then address */
extern const struct table_kind sdr_kind_routes; /* IPv4 first; by destination, so that the default
						   comes first, then metric */

#endif
