/* path_second.h (internal) - the target asked by another protocol, once a round, while it alone
 * seems to lose: what limits answers to one kind of probe rarely limits another kind just as
 * much. TCP handshakes beside ICMP and UDP; pings beside TCP. */
#ifndef SOUNDER_PROBE_PATH_SECOND_H
#define SOUNDER_PROBE_PATH_SECOND_H

#include "net/hop.h"
#include "path/hops.h"
#include "path/loss.h"

struct path_target;

struct path_second {
	enum hop_protocol protocol;  /* of the latest probe */
	uint16_t port;               /* of TCP and UDP */
	struct hop_connect *connect; /* under way; owned */
	uint32_t probes;             /* sent so far */
	uint32_t first;              /* number of the first that counts */
	bool under_way;
	bool refused; /* the latest did not get there: a router refused it, or this host */
	struct path_counts counts; /* sent 0: nobody is asked */
	struct path_counts beside; /* the target's own since then, of rounds that ended */
	uint64_t sent_before;      /* to the target until then */
	uint32_t round;            /* that it began with */
	uint8_t ttl;               /* of the target then */
	uint32_t epoch;            /* the same */
};

/* Sends a probe if the target alone loses and none is under way. */
void sdr_path_second_step(struct path_target *target, sdr_ns now);

/* Takes what came of one; NULL: it was lost. */
void sdr_path_second_take(
	struct path_target *target, const struct hop_tag *tag, const struct hop_answer *answer);

/* Takes what became of a probe of the hop, for comparison. */
void sdr_path_second_note(struct path_target *target, const struct hop_tag *tag, bool answered);

/* Has the counts begin again: the path's own figures do. */
void sdr_path_second_forget(struct path_target *target);

#endif
