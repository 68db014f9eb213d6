/* json.h (internal) - a fast writer for plain sheets. */
#ifndef SOUNDER_REPORT_JSON_H
#define SOUNDER_REPORT_JSON_H

#include "sounder/out.h"
#include "sounder/sheet.h"

/* Writes a sheet as one line of JSON. Returns false, with nothing written, where it holds fractions
 * or bytes that are no UTF-8. */
bool sdr_json_sheet(struct sdr_out *out, const struct sdr_item *root);

#endif
