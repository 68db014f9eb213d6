/* address_scratch.c - what the command scratch does to the address panel's list: add, split, merge,
 * remove. */
#include "address_scratch.h"

#include <stdlib.h>
#include <string.h>

#include "sounder/recognise.h"

typedef enum sdr_status (*scratch_verb)(
	struct ui_address *address, const char *word, struct sdr_error *error);

static enum sdr_status list_add(
	struct ui_address *address, const char *word, struct sdr_error *error)
{
	struct sdr_prefix network = address->prefix;
	struct sdr_reading reading;
	if (word) {
		enum sdr_status status = sdr_recognise(word, 0, &reading, error);
		if (status != SDR_OK)
			return status;
		network = sdr_reading_prefix(&reading);
	} else if (!ui_address_network(address, ui_table_row(&address->table), &network) &&
		!network.addr.version) {
		sdr_error_set(error, 0, "there is no network to add yet; press i and type one");
		return SDR_ENOENT;
	}
	return ui_scratch_add(&address->scratch, &network, error);
}

/* Returns the place in the list of the line under the cursor; -1 with `error` if it is not in the
 * list. */
static int listed(const struct ui_address *address, struct sdr_error *error)
{
	unsigned index;
	uint32_t row = ui_table_row(&address->table);
	if (row != UINT32_MAX && ui_address_part(address, row, &index) == UI_PART_LIST)
		return (int)index;
	sdr_error_set(
		error, 0, "the cursor is on no network of the scratch list; G goes down there");
	return -1;
}

/* What was under the cursor is gone: the cursor goes to what came in its place, not to whatever has
 * its line now. */
static void stay_in_list(struct ui_address *address, unsigned index)
{
	if (address->scratch.count == 0)
		return;
	uint32_t row = address->row_count + (address->row_count > 0) + 1; /* the list's first */
	index = index < address->scratch.count ? index : address->scratch.count - 1;
	ui_table_update(&address->table, address, ui_address_row_count(address),
		address->version + address->scratch.version + sdr_host_version(address->host));
	ui_table_go(&address->table, row + index);
}

static enum sdr_status list_split(
	struct ui_address *address, const char *word, struct sdr_error *error)
{
	int index = listed(address, error);
	if (index < 0)
		return SDR_ENOENT;
	unsigned length = address->scratch.networks[index].length + 1U;
	if (word) {
		char *end;
		unsigned long number = strtoul(word + (word[0] == '/'), &end, 10);
		if (*end || number > 128) {
			sdr_error_set(error, 0,
				"\"%.20s\" is no length to split into; one is a number such as %u",
				word, length);
			return SDR_EINVAL;
		}
		length = (unsigned)number;
	}
	enum sdr_status status =
		ui_scratch_split(&address->scratch, (unsigned)index, length, error);
	if (status == SDR_OK)
		stay_in_list(address, (unsigned)index);
	return status;
}

static enum sdr_status list_merge(
	struct ui_address *address, const char *word, struct sdr_error *error)
{
	(void)word;
	if (ui_scratch_merge(&address->scratch) > 0)
		return SDR_OK;
	sdr_error_set(
		error, 0, "no two networks of the list lie within each other or make a whole");
	return SDR_ENOENT;
}

static enum sdr_status list_remove(
	struct ui_address *address, const char *word, struct sdr_error *error)
{
	int index = listed(address, error);
	(void)word;
	if (index < 0)
		return SDR_ENOENT;
	ui_scratch_remove(&address->scratch, (unsigned)index);
	stay_in_list(address, (unsigned)index);
	return SDR_OK;
}

enum sdr_status ui_address_scratch(
	struct ui_address *address, const struct sdr_call *call, struct sdr_error *error)
{
	static const struct {
		const char *name;
		scratch_verb verb;
	} verbs[] = {{"add", list_add}, {"split", list_split}, {"merge", list_merge},
		{"remove", list_remove}};
	const char *name = sdr_call_word(call, 0);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(name, verbs[i].name) == 0)
			return verbs[i].verb(address, sdr_call_word(call, 1), error);
	sdr_error_set(error, 0, "scratch %.40s: add, split, merge or remove is right", name);
	return SDR_EINVAL;
}
