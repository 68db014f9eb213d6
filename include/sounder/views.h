/* views.h - a name as several see it: name servers, the hosts file, libc; side by side, and
 * again whenever an answer's time is over. */
#ifndef SOUNDER_VIEWS_H
#define SOUNDER_VIEWS_H

#include "sounder/names.h"
#include "sounder/probe_options.h"

struct sdr_views;

/* What to ask of whom. Text and lists are borrowed as long as the views. */
struct sdr_views_spec {
	const char *name;                      /* a name or an address, as typed */
	const struct sdr_dns_options *options; /* types, search list, transport, EDNS; `expect` */
	const char *const *views; /* words with their @, NULL-terminated; none: resolv.conf */
	sdr_ns timeout;           /* for a view in all; 0: 4 s */
	bool watch;               /* go on, until given up */
	sdr_ns deadline;          /* of that; 0: none */
	/* The sheet is the callee's. First `type` "names": all views; then, with `watch`, `type`
	 * "change" for each. */
	void (*emit)(void *context, struct sdr_sheet *sheet);
	/* Once, at the end; with `watch` only at its deadline. `why`: with exit
	 * code 2, the reason; else NULL. All come from the loop, none before the start returns. */
	void (*done)(void *context, enum sdr_exit exit, const char *why);
	void *context;
};

/* Whether all that is typed can be asked: types, views, name. EINVAL, ERANGE, ESYSTEM with
 * `error`. */
SDR_MUST_CHECK enum sdr_status sdr_views_check(
	const struct sdr_views_spec *spec, struct sdr_error *error);

/* Asks. As sdr_views_check, and ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_views_start(struct sdr_names *names,
	const struct sdr_views_spec *spec, struct sdr_views **views, struct sdr_error *error);

/* Gives it up; not from within `done`, nor after it. */
void sdr_views_cancel(struct sdr_views *views);

/* Returns the exit code that the views have as they stand: 0 all that answered agree, with what is
 * expected, too; 1 they differ, or there is nothing; 2 none answered. */
enum sdr_exit sdr_views_exit(const struct sdr_views *views);

#endif
