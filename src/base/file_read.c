/* file_read.c - reading files that a person names. Everything is looked at before it is opened,
 * since opening a device does something, and again after, since names change hands. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sounder/file.h"

#define PIECE ((size_t)64 << 10)

const char *sdr_file_kind(unsigned mode)
{
	return S_ISREG(mode)     ? NULL
		: S_ISDIR(mode)  ? "a folder"
		: S_ISFIFO(mode) ? "a named pipe"
		: S_ISSOCK(mode) ? "a socket"
		: S_ISLNK(mode)  ? "a link"
				 : "a device";
}

static enum sdr_status refuse_kind(
	const char *path, unsigned mode, bool written, struct sdr_error *error)
{
	const char *kind = sdr_file_kind(mode);
	if (!kind)
		return SDR_OK;
	sdr_error_set(error, 0, "%.200s is %s; a regular file is %s", path, kind,
		written                 ? "written, or a new one"
			: S_ISDIR(mode) ? "read"
					: "read, or standard input where \"-\" stands");
	return SDR_EINVAL;
}

static enum sdr_status refuse_errno(const char *path, const char *what, struct sdr_error *error)
{
	int number = errno;
	sdr_error_set(error, 0, "%.200s can't be %s: %s", *path ? path : "\"\" (an empty name)",
		what, strerror(number));
	return number == ENOENT || number == ENOTDIR ? SDR_ENOENT
		: number == ENOMEM                   ? SDR_ENOMEM
						     : SDR_ESYSTEM;
}

/* What a shell writes for <(COMMAND). Only standard descriptors outlive our start (main.c), so
 * nothing is there any more. */
static bool is_substitution(const char *path)
{
	return strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/self/fd/", 14) == 0;
}

static enum sdr_status refuse_absent(const char *path, const char *what, struct sdr_error *error)
{
	if (errno != ENOENT || !is_substitution(path))
		return refuse_errno(path, what, error);
	sdr_error_set(error, 0,
		"%.80s can't be %s: what <(COMMAND) makes is not passed on; "
		"pipe it in instead: COMMAND | sounder ... -",
		path, what);
	return SDR_EINVAL; /* no default that may be missing */
}

static enum sdr_status open_regular(
	const char *path, int flags, int *descriptor, struct sdr_error *error)
{
	bool written = flags & O_APPEND;
	const char *what = written ? "written" : "read";
	struct stat is;
	bool there = stat(path, &is) == 0;
	if (!there && (!(flags & O_CREAT && errno == ENOENT) || is_substitution(path)))
		return refuse_absent(path, what, error);
	enum sdr_status status = there ? refuse_kind(path, is.st_mode, written, error) : SDR_OK;
	if (status != SDR_OK)
		return status;
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0)
		return refuse_errno(path, what, error);
	status = fstat(fd, &is) == 0 ? refuse_kind(path, is.st_mode, written, error)
				     : refuse_errno(path, what, error);
	if (status == SDR_OK)
		*descriptor = fd;
	else
		close(fd);
	return status;
}

enum sdr_status sdr_file_open(const char *path, int *descriptor, struct sdr_error *error)
{
	return open_regular(path, O_RDONLY, descriptor, error);
}

enum sdr_status sdr_file_open_append(const char *path, int *descriptor, struct sdr_error *error)
{
	struct stat link;
	if (lstat(path, &link) == 0 &&
		S_ISLNK(link.st_mode)) { /* as the writer has it: one's own, and to something */
		bool foreign = link.st_uid != geteuid() && link.st_uid != 0;
		if (foreign || stat(path, &(struct stat){0}) != 0) {
			sdr_error_set(error, 0,
				"%.200s is %s; a regular file is written, or a new one", path,
				foreign ? "somebody else's link" : "a link that leads nowhere");
			return SDR_EINVAL;
		}
	}
	return open_regular(path, O_WRONLY | O_APPEND | O_CREAT, descriptor, error);
}

enum sdr_status sdr_file_check(struct sdr_file_source *source, const char *bytes, size_t length,
	size_t *skip, struct sdr_error *error)
{
	bool first = source->line == 0;
	*skip = 0;
	if (first) {
		source->line = 1;
		if (length >= 2 &&
			(!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2))) {
			sdr_error_set(error, 0, "%.200s is UTF-16; save it as UTF-8", source->name);
			return SDR_EINVAL;
		}
		if (length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
			*skip = 3;
	}
	const char *nul = memchr(bytes, '\0', length), *end = nul ? nul : bytes + length;
	for (const char *at = bytes; at < end; at++)
		source->line += *at == '\n';
	if (!nul)
		return SDR_OK;
	sdr_error_set(error, 0,
		"%.200s: a NUL byte in line %zu; it is no text, or UTF-16: save it as UTF-8",
		source->name, source->line);
	return SDR_EINVAL;
}

ssize_t sdr_file_piece(int descriptor, char *bytes, size_t room)
{
	for (;;) {
		ssize_t got = read(descriptor, bytes, room);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		if (errno == EAGAIN)
			(void)poll(&(struct pollfd){.fd = descriptor, .events = POLLIN}, 1, -1);
	}
}

/* Reads to the end, or one byte past `most`. Returns memory to free; NULL without any, or with
 * errno. */
static char *read_all(int fd, size_t most, size_t *length)
{
	size_t room = PIECE, have = 0;
	char *text = malloc(room + 1);
	while (text && have <= most) {
		ssize_t got = sdr_file_piece(fd, text + have, room - have);
		if (got <= 0) {
			*length = have;
			if (got == 0)
				return text;
			int number = errno;
			free(text);
			errno = number;
			return NULL;
		}
		have += (size_t)got;
		if (have < room)
			continue;
		char *larger = realloc(text, (room *= 2) + 1);
		if (!larger)
			free(text);
		text = larger;
	}
	*length = have;
	return text;
}

enum sdr_status sdr_file_read_open(int descriptor, const struct sdr_file_source *source,
	char **text, size_t *length, struct sdr_error *error)
{
	struct sdr_file_source checked = *source;
	size_t have = 0, skip = 0;
	char *read = read_all(descriptor, source->most, &have);
	if (!read)
		return refuse_errno(source->name, "read", error);
	enum sdr_status status = SDR_OK;
	if (have > source->most) {
		sdr_error_set(error, 0,
			"%.200s is larger than %zu MiB, which is as much as is read", source->name,
			source->most >> 20);
		status = SDR_ERANGE;
	}
	if (status == SDR_OK)
		status = sdr_file_check(&checked, read, have, &skip, error);
	if (status != SDR_OK) {
		free(read);
		return status;
	}
	memmove(read, read + skip, have - skip);
	*length = have - skip;
	read[*length] = '\0';
	*text = read;
	return SDR_OK;
}

enum sdr_status sdr_file_read(
	const char *path, size_t most, char **text, size_t *length, struct sdr_error *error)
{
	struct stat is;
	int fd;
	enum sdr_status status = sdr_file_open(path, &fd, error);
	if (status != SDR_OK)
		return status;
	if (fstat(fd, &is) == 0 && is.st_size > (off_t)most) { /* no need to read it for that */
		sdr_error_set(error, 0,
			"%.200s is larger than %zu MiB, which is as much as is read", path,
			most >> 20);
		status = SDR_ERANGE;
	} else {
		status = sdr_file_read_open(fd,
			&(struct sdr_file_source){.name = path, .most = most}, text, length, error);
	}
	close(fd);
	return status;
}

enum sdr_status sdr_file_read_system(
	const char *path, size_t most, char **text, size_t *length, struct sdr_error *error)
{
	struct stat is;
	if (stat(path, &is) == 0 && S_ISCHR(is.st_mode) && is.st_rdev == makedev(1, 3))
		return SDR_ENOENT;
	return sdr_file_read(path, most, text, length, error);
}
