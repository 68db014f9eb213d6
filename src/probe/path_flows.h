/* path_flows.h (internal) - the sockets of flows. */
#ifndef SOUNDER_PROBE_PATH_FLOWS_H
#define SOUNDER_PROBE_PATH_FLOWS_H

#include "probe/path.h"

/* Finds the socket of a flow, which is opened where it is not yet. Returns 0 or an errno. */
int sdr_path_socket(struct path *path, enum hop_protocol protocol, uint8_t version, unsigned flow,
	struct hop_socket **socket);

/* Opens what shows the quotes of a target's errors, where that is permitted and not done yet. */
void sdr_path_open_quotes(struct path_target *target);

/* Notes where something of what was quoted could not be looked at. */
void sdr_path_check_quotes(struct path_target *target);

/* The port or identifier that a flow leaves from. */
uint16_t sdr_path_number(enum hop_protocol protocol, unsigned flow);

/* Sends one probe of a target. Returns 0 or an errno. */
int sdr_path_send(struct path_target *target, const struct hop_tag *tag);

/* The same, with so many bytes of payload, which nobody may take apart where `whole`. */
int sdr_path_send_size(
	struct path_target *target, const struct hop_tag *tag, uint16_t size, bool whole);

/* Sends one to the target by its second protocol. Returns 0 or an errno. */
int sdr_path_send_second(struct path_target *target, const struct hop_tag *tag);

/* Takes one for lost, which its socket would still wait for. */
void sdr_path_forget(struct path_target *target, const struct hop_tag *tag);

/* Reads what came on all sockets, before a burst; answers may come from within. */
void sdr_path_read(struct path *path);

/* The same of handshakes, each with a call of its own: where this program was stopped. */
void sdr_path_read_connects(struct path *path);

void sdr_path_close_sockets(struct path *path);

#endif
