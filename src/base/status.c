/* status.c - the sentences of the status codes, and what errno values mean in them. */
#include "sounder/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

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
	for (size_t i = 0; i < sizeof errno_map / sizeof *errno_map; i++)
		if (errno_map[i].number == number)
			return errno_map[i].status;
	return SDR_ESYSTEM;
}

void sdr_error_set(struct sdr_error *error, size_t offset, const char *format, ...)
{
	if (!error)
		return;
	va_list args;
	va_start(args, format);
	error->offset = offset;
	vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
}
