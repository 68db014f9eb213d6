/* key.c - keys as numbers and as names. */
#include "key.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sounder/sanitize.h"

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{"Tab", UI_KEY_TAB},
	{"Enter", UI_KEY_ENTER},
	{"Esc", UI_KEY_ESC},
	{"Space", UI_KEY_SPACE},
	{"Backspace", UI_KEY_BACKSPACE},
	{"Up", UI_KEY_UP},
	{"Down", UI_KEY_DOWN},
	{"Left", UI_KEY_LEFT},
	{"Right", UI_KEY_RIGHT},
	{"Home", UI_KEY_HOME},
	{"End", UI_KEY_END},
	{"PgUp", UI_KEY_PAGE_UP},
	{"PgDn", UI_KEY_PAGE_DOWN},
	{"Insert", UI_KEY_INSERT},
	{"Delete", UI_KEY_DELETE},
};

const char *ui_key_name(unsigned index)
{
	return index < sizeof(names) / sizeof(*names) ? names[index].name : NULL;
}

static const struct {
	const char prefix[3];
	uint32_t bit;
} modifiers[] = {{"C-", UI_KEY_CTRL}, {"M-", UI_KEY_ALT}, {"S-", UI_KEY_SHIFT}};

static uint32_t find_name(const char *text)
{
	unsigned number;
	char rest;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcasecmp(names[i].name, text))
			return names[i].key;
	if ((text[0] == 'F' || text[0] == 'f') && sscanf(text + 1, "%2u%c", &number, &rest) == 1 &&
		number >= 1 && number <= 12)
		return UI_KEY_F1 + number - 1;
	return UI_KEY_NONE;
}

/* A printable character that stands for itself. */
static uint32_t find_character(const char *text)
{
	uint32_t code;
	size_t length = strlen(text), step = length ? sdr_text_decode(text, length, &code) : 0;
	return step > 0 && step == length && code > ' ' && sdr_text_is_plain(code) ? code
										   : UI_KEY_NONE;
}

enum sdr_status ui_key_parse(const char *text, uint32_t *key, struct sdr_error *error)
{
	uint32_t bits = 0, found;
	const char *at = text;
	for (size_t i = 0; i < sizeof(modifiers) / sizeof(*modifiers);) {
		if (!strncmp(at, modifiers[i].prefix, 2) && at[2]) {
			bits |= modifiers[i].bit;
			at += 2;
			i = 0;
		} else {
			i++;
		}
	}
	found = find_character(at);
	if (found == UI_KEY_NONE)
		found = find_name(at);
	bool printable = found > UI_KEY_SPACE && found < UI_KEY_UP && found != UI_KEY_BACKSPACE;
	if (found == UI_KEY_NONE || (printable && bits & UI_KEY_SHIFT)) {
		sdr_error_set(error, 0,
			"\"%s\" is no key; keys look like p, G, ?, "
			"Space, Enter, Up, F5, C-r, M-x, S-Tab",
			text);
		return SDR_EINVAL;
	}
	/* Control and a letter are the same byte in either case. */
	if (bits & UI_KEY_CTRL && found >= 'A' && found <= 'Z')
		found += 'a' - 'A';
	*key = found | bits;
	return SDR_OK;
}

const char *ui_key_format(char out[static UI_KEY_TEXT], uint32_t key)
{
	uint32_t code = key & UI_KEY_CODE;
	char *at = out;
	for (size_t i = 0; i < sizeof(modifiers) / sizeof(*modifiers); i++)
		if (key & modifiers[i].bit)
			at = stpcpy(at, modifiers[i].prefix);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i].key == code) {
			strcpy(at, names[i].name);
			return out;
		}
	}
	if (code >= UI_KEY_F1 && code <= UI_KEY_F12) {
		snprintf(at, UI_KEY_TEXT - 7, "F%u", code - UI_KEY_F1 + 1);
		return out;
	}
	char text[4];
	size_t length = sdr_text_encode(text, code);
	memcpy(at, text, length);
	at[length] = '\0';
	return out;
}
