/* fuzz_line.c - a line of words: split, checked, completed, expanded, and each word quoted and read
 * back. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "few_ports.h"
#include "sounder/app.h"

#define MOST 256 /* bytes */

static void round_trip(struct sdr_app *app, const char *word)
{
	size_t need = sdr_word_quote(NULL, 0, word);
	char *text = malloc(need + sizeof "help -- ");
	strcpy(text, "help -- ");
	sdr_word_quote(text + strlen(text), need + 1, word);
	struct sdr_line *line = NULL;
	if (sdr_line_parse(app, text, &line, NULL) == SDR_OK) {
		assert(strcmp(sdr_call_word(sdr_line_call(line), 0), word) == 0);
		sdr_line_free(line);
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	static const struct sdr_words words = {"db1", "192.0.2.1", "80", "-x", "192.0.2.1:80"};
	static struct sdr_app *app; /* made once: a run has a million of these */
	if (!app) {
		app = sdr_app_new(&privilege, sdr_commands);
		assert(app);
		assert(sdr_app_open(app, SDR_PART_REGISTRY, NULL) == SDR_OK);
		few_ports(sdr_app_registry(app), 1000);
	}
	if (size > MOST)
		return -1;
	char *text = strndup((const char *)data, size);
	struct sdr_line *line = NULL, *made = NULL;
	struct sdr_error error;
	const char *found[8];
	assert(sdr_app_open(app, SDR_PART_REGISTRY, NULL) == SDR_OK);
	if (sdr_line_parse(app, text, &line, &error) != SDR_OK) {
		assert(error.offset <= strlen(text) && error.text[0]);
	} else if (line) {
		for (size_t i = 0; i < sdr_call_words(sdr_line_call(line)); i++)
			round_trip(app, sdr_call_word(sdr_line_call(line), i));
		if (sdr_line_expand(line, &words, &made, &error) == SDR_OK)
			sdr_line_free(made);
		sdr_line_free(line);
	}
	if (!strchr(text, '/')) /* no reading of folders */
		sdr_line_complete(app, text, found, 8);
	free(text);
	return 0;
}
