/* status.h - what a call can fail with, and the one message a person gets to read.
 *
 * A function that can fail returns `enum sdr_status`; its results go through its last parameters
 * and are left untouched on failure. For errors in what a user typed, a `struct sdr_error` has the
 * reason and what would be right. */
#ifndef SOUNDER_STATUS_H
#define SOUNDER_STATUS_H

#include <stddef.h>

/* Every code with its sentence, once. */
#define SDR_STATUS_MAP(X) \
	X(OK, "no error") \
	X(EINVAL, "not understood") \
	X(ERANGE, "outside the permitted range") \
	X(ENOMEM, "out of memory") \
	X(EPERM, "not permitted") \
	X(ENOENT, "not found") \
	X(EEXIST, "exists already") \
	X(EBUSY, "busy") \
	X(EINUSE, "address in use by another program") \
	X(EUNREACH, "network unreachable from this host") \
	X(ETIMEDOUT, "no answer in time") \
	X(ECANCELED, "stopped before it was done") \
	X(ENOTSUP, "not supported on this system") \
	X(EMALFORMED, "malformed") \
	X(ESYSTEM, "the system refused")

enum sdr_status {
#define X(code, sentence) SDR_##code,
	SDR_STATUS_MAP(X)
#undef X
		SDR_STATUS_COUNT
};

/* What a command's process ends with. The worst of several is the largest. */
enum sdr_exit {
	SDR_EXIT_YES = 0,  /* a positive answer */
	SDR_EXIT_NO = 1,   /* a negative answer: nothing found, no reply, refused, an HTTP status of
			      400 or above */
	SDR_EXIT_FAIL = 2, /* usage, bad text, no permission, no resolver, local failure */
	SDR_EXIT_FPING_USAGE = 3,  /* `ping --fping` alone, as fping(8) has it */
	SDR_EXIT_FPING_SYSTEM = 4, /* the same: a fault of this host */
};

#define SDR_ERROR_TEXT 320

/* One message for a person, filled where the fault is found. */
struct sdr_error {
	/* Bytes from the start of the text that was parsed, at which it goes wrong. */
	size_t offset;
	char text[SDR_ERROR_TEXT]; /* names what was typed, what is wrong with it, what would be
				      right; one line, no full stop */
};

#define SDR_MUST_CHECK __attribute__((warn_unused_result))
#define SDR_PRINTF(text, rest) __attribute__((format(printf, text, rest)))

/* Returns the sentence of `status`; never NULL. */
const char *sdr_status_text(enum sdr_status status);

/* Returns the status that stands for an errno value (OK for 0, ESYSTEM where none fits better). */
enum sdr_status sdr_status_of_errno(int number);

/* Returns an errno value's name ("ECONNREFUSED"), static; NULL for 0 and for unknown values. */
const char *sdr_errno_name(int number);

/* Fills `error` (NULL is allowed, then nothing happens) with the fault's offset and a message, cut
 * where it is too long; user and password of a URL in it become ***. What is put into the message
 * from outside is sanitised by the sink that prints it, not here. */
void sdr_error_set(struct sdr_error *error, size_t offset, const char *format, ...)
	SDR_PRINTF(3, 4);

#endif
