/* user_path.h - where a user's own files are, by the XDG base directory specification. */
#ifndef SOUNDER_UI_USER_PATH_H
#define SOUNDER_UI_USER_PATH_H

#include <stdbool.h>
#include <stddef.h>

enum ui_user_folder {
	UI_USER_CONFIG, /* $XDG_CONFIG_HOME, else ~/.config */
	UI_USER_STATE   /* $XDG_STATE_HOME, else ~/.local/state */
};

/* Writes the path of a file in our folder there. False: there is no home, or it is too long. */
bool ui_user_path(enum ui_user_folder folder, const char *name, char *out, size_t size);

/* Makes the folders that lead to a path. */
bool ui_user_make_folders(char *path);

#endif
