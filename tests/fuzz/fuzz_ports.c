/* fuzz_ports.c - any bytes as what is typed to filter ports: what matches is what looking for each
 * word in each row finds, the place lies within its field, and likeness only ever adds rows. */
#include <stdio.h>
#include <string.h>

#include "few_ports.h"
#include "input.h"
#include "registry/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT 128
#define WORDS 8
#define WORD 47 /* bytes of a word that count */

static const char *field_of(const struct sdr_port_row *row, enum sdr_port_field field)
{
	const char *const fields[] = {"", "65535", row->name, row->aliases, row->description};
	return fields[field];
}

static size_t search(struct sdr_registry *registry, const char *text, bool fuzzy)
{
	struct sdr_port_match matches[32];
	struct sdr_port_row row;
	size_t n = sdr_registry_port_search(
		registry, &(struct sdr_port_query){text, SDR_TRANSPORTS_ALL, fuzzy}, matches, 32);
	for (size_t i = 0; i < n && i < 32; i++) {
		must(sdr_registry_port(registry, matches[i].index, &row));
		must((size_t)matches[i].start + matches[i].length <=
			strlen(field_of(&row, matches[i].field)));
	}
	return n;
}

/* Whether a row has a word, in its text or as its port or the beginning of that. */
static bool has(const struct sdr_port_row *row, const char *word)
{
	char digits[8];
	struct sdr_port_range range;
	size_t length = strlen(word);
	snprintf(digits, sizeof(digits), "%u", row->port);
	bool number = strspn(word, "0123456789") == length && length <= 5;
	if (strcasestr(row->name, word) || strcasestr(row->aliases, word) ||
		strcasestr(row->description, word))
		return true;
	if (word[strspn(word, "0123456789-")] != '\0' ||
		sdr_port_range_parse(word, &range, NULL) != SDR_OK)
		return false;
	return (range.first <= row->port_last && range.last >= row->port) ||
		(number && strncmp(digits, word, length) == 0);
}

static size_t look_at_all(struct sdr_registry *registry, char *text)
{
	char *words[WORDS], *rest = text;
	unsigned count = 0, kept = 0, transports = 0;
	size_t found = 0;
	enum sdr_transport transport;
	struct sdr_port_row row;
	for (char *word; count < WORDS && (word = strsep(&rest, " \t"));)
		if (*word)
			words[count++] = word;
	for (unsigned i = 0; i < count; i++) {
		if (strlen(words[i]) > WORD)
			words[i][WORD] = '\0';
		if (count > 1 && sdr_transport_find(words[i], &transport))
			transports |= 1u << transport;
		else
			words[kept++] = words[i];
	}
	for (size_t i = 0; sdr_registry_port(registry, i, &row); i++) {
		bool all = transports == 0 || (transports >> row.transport & 1);
		for (unsigned j = 0; all && j < kept; j++)
			all = has(&row, words[j]);
		found += all;
	}
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sdr_registry *registry; /* read once; a run has a million of these */
	struct sdr_port_range range;
	char text[TEXT];
	size_t length = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	if (!registry) {
		registry = sdr_registry_new_from("/nonexistent", "/nonexistent");
		must(registry != NULL);
		few_ports(registry, 150);
	}
	memcpy(text, data, length);
	text[length] = '\0';
	size_t plain = search(registry, text, false);
	must(search(registry, text, true) >= plain);
	if (sdr_port_range_parse(text, &range, NULL) == SDR_OK)
		must(range.first <= range.last);
	must(plain == look_at_all(registry, text));
	return 0;
}
