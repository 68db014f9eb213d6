/* spec.h - what to probe, and how: a target and the options of its probe type. */
#ifndef SOUNDER_SPEC_H
#define SOUNDER_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/status.h"

struct sdr_probe_type;

/* What to probe, and how. The engine copies it; all text is borrowed until then. */
struct sdr_spec {
	const struct sdr_probe_type *type;
	const char *target; /* as typed; what every sink shows */
	const char *host;   /* the name or address to resolve; NULL where the type needs none */
	uint16_t port;      /* 0 where the type needs none */
	uint8_t family;     /* 4, 6, or 0 for RFC 6724's choice */
	uint8_t hop_limit;  /* of what is sent, 1..255; 0: the system's */
	uint8_t tos;        /* 0..255 */
	bool all_addresses; /* every address of `host` is to be a target, see engine.h; only where
			       the type is by_address */
	bool broadcast : 1; /* an address that stands for many is a target, too */
	bool udp : 1;       /* by UDP, of types that can do both; else TCP */
	bool line_open : 1; /* `line` is without its last word, the target: so targets with the same
			       settings share it */
	const char *line;   /* the command line that adds just this target, for :write-config and
			       copy-as-command; may be NULL */
	const char *group;  /* the label that it stands and counts together under, which `line` does
				not have; NULL: none */
	const char *server; /* resolver "ADDR[:PORT]", or NULL for the system's */
	const char *source; /* interface name or address to send from, or NULL */
	const void *options; /* the type's own, see struct sdr_probe_type; NULL: none is given */
	sdr_ns interval;     /* 10 ms .. 1 h; 0: once */
	sdr_ns timeout;      /* of one probe, name lookup apart; 0: the type's default */
	uint64_t count; /* probes to send; 0: for ever (once, where interval is 0); above 1 without
			   interval: the type's default interval */
	/* What comes, as it comes, of types that read a stream; or NULL. Called from the loop;
	 * returns whether to go on; must not remove the target. */
	bool (*on_body)(void *context, const void *bytes, size_t length);
	void *on_body_context;
};

/* Bytes of a group's name: 63 characters of four, and the NUL. */
#define SDR_GROUP_TEXT (63 * 4 + 1)

/* Whether a text may be a group's name: 1 to 63 characters that print, the first no - and no blank.
 * EINVAL with `error`, which shows what was given. */
SDR_MUST_CHECK enum sdr_status sdr_group_check(const char *name, struct sdr_error *error);

#endif
