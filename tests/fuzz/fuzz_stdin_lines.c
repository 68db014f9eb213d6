/* fuzz_stdin_lines.c - standard input as lines that are each asked about, arriving in pieces of any
 * size: each line that holds something is asked once, in order, without the blanks around it. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "input.h"
#include "sounder/app.h"
#include "sounder/job.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 2048
#define PIECES 64 /* what a socket's queue holds in any case */

/* What has been asked, each word with a line feed. */
struct asked {
	char text[2 * MOST];
	size_t length;
};

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct asked *asked = answers->state;
	(void)call;
	(void)error;
	asked->length += (size_t)sprintf(asked->text + asked->length, "%s\n", word);
	return SDR_EXIT_YES;
}

/* The same the other way round: from each line's end. */
static void expect(const uint8_t *bytes, size_t size, struct asked *asked)
{
	size_t at = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	while (at < size) {
		size_t end = at;
		while (end < size && bytes[end] != '\n')
			end++;
		size_t next = end + 1;
		while (end > at && memchr("\r \t", bytes[end - 1], 3))
			end--;
		while (at < end && memchr(" \t", bytes[at], 2))
			at++;
		if (at < end && bytes[at] != '#') {
			memcpy(asked->text + asked->length, bytes + at, end - at);
			asked->length += end - at;
			asked->text[asked->length++] = '\n';
		}
		at = next;
	}
}

/* Standard input becomes a socket on which each read gets one piece. */
static void feed(const uint8_t *bytes, size_t size, size_t piece)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	must(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
	close(ends[0]);
	if (size / piece >= PIECES)
		piece = size / PIECES + 1;
	for (size_t at = 0; at < size; at += piece) {
		size_t n = piece < size - at ? piece : size - at;
		must(write(ends[1], bytes + at, n) == (ssize_t)n);
	}
	close(ends[1]);
}

/* The app that all inputs share: its loop is all they need. */
static struct sdr_app *app_of_all(void)
{
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	static const struct sdr_command *const none[] = {NULL};
	static struct sdr_app *app;
	if (app)
		return app;
	app = sdr_app_new(&privilege, none);
	must(app && sdr_app_open(app, SDR_PART_LOOP, NULL) == SDR_OK);
	return app;
}

struct outcome {
	bool over;
	enum sdr_exit exit;
};

static void on_done(void *context, enum sdr_exit exit)
{
	*(struct outcome *)context = (struct outcome){true, exit};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sdr_command command = {.name = "fuzz"};
	static const struct sdr_arg word = {.text = "-"};
	struct asked asked = {.length = 0}, wanted = {.length = 0};
	struct outcome outcome = {false, SDR_EXIT_YES};
	struct sdr_job *job;
	if (size < 1 || size > MOST)
		return 0;
	const struct sdr_call call = {
		.command = &command, .app = app_of_all(), .args = &word, .count = 1};
	const struct sdr_request request = {.kind = SDR_REQUEST_LOOKUP,
		.lookup = {.each_word = true, .answer = answer},
		.state = &asked};
	const struct sdr_job_sink sink = {.context = &outcome, .done = on_done};
	const uint8_t *bytes = data + 1;
	size_t piece = 1 + data[0];
	size--;
	feed(bytes, size, piece);
	must(sdr_job_start(&call, &request, &sink, &job, NULL) == SDR_OK);
	while (!outcome.over)
		uv_run(sdr_app_loop(call.app), UV_RUN_NOWAIT);
	uv_run(sdr_app_loop(call.app), UV_RUN_NOWAIT);
	expect(bytes, size, &wanted);
	bool wide = size >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2));
	bool good = !wide && !memchr(bytes, '\0', size);
	must(outcome.exit == (good ? SDR_EXIT_YES : SDR_EXIT_FAIL));
	must(good ? asked.length == wanted.length : asked.length <= wanted.length);
	must(memcmp(asked.text, wanted.text, asked.length) == 0);
	return 0;
}
