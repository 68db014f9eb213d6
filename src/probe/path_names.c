/* path_names.c - names of routers by their addresses, asked for once each, where that is wanted. */
#include "probe/path_names.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 256 /* of a path */

struct path_name {
	struct path_name *next;
	struct sdr_names *names;     /* borrowed */
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
	name->call = NULL;
	if (answer->outcome == SDR_OUTCOME_OK && answer->canonical_name)
		name->name = strdup(answer->canonical_name); /* without memory there is none */
}

void sdr_path_name_ask(struct path_target *target, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	const struct path_options *options = target->public->spec->options;
	if (!options->names || !target->path->env->names || find(target, addr) ||
		target->name_count == NAMES_MAX)
		return;
	struct path_name *name = calloc(1, sizeof(*name));
	if (!name)
		return;
	name->addr = *addr;
	name->names = target->path->env->names;
	name->next = target->names;
	target->names = name;
	target->name_count++;
	const struct sdr_names_query query = {.name = sdr_addr_format(text, addr),
		.server = target->public->spec->server,
		.done = on_done,
		.context = name};
	if (sdr_names_reverse(name->names, &query, &name->call, NULL) != SDR_OK)
		name->call = NULL;
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
			sdr_names_cancel(name->names, name->call);
		free(name->name);
		free(name);
	}
}
