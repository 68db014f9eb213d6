/* as_numbers.h (internal) - a user's file of networks and the autonomous systems that announce
 * them, by longest match. Asks nobody, DNS neither. */
#ifndef SOUNDER_PATH_AS_NUMBERS_H
#define SOUNDER_PATH_AS_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/addr.h"
#include "sounder/status.h"

struct sdr_as_numbers;

/* Whose an address is. */
struct sdr_as {
	uint32_t number;         /* the first where the file has several */
	uint32_t more;           /* how many others announce the network, too, or as one set */
	struct sdr_prefix match; /* the network in the file */
	const char *name;        /* [name_length] as in the file, so not clean; borrowed */
	size_t name_length;      /* 0: none */
};

/* Reads a file of up to SDR_FILE_LIST_MAX bytes with lines `PREFIX AS [NAME]`, or as CAIDA's
 * pfx2as has them: address, length, AS. AS is a number with or without "AS" before it; several
 * stand with _ or , between them. Blank lines, and what follows a # that begins a word, are left
 * out; of two lines for a network the later counts. The caller frees *numbers. EINVAL, ERANGE a
 * line is wrong: `error` has the file, the line, what is wrong and what would be right; ENOENT,
 * ENOMEM, ESYSTEM as sdr_file_read. */
SDR_MUST_CHECK enum sdr_status sdr_as_numbers_read(
	const char *path, struct sdr_as_numbers **numbers, struct sdr_error *error);

/* The same of a text of less than 4 GB, `name` its file. Owns `text`, whatever comes of it. */
SDR_MUST_CHECK enum sdr_status sdr_as_numbers_parse(
	const char *name, char *text, struct sdr_as_numbers **numbers, struct sdr_error *error);

void sdr_as_numbers_free(struct sdr_as_numbers *numbers); /* NULL is allowed */

/* How many networks there are. */
size_t sdr_as_numbers_count(const struct sdr_as_numbers *numbers);

/* Finds the longest network that holds `addr` (IPv4-mapped: the IPv4 address); false where none
 * does. About a microsecond. */
bool sdr_as_numbers_find(
	const struct sdr_as_numbers *numbers, const struct sdr_addr *addr, struct sdr_as *as);

#endif
