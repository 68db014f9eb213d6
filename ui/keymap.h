/* keymap.h - which key runs which line. The default keys are assets/keys/default.conf, a config
 * file that is compiled in:
 *
 *     bind KEY "LINE" ["NOTE"]        a global key
 *     bind -p PANEL KEY "LINE" ["NOTE"]
 *     offer "LINE" "NOTE"             an entry of the menu that . opens on a line
 *
 * A line is parsed when it is bound, so that a mistake is found where it is written. Its %words are
 * replaced when the key is pressed. */
#ifndef SOUNDER_UI_KEYMAP_H
#define SOUNDER_UI_KEYMAP_H

#include "key.h"
#include "sounder/command.h"
#include "sounder/line.h"

struct ui_keymap;

#define UI_KEYMAP_GLOBAL (-1)
#define UI_KEYMAP_OFFER (-2) /* entries of the menu; they have no key */

struct ui_binding {
	int panel; /* number, UI_KEYMAP_GLOBAL or UI_KEYMAP_OFFER */
	uint32_t key;
	bool standard; /* from the panels' own tables or the compiled-in keys; not written by
			  write-config */
	char *text;    /* the line as typed; owned */
	char *note;    /* owned; "" if none */
	struct sdr_line *line; /* parsed; owned */
};

struct ui_keymap *ui_keymap_new(void);
void ui_keymap_free(struct ui_keymap *map);

/* What to bind. */
struct ui_bind {
	int panel;
	uint32_t key;
	const char *line, *note; /* copied; note may be NULL: the command's sentence */
	bool standard;
};

/* Binds; an older binding of the key in that place goes. EINVAL and the like with `error` (offset
 * into the line); ENOMEM. */
SDR_MUST_CHECK enum sdr_status ui_keymap_bind(struct ui_keymap *map, struct sdr_app *app,
	const struct ui_bind *bind, struct sdr_error *error);

/* Removes a binding. ENOENT. */
SDR_MUST_CHECK enum sdr_status ui_keymap_unbind(struct ui_keymap *map, int panel, uint32_t key);

/* Returns the binding that a key has in a panel: its own, else the global one; NULL if there is
 * none. */
const struct ui_binding *ui_keymap_find(const struct ui_keymap *map, int panel, uint32_t key);

/* Bindings by position, in order of binding; NULL past the end. */
const struct ui_binding *ui_keymap_at(const struct ui_keymap *map, size_t index);

/* Whether the binding stands for what a key does in `panel`: it is the panel's own, or global and
 * not hidden by one of the panel's own. */
bool ui_keymap_is_live(const struct ui_keymap *map, int panel, const struct ui_binding *binding);

/* Writes the lines of all bindings that are not standard, for write-config. */
void ui_keymap_write(const struct ui_keymap *map, struct sdr_out *out);

/* The text of assets/keys/default.conf. */
const char *ui_keymap_standard(void);

#endif
