/* dial_state.c - the memory of a dial: taken at once, given back with its last handle. */
#include "net/dial_state.h"

#include <stdlib.h>

static void free_dial(struct sdr_dial *dial)
{
	free(dial->to);
	free(dial->attempts);
	free(dial->tries);
	free(dial->words);
	free(dial);
}

void dial_state_on_closed(uv_handle_t *handle)
{
	struct sdr_dial *dial = handle->data;
	if (--dial->handles == 0)
		free_dial(dial);
}

struct sdr_dial *dial_state_new(const struct sdr_dial_spec *spec)
{
	struct sdr_dial *dial = calloc(1, sizeof(*dial));
	if (!dial)
		return NULL;
	dial->to = malloc(spec->count * sizeof(*dial->to));
	dial->attempts = calloc(spec->count, sizeof(*dial->attempts));
	dial->tries = calloc(spec->count, sizeof(*dial->tries));
	dial->words = calloc(spec->count, sizeof(*dial->words));
	if (dial->to && dial->attempts && dial->tries && dial->words)
		return dial;
	free_dial(dial);
	return NULL;
}
