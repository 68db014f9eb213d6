/* journal.c - events in a ring; subjects are cut in the middle, since that is where names differ
 * least. */
#include "model/journal.h"

#include <stdio.h>
#include <string.h>

#define EVENTS 512

enum sdr_status sdr_journal_init(struct sdr_journal *journal)
{
	return sdr_ring_init(&journal->ring, EVENTS, sizeof(struct sdr_event));
}

enum sdr_status sdr_journal_copy(struct sdr_journal *copy, const struct sdr_journal *journal)
{
	return sdr_ring_copy(&copy->ring, &journal->ring);
}

void sdr_journal_done(struct sdr_journal *journal)
{
	sdr_ring_done(&journal->ring);
}

/* By bytes, not cells: the text is raw still. Never within a UTF-8 character, so that what is left
 * is as valid as it was. */
void sdr_event_subject(char out[static SDR_EVENT_SUBJECT], const char *text)
{
	const size_t size = SDR_EVENT_SUBJECT;
	size_t length = strlen(text), head = (size - 4) / 2, tail = size - 4 - head;
	if (length < size) {
		memcpy(out, text, length + 1);
		return;
	}
	const char *end = text + length - tail;
	while (head > 0 && ((unsigned char)text[head] & 0xC0) == 0x80)
		head--;
	while (((unsigned char)*end & 0xC0) == 0x80)
		end++;
	snprintf(out, size, "%.*s...%s", (int)head, text, end);
}

struct sdr_event *sdr_journal_add(
	struct sdr_journal *journal, sdr_wall when, enum sdr_tone tone, const char *subject)
{
	struct sdr_event *event = sdr_ring_push(&journal->ring);
	event->when = when;
	event->tone = tone;
	sdr_event_subject(event->subject, subject ? subject : "");
	return event;
}

const struct sdr_event *sdr_journal_event(const struct sdr_journal *journal, uint32_t back)
{
	return sdr_ring_back(&journal->ring, back);
}

uint64_t sdr_journal_count(const struct sdr_journal *journal)
{
	return journal->ring.pushed;
}
