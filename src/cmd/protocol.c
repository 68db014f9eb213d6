/* protocol.c - `protocol NAME|NUMBER`: Internet protocol numbers and their names. RFC 5237. */
#include <stdlib.h>
#include <string.h>

#include "cmd/about.h"
#include "sounder/command.h"
#include "sounder/out.h"
#include "sounder/registry.h"

#define NOT_A_NUMBER (-1)
#define NUMBER_TOO_LARGE 65536

/* Reads a number; a name is NOT_A_NUMBER. What is above 65535 no file can hold. */
static enum sdr_status read_number(const char *text, int *number, struct sdr_error *error)
{
	*number = NOT_A_NUMBER;
	if (text[0] == '\0') {
		sdr_error_set(error, 0, "a protocol is missing; give a number from 0 to 255, or a name such as icmp");
		return SDR_EINVAL;
	}
	if (text[strspn(text, "0123456789")] == '\0')
		*number = strlen(text) <= 5 ? atoi(text) : NUMBER_TOO_LARGE;
	return SDR_OK;
}

/* Nothing matched. Above 255 there are no protocols but those that a system's file adds. */
static enum sdr_exit set_nothing(const char *what, int number, struct sdr_error *error)
{
	if (number > 255) {
		sdr_error_set(error, 0, "protocol %.20s is out of range; protocol numbers go from 0 to 255", what);
		return SDR_EXIT_FAIL;
	}
	sdr_error_set(error, 0, "protocol \"%.80s\" is neither in this system's protocols file nor assigned by IANA", what);
	return SDR_EXIT_NO;
}

static bool emit(const struct sdr_answers *answers, const struct sdr_protocol_row *row)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet == NULL)
		return false;
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_integer(root, "number", "Number", row->number);
	sdr_about_text(root, "name", "Name", row->name);
	sdr_about_aliases(root, row->aliases);
	sdr_about_text(root, "description", "Description", row->description);
	sdr_item_text(root, "source", "Source", sdr_source_name(row->source));
	bool whole = !sdr_sheet_failed(sheet);
	if (whole)
		answers->emit(answers->context, sheet);
	sdr_sheet_free(sheet);
	return whole;
}

static enum sdr_exit emit_all(struct sdr_registry *registry, const char *what, const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_protocol_row row;
	int number;
	bool found = false;
	if (read_number(what, &number, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	for (size_t i = 0; sdr_registry_protocol(registry, i, &row); i++) {
		if (number == NOT_A_NUMBER ? !sdr_registry_protocol_is(&row, what) : row.number != number)
			continue;
		if (!emit(answers, &row)) {
			sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
			return SDR_EXIT_FAIL;
		}
		found = true;
	}
	return found ? SDR_EXIT_YES : set_nothing(what, number, error);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word, const struct sdr_answers *answers, struct sdr_error *error)
{
	(void)word;
	struct sdr_registry *registry = sdr_registry_new();
	if (registry == NULL) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_EXIT_FAIL;
	}
	enum sdr_exit exit = emit_all(registry, sdr_call_word(call, 0), answers, error);
	sdr_registry_free(registry);
	return exit;
}

static const char *text_of(const struct sdr_item *root, const char *key)
{
	const struct sdr_item *item = sdr_item_find(root, key);
	return item != NULL && item->kind == SDR_ITEM_TEXT ? item->value.bytes : "";
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const struct sdr_item *aliases = sdr_item_find(root, "aliases");
	const char *name = text_of(root, "name");
	(void)call;
	sdr_out_put(out, SDR_TONE_STRONG, "%-3d  %-16s", (int)sdr_item_find(root, "number")->value.integer, name[0] != '\0' ? name : "-");
	sdr_out_put(out, SDR_TONE_PLAIN, "  %s", text_of(root, "description"));
	for (const struct sdr_item *alias = aliases->first; alias != NULL; alias = alias->next)
		sdr_out_put(out, SDR_TONE_PLAIN, "%s%s", alias == aliases->first ? "  also " : ", ", alias->value.bytes);
	sdr_out_line(out, SDR_TONE_DIM, "  (%s)", text_of(root, "source"));
}

static enum sdr_status make(const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_LOOKUP;
	request->lookup = (struct sdr_lookup){.answer = answer, .print = print};
	return SDR_OK;
}

static const char *const examples[] = {
	"protocol tcp",
	"the number of TCP: 6",
	"protocol 47",
	"what protocol 47 is: GRE",
	NULL,
};

const struct sdr_command cmd_protocol = {
	.name = "protocol",
	.arguments = "NAME|NUMBER",
	.sentence = "show the number of an Internet protocol, or its name",
	.details = "Looks in the system's protocols file first (source: system), then in IANA's registry, which is compiled in (source: "
		   "iana). "
		   "A name may be an alias, and upper case counts as lower. All rows that match are shown; none ends in exit code 1.",
	.examples = examples,
	.options = {sdr_options_output},
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_NONE,
	.make = make,
};
