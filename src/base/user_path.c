/* user_path.c - a user's own folders. */
#include "sounder/user_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool sdr_user_path(enum sdr_user_folder folder, const char *name, char *out, size_t size)
{
	static const struct {
		const char *variable, *otherwise;
	} folders[] = {[SDR_USER_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
		[SDR_USER_STATE] = {"XDG_STATE_HOME", ".local/state"}};
	const char *base = getenv(folders[folder].variable), *home = getenv("HOME");
	int length = base && *base == '/' ? snprintf(out, size, "%s/sounder/%s", base, name)
		: home && *home
		? snprintf(out, size, "%s/%s/sounder/%s", home, folders[folder].otherwise, name)
		: -1;
	return length > 0 && (size_t)length < size;
}

bool sdr_user_make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		int made = mkdir(path, 0700), number = errno;
		*slash = '/';
		if (made != 0 && number != EEXIST)
			return false;
	}
	return true;
}
