/* machine_state.h (internal) - what the view of this machine is made of: shared by machine.c (asks
 * and follows) and look.c (is asked). */
#ifndef SOUNDER_HOST_MACHINE_STATE_H
#define SOUNDER_HOST_MACHINE_STATE_H

#include <linux/netlink.h>
#include <uv.h>

#include "host/machine.h"
#include "host/row_table.h"

#define BUFFER_SIZE 32768 /* the kernel fills a dump's datagrams up to 32 KiB */
#define HOST_NOT_YET (-1)

/* The dumps, in the order they are made; bits of `wanted`. */
enum dump { DUMP_LINKS, DUMP_ADDRESSES, DUMP_ROUTES4, DUMP_ROUTES6, DUMP_COUNT };

struct sdr_host {
	uv_poll_t poll;            /* its data is this, as the timer's */
	uv_timer_t timer;          /* runs while `later` is not empty */
	struct mnl_socket *socket; /* NULL: no netlink here */
	struct table interfaces;   /* of struct sdr_interface */
	struct table addresses;    /* of struct sdr_interface_address */
	struct table routes;       /* of struct sdr_route */
	struct table fresh;        /* the table being dumped */
	enum dump dumping;         /* DUMP_COUNT: none */
	bool interrupted;          /* the table changed during the present dump */
	int failed[DUMP_COUNT]; /* what each one's last dump failed with, an errno value; 0: it is
				   whole; HOST_NOT_YET */
	bool touched;    /* a change was applied to `fresh`: what is dumped may be in it already */
	unsigned wanted; /* bits 1 << enum dump still to be made */
	unsigned later;  /* bits that the timer makes wanted */
	uint32_t sequence; /* of the present dump */
	unsigned handles;  /* open ones of the two */
	uint64_t version;  /* grows with each change */
	char name[256];    /* of this host */
	_Alignas(struct nlmsghdr) unsigned char buffer[BUFFER_SIZE];
};

#endif
