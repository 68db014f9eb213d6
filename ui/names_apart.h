/* names_apart.h - shortens names so that no two of those seen together read alike: a cut falls
 * where names agree, and what sets them apart stays. Pure. */
#ifndef SOUNDER_UI_NAMES_APART_H
#define SOUNDER_UI_NAMES_APART_H

#include <stdbool.h>

#define UI_APART_TEXT 512 /* bytes, with the NUL; what is longer is cut before */

struct ui_apart {
	char text[UI_APART_TEXT]; /* clean */
	int room;                 /* cells that it may take */
	char shown[UI_APART_TEXT];
};

/* Fills in what is shown of each. Where texts differ, so do these; but for rooms too narrow for
 * their number. */
void ui_names_apart(struct ui_apart *names, unsigned count, bool ascii);

#endif
