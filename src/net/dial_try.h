/* dial_try.h (internal) - one try of a dial: its socket, and what becomes of it. */
#ifndef SOUNDER_NET_DIAL_TRY_H
#define SOUNDER_NET_DIAL_TRY_H

#include "net/dial_state.h"

/* Opens a socket and has its SYN sent. Returns 0 or an errno, and where it came. */
int dial_try_open(struct dial_try *one, const struct sdr_endpoint *to, enum sdr_fault_stage *stage);

/* Looks how a try stands, and notes it. Returns whether it won, and when its handshake was over. */
bool dial_try_look(struct dial_try *one, sdr_ns now, sdr_ns *connected_at);

/* Notes why a try failed, and closes its socket. */
void dial_try_kill(struct dial_try *one, const struct sdr_fault *fault, sdr_ns now);

/* Takes the descriptor out of the loop's hands. Returns it. */
int dial_try_release(struct dial_try *one);

/* Closes it, if it is open. */
void dial_try_drop(struct dial_try *one);

/* Which of its dial's tries it is. */
unsigned dial_try_index(const struct dial_try *one);

/* What a fault of the dial's try of that index is about. */
struct sdr_fault_about dial_try_about(const struct sdr_dial *dial, unsigned index);

#endif
