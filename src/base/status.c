/* status.c - the sentences of the status codes, and what errno values mean in them. */
#include "sounder/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const sentences[SDR_STATUS_COUNT] = {
#define X(code, sentence) [SDR_##code] = sentence,
	SDR_STATUS_MAP(X)
#undef X
};

static const struct {
	int number;
	enum sdr_status status;
} errno_map[] = {
	{0, SDR_OK},
	{EINVAL, SDR_EINVAL},
	{EDOM, SDR_ERANGE},
	{ERANGE, SDR_ERANGE},
	{EOVERFLOW, SDR_ERANGE},
	{ENOMEM, SDR_ENOMEM},
	{EACCES, SDR_EPERM},
	{EPERM, SDR_EPERM},
	{ENOENT, SDR_ENOENT},
	{ENODEV, SDR_ENOENT},
	{ENXIO, SDR_ENOENT},
	{EADDRNOTAVAIL, SDR_ENOENT},
	{EEXIST, SDR_EEXIST},
	{EBUSY, SDR_EBUSY},
	{EAGAIN, SDR_EBUSY},
	{ENOBUFS, SDR_EBUSY},
	{EADDRINUSE, SDR_EINUSE},
	{ENETUNREACH, SDR_EUNREACH},
	{EHOSTUNREACH, SDR_EUNREACH},
	{ENETDOWN, SDR_EUNREACH},
	{ETIMEDOUT, SDR_ETIMEDOUT},
	{ECANCELED, SDR_ECANCELED},
	{ENOSYS, SDR_ENOTSUP},
	{EOPNOTSUPP, SDR_ENOTSUP},
	{EAFNOSUPPORT, SDR_ENOTSUP},
	{EPROTONOSUPPORT, SDR_ENOTSUP},
	{EILSEQ, SDR_EMALFORMED},
	{EBADMSG, SDR_EMALFORMED},
	{EPROTO, SDR_EMALFORMED},
};

const char *sdr_status_text(enum sdr_status status)
{
	return (unsigned)status < SDR_STATUS_COUNT ? sentences[status] : "unknown status";
}

enum sdr_status sdr_status_of_errno(int number)
{
	for (size_t i = 0; i < sizeof(errno_map) / sizeof(*errno_map); i++)
		if (errno_map[i].number == number)
			return errno_map[i].status;
	return SDR_ESYSTEM;
}

const char *sdr_errno_name(int number)
{
	return number != 0 ? strerrorname_np(number) : NULL;
}

/* A message quotes what was typed, which may be a URL with a password: all from "://" to the last
 * '@' of that word becomes ***. That is more than the user and password where the URL is right, and
 * not less where it is wrong, or where the message was cut before the '@'. */
static void hide_userinfo(char *text, size_t size, bool cut)
{
	static const char mask[] = "***";
	for (char *mark = strstr(text, "://"); mark; mark = strstr(mark + 3, "://")) {
		char *from = mark + 3, *at = NULL, *end = from + strcspn(from, " \"");
		for (char *c = from; c < end; c++)
			at = *c == '@' ? c : at;
		if (!at && cut && !*end)
			at = end;
		if (!at || at == from)
			continue;
		size_t left = size - (size_t)(from - text),
		       room = left > sizeof(mask) ? left - sizeof(mask) : 0, rest = strlen(at);
		if (left < sizeof(mask)) {
			*from = '\0';
			return;
		}
		if (rest > room)
			rest = room;
		memmove(from + sizeof(mask) - 1, at, rest);
		memcpy(from, mask, sizeof(mask) - 1);
		from[sizeof(mask) - 1 + rest] = '\0';
	}
}

void sdr_error_set(struct sdr_error *error, size_t offset, const char *format, ...)
{
	if (!error)
		return;
	va_list args;
	va_start(args, format);
	error->offset = offset;
	int length = vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	hide_userinfo(error->text, sizeof(error->text), length >= (int)sizeof(error->text));
}
