/* curl.h (internal) - libcurl's functions, loaded when HTTP is first asked for. Linked at start,
 * libcurl and the thirty libraries behind it would cost every look-up three milliseconds and the
 * dashboard four megabytes. Its constants and types come from its header as ever. */
#ifndef SOUNDER_HTTP_CURL_H
#define SOUNDER_HTTP_CURL_H

#include <curl/curl.h>

#include "sounder/status.h"

/* All that is called: curl_easy_init is `easy_init` here. */
#define SDR_CURL_FUNCTIONS(X) \
	X(easy_init) \
	X(easy_cleanup) \
	X(easy_setopt) \
	X(easy_getinfo) \
	X(easy_strerror) \
	X(getdate) \
	X(global_init) \
	X(global_cleanup) \
	X(multi_init) \
	X(multi_cleanup) \
	X(multi_add_handle) \
	X(multi_remove_handle) \
	X(multi_assign) \
	X(multi_setopt) \
	X(multi_socket_action) \
	X(multi_info_read) \
	X(slist_append) \
	X(slist_free_all) \
	X(version_info)

struct sdr_curl {
	void *library; /* of dlopen; what it depends on is found through it as well */
#define X(name) __typeof__(&curl_##name) name;
	SDR_CURL_FUNCTIONS(X)
#undef X
};

/* Fills in the functions. The library stays loaded. ENOENT with `error`: it is not installed, or
 * lacks one of them. */
SDR_MUST_CHECK enum sdr_status sdr_curl_load(struct sdr_curl *curl, struct sdr_error *error);

/* From now on the process ends without what libraries do at its exit: one of them may be stuck. */
void sdr_curl_skip_exit(void);

#endif
