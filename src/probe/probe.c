/* probe.c - the table of probe types and the words of outcomes. */
#include "probe/probe_type.h"

#include <string.h>

#include "tables.h"

#define PROBE(name) extern const struct probe_type probe_##name;
SDR_PROBES
#undef PROBE

static const struct probe_type *const types[] = {
#define PROBE(name) &probe_##name,
	SDR_PROBES
#undef PROBE
		NULL,
};

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

const struct sdr_probe_type *sdr_probe_at(unsigned index)
{
	return index < sizeof(types) / sizeof(*types) && types[index] ? &types[index]->public
								      : NULL;
}

const struct sdr_probe_type *sdr_probe_find(const char *name)
{
	const struct sdr_probe_type *public;
	for (unsigned i = 0; (public = sdr_probe_at(i)); i++)
		if (strcmp(public->name, name) == 0)
			return public;
	return NULL;
}
