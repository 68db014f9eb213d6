/* user_path.h - where a user's own files are, by the XDG base directory specification: what is not
 * absolute in its variables is ignored. */
#ifndef SOUNDER_USER_PATH_H
#define SOUNDER_USER_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define SDR_USER_PATH 4096 /* bytes that are enough for any path */

enum sdr_user_folder {
	SDR_USER_CONFIG, /* $XDG_CONFIG_HOME, else ~/.config */
	SDR_USER_STATE   /* $XDG_STATE_HOME, else ~/.local/state */
};

/* Writes the path of a file in our folder there. False: there is no home, or it is too long. */
bool sdr_user_path(enum sdr_user_folder folder, const char *name, char *out, size_t size);

/* Makes the folders that lead to a path, which is as it was then. */
bool sdr_user_make_folders(char *path);

#endif
