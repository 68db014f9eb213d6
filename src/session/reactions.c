/* reactions.c - the user's own programs for targets that go DOWN or come up.
 *
 * Only a few run at a time, so that a network that fails does not start a thousand of them; the
 * rest waits in order. */
#include "session/reactions.h"

#include <stdlib.h>
#include <string.h>

#define RUNNING_MAX 8
#define WAITING_MAX 1024 /* beyond, nobody waits for what they would say */

struct reaction {
	uv_process_t process;
	struct reaction *next;
	struct reactions *all; /* NULL once they are closed */
	char *program;         /* here and below: in `text` */
	char *label;
	char text[];
};

static void start(struct reactions *all);

static void note(struct reactions *all, enum sdr_tone tone, const struct reaction *reaction,
	const char *words)
{
	sdr_model_note(all->model, sdr_clock_wall(), tone, reaction->label, "%s %s",
		reaction->program, words);
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void forget(struct reaction *reaction)
{
	struct reactions *all = reaction->all;
	struct reaction **at = &all->running;
	while (*at != reaction)
		at = &(*at)->next;
	*at = reaction->next;
	all->running_count--;
	reaction->all = NULL;
	uv_close((uv_handle_t *)&reaction->process, on_closed);
}

static void on_exit_of(uv_process_t *process, int64_t status, int number)
{
	struct reaction *reaction = process->data;
	struct reactions *all = reaction->all;
	(void)status;
	(void)number;
	forget(reaction);
	start(all);
}

static void spawn(struct reactions *all, struct reaction *reaction)
{
	char *words[] = {reaction->program, reaction->label, NULL}, text[160];
	uv_stdio_container_t nothing[3] = {
		{.flags = UV_IGNORE}, {.flags = UV_IGNORE}, {.flags = UV_IGNORE}};
	uv_process_options_t options = {.file = reaction->program,
		.args = words,
		.exit_cb = on_exit_of,
		.stdio = nothing,
		.stdio_count = 3,
		.flags = UV_PROCESS_DETACHED};
	reaction->next = all->running;
	all->running = reaction;
	all->running_count++;
	reaction->process.data = reaction;
	int failed = uv_spawn(all->loop, &reaction->process, &options);
	if (!failed)
		return;
	snprintf(text, sizeof(text), "could not be run: %s", uv_strerror(failed));
	note(all, SDR_TONE_BAD, reaction, text);
	forget(reaction);
}

/* Starts those that wait, as far as there is room. */
static void start(struct reactions *all)
{
	while (all->waiting && all->running_count < RUNNING_MAX) {
		struct reaction *reaction = all->waiting;
		all->waiting = reaction->next;
		all->waiting_count--;
		spawn(all, reaction);
	}
}

static struct reaction *make(
	struct reactions *all, const char *program, const struct sdr_target *target)
{
	char room[SDR_TARGET_LABEL];
	const char *label = sdr_target_label(room, target);
	size_t size = strlen(program) + 1, label_size = strlen(label) + 1;
	struct reaction *reaction = calloc(1, sizeof(*reaction) + size + label_size);
	if (!reaction)
		return NULL;
	reaction->all = all;
	reaction->program = memcpy(reaction->text, program, size);
	reaction->label = memcpy(reaction->text + size, label, label_size);
	return reaction;
}

void sdr_reactions_run(
	struct reactions *reactions, const char *program, const struct sdr_target *target)
{
	struct reaction *reaction = make(reactions, program, target);
	if (!reaction) {
		sdr_model_note(reactions->model, sdr_clock_wall(), SDR_TONE_BAD, target->typed,
			"%s was not run: %s", program, sdr_status_text(SDR_ENOMEM));
		return;
	}
	if (reactions->waiting_count == WAITING_MAX) {
		note(reactions, SDR_TONE_WARNING, reaction, "was not run: too many wait already");
		free(reaction);
		return;
	}
	*(reactions->waiting ? &reactions->last->next : &reactions->waiting) = reaction;
	reactions->last = reaction;
	reactions->waiting_count++;
	start(reactions);
}

void sdr_reactions_close(struct reactions *reactions)
{
	struct reaction *next;
	for (struct reaction *at = reactions->waiting; at; at = next) {
		next = at->next;
		free(at);
	}
	reactions->waiting = NULL;
	reactions->waiting_count = 0;
	while (reactions->running)
		forget(reactions->running);
}
