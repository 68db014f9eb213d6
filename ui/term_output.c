/* term_output.c - the bytes that the terminal has not taken yet. */
#include "term_output.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

bool ui_output_is_busy(const struct ui_output *output)
{
	return output->at < output->length;
}

bool ui_output_carry(struct ui_output *output)
{
	while (ui_output_is_busy(output)) {
		ssize_t written = write(output->descriptor, output->bytes + output->at,
			output->length - output->at);
		if (written > 0)
			output->at += (size_t)written;
		else if (errno == EAGAIN)
			return true;
		else if (errno != EINTR)
			return false;
	}
	output->at = output->length = 0;
	return true;
}

static bool make_room(struct ui_output *output, size_t length)
{
	if (output->at > 0) {
		memmove(output->bytes, output->bytes + output->at, output->length - output->at);
		output->length -= output->at;
		output->at = 0;
	}
	if (output->length + length <= output->size)
		return true;
	size_t size = (output->length + length) * 2;
	char *larger = realloc(output->bytes, size);
	if (!larger)
		return false;
	output->bytes = larger;
	output->size = size;
	return true;
}

bool ui_output_add(struct ui_output *output, const char *bytes, size_t length)
{
	/* What the terminal takes at once needs no memory. */
	while (length > 0 && !ui_output_is_busy(output)) {
		ssize_t written = write(output->descriptor, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			break;
		bytes += written;
		length -= (size_t)written;
	}
	if (length == 0)
		return true;
	if (!make_room(output, length))
		return false;
	memcpy(output->bytes + output->length, bytes, length);
	output->length += length;
	return true;
}

bool ui_output_add_both(struct ui_output *output, const struct iovec parts[2])
{
	ssize_t written = ui_output_is_busy(output) ? 0 : writev(output->descriptor, parts, 2);
	size_t done = written > 0 ? (size_t)written : 0;
	for (int i = 0; i < 2; i++) {
		size_t of_this = done < parts[i].iov_len ? done : parts[i].iov_len;
		done -= of_this;
		if (!ui_output_add(output, (const char *)parts[i].iov_base + of_this,
			    parts[i].iov_len - of_this))
			return false;
	}
	return true;
}

bool ui_output_drain(struct ui_output *output, int milliseconds)
{
	uint64_t until = uv_hrtime() + (uint64_t)milliseconds * 1000000;
	while (ui_output_carry(output) && ui_output_is_busy(output)) {
		uint64_t now = uv_hrtime();
		struct pollfd wait = {.fd = output->descriptor, .events = POLLOUT};
		if (now >= until || poll(&wait, 1, (int)((until - now) / 1000000) + 1) < 0 ||
			wait.revents & (POLLHUP | POLLERR))
			break;
	}
	return !ui_output_is_busy(output);
}
