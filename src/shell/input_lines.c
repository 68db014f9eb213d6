/* input_lines.c - input in blocks of whole lines. An incomplete line at the end of a piece moves to
 * the buffer's start and the next piece follows it; a line that fills the buffer doubles it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shell/shell.h"

#define ROOM_MIN ((size_t)256 << 10) /* fits the cache; larger pieces gain nothing */
#define ROOM_MAX ((size_t)64 << 20)

enum sdr_status sdr_lines_open(struct shell_lines *lines, int fd, const char *name)
{
	*lines = (struct shell_lines){
		.fd = fd, .source.name = name, .room = ROOM_MIN, .buffer = malloc(ROOM_MIN)};
	return lines->buffer ? SDR_OK : SDR_ENOMEM;
}

void sdr_lines_close(struct shell_lines *lines)
{
	free(lines->buffer);
	lines->buffer = NULL;
}

static enum sdr_status make_room(struct shell_lines *lines)
{
	memmove(lines->buffer, lines->buffer + lines->from, lines->to - lines->from);
	lines->to -= lines->from;
	lines->from = 0;
	if (lines->to < lines->room)
		return SDR_OK;
	if (lines->room >= ROOM_MAX)
		return SDR_ERANGE;
	char *grown = realloc(lines->buffer, 2 * lines->room);
	if (!grown)
		return SDR_ENOMEM;
	lines->buffer = grown;
	lines->room *= 2;
	return SDR_OK;
}

enum sdr_status sdr_lines_next(struct shell_lines *lines, const char **bytes, size_t *length)
{
	*length = 0;
	while (!lines->over) {
		enum sdr_status status = make_room(lines);
		if (status != SDR_OK)
			return status;
		ssize_t got = sdr_file_piece(
			lines->fd, lines->buffer + lines->to, lines->room - lines->to);
		if (got < 0)
			return SDR_ESYSTEM;
		lines->over = got == 0;
		const char *last =
			got > 0 ? memrchr(lines->buffer + lines->to, '\n', (size_t)got) : NULL;
		lines->to += (size_t)got;
		size_t whole = lines->over ? lines->to
			: last             ? (size_t)(last - lines->buffer) + 1
					   : 0;
		if (whole == 0)
			continue;
		size_t skip = 0;
		if (lines->source.name)
			status = sdr_file_check(
				&lines->source, lines->buffer, whole, &skip, &lines->error);
		*bytes = lines->buffer + skip;
		*length = status == SDR_OK ? whole - skip : 0;
		lines->from = whole;
		if (status != SDR_OK || *length > 0)
			return status;
	}
	return SDR_OK;
}

const char *sdr_lines_why(const struct shell_lines *lines, enum sdr_status status)
{
	if (status == SDR_EINVAL)
		return lines->error.text;
	if (status == SDR_ESYSTEM)
		return strerror(errno);
	return status == SDR_ERANGE ? "a line of more than 64 MiB; it and what follows are left out"
				    : sdr_status_text(status);
}
