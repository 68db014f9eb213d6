/* path_names.c - names of routers by their addresses, asked for once each, where that is wanted. */
#include "probe/path_names.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 256 /* of a path */
#define NOT_LOOKED_UP "a router's name could not be looked up by this host"

struct path_name {
	struct path_name *next;
	struct path_target *target;  /* whose it is */
	struct sdr_names_call *call; /* NULL: it has ended */
	struct sdr_addr addr;
	char *name; /* owned; NULL: none is known */
};

static struct path_name *find(const struct path_target *target, const struct sdr_addr *addr)
{
	struct path_name *at = target->names;
	while (at && !sdr_addr_same(&at->addr, addr))
		at = at->next;
	return at;
}

static void on_done(void *context, const struct sdr_names_answer *answer)
{
	struct path_name *name = context;
	struct path_target *target = name->target;
	name->call = NULL;
	target->names_asked--;
	if (answer->outcome == SDR_OUTCOME_OK && answer->canonical_name)
		name->name = strdup(answer->canonical_name);
	bool missed = answer->outcome == SDR_OUTCOME_OK && !name->name;
	if (missed || answer->outcome == SDR_OUTCOME_LOCAL || answer->unseen)
		sdr_path_note_trouble(target, NOT_LOOKED_UP);
	sdr_path_arm(target->path); /* the last round may wait for it */
}

void sdr_path_name_ask(struct path_target *target, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	const struct path_options *options = target->public->spec->options;
	if (!options->names || !target->path->env->names || find(target, addr) ||
		target->name_count == NAMES_MAX)
		return;
	struct path_name *name = calloc(1, sizeof(*name));
	if (!name) {
		sdr_path_note_trouble(target, NOT_LOOKED_UP);
		return;
	}
	name->addr = *addr;
	name->target = target;
	name->next = target->names;
	target->names = name;
	target->name_count++;
	const struct sdr_names_query query = {.name = sdr_addr_format(text, addr),
		.server = target->public->spec->server,
		.done = on_done,
		.context = name};
	if (sdr_names_reverse(target->path->env->names, &query, &name->call, NULL) == SDR_OK) {
		target->names_asked++;
		return;
	}
	name->call = NULL;
	sdr_path_note_trouble(target, NOT_LOOKED_UP);
}

const char *sdr_path_name(const struct path_target *target, const struct sdr_addr *addr)
{
	const struct path_name *name = find(target, addr);
	return name ? name->name : NULL;
}

void sdr_path_names_done(struct path_target *target)
{
	while (target->names) {
		struct path_name *name = target->names;
		target->names = name->next;
		if (name->call)
			sdr_names_cancel(target->path->env->names, name->call);
		free(name->name);
		free(name);
	}
}
