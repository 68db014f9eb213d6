/* fuzz_config.c - a config file of any bytes: each complaint has its place in the file, in order;
 * the same file has the same complaints again; and where only settings count, no others come. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "few_ports.h"
#include "input.h"
#include "sounder/app.h"
#include "sounder/config.h"
#include "sounder/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAME "fuzz.conf"
#define COMPLAINTS 64
#define MOST 512 /* bytes: a dozen lines do all that a thousand do */

/* The file, and what was said of it. */
struct said {
	const struct sdr_config_file *file;
	struct place {
		unsigned line, column;
		uint32_t hash; /* of the words */
	} places[COMPLAINTS];
	size_t count; /* also of those there is no room for */
};

static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261u;
	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	return hash;
}

/* Characters of a line, by its number; -1: there is no such line. */
static long characters(const struct sdr_config_file *file, unsigned line)
{
	size_t at = 0;
	long count = 0;
	for (; line > 1 && at < file->length; at++)
		line -= file->text[at] == '\n';
	for (; line == 1 && at < file->length && file->text[at] != '\n'; at++)
		count += ((uint8_t)file->text[at] & 0xc0) != 0x80;
	return line == 1 ? count : -1;
}

static void on_complaint(void *context, const char *message)
{
	struct said *said = context;
	struct place place = {0, 0, hash_of(message)};
	must(strncmp(message, NAME ":", sizeof(NAME)) == 0);
	must(sscanf(message + sizeof(NAME), "%u:%u: ", &place.line, &place.column) == 2);
	must(place.column > 0 && place.column <= characters(said->file, place.line) + 1);
	if (said->count > 0 && said->count <= COMPLAINTS)
		must(said->places[said->count - 1].line <= place.line);
	if (said->count < COMPLAINTS)
		said->places[said->count] = place;
	said->count++;
}

static bool said_by(const struct said *said, const struct place *place)
{
	for (size_t i = 0; i < said->count && i < COMPLAINTS; i++)
		if (said->places[i].line == place->line && said->places[i].hash == place->hash)
			return true;
	return false;
}

static void run(struct sdr_app *app, struct said *said, bool only_settings)
{
	struct sdr_config config = {
		.only_settings = only_settings, .complain = on_complaint, .context = said};
	struct sdr_error error;
	must(sdr_config_text(app, &config, said->file, &error) == SDR_OK);
}

static void check_again(struct sdr_app *app, const struct said *first)
{
	struct said again = {.file = first->file};
	size_t kept = first->count < COMPLAINTS ? first->count : COMPLAINTS;
	run(app, &again, false);
	must(again.count == first->count &&
		memcmp(first->places, again.places, kept * sizeof(*again.places)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	static struct sdr_app *app; /* made once: a run has a million of these */
	const struct sdr_config_file file = {NAME, (const char *)data, size};
	struct said first = {.file = &file}, settings = {.file = &file};
	if (!app) {
		app = sdr_app_new(&privilege, sdr_commands);
		must(app != NULL);
		must(sdr_app_open(app, SDR_PART_REGISTRY, NULL) == SDR_OK);
		few_ports(sdr_app_registry(app), 1000);
	}
	if (size > MOST || memchr(data, '\0', size))
		return -1;
	run(app, &first, false);
	run(app, &settings, true);
	if (size % 8 == 0)
		check_again(app, &first);
	must(settings.count <= first.count);
	for (size_t i = 0; first.count <= COMPLAINTS && i < settings.count; i++)
		must(said_by(&first, &settings.places[i]));
	return 0;
}
