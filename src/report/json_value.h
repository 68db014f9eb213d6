/* json_value.h (internal) - values, objects and lines of JSON (RFC 8259); jansson builds and writes
 * them.
 *
 * A value that could not be made is NULL; the caller that gets it passes it on, and the line that
 * lacks it is not written: the output has failed with ENOMEM. */
#ifndef SOUNDER_REPORT_JSON_VALUE_H
#define SOUNDER_REPORT_JSON_VALUE_H

#include <jansson.h>

#include "sounder/clock.h"
#include "sounder/out.h"

/* Begins an object; sdr_json_end or sdr_json_write ends it. */
json_t *sdr_json_new(void);

/* Adds a member, which is the object's then. */
void sdr_json_put(json_t *object, const char *key, json_t *value);

/* Adds text that may be no UTF-8: then bad bytes are \\xHH, and KEY_base64 has all of them. */
void sdr_json_put_bytes(json_t *object, const char *key, const char *bytes, size_t length);
void sdr_json_put_text(json_t *object, const char *key, const char *text); /* NULL: null */

/* Ends an object that goes into another. NULL, and it is gone, if it lacks something. */
json_t *sdr_json_end(json_t *object);

/* Ends an object and writes it as a line; it is gone then. */
void sdr_json_write(struct sdr_out *out, json_t *object);

/* Adds to an array and returns that; NULL, and it is gone, without memory. */
json_t *sdr_json_append(json_t *array, json_t *value);

json_t *sdr_json_integer(int64_t value); /* a string beyond 2^53: doubles skip integers there */
json_t *sdr_json_real(double value);     /* null where it is no number */
json_t *sdr_json_seconds(sdr_ns value);  /* null for SDR_NS_NONE */

/* Valid characters as they are, other bytes as \\xHH; and as base64 (RFC 4648 sec. 4). */
json_t *sdr_json_text_of_bytes(const unsigned char *bytes, size_t length);
json_t *sdr_json_base64_of_bytes(const unsigned char *bytes, size_t length);

#endif
