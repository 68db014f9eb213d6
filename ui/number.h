/* number.h - numbers: three significant digits, so that columns line up and nothing jitters.
 * Each returns `out`. */
#ifndef SOUNDER_UI_NUMBER_H
#define SOUNDER_UI_NUMBER_H

#include "sounder/clock.h"

#define UI_NUMBER_TEXT 32

const char *ui_number_ms(
	char out[static UI_NUMBER_TEXT], sdr_ns duration); /* "0.31" "12.4" "1240"; "-" for none */
const char *ui_number_real(
	char out[static UI_NUMBER_TEXT], double value); /* the same; "-" for NAN */
const char *ui_number_percent(char out[static UI_NUMBER_TEXT],
	double percent); /* "0.0" "0.8" "36.0" "100"; "-" for NAN */
const char *ui_number_share(char out[static UI_NUMBER_TEXT],
	double share); /* of 0.0 to 1.0, as percent; "100" only where it is all */
const char *ui_number_count(char out[static UI_NUMBER_TEXT], uint64_t count); /* "11,490" */
const char *ui_number_bytes(char out[static UI_NUMBER_TEXT], double bytes); /* "812 B" "1.30 MB" */

#endif
