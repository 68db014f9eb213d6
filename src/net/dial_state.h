/* dial_state.h (internal) - the state of a dial in progress: its tries, its handles, its memory.
 * Shared by dial.c and dial_try.c. */
#ifndef SOUNDER_NET_DIAL_STATE_H
#define SOUNDER_NET_DIAL_STATE_H

#include <uv.h>

#include "net/dial.h"
#include "net/dial_error.h"

enum dial_try_state {
	TRY_OPEN,   /* nothing is known yet */
	TRY_HINTED, /* an ICMP error came for it, the kernel still sends SYNs: the attempt has the
		       error */
	TRY_DEAD,
};

struct dial_try {
	struct sdr_dial *dial;
	uv_poll_t poll; /* an open handle while `fd` is one */
	int fd;         /* -1: closed */
	enum dial_try_state state;
	int hint;    /* errno of the ICMP error that came for it; 0: none */
	sdr_ns left; /* monotonic: when the SYN went out */
};

struct sdr_dial {
	struct uv_loop_s *loop;
	uv_timer_t stagger, deadline;
	unsigned handles; /* open uv handles; the memory goes with the last */
	sdr_ns start;     /* monotonic */
	struct sdr_dial_spec spec;
	char source[SDR_ADDR_TEXT];     /* spec.interface; "": none */
	unsigned count, begun;          /* endpoints; tries */
	struct sdr_endpoint *to;        /* [count], address families interleaved */
	struct sdr_attempt *attempts;   /* [begun] */
	struct dial_try *tries;         /* [begun] */
	char (*words)[SDR_FAULT_WORDS]; /* [begun]: why each failed */
};

/* Returns one with room for all of the spec's endpoints and nothing else filled in; NULL when out
 * of memory. */
struct sdr_dial *dial_state_new(const struct sdr_dial_spec *spec);

/* What each of its handles is closed with: the memory goes with the last. */
void dial_state_on_closed(uv_handle_t *handle);

#endif
