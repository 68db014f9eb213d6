/* dial_words.c - the sentence about a race: who is dead and why, who answered. Pure. */
#include "net/dial_words.h"

#include <stdio.h>
#include <string.h>

#define TAIL 128 /* kept for how many there was no room for, and for who answered */

static void add_words(
	char why[static SDR_DIAL_WHY], const char *before, const char *first, const char *second)
{
	size_t used = strlen(why);
	snprintf(why + used, SDR_DIAL_WHY - used, "%s%s%s", before, first, second);
}

/* Returns whether there was room for it. */
static bool format_try(
	char why[static SDR_DIAL_WHY], const struct sdr_dial_story *story, unsigned index)
{
	const struct sdr_attempt *attempt = &story->attempts[index];
	char address[SDR_ADDR_TEXT], after[SDR_DURATION_TEXT], text[SDR_FAULT_WORDS + 32];
	if (attempt->open) {
		sdr_ns waited = story->elapsed - attempt->began;
		snprintf(text, sizeof(text), " no answer in %s",
			sdr_duration_display(after, waited));
	} else {
		const char *words = story->words[index];
		snprintf(text, sizeof(text), "%s%s", words[0] ? ": " : " ",
			words[0] ? words : sdr_outcome_label(attempt->outcome));
	}
	sdr_addr_format(address, &attempt->to.addr);
	if (strlen(why) + strlen(address) + strlen(text) + 2 > SDR_DIAL_WHY - TAIL)
		return false;
	add_words(why, why[0] ? ", " : "", address, text);
	return true;
}

static void format_number(char why[static SDR_DIAL_WHY], unsigned count, const char *what)
{
	char number[16];
	snprintf(number, sizeof(number), ", %u", count);
	if (count > 0)
		add_words(why, number, " more ", what);
}

/* Whether one cause, in words of its own, stopped them all: a source that this host does not
 * have. */
static bool all_alike(const struct sdr_dial_story *story)
{
	const char *words = story->words[0];
	for (unsigned i = 0; i < story->count; i++)
		if (i == story->begun || story->attempts[i].outcome != SDR_OUTCOME_LOCAL ||
			strcmp(story->words[i], words) != 0)
			return false;
	return words[0] != '\0';
}

void sdr_dial_format_failed(char why[static SDR_DIAL_WHY], const struct sdr_dial_story *story)
{
	if (story->count == 1 || all_alike(story)) {
		snprintf(why, SDR_DIAL_WHY, "%s", story->words[0]);
		return;
	}
	unsigned left_out = 0;
	for (unsigned i = 0; i < story->begun; i++)
		left_out += !format_try(why, story, i);
	format_number(why, left_out, "failed, too");
	format_number(why, story->count - story->begun, "not tried in this time");
}

/* Those before the winner that are dead, or were silent all the while; and those dead that were
 * begun later. */
void sdr_dial_format_warning(
	char why[static SDR_DIAL_WHY], const struct sdr_dial_story *story, unsigned winner)
{
	char address[SDR_ADDR_TEXT];
	unsigned left_out = 0;
	for (unsigned i = 0; i < story->begun; i++)
		if (i != winner && (i < winner || !story->attempts[i].open))
			left_out += !format_try(why, story, i);
	format_number(why, left_out, "are dead or silent, too");
	if (why[0])
		add_words(why, ", ", sdr_addr_format(address, &story->attempts[winner].to.addr),
			" answered");
}

/* How informative an outcome is about the target: the peer's own answer first, then a router's,
 * then silence, then what this host could not do. */
static int rank_of(enum sdr_outcome outcome)
{
	switch (outcome) {
	case SDR_OUTCOME_REFUSED:
	case SDR_OUTCOME_RESET:
		return 4;
	case SDR_OUTCOME_TIMEOUT:
		return 2;
	case SDR_OUTCOME_LOCAL:
		return 1;
	default:
		return 3;
	}
}

/* This host had nothing to try an address with: what the others said is no answer then. */
static bool is_starved(const struct sdr_attempt *attempt)
{
	if (attempt->unopened)
		return true;
	static const char *const names[] = {"ENOMEM", "ENOBUFS", "EMFILE", "ENFILE", "EAGAIN"};
	for (size_t i = 0; attempt->error_name && i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(attempt->error_name, names[i]) == 0)
			return attempt->outcome == SDR_OUTCOME_LOCAL;
	return false;
}

enum sdr_outcome sdr_dial_outcome(const struct sdr_dial_story *story)
{
	enum sdr_outcome outcome = story->attempts[0].outcome;
	for (unsigned i = 0; i < story->begun; i++)
		if (is_starved(&story->attempts[i]))
			return SDR_OUTCOME_LOCAL;
	for (unsigned i = 1; i < story->begun; i++)
		if (rank_of(story->attempts[i].outcome) > rank_of(outcome))
			outcome = story->attempts[i].outcome;
	return outcome;
}
