/* csi.c - what a terminal's control sequence means as a key. */
#include "csi.h"

#include <string.h>

#include "sounder/sanitize.h"

#define PARAMETER_MAX 10000000 /* no parameter that means something is larger */
#define RELEASED 3             /* kitty's event types: 1 pressed, 2 repeated, 3 released */

enum {
	SHIFT = 1,
	ALT = 2,
	CONTROL = 4,
	OTHERS = 8 | 16 | 32
}; /* super, hyper, meta: not used by our keys */

void ui_csi_parse(struct ui_csi *csi, const char *body, size_t length)
{
	unsigned part = 0;
	memset(csi, 0, sizeof(*csi));
	csi->count = 1;
	csi->mark = body[0] >= '<' && body[0] <= '?' ? body[0] : '\0';
	csi->final = body[length - 1];
	for (size_t i = csi->mark ? 1 : 0; i + 1 < length; i++) {
		char byte = body[i];
		int *value = part < UI_CSI_PARTS && csi->count <= UI_CSI_PARAMETERS
			? &csi->parameters[csi->count - 1][part]
			: NULL;
		if (byte == ';') {
			csi->count++;
			part = 0;
		} else if (byte == ':') {
			part++;
		} else if (byte >= '0' && byte <= '9') {
			if (value && *value < PARAMETER_MAX)
				*value = *value * 10 + (byte - '0');
		} else {
			csi->intermediate = true;
		}
	}
}

static uint32_t key_of_letter(char letter)
{
	static const struct {
		char letter;
		uint32_t key;
	} table[] = {{'A', UI_KEY_UP}, {'B', UI_KEY_DOWN}, {'C', UI_KEY_RIGHT}, {'D', UI_KEY_LEFT},
		{'H', UI_KEY_HOME}, {'F', UI_KEY_END}, {'P', UI_KEY_F1}, {'Q', UI_KEY_F1 + 1},
		{'R', UI_KEY_F1 + 2}, {'S', UI_KEY_F1 + 3}, {'Z', UI_KEY_TAB | UI_KEY_SHIFT}};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].letter == letter)
			return table[i].key;
	return UI_KEY_NONE;
}

/* CSI number ~ */
static uint32_t key_of_number(int number)
{
	static const uint32_t table[] = {[1] = UI_KEY_HOME,
		[2] = UI_KEY_INSERT,
		[3] = UI_KEY_DELETE,
		[4] = UI_KEY_END,
		[5] = UI_KEY_PAGE_UP,
		[6] = UI_KEY_PAGE_DOWN,
		[7] = UI_KEY_HOME,
		[8] = UI_KEY_END,
		[11] = UI_KEY_F1,
		[12] = UI_KEY_F1 + 1,
		[13] = UI_KEY_F1 + 2,
		[14] = UI_KEY_F1 + 3,
		[15] = UI_KEY_F1 + 4,
		[17] = UI_KEY_F1 + 5,
		[18] = UI_KEY_F1 + 6,
		[19] = UI_KEY_F1 + 7,
		[20] = UI_KEY_F1 + 8,
		[21] = UI_KEY_F1 + 9,
		[23] = UI_KEY_F1 + 10,
		[24] = UI_KEY_F1 + 11};
	return number > 0 && number < (int)(sizeof(table) / sizeof(*table)) ? table[number]
									    : UI_KEY_NONE;
}

/* kitty's numbers of the keypad's keys, in the Unicode private use area. */
static uint32_t key_of_keypad(int code)
{
	static const uint32_t table[] = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '/',
		'*', '-', '+', UI_KEY_ENTER, '=', UI_KEY_NONE, UI_KEY_LEFT, UI_KEY_RIGHT, UI_KEY_UP,
		UI_KEY_DOWN, UI_KEY_PAGE_UP, UI_KEY_PAGE_DOWN, UI_KEY_HOME, UI_KEY_END,
		UI_KEY_INSERT, UI_KEY_DELETE};
	const int first = 57399; /* KP_0 */
	return code >= first && code < first + (int)(sizeof(table) / sizeof(*table))
		? table[code - first]
		: UI_KEY_NONE;
}

/* Adds the modifiers of a parameter, xterm's 1 plus a bit each (0: absent). Caps and num lock count
 * for nothing. */
static uint32_t modify(uint32_t key, int parameter)
{
	unsigned bits = parameter > 0 ? (unsigned)parameter - 1 : 0;
	if (key == UI_KEY_NONE || bits & OTHERS || parameter > 256)
		return UI_KEY_NONE;
	return key | (bits & SHIFT ? UI_KEY_SHIFT : 0) | (bits & ALT ? UI_KEY_ALT : 0) |
		(bits & CONTROL ? UI_KEY_CTRL : 0);
}

/* Shift is part of a printable character. xterm sends the character that shift makes, kitty the one
 * without and perhaps the other behind a colon; for a digit with shift, the character on this
 * keyboard is unknown. */
static uint32_t shifted(uint32_t key, int with_shift)
{
	uint32_t code = key & UI_KEY_CODE, rest = key & (UI_KEY_ALT | UI_KEY_CTRL);
	if (with_shift > ' ' && sdr_text_is_plain((uint32_t)with_shift))
		return (uint32_t)with_shift | rest;
	if (code >= '0' && code <= '9')
		return UI_KEY_NONE;
	/* Control and a letter are one key in either case (key.h). */
	return (code >= 'a' && code <= 'z' && !(key & UI_KEY_CTRL) ? code - 'a' + 'A' : code) |
		rest;
}

/* A key by its code: CSI code:shifted ; modifiers:event u, and CSI 27 ; modifiers ; code ~ */
static uint32_t key_of_code(int code, int with_shift, int modifiers)
{
	uint32_t key = key_of_keypad(code);
	bool named = key != UI_KEY_NONE || code == UI_KEY_ESC || code == UI_KEY_ENTER ||
		code == UI_KEY_TAB || code == UI_KEY_BACKSPACE || code == '\b' ||
		code == UI_KEY_SPACE;
	if (key == UI_KEY_NONE && code > 0 && code < UI_KEY_UP &&
		(named || sdr_text_is_plain((uint32_t)code)))
		key = code == '\b' ? UI_KEY_BACKSPACE : (uint32_t)code;
	key = modify(key, modifiers);
	if (key & UI_KEY_CTRL && (key & UI_KEY_CODE) >= 'A' && (key & UI_KEY_CODE) <= 'Z')
		key += 'a' - 'A';
	if (!(key & UI_KEY_SHIFT) || (key & UI_KEY_CODE) == UI_KEY_TAB ||
		(key & UI_KEY_CODE) >= UI_KEY_UP)
		return key;
	return named ? key & ~UI_KEY_SHIFT : shifted(key, with_shift);
}

uint32_t ui_csi_key(const struct ui_csi *csi)
{
	const int(*at)[UI_CSI_PARTS] = csi->parameters;
	if (csi->mark || csi->intermediate || csi->count > UI_CSI_PARAMETERS ||
		at[1][1] == RELEASED)
		return UI_KEY_NONE;
	if (csi->final == 'u')
		return key_of_code(at[0][0], at[0][1], at[1][0]);
	if (csi->final == '~' && at[0][0] == 27 && csi->count == 3)
		return key_of_code(at[2][0], 0, at[1][0]);
	if (csi->final == '~')
		return modify(key_of_number(at[0][0]), at[1][0]);
	/* With any other first number it is a report: CSI 24;80R is where the cursor is. */
	return at[0][0] <= 1 ? modify(key_of_letter(csi->final), at[1][0]) : UI_KEY_NONE;
}

uint32_t ui_csi_ss3(int modifiers, char final)
{
	uint32_t key = key_of_letter(final);
	if (final == 'M' || final == 'I' || final == ' ')
		key = final == 'M' ? UI_KEY_ENTER : final == 'I' ? UI_KEY_TAB : UI_KEY_SPACE;
	else if (final == 'X')
		key = '=';
	else if (final >= 'j' && final <= 'y')
		key = (uint32_t)(final - 'j' +
			'*'); /* the keypad's * + , - . / 0 .. 9 stand in that order in ASCII too */
	return modify(key, modifiers);
}

uint32_t ui_csi_control(unsigned char byte)
{
	if (byte == '\r' || byte == '\n')
		return UI_KEY_ENTER;
	if (byte == '\b' || byte == 0x7f)
		return UI_KEY_BACKSPACE;
	if (byte == '\t' || byte == UI_KEY_ESC)
		return byte;
	if (byte == 0)
		return UI_KEY_SPACE | UI_KEY_CTRL;
	return (byte + (byte <= 26 ? 0x60u : 0x40u)) | UI_KEY_CTRL;
}

bool ui_csi_opens_string(char byte)
{
	return byte && strchr("PX]^_", byte);
}

bool ui_csi_goes_on(char opener, char next)
{
	static const struct {
		char opener;
		const char *next;
	} table[] = {{']', "0123456789lLI"}, {'P', "0123456789>!$+|"},
		{'_', "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, {'[', "0123456789?<>=ABCDFHIMOPQRSZ"}};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].opener == opener)
			return next && strchr(table[i].next, next);
	return true;
}

bool ui_csi_is_answer(const char *body, size_t length)
{
	return length == 2 && (body[0] == '0' || body[0] == '3') && body[1] == 'n';
}

size_t ui_csi_report_length(const struct ui_csi *csi, size_t body)
{
	if (body != 1)
		return 0;
	return csi->final == 'M' ? 3 : csi->final == 't' ? 2 : csi->final == 'T' ? 6 : 0;
}
