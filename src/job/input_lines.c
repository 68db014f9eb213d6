/* input_lines.c - input in blocks of whole lines. An incomplete line at the end of a piece moves
 * to the buffer's start and the next piece follows it; a line that fills the buffer doubles it.
 *
 * * Standard input is shared with other programs: its flags stay as they are. A descriptor of
 * epoll stands in for it, which libuv may make non-blocking. */
#include "job/input_lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define ROOM_MIN ((size_t)256 << 10) /* fits the cache; larger pieces gain nothing */
#define ROOM_MAX ((size_t)64 << 20)

/* Waits for a descriptor to have something. */
struct input_wait {
	uv_poll_t poll; /* first */
	struct sdr_job *job;
	int stand_in;
};

const char *sdr_input_front_name(const struct sdr_job *job)
{
	return job->request->input.text ? "the lines given" : "standard input";
}

enum sdr_status sdr_input_open(
	struct job_input *input, struct sdr_job *job, int fd, const char *name)
{
	*input = (struct job_input){.job = job,
		.fd = fd,
		.source.name = name,
		.room = ROOM_MIN,
		.buffer = malloc(ROOM_MIN)};
	return input->buffer ? SDR_OK : SDR_ENOMEM;
}

enum sdr_status sdr_input_open_front(struct job_input *input, struct sdr_job *job, bool checked)
{
	const struct sdr_request *request = job->request;
	const char *name = checked ? sdr_input_front_name(job) : NULL;
	if (!request->input.text)
		return sdr_input_open(input, job, STDIN_FILENO, name);
	*input = (struct job_input){.job = job,
		.text = request->input.text,
		.to = request->input.length,
		.source.name = name};
	return SDR_OK;
}

static void on_closed(uv_handle_t *handle)
{
	struct input_wait *wait = (struct input_wait *)handle;
	close(wait->stand_in);
	free(wait);
}

void sdr_input_close(struct job_input *input)
{
	free(input->buffer);
	if (input->wait)
		uv_close((uv_handle_t *)&input->wait->poll, on_closed);
	*input = (struct job_input){.fd = -1};
}

/* ---- waiting ---- */

static void on_readable(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	uv_poll_stop(poll);
	sdr_procedure_wake(((struct input_wait *)poll)->job);
}

static enum sdr_status fail_wait(struct input_wait *wait, int number)
{
	if (wait->stand_in >= 0)
		close(wait->stand_in);
	free(wait);
	errno = number;
	return SDR_ESYSTEM;
}

static enum sdr_status open_wait(struct job_input *input)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct input_wait *wait = malloc(sizeof(*wait));
	if (!wait)
		return SDR_ENOMEM;
	wait->job = input->job;
	wait->stand_in = epoll_create1(EPOLL_CLOEXEC);
	if (wait->stand_in < 0 || epoll_ctl(wait->stand_in, EPOLL_CTL_ADD, input->fd, &event) < 0)
		return fail_wait(wait, errno);
	int error = uv_poll_init(sdr_app_loop(input->job->app), &wait->poll, wait->stand_in);
	if (error)
		return fail_wait(wait, -error);
	input->wait = wait;
	return SDR_OK;
}

/* EBUSY, once it is being waited for. */
static enum sdr_status wait_for(struct job_input *input)
{
	enum sdr_status status = input->wait ? SDR_OK : open_wait(input);
	if (status != SDR_OK)
		return status;
	int error = uv_poll_start(&input->wait->poll, UV_READABLE, on_readable);
	errno = -error;
	return error ? SDR_ESYSTEM : SDR_EBUSY;
}

/* Whether a read would return at once; files always do. */
static bool is_ready(const struct job_input *input)
{
	struct pollfd descriptor = {.fd = input->fd, .events = POLLIN};
	return poll(&descriptor, 1, 0) != 0;
}

/* ---- reading ---- */

static enum sdr_status make_room(struct job_input *input)
{
	memmove(input->buffer, input->buffer + input->from, input->to - input->from);
	input->to -= input->from;
	input->from = 0;
	if (input->to < input->room)
		return SDR_OK;
	if (input->room >= ROOM_MAX)
		return SDR_ERANGE;
	char *grown = realloc(input->buffer, 2 * input->room);
	if (!grown)
		return SDR_ENOMEM;
	input->buffer = grown;
	input->room *= 2;
	return SDR_OK;
}

/* Reads on. *whole: bytes of the buffer that are whole lines. */
static enum sdr_status read_piece(struct job_input *input, size_t *whole)
{
	enum sdr_status status = make_room(input);
	if (status == SDR_OK && !is_ready(input))
		status = wait_for(input);
	if (status != SDR_OK)
		return status;
	ssize_t got = sdr_file_piece(input->fd, input->buffer + input->to, input->room - input->to);
	if (got < 0)
		return SDR_ESYSTEM;
	const char *last = got > 0 ? memrchr(input->buffer + input->to, '\n', (size_t)got) : NULL;
	input->over = got == 0;
	input->to += (size_t)got;
	*whole = input->over ? input->to : last ? (size_t)(last - input->buffer) + 1 : 0;
	return SDR_OK;
}

enum sdr_status sdr_input_next(struct job_input *input, const char **bytes, size_t *length)
{
	*length = 0;
	while (!input->over) {
		size_t whole = input->to, skip = 0;
		enum sdr_status status = SDR_OK;
		input->over = input->text;
		if (!input->text)
			status = read_piece(input, &whole);
		if (status != SDR_OK)
			return status;
		if (whole == 0)
			continue;
		const char *from = input->text ? input->text : input->buffer;
		if (input->source.name)
			status = sdr_file_check(&input->source, from, whole, &skip, &input->error);
		*bytes = from + skip;
		*length = status == SDR_OK ? whole - skip : 0;
		input->from = whole;
		if (status != SDR_OK || *length > 0)
			return status;
	}
	return SDR_OK;
}

void sdr_input_complain(struct job_input *input, enum sdr_status status, const char *name)
{
	const char *why = status == SDR_EINVAL ? input->error.text
		: status == SDR_ESYSTEM        ? strerror(errno)
		: status == SDR_ERANGE
		? "a line of more than 64 MiB; it and what follows are left out"
		: sdr_status_text(status);
	sdr_procedure_exit(input->job, SDR_EXIT_FAIL);
	if (status == SDR_EINVAL) /* it names the text itself */
		sdr_procedure_complain(input->job, "%s", why);
	else
		sdr_procedure_complain(input->job, "%s: %s", name, why);
}
