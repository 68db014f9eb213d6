/* recognise.h (internal) - the forms that a pasted text may have; each is a function that accepts
 * the text, leaves it, or returns an error. */
#ifndef SOUNDER_NET_RECOGNISE_H
#define SOUNDER_NET_RECOGNISE_H

#include "sounder/recognise.h"

/* Bytes that a text other than a line of a log may have, with its NUL: a URL with a long name in
 * it. */
#define SDR_PASTE_WORD 300

/* A text with the blanks around it cut off. */
struct sdr_paste {
	const char *text;          /* [length], not ended by a NUL */
	size_t length;             /* bytes */
	char word[SDR_PASTE_WORD]; /* the same, NUL-terminated; "" where it is longer: only a line
				      can be that */
	unsigned how;              /* bits SDR_RECOGNISE_... */
};

enum sdr_match {
	SDR_MATCH_OTHER, /* not this form */
	SDR_MATCH_TAKEN, /* this form; the reading is filled */
	SDR_MATCH_WRONG, /* meant as this form but wrong; see the error */
};

typedef enum sdr_match (*sdr_form)(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);

/* recognise_number.c */
enum sdr_match sdr_recognise_old(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);
enum sdr_match sdr_recognise_integer(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);
enum sdr_match sdr_recognise_hardware(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);

/* recognise_mask.c */
enum sdr_match sdr_recognise_slash(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);
enum sdr_match sdr_recognise_words(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);
enum sdr_match sdr_recognise_range(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);

/* recognise_name.c */
enum sdr_match sdr_recognise_url(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);
enum sdr_match sdr_recognise_reverse(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);
enum sdr_match sdr_recognise_endpoint(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);

/* recognise_port.c */
enum sdr_match sdr_recognise_suffix(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);

/* recognise_zone.c: reads text[length] as an address; a zone that this host lacks goes to
 * `reading`. */
bool sdr_recognise_zoned(const char *text, size_t length, struct sdr_reading *reading);

/* recognise_zone.c: looks whether each zone in the text could be looked up here. ESYSTEM with
 * `error`. */
enum sdr_status sdr_recognise_unseen(const struct sdr_paste *paste, struct sdr_error *error);

/* recognise_mask.c: reads a word as a mask that the reading's address can have; false, and nothing
 * changed, where it is none. */
bool sdr_recognise_mask(const char *word, struct sdr_reading *reading);

/* recognise_line.c */
enum sdr_match sdr_recognise_line(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error);

#endif
