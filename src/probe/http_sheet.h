/* http_sheet.h (internal) - the whole answer of an HTTP probe as a sheet: what --json, the text
 * form and the panel show. */
#ifndef SOUNDER_PROBE_HTTP_SHEET_H
#define SOUNDER_PROBE_HTTP_SHEET_H

#include "probe/http_diagnosis.h"

/* What goes into one. */
struct http_sheet_case {
	const struct sdr_transfer_answer *answer; /* its times with the name lookup's added */
	const struct http_diagnosis *diagnosis;
	const char *url, *method;
	sdr_wall now;
	bool chain; /* with the whole chain of certificates, which costs more than the rest */
};

/* Returns a new sheet that the caller frees, or NULL when out of memory. */
struct sdr_sheet *sdr_http_sheet_new(const struct http_sheet_case *of);

#endif
