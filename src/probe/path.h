/* path.h (internal) - what the probe type `path` keeps of each target, and what all of them share:
 * for path.c, which sends, path_answer.c, which takes what comes, path_members.c, which has hops
 * as members, path_flows.c, which has the sockets, path_table.c, which has the targets and the
 * timers, and path_sheet.c, which shows. */
#ifndef SOUNDER_PROBE_PATH_H
#define SOUNDER_PROBE_PATH_H

#include <uv.h>

#include "net/hop_connect.h"
#include "net/hop_quotes.h"
#include "net/hop_socket.h"
#include "net/icmp.h"
#include "net/icmp_in.h"
#include "net/inflight.h"
#include "path/as_numbers.h"
#include "path/hops.h"
#include "path/loss.h"
#include "path/mtu.h"
#include "probe/path_half_rate.h"
#include "probe/path_second.h"
#include "probe/ping_source.h"
#include "probe/probe_type.h"
#include "sounder/links.h"

#define PATH_FLOWS 64
#define PATH_UDP_PORT 33434
#define PATH_SIZE 56            /* bytes of payload */
#define PATH_TTL_FAR 127        /* stands for the TTL of a probe that goes beyond what is known */
#define PATH_TTL_MTU 126        /* the same of a probe about the MTU */
#define PATH_TTL_SECOND 125     /* and of one by a second protocol */
#define PATH_SECOND_PORT 443    /* of TCP, where nobody chose another */
#define PATH_GENERATION_BITS 12 /* of a key, above the place */
#define PATH_PLACES (1u << (32 - PATH_GENERATION_BITS))
#define PATH_ROLE 16 /* bytes of "hop 64" */
#define PATH_WORDS (SDR_ICMP_WORDS + SDR_ADDR_TEXT + 16)
#define PATH_SERIAL_MAX \
	(950 * SDR_MS) /* that one hop is waited for, where one is probed at a
					  time: before the kernel sends the next SYN */
#define PATH_LINGER_LEAST (2 * SDR_MS)
#define PATH_LINGER (15 * SDR_MS) /* that a round waits for routers once its target answered */

/* Its own options. */
struct path_options {
	int64_t first, max, size;
	const char *flows; /* a number, or "auto"; NULL: one */
	int64_t second;    /* TCP port that is asked where the target alone loses; 0: none is */
	bool mtu;          /* look for what the path carries */
	bool names;        /* look routers' names up */
	const char *asn;   /* a file of AS numbers; NULL: none */
};

/* A target's: its state, as far as the engine knows. All in `own`, NULL before the first probe. */
struct path_own {
	struct path_target *own;
};

struct path;

struct path_target {
	const struct sdr_target *public; /* borrowed until stop */
	struct path *path;
	uint32_t key; /* place in path->targets, and above it a generation */
	struct sdr_addr addr;
	enum hop_protocol protocol;
	struct ping_source source;
	struct path_hops hops;
	struct path_trace *traces;     /* [flow_limit]; owned */
	struct hop_connect **connects; /* [flow_limit] TCP; owned */
	unsigned flow_count;           /* that are probed */
	unsigned flow_limit;           /* that there is room for */
	bool flows_grow;               /* as more addresses of a hop are found */
	uint32_t round;                /* the latest */
	uint32_t before;               /* rounds before the figures began */
	uint32_t room;                 /* reserved in the table of probes in flight */
	sdr_ns slowest;                /* round trip of any hop */
	bool active;                   /* it has something to send */
	bool held;                     /* the next round has to wait */
	bool ended;                    /* a round has ended with `answer`: it is reported */
	sdr_ns report_at;              /* by then */
	struct hop_answer answer;
	bool ever_reached;
	const struct sdr_as_numbers *numbers; /* borrowed; NULL: none */
	struct path_name *names;              /* of routers; owned */
	unsigned name_count, names_asked;     /* that are there; whose answer is awaited */
	struct path_mtu mtu;
	uint32_t mtu_probes;
	bool mtu_under_way;
	struct path_second second;
	struct path_half half;
	uint8_t loop_from, loop_to; /* hops that come again and again; 0: none do */
	int error;                  /* errno of a probe that could not leave; 0: none */
	const char *trouble;  /* what could not be looked at or shown, to be reported; static */
	const char *reported; /* the latest trouble that was */
};

/* A file of AS numbers that was read. */
struct path_numbers {
	struct path_numbers *next;
	struct sdr_as_numbers *numbers;
	char file[];
};

struct path {
	struct path_numbers *numbers; /* owned */
	struct probe_env *env;
	uv_timer_t tick;   /* sends */
	uv_timer_t expiry; /* the next time-out */
	uv_timer_cb on_tick, on_expiry;
	struct hop_events events; /* that sockets have */
	struct sdr_links *links;  /* made when first needed; owned */
	unsigned closing;         /* handles that are closing */
	struct token_key token;
	uint16_t random[4];
	uint16_t shift;               /* of TCP's ports, where somebody else has the usual ones */
	struct icmp_in *in;           /* owned */
	struct hop_quotes *quotes[2]; /* by family; owned; NULL: none are to be had, or not yet */
	struct hop_socket *sockets[2][2][PATH_FLOWS]; /* by protocol, family, flow */
	struct inflight inflight;
	struct path_target **targets; /* [capacity]; NULL: free; owned */
	uint32_t *generations;        /* [capacity]; owned */
	uint32_t capacity;
};

/* The number of a probe in the table of those in flight. */
static inline uint64_t sdr_path_sequence(const struct hop_tag *tag)
{
	uint64_t ttl = tag->mtu ? PATH_TTL_MTU
		: tag->second   ? PATH_TTL_SECOND
		: tag->far      ? PATH_TTL_FAR
				: tag->ttl;
	return (uint64_t)tag->round << 13 | (uint64_t)tag->flow << 7 | ttl;
}

/* ---- path_answer.c ---- */

void sdr_path_on_answer(void *context, const struct hop_answer *answer);
void sdr_path_on_ambiguous(void *context, const struct hop_tag *tag);

/* Takes what is due: time-outs, and rounds whose target has answered. */
void sdr_path_expire(struct path *path, sdr_ns now);

/* Reports what could not be looked at or shown, by a fault of this host's; the same. */
void sdr_path_report_trouble(struct path_target *target);

/* Reports that a probe could not leave; the target may be gone after that. */
void sdr_path_report_error(struct path_target *target);

/* ---- path_table.c ---- */

/* Returns a target by its key; NULL: it is gone. */
struct path_target *sdr_path_target(const struct path *path, uint32_t key);

/* Returns how many hops it has, by the flow that has the most: see path_trace_hops. */
uint8_t sdr_path_hops(const struct path_target *target);

/* Gives a target its place and key. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_path_enter(struct path *path, struct path_target *target);

/* Notes what could not be looked at or shown; `trouble` is static. */
void sdr_path_note_trouble(struct path_target *target, const char *trouble);

/* Has a target send what it has to, in the next iteration. */
void sdr_path_wake(struct path_target *target);

/* Notes the target's latest round, as a probe that is under way until its target has answered, or
 * can't any more. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_path_await(struct path_target *target, sdr_ns now);

/* Whether a flow has its rounds wait. */
bool sdr_path_is_busy(const struct path_target *target);

/* Has the next round wait for a flow that has not asked all yet, or no longer. */
void sdr_path_hold(struct path_target *target);

/* Sets the timer for what is due next. */
void sdr_path_arm(struct path *path);

/* Whether the round that ended may be reported: the path's MTU is known, where it is wanted, and of
 * the last round also what came of all probes to routers that answer at all, and their names. */
bool sdr_path_may_report(const struct path_target *target);

/* Whether a round that is due has to wait for names of routers; then it is due again a little
 * later. Names come, or are known not to, within the resolver's own time. */
bool sdr_path_awaits_names(struct path_target *target, uint32_t round);

#endif
