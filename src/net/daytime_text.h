/* daytime_text.h - the text of the daytime protocol (RFC 867): made in ctime's form, read in every
 * form that servers are known to send. */
#ifndef SOUNDER_NET_DAYTIME_TEXT_H
#define SOUNDER_NET_DAYTIME_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define SDR_DAYTIME_TEXT 32 /* "Www Mmm dd hh:mm:ss yyyy\r\n" and its NUL */
#define SDR_DAYTIME_ZONE 12

enum sdr_daytime_form {
	SDR_DAYTIME_CTIME,  /* "Fri Nov 20 13:29:25 2026", also with a zone before the year as
			       date(1) writes it */
	SDR_DAYTIME_XINETD, /* "20 NOV 2026 13:29:25 UTC"; RFC 867's second example has a year of
			       two digits */
	SDR_DAYTIME_RFC867, /* "Tuesday, February 22, 1982 17:37:43-PST", RFC 867's first example */
	SDR_DAYTIME_NIST,   /* "61364 26-11-20 13:29:25 00 0 0 50.0 UTC(NIST) *" */
	SDR_DAYTIME_ISO,    /* "2026-11-20T13:29:25Z", ISO 8601 as RFC 3339 has it; also without a
			       zone, and with a fraction */
	SDR_DAYTIME_GO, /* "2026-11-20 13:29:25.123456789 +0000 UTC m=+0.000012", Go's Time.String()
			 */
	SDR_DAYTIME_MAIL, /* "Fri, 20 Nov 2026 13:29:25 +0000", RFC 5322 as date -R writes it;
			     "Friday, 20-Nov-26 13:29:25 UTC", RFC 850 */
	SDR_DAYTIME_FORMS
};

/* A text understood. */
struct sdr_daytime {
	enum sdr_daytime_form form;
	int64_t seconds; /* since 1970 of the date and time as written, as if they were UTC */
	char zone[SDR_DAYTIME_ZONE]; /* as written, "" if there was none */
	bool zone_known;             /* `zone_offset` holds */
	int32_t zone_offset;         /* seconds east of UTC */
	int64_t nanoseconds;         /* of a fraction; else 0 */
	int64_t resolution; /* nanoseconds: what the text's last digit counts; 1,000,000,000 without
			       a fraction */
	int32_t health;     /* NIST: 0 is healthy; else 0 */
	double advance_ms;  /* NIST: how far the text is ahead, to compensate the network delay;
			       else 0 */
};

/* Reads bytes[length] as one line in one of the forms; blanks, CR, LF and NUL around it do not
 * matter, nor do words before it ("The time is: "). Returns false where none fits, with `out`
 * untouched: RFC 867 prescribes no form, so this is no fault of the server. */
bool sdr_daytime_parse(const void *bytes, size_t length, struct sdr_daytime *out);

/* Returns a form's name: "ctime", "xinetd", "rfc867", "nist", "iso", "go", "mail". */
const char *sdr_daytime_form_name(enum sdr_daytime_form form);

/* Writes the ctime form with CR LF in English whatever the locale. Years outside 0..9999 are cut to
 * that range. Returns the length. */
size_t sdr_daytime_format(char out[static SDR_DAYTIME_TEXT], const struct tm *tm);

#endif
