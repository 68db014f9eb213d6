/* fuzz_file.c - any bytes as standard input: read whole and read line by line, in pieces that break
 * anywhere, the same text comes or the same fault. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "job/input_lines.h"
#include "sounder/file.h"

#define MOST 4096 /* bytes: what a pipe takes at once */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The expected result by another method: NULL if it is no text. */
static const uint8_t *expect(const uint8_t *data, size_t size, size_t *length)
{
	bool wide = size >= 2 &&
		((data[0] == 0xff && data[1] == 0xfe) || (data[0] == 0xfe && data[1] == 0xff));
	bool marked = size >= 3 && data[0] == 0xef && data[1] == 0xbb && data[2] == 0xbf;
	for (size_t i = 0; i < size; i++)
		wide = wide || data[i] == 0;
	*length = size - (marked ? 3 : 0);
	return wide ? NULL : data + size - *length;
}

static void check_whole(int fd, const uint8_t *wanted, size_t wanted_length)
{
	const struct sdr_file_source source = {.name = "fuzz", .most = MOST};
	struct sdr_error error;
	char *text = NULL;
	size_t length = 0;
	enum sdr_status status = sdr_file_read_open(fd, &source, &text, &length, &error);
	if ((status == SDR_OK) != (wanted != NULL))
		abort();
	if (status == SDR_OK &&
		(length != wanted_length || memcmp(text, wanted, length) != 0 ||
			text[length] != '\0'))
		abort();
	free(text);
}

/* Stretches of whole lines add up to the text; where there is a fault, what came before it is the
 * text's beginning. */
static void check_lines(int fd, const uint8_t *wanted, size_t wanted_length)
{
	struct job_input lines;
	const char *bytes = NULL;
	size_t length = 0, have = 0;
	enum sdr_status status = sdr_input_open(&lines, NULL, fd, "fuzz");
	while (status == SDR_OK && (status = sdr_input_next(&lines, &bytes, &length)) == SDR_OK &&
		length > 0) {
		if (wanted &&
			(have + length > wanted_length ||
				memcmp(wanted + have, bytes, length) != 0))
			abort();
		have += length;
		if (bytes[length - 1] != '\n' && wanted && have != wanted_length)
			abort();
	}
	if ((status == SDR_OK) != (wanted != NULL) || (wanted && have != wanted_length))
		abort();
	sdr_input_close(&lines);
}

/* The pieces of an input, one after the other: where it breaks must not matter to what is
 * checked. */
static void check_pieces(const uint8_t *data, size_t size, const uint8_t *wanted)
{
	struct sdr_file_source source = {.name = "fuzz"};
	struct sdr_error error;
	size_t skip, cut = size > 4 ? 4 + (size_t)data[4] % (size - 3) : size;
	enum sdr_status status = sdr_file_check(&source, (const char *)data, cut, &skip, &error);
	if (status == SDR_OK && cut < size)
		status = sdr_file_check(
			&source, (const char *)data + cut, size - cut, &skip, &error);
	size_t line = 1;
	for (size_t i = 0; i < size && (data[i] != 0 || wanted); i++)
		line += data[i] == '\n';
	if ((status == SDR_OK) != (wanted != NULL) || source.line == 0 || source.line > line)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t length;
	if (size > MOST)
		return 0;
	const uint8_t *wanted = expect(data, size, &length);
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	lseek(fd, 0, SEEK_SET);
	check_whole(fd, wanted, length);
	lseek(fd, 0, SEEK_SET);
	check_lines(fd, wanted, length);
	close(fd);
	check_pieces(data, size, wanted);
	return 0;
}
