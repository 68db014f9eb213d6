/* subnet.h (internal) - what the verbs of `subnet` share: reading networks from words, files and
 * standard input, and answering with them. */
#ifndef SOUNDER_CMD_SUBNET_H
#define SOUNDER_CMD_SUBNET_H

#include "net/prefix_set.h"
#include "net/space.h"
#include "sounder/command.h"
#include "sounder/out.h"

extern const struct sdr_command subnet_split, subnet_cover, subnet_merge, subnet_exclude,
	subnet_sort, subnet_contains, subnet_overlap, subnet_random, subnet_next, subnet_previous,
	subnet_grep;

#define SDR_RANGE_TEXT (2 * SDR_ADDR_TEXT + 2)

/* Writes a range as a network, an address, or "a-b". Returns `out`. */
const char *sdr_subnet_format(char out[static SDR_RANGE_TEXT], const struct sdr_range *range);

/* For qsort, of struct sdr_range: by first address, the wider first. */
int sdr_subnet_by_place(const void *a, const void *b);

/* Reads networks from a word: addresses, networks and ranges with commas between, or the name of a
 * file with a line each. Adds them to `space` in the order given. EINVAL, ERANGE with `error`: text
 * that is none of these; for a file, with the line. ENOENT, ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_subnet_read(
	const char *word, struct sdr_space *space, struct sdr_error *error);

/* Reads one network (or address); a range or list is refused.  EINVAL, ERANGE with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_subnet_one(
	const char *word, struct sdr_prefix *prefix, struct sdr_error *error);

/* Makes the set of the networks that a joined or unjoined space is made of. ENOMEM with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_subnet_set(
	const struct sdr_space *space, struct sdr_prefix_set **set, struct sdr_error *error);

/* Answers with a range or network, printed on a line as text. `more` adds to its sheet; or NULL. */
SDR_MUST_CHECK enum sdr_status sdr_subnet_emit(const struct sdr_answers *answers,
	const struct sdr_range *range, void (*more)(struct sdr_item *root, const void *what),
	const void *what);
void sdr_subnet_print(
	struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root);

/* Answers with each of the fewest networks of a joined space. */
SDR_MUST_CHECK enum sdr_status sdr_subnet_emit_space(
	const struct sdr_answers *answers, const struct sdr_space *space);

/* Ends an answer: the exit for a status, and the message where it failed without one. */
enum sdr_exit sdr_subnet_exit(enum sdr_status status, struct sdr_error *error);

/* A number of addresses or networks: a number to 2^53, above a decimal string. */
struct sdr_item *sdr_subnet_count(
	struct sdr_item *parent, const char *key, const char *label, unsigned bits);

#endif
