/* target_filter.h - addresses that no probe is sent to: many would answer, or none ever could (D19
 * of the fault table). */
#ifndef SOUNDER_PROBE_TARGET_FILTER_H
#define SOUNDER_PROBE_TARGET_FILTER_H

#include "sounder/addr.h"
#include "sounder/clock.h"

#define SDR_TARGET_FILTER_NETS 64

/* The networks this host is on, read again after a second. All zero bytes: not read yet. */
struct target_filter {
	struct sdr_prefix nets[SDR_TARGET_FILTER_NETS]; /* [count], IPv4 with a broadcast address */
	unsigned count;
	sdr_ns read_at; /* 0: never */
};

/* Returns why an address is no target, NULL if it is one. */
const char *sdr_target_filter_reason(
	struct target_filter *target_filter, const struct sdr_addr *addr);

#endif
