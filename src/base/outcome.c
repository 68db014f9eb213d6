/* outcome.c - the words of outcomes. */
#include "sounder/outcome.h"

struct outcome_words {
	const char *word;     /* JSON */
	const char *label;    /* a column */
	const char *sentence; /* a person */
	enum sdr_exit exit;   /* of a command that got it */
};

static const struct outcome_words outcomes[SDR_OUTCOME_COUNT] = {
#define X(code, word, label, exit, sentence) \
	[SDR_OUTCOME_##code] = {word, label, sentence, (enum sdr_exit)exit},
	SDR_OUTCOME_MAP(X)
#undef X
};

const char *sdr_outcome_word(enum sdr_outcome outcome)
{
	return outcomes[outcome].word;
}

const char *sdr_outcome_label(enum sdr_outcome outcome)
{
	return outcomes[outcome].label;
}

const char *sdr_outcome_sentence(enum sdr_outcome outcome)
{
	return outcomes[outcome].sentence;
}

enum sdr_exit sdr_outcome_exit(enum sdr_outcome outcome)
{
	return outcomes[outcome].exit;
}
