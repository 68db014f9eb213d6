/* csi.h - what a terminal's control sequence means as a key. Pure: the bytes between ESC [ and the
 * final byte in, a key out. Forms: ECMA-48 sec. 5.4; xterm's modifiers and modifyOtherKeys (CSI
 * 27;m;k~); kitty's keyboard protocol (CSI k;m u); the application keypad (SS3). */
#ifndef SOUNDER_UI_CSI_H
#define SOUNDER_UI_CSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"

#define UI_CSI_PARAMETERS 6
#define UI_CSI_PARTS 3 /* of one parameter, parted by colons */

struct ui_csi {
	char mark;         /* '<' '=' '>' '?', or 0 */
	bool intermediate; /* has one: a report or a command, never a key */
	char final;
	unsigned count;                                  /* of parameters, at least 1 */
	int parameters[UI_CSI_PARAMETERS][UI_CSI_PARTS]; /* absent: 0 */
};

/* Reads what stands after ESC [ up to and with the final byte: body[length], length at least 1. */
void ui_csi_parse(struct ui_csi *csi, const char *body, size_t length);

/* Returns the key that was pressed; UI_KEY_NONE for a report, a released key, a lone modifier, or
 * an unknown sequence. */
uint32_t ui_csi_key(const struct ui_csi *csi);

/* The same for SS3 (ESC O): its modifiers (0: none) and final byte. */
uint32_t ui_csi_ss3(int modifiers, char final);

/* Returns the key of a control byte, 0 .. 0x1f and 0x7f. */
uint32_t ui_csi_control(unsigned char byte);

/* Whether ESC and this byte begin a control string: DCS, SOS, OSC, PM, APC. */
bool ui_csi_opens_string(char byte);

/* Whether a byte after `opener` ('[' or that of a control string) continues a reply or a sequence,
 * rather than being one of two typed keys. PM and SOS take anything. */
bool ui_csi_goes_on(char opener, char next);

/* Whether this, as for ui_csi_parse, is the answer to "device status report" (ECMA-48 sec. 8.3.35):
 * 0 ready, 3 malfunction. */
bool ui_csi_is_answer(const char *body, size_t length);

/* How many characters follow the sequence, whose body has `body` bytes: the old mouse reports CSI M
 * (three, in mode 1005 as UTF-8), CSI t (two) and CSI T (six). They come from terminals that know
 * no better, and in modes that a program left on. 0: none. */
size_t ui_csi_report_length(const struct ui_csi *csi, size_t body);

#endif
