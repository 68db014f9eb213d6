/* option.h - an option of a command line, described once: parsing, help, completion and the manual
 * follow, and of a probe type's options their copies, too. */
#ifndef SOUNDER_OPTION_H
#define SOUNDER_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a command may be used. */
enum sdr_where { SDR_WHERE_SHELL = 1, SDR_WHERE_SCREEN = 2, SDR_WHERE_CONFIG = 4 };

enum sdr_option_kind { SDR_OPTION_FLAG, SDR_OPTION_TEXT, SDR_OPTION_INTEGER, SDR_OPTION_DURATION };

struct sdr_option {
	const char *name; /* long name without dashes; NULL ends a set */
	char letter;      /* or 0 */
	enum sdr_option_kind kind;
	const char *metavar;  /* "SECONDS"; NULL for a flag */
	const char *sentence; /* for help and the manual; begins lower case, no full stop */
	int64_t min, max;     /* INTEGER; DURATION in ns; both 0: unbounded */
	unsigned where; /* of enum sdr_where: only there; 0: wherever its command may be used */
	bool repeats;   /* may be given several times; else a second value is refused */
	const char *excludes; /* blank-separated names of options that it would make meaningless;
				 NULL: none */
	/* Of a probe type's option: where its value goes in the type's own struct, and what a
	 * number is where it is not given. */
	unsigned place; /* SDR_PLACE; 0: its command reads it */
	int64_t otherwise;
};

/* A member of a struct of options: a bool for a FLAG, const char * for a TEXT, const char *const *
 * (NULL-terminated, or NULL) for one that repeats, int64_t for an INTEGER, sdr_ns for a
 * DURATION. */
#define SDR_PLACE(type, member) ((unsigned)offsetof(type, member) + 1)

#endif
