/* nsswitch.h (internal) - the hosts line of /etc/nsswitch.conf. A pure parser of its text.
 * nsswitch.conf(5). */
#ifndef SOUNDER_DNS_NSSWITCH_H
#define SOUNDER_DNS_NSSWITCH_H

#include <stdbool.h>
#include <stdint.h>

#define SDR_NSSWITCH_SERVICES 12
#define SDR_NSSWITCH_SKIPPED 96

enum sdr_service_kind { SDR_SERVICE_FILES, SDR_SERVICE_DNS, SDR_SERVICE_MYHOSTNAME };

/* How a service answered; an action in brackets may end the list there. */
enum sdr_service_end {
	SDR_SERVICE_SUCCESS,
	SDR_SERVICE_NOTFOUND,
	SDR_SERVICE_UNAVAIL,
	SDR_SERVICE_TRYAGAIN,
	SDR_SERVICE_ENDS
};

struct sdr_nsswitch {
	struct sdr_nsswitch_service {
		enum sdr_service_kind kind;
		bool returns[SDR_SERVICE_ENDS]; /* whether the list ends with this answer */
	} services[SDR_NSSWITCH_SERVICES];      /* [count], in order */
	unsigned count;
	char skipped[SDR_NSSWITCH_SKIPPED]; /* services of the line that are not asked here,
					       blank-separated; "" if none */
};

/* Parses the file's text. Without a line "hosts:": files, then DNS, as in glibc. A service that
 * libc has no module for is skipped, as libc does; `has_module` checks for one (NULL: each has
 * one). */
void sdr_nsswitch_parse(
	const char *text, bool (*has_module)(const char *service), struct sdr_nsswitch *order);

/* Whether libc has a module of this name to load: libnss_SERVICE.so.2 beside itself. */
bool sdr_nsswitch_has_module(const char *service);

#endif
