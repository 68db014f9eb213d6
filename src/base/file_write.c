/* file_write.c - writing files that a person names: beside the old one, flushed, renamed, and the
 * folder flushed.
 *
 * The new file is named `.sounder.` and 16 hexadecimal digits, and locked while it is written: an
 * unlocked one was left by a killed process, and the next write to that folder removes it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sounder/file.h"

#define PREFIX ".sounder."
#define DIGITS 16
#define TRIES 16

/* A write in progress. */
struct writing {
	const char *typed;   /* for messages */
	char path[PATH_MAX]; /* of the file itself, a link resolved */
	const char *name;    /* within its folder; points into path */
	char made[sizeof(PREFIX) + DIGITS];
	int folder, file; /* descriptors; -1: none */
	bool exists;
	struct stat was; /* where it exists */
};

static enum sdr_status fail(const struct writing *writing, struct sdr_error *error)
{
	int number = errno;
	sdr_error_set(
		error, 0, "%.200s could not be written: %s", writing->typed, strerror(number));
	return number == EEXIST ? SDR_EEXIST : number == ENOMEM ? SDR_ENOMEM : SDR_ESYSTEM;
}

static enum sdr_status refuse(
	const struct writing *writing, const char *why, struct sdr_error *error)
{
	sdr_error_set(error, 0, "%.200s is %s; a regular file is written, or a new one",
		writing->typed, why);
	return SDR_EINVAL;
}

/* Puts the link's own text in the path's place, from the link's folder on where it is no absolute
 * one. */
static bool follow(struct writing *writing)
{
	char target[PATH_MAX], *slash = strrchr(writing->path, '/');
	ssize_t length = readlink(writing->path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	size_t folder = target[0] == '/' || !slash ? 0 : (size_t)(slash + 1 - writing->path);
	if (folder + (size_t)length >= sizeof(writing->path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(writing->path + folder, target, (size_t)length + 1);
	return true;
}

/* Checks what exists: nothing, a file, or a link to follow once. */
static enum sdr_status look(struct writing *writing, struct sdr_error *error)
{
	writing->exists = lstat(writing->path, &writing->was) == 0;
	if (!writing->exists)
		return errno == ENOENT ? SDR_OK : fail(writing, error);
	if (S_ISLNK(writing->was.st_mode)) {
		if (writing->was.st_uid != geteuid() && writing->was.st_uid != 0)
			return refuse(writing, "somebody else's link", error);
		if (!follow(writing))
			return fail(writing, error);
		writing->exists = lstat(writing->path, &writing->was) == 0;
		if (!writing->exists)
			return errno == ENOENT ? refuse(writing, "a link that leads nowhere", error)
					       : fail(writing, error);
		if (S_ISLNK(writing->was.st_mode))
			return refuse(writing, "a link to another link", error);
	}
	const char *kind = sdr_file_kind(writing->was.st_mode);
	return kind ? refuse(writing, kind, error) : SDR_OK;
}

static enum sdr_status open_folder(struct writing *writing, struct sdr_error *error)
{
	char *slash = strrchr(writing->path, '/');
	writing->name = slash ? slash + 1 : writing->path;
	if (*writing->name == '\0') {
		errno = writing->path[0] ? EISDIR : ENOENT;
		return fail(writing, error);
	}
	char folder[PATH_MAX] = ".";
	if (slash)
		snprintf(folder, sizeof(folder), "%.*s",
			slash == writing->path ? 1 : (int)(slash - writing->path), writing->path);
	writing->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return writing->folder >= 0 ? SDR_OK : fail(writing, error);
}

static bool is_leftover_name(const char *name)
{
	size_t prefix = strlen(PREFIX);
	return strlen(name) == prefix + DIGITS && strncmp(name, PREFIX, prefix) == 0 &&
		strspn(name + prefix, "0123456789abcdef") == DIGITS;
}

/* Removes a file that a killed process left: our name, and not locked. */
static void sweep(const struct writing *writing)
{
	int again = openat(writing->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = again >= 0 ? fdopendir(again) : NULL;
	struct dirent *entry;
	if (!folder && again >= 0)
		close(again);
	while (folder && (entry = readdir(folder))) {
		struct stat is;
		if (!is_leftover_name(entry->d_name))
			continue;
		int fd = openat(writing->folder, entry->d_name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && is.st_uid == geteuid() &&
			flock(fd, LOCK_EX | LOCK_NB) == 0)
			unlinkat(writing->folder, entry->d_name, 0);
		close(fd);
	}
	if (folder)
		closedir(folder);
}

/* Another process's clean-up of this folder may run between creating and locking. It holds the lock
 * only briefly, so this waits; if the file was unlinked by then, it is of no use. Some file systems
 * have no locks: there is no clean-up there. */
static bool hold(int fd)
{
	struct stat is;
	while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
		;
	return fstat(fd, &is) == 0 && is.st_nlink > 0;
}

static enum sdr_status make(struct writing *writing, struct sdr_error *error)
{
	for (int i = 0; i < TRIES; i++) {
		uint64_t number;
		if (getrandom(&number, sizeof(number), 0) != sizeof(number))
			return fail(writing, error);
		snprintf(writing->made, sizeof(writing->made), PREFIX "%016llx",
			(unsigned long long)number);
		int fd = openat(writing->folder, writing->made,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0 && hold(fd)) {
			writing->file = fd;
			return SDR_OK;
		}
		if (fd >= 0) {
			unlinkat(writing->folder, writing->made, 0); /* where it could not be
									looked at */
			close(fd);
			errno = EBUSY; /* should it happen each time */
		} else if (errno != EEXIST) {
			break;
		}
	}
	return fail(writing, error);
}

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t put = write(fd, bytes, length);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes += put;
		length -= (size_t)put;
	}
	return true;
}

/* Gives the new file the old one's group and mode. Where the group may not be given, ours gets no
 * more than everybody has. */
static bool dress(const struct writing *writing)
{
	if (!writing->exists)
		return true;
	mode_t mode = writing->was.st_mode & 07777;
	/* Root, by sudo, leaves a user's file the user's. */
	if (fchown(writing->file, writing->was.st_uid, writing->was.st_gid) != 0 &&
		fchown(writing->file, (uid_t)-1, writing->was.st_gid) != 0)
		mode &= (mode_t) ~(S_ISUID | S_ISGID | S_IRWXG) | (mode & S_IRWXO) << 3;
	return fchmod(writing->file, mode) == 0;
}

/* Gives the file its name. Where there is to be none yet, no other may slip in between. */
static bool settle(const struct writing *writing, bool fresh)
{
	if (!fresh)
		return renameat(writing->folder, writing->made, writing->folder, writing->name) ==
			0;
	if (renameat2(writing->folder, writing->made, writing->folder, writing->name,
		    RENAME_NOREPLACE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	return linkat(writing->folder, writing->made, writing->folder, writing->name, 0) == 0 &&
		unlinkat(writing->folder, writing->made, 0) == 0;
}

static enum sdr_status write_beside(struct writing *writing, const char *bytes, size_t length,
	bool fresh, struct sdr_error *error)
{
	sweep(writing);
	enum sdr_status status = make(writing, error);
	if (status != SDR_OK)
		return status;
	if (!write_all(writing->file, bytes, length) || !dress(writing) ||
		fsync(writing->file) != 0 || !settle(writing, fresh)) {
		status = fail(writing, error);
		unlinkat(writing->folder, writing->made, 0);
	} else {
		(void)fsync(writing->folder); /* the file is there; that its name is, too, some
						 systems do not promise */
	}
	close(writing->file);
	return status;
}

static enum sdr_status write_file(
	const char *path, const char *bytes, size_t length, bool fresh, struct sdr_error *error)
{
	struct writing writing = {
		.typed = *path ? path : "\"\" (an empty name)", .folder = -1, .file = -1};
	if ((size_t)snprintf(writing.path, sizeof(writing.path), "%s", path) >=
		sizeof(writing.path)) {
		errno = ENAMETOOLONG;
		return fail(&writing, error);
	}
	enum sdr_status status = SDR_OK;
	if (fresh && lstat(path, &writing.was) == 0) {
		errno = EEXIST;
		status = fail(&writing, error);
	} else if (!fresh) {
		status = look(&writing, error);
	}
	if (status == SDR_OK)
		status = open_folder(&writing, error);
	if (status == SDR_OK)
		status = write_beside(&writing, bytes, length, fresh, error);
	if (writing.folder >= 0)
		close(writing.folder);
	return status;
}

enum sdr_status sdr_file_replace(
	const char *path, const char *bytes, size_t length, struct sdr_error *error)
{
	return write_file(path, bytes, length, false, error);
}

enum sdr_status sdr_file_create(
	const char *path, const char *bytes, size_t length, struct sdr_error *error)
{
	return write_file(path, bytes, length, true, error);
}
