/* file.h - files that a person names: one reader, one writer.
 *
 * The reader takes only regular files, never blocks, and has a size limit: a FIFO, a terminal, a
 * device or a folder gives an error that names the kind. The writer makes the whole new file beside
 * the old one and renames it, so that neither a full disk nor a kill leaves half of one; links,
 * modes and groups stay. */
#ifndef SOUNDER_FILE_H
#define SOUNDER_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "sounder/status.h"

#define SDR_FILE_CONFIG_MAX ((size_t)1 << 20) /* bytes of what is written by hand */
#define SDR_FILE_LIST_MAX ((size_t)64 << 20)  /* bytes of a list */

/* Reads the whole of the regular file `path` as text, at most `most` bytes. A byte order mark of
 * UTF-8 at its start is left out. *text is NUL-terminated, *length without the NUL; the caller
 * frees it. ENOENT nothing is there; ERANGE larger than `most`; EINVAL no regular file, UTF-16, or
 * a NUL byte (with its line); ENOMEM; ESYSTEM a system call failed. Each with `error`, which names
 * the path. */
SDR_MUST_CHECK enum sdr_status sdr_file_read(
	const char *path, size_t most, char **text, size_t *length, struct sdr_error *error);

/* The same for a system file that need not exist. /dev/null in its place, as containers and systemd
 * hide files, counts as missing: ENOENT. */
SDR_MUST_CHECK enum sdr_status sdr_file_read_system(
	const char *path, size_t most, char **text, size_t *length, struct sdr_error *error);

/* Where text comes from, for messages and bounds. */
struct sdr_file_source {
	const char *name; /* "standard input", a path */
	size_t most;      /* bytes that are read */
	size_t line;      /* sdr_file_check: the current line; 0: nothing was checked yet */
};

/* The same for an open descriptor, which may be a pipe (standard input): waits, and reads to its
 * end. The descriptor stays open. */
SDR_MUST_CHECK enum sdr_status sdr_file_read_open(int descriptor,
	const struct sdr_file_source *source, char **text, size_t *length, struct sdr_error *error);

/* Reads some bytes as read(2) does: their number, 0 at the end, -1 with errno, never EINTR or
 * EAGAIN. Waits also where the descriptor is non-blocking: another process that shares it (a pipe)
 * may have set that. */
ssize_t sdr_file_piece(int descriptor, char *bytes, size_t room);

/* Opens a regular file for reading, for what is read in pieces. The caller closes it. ENOENT,
 * EINVAL, ENOMEM, ESYSTEM with `error`, as sdr_file_read. */
SDR_MUST_CHECK enum sdr_status sdr_file_open(
	const char *path, int *descriptor, struct sdr_error *error);

/* Opens a regular file to append to, made with mode 0600 where there is none. The caller closes it.
 * EINVAL no regular file, or a link that leads nowhere or belongs to somebody else; ENOENT no such
 * folder; ENOMEM; ESYSTEM. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_file_open_append(
	const char *path, int *descriptor, struct sdr_error *error);

/* Checks the next piece of a source's text: *skip bytes at its start, a byte order mark, are to be
 * left out. EINVAL with `error`: UTF-16, or a NUL byte, with its line. */
SDR_MUST_CHECK enum sdr_status sdr_file_check(struct sdr_file_source *source, const char *bytes,
	size_t length, size_t *skip, struct sdr_error *error);

/* Replaces the file by bytes[length], or makes it with mode 0600; an existing one keeps mode and
 * group, and a link of one's own (or root's) is followed once. Nothing is left where it fails.
 * EINVAL no regular file, or a link that dangles, belongs to somebody else or leads to another;
 * ESYSTEM; ENOMEM. With `error`. */
SDR_MUST_CHECK enum sdr_status sdr_file_replace(
	const char *path, const char *bytes, size_t length, struct sdr_error *error);

/* Makes a file that is not there yet, with mode 0600. EEXIST it is; else as sdr_file_replace. With
 * `error`. */
SDR_MUST_CHECK enum sdr_status sdr_file_create(
	const char *path, const char *bytes, size_t length, struct sdr_error *error);

/* Returns what a path is, for a message: "a folder", "a named pipe", ...; NULL for a regular file.
 * `mode` as stat has it. */
const char *sdr_file_kind(unsigned mode);

#endif
