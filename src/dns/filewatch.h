/* filewatch.h (internal) - a few small files, read whole, and a call when one of them was changed
 * or replaced. inotify(7). */
#ifndef SOUNDER_DNS_FILEWATCH_H
#define SOUNDER_DNS_FILEWATCH_H

#include <stdbool.h>

#include "sounder/status.h"

struct uv_loop_s;
struct sdr_filewatch;

/* Watches the directories of paths[count], and those their symlinks lead to. `on_change` comes from
 * the loop, once for a burst of changes. The handles do not keep the loop alive. NULL when out of
 * memory. */
struct sdr_filewatch *sdr_filewatch_new(struct uv_loop_s *loop, const char *const *paths,
	unsigned count, void (*on_change)(void *context), void *context);
void sdr_filewatch_free(
	struct sdr_filewatch *watch); /* handles close as the loop runs; NULL is allowed */

/* Checks for a change that inotify does not report (a mount over the file); calls `on_change` soon
 * if so. At most once a second. */
void sdr_filewatch_look(struct sdr_filewatch *watch);

/* Whether all changes are reported as they come; false without inotify, or with its limit reached:
 * then sdr_filewatch_look finds them. */
bool sdr_filewatch_is_complete(const struct sdr_filewatch *watch);

/* Reads a file of at most 16 MiB into fresh memory, NUL-terminated. NULL: there is no file
 * (error->text is ""), or it can't be read (reason in error->text). */
char *sdr_filewatch_read(const char *path, struct sdr_error *error);

#endif
