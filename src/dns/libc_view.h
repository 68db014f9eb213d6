/* libc_view.h (internal) - what programs here get for a name: getaddrinfo and getnameinfo, each in
 * a thread of its own. libuv's pool is left alone: dead servers hold a thread for half a minute. */
#ifndef SOUNDER_DNS_LIBC_VIEW_H
#define SOUNDER_DNS_LIBC_VIEW_H

#include "sounder/names.h"

struct uv_loop_s;
struct sdr_libc;
struct sdr_libc_call;

#define SDR_LIBC_AT_ONCE 2 /* threads; more questions wait */

struct sdr_libc_answer {
	int error;            /* of getaddrinfo or getnameinfo: EAI_...; 0: there is an answer */
	int number;           /* errno, with EAI_SYSTEM */
	unsigned count, more; /* of `addrs`; for more there was no room */
	struct sdr_addr addrs[SDR_NAMES_ADDRESSES_MAX]; /* [count] in libc's order */
	char name[SDR_HOST_TEXT * 4];                   /* canonical, or of an address; "": none */
};

/* What to ask. */
struct sdr_libc_question {
	const char *name; /* a name, or with `reverse` an address; copied */
	uint8_t family;   /* 4, 6, 0 both */
	bool reverse;
	/* From the loop; the answer is valid during the call, NULL: there was no thread for it. */
	void (*done)(void *context, const struct sdr_libc_answer *answer);
	void *context;
};

struct sdr_libc *sdr_libc_new(struct uv_loop_s *loop); /* NULL when out of memory */

/* Gives up all calls. Their threads end by themselves, later, and touch nothing that is left; the
 * handle closes as the loop runs. NULL is allowed. */
void sdr_libc_free(struct sdr_libc *libc);

/* Looks up a name's addresses as getent ahosts does, or an address's name. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_libc_ask(struct sdr_libc *libc,
	const struct sdr_libc_question *question, struct sdr_libc_call **call);

/* `done` does not come. Not from within it. */
void sdr_libc_cancel(struct sdr_libc_call *call);

#endif
