/* host.h - this machine: interfaces, their addresses and networks, routes (rtnetlink), live. */
#ifndef SOUNDER_HOST_H
#define SOUNDER_HOST_H

#include "sounder/addr.h"

struct sdr_host;

#define SDR_INTERFACE_NAME 16

struct sdr_interface {
	uint32_t index;
	char name[SDR_INTERFACE_NAME];
	uint32_t mtu;
	bool up, running, loopback;
	uint8_t hardware[8];
	uint8_t hardware_length; /* 0, 6 or 8 */
};

struct sdr_interface_address {
	uint32_t index;           /* of its interface */
	struct sdr_prefix prefix; /* the address with its length */
};

struct sdr_route {
	struct sdr_prefix to;   /* length 0: default */
	struct sdr_addr via;    /* version 0: on link */
	struct sdr_addr source; /* preferred; version 0 if none */
	uint32_t index;         /* leaves by this interface */
	uint32_t metric;
};

uint64_t sdr_host_version(const struct sdr_host *host);
unsigned sdr_host_interface_count(const struct sdr_host *host);
const struct sdr_interface *sdr_host_interface(const struct sdr_host *host, unsigned index);
unsigned sdr_host_address_count(const struct sdr_host *host);
const struct sdr_interface_address *sdr_host_address(const struct sdr_host *host, unsigned index);
unsigned sdr_host_route_count(const struct sdr_host *host); /* main table, unicast */
const struct sdr_route *sdr_host_route(const struct sdr_host *host, unsigned index);
const char *sdr_host_name(const struct sdr_host *host);

#endif
