/* fuzz_filter.c - any text as a filter, and a row: compared as the header of row_filter.h has it, a
 * character at a time, by a second reader that knows nothing of the first. What was typed on from a
 * filter holds for no row that the shorter one did not hold for. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "fuzz/input.h"
#include "row_filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const states[] = {
	"down", "slow", "up", "new", "paused", "wrong", "flapping", "marked"};
static const char *const figures[] = {"loss", "last", "p50", "p95", "jitter", "sent"};

/* ---- the second computation ---- */

enum answer { NO, YES, WRONG, UNFINISHED };

static bool any_upper(const char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			return true;
	return false;
}

/* In the C locale, as the program compares. */
static bool found(const char *in, const char *text, bool whole)
{
	bool exact = any_upper(text);
	if (whole)
		return (exact ? strcmp(in, text) : strcasecmp(in, text)) == 0;
	return exact ? strstr(in, text) : strcasestr(in, text);
}

static enum answer second_fact(
	const struct ui_filter_facts *facts, const char *name, const char *value, bool whole)
{
	if (!*value)
		return UNFINISHED;
	if (strcmp(name, "probe") == 0)
		return facts->probe && found(facts->probe, value, whole) ? YES : NO;
	if (strcmp(name, "group") == 0)
		return facts->group && found(facts->group, value, whole) ? YES : NO;
	unsigned named = 0;
	for (unsigned i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (whole ? strcasecmp(states[i], value) == 0
			  : strncasecmp(states[i], value, strlen(value)) == 0)
			named |= 1u << i;
	return !named ? WRONG : facts->is & named ? YES : NO;
}

static enum answer second_figure(
	const struct ui_filter_facts *facts, unsigned figure, const char *behind)
{
	bool more = *behind == '>', less = *behind == '<', equal = *behind == '=';
	char *end;
	behind++;
	if (!equal && *behind == '=') {
		equal = true;
		behind++;
	}
	if (!*behind)
		return UNFINISHED;
	/* strtod knows more numbers than these. */
	size_t length = strspn(behind, "0123456789.");
	if (length == 0 || length > 32 || strcspn(behind, "0123456789") >= length)
		return WRONG;
	char digits[40];
	snprintf(digits, sizeof(digits), "%.*s", (int)length, behind);
	double number = strtod(digits, &end), factor = 1;
	if (*end)
		return WRONG;
	const char *unit = behind + length;
	bool time = figure >= 1 && figure <= 4;
	if (time && strcmp(unit, "s") == 0)
		factor = 1000;
	else if (time && strcmp(unit, "us") == 0)
		factor = 1e-3;
	else if (*unit && !(time && strcmp(unit, "ms") == 0) &&
		!(figure == 0 && strcmp(unit, "%") == 0))
		return WRONG;
	number *= factor;
	double value = facts->figures[figure];
	if (isnan(value))
		return NO;
	return (more && value > number) || (less && value < number) ||
			(equal && value >= number && value <= number)
		? YES
		: NO;
}

static enum answer second_text(const struct ui_filter_facts *facts, const char *text)
{
	if (!*text)
		return UNFINISHED;
	for (unsigned i = 0; i < UI_FILTER_TEXTS && facts->texts[i]; i++)
		if (found(facts->texts[i], text, false))
			return YES;
	return NO;
}

static enum answer second_word(const struct ui_filter_facts *facts, const char *word, bool quoted)
{
	static const char *const named[] = {"is", "probe", "group"};
	for (unsigned i = 0; !quoted && i < 3; i++) {
		size_t length = strlen(named[i]);
		if (strncmp(word, named[i], length) == 0 &&
			(word[length] == ':' || word[length] == '='))
			return second_fact(facts, named[i], word + length + 1, word[length] == '=');
	}
	for (unsigned i = 0; !quoted && i < 6; i++) {
		size_t length = strlen(figures[i]);
		if (strncmp(word, figures[i], length) == 0 && word[length] &&
			strchr("<>=", word[length]))
			return second_figure(facts, i, word + length);
	}
	return second_text(facts, word);
}

/* Whether the filter holds; *wrong: one of its words is. */
static bool second(const char *text, const struct ui_filter_facts *facts, bool *wrong)
{
	bool holds = true;
	while (*text) {
		char word[UI_FILTER_TEXT];
		size_t length = 0;
		if (*text == ' ') {
			text++;
			continue;
		}
		bool inverted = *text == '!';
		text += inverted;
		bool quoted = *text == '"';
		text += quoted;
		const char *names[] = {"is:", "is=", "probe:", "probe=", "group:", "group="};
		bool value = false;
		for (unsigned i = 0; !quoted && i < 6; i++) {
			size_t name = strlen(names[i]);
			if (strncmp(text, names[i], name) != 0 || text[name] != '"')
				continue;
			memcpy(word, text, name);
			length = name;
			text += name + 1;
			value = true;
			break;
		}
		while (*text && *text != (quoted || value ? '"' : ' '))
			word[length++] = *text++;
		text += (quoted || value) && *text;
		word[length] = '\0';
		enum answer answer = second_word(facts, word, quoted);
		*wrong = *wrong || answer == WRONG;
		if (answer == YES || answer == NO)
			holds = holds && (answer == YES) != inverted;
	}
	return holds;
}

/* ---- */

/* A row out of the input; its texts are those of the filter now and then. */
static void take_row(struct input *input, struct ui_filter_facts *facts, char texts[4][64])
{
	static const double numbers[] = {0, 0.5, 1, 5, 99.9, 100, 1000, 1e12};
	for (unsigned i = 0; i < 4; i++) {
		size_t length;
		const uint8_t *bytes = take_bytes(input, take_byte(input) % 24, &length);
		memcpy(texts[i], bytes, length);
		texts[i][length] = '\0';
	}
	facts->texts[0] = texts[0];
	facts->texts[1] = take_byte(input) & 1 ? texts[1] : NULL;
	facts->probe = take_byte(input) & 3 ? texts[2] : NULL;
	facts->group = take_byte(input) & 3 ? texts[3] : NULL;
	facts->is = take_byte(input) & ((1u << UI_FILTER_STATES) - 1);
	for (unsigned i = 0; i < UI_FILTER_FIGURES; i++) {
		uint8_t byte = take_byte(input);
		facts->figures[i] = byte == 0 ? (double)NAN : numbers[byte % 8];
	}
}

/* As the text is typed: each filter, and what the next one narrows. */
static void type(const char *text, const struct ui_filter_facts *facts)
{
	static struct ui_filter before, now;
	char typed[UI_FILTER_TEXT];
	memset(&before, 0, sizeof(before));
	for (size_t length = 0; length <= strlen(text); length++) {
		struct sdr_error error = {0};
		bool wrong = false;
		snprintf(typed, sizeof(typed), "%.*s", (int)length, text);
		enum sdr_status status = ui_filter_read(&now, typed, &error);
		if (status == SDR_ERANGE) /* too many words */
			return;
		must(status == SDR_OK || (status == SDR_EINVAL && error.text[0]));
		must(error.offset <= length);
		bool holds = ui_filter_holds(&now, facts) && ui_filter_figures_hold(&now, facts);
		must(holds == second(typed, facts, &wrong));
		must(wrong == (status == SDR_EINVAL));
		if (ui_filter_narrows(&before, &now) && holds)
			must(ui_filter_holds(&before, facts) &&
				ui_filter_figures_hold(&before, facts));
		before = now;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct ui_filter_facts facts = {0};
	char texts[4][64], text[UI_FILTER_TEXT + 8];
	struct ui_filter filter;
	struct sdr_error error = {0};
	size_t length;
	take_row(&input, &facts, texts);
	const uint8_t *bytes = take_bytes(&input, sizeof(text) - 1, &length);
	memcpy(text, bytes, length);
	text[length] = '\0';
	if (strlen(text) >= UI_FILTER_TEXT)
		must(ui_filter_read(&filter, text, &error) == SDR_ERANGE && filter.count == 0);
	else
		type(text, &facts);
	return 0;
}
