/* names.h (internal) - what the app and the probes have of the name lookups beyond
 * sounder/names.h. */
#ifndef SOUNDER_DNS_NAMES_H
#define SOUNDER_DNS_NAMES_H

#include "dns/questions.h"
#include "sounder/names.h"

struct uv_loop_s;
struct sdr_hosts;
struct sdr_libc;

/* Where the configuration is read. */
struct sdr_names_files {
	const char *resolv_conf, *hosts, *nsswitch_conf,
		*gai_conf; /* gai_conf: NULL: libc's own tables */
};

/* Reads the configuration in /etc and watches it; no socket but inotify's. NULL when out of
 * memory. */
struct sdr_names *sdr_names_new(struct uv_loop_s *loop);
struct sdr_names *sdr_names_new_at(struct uv_loop_s *loop,
	const struct sdr_names_files *files); /* likewise, elsewhere; paths are copied */

/* Gives up all lookups (no `done` follows); handles close as the loop goes on. Inquiries of others
 * must have ended. NULL is allowed. */
void sdr_names_free(struct sdr_names *names);

/* For those who ask questions of their own. */
struct sdr_servers *sdr_names_servers(struct sdr_names *names);
const struct sdr_resolvconf *sdr_names_resolvconf(struct sdr_names *names);

/* Returns the hosts file, read when first wanted; NULL when out of memory. */
const struct sdr_hosts *sdr_names_hosts(struct sdr_names *names);

/* Returns where the hosts file is, and why it could not be read, though it is there; "": it
 * could. */
const char *sdr_names_hosts_path(const struct sdr_names *names);
const char *sdr_names_unread_hosts(const struct sdr_names *names);

/* Returns what asks libc; NULL when out of memory. */
struct sdr_libc *sdr_names_libc(struct sdr_names *names);

/* Fills in what the caller left unset in a question from resolv.conf's options: time-out, tries,
 * TCP, AD. */
void sdr_names_take_options(struct sdr_names *names, struct sdr_questions_spec *spec);

#endif
