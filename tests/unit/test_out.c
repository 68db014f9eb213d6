/* Output: sanitised, coloured only where requested, and a failed write remembered (fault rows A1,
 * A12, G14, H16). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/hostile.h"
#include "lib/skip.h"
#include "sounder/out.h"

static char *contents(FILE *file, size_t *length)
{
	char *text = calloc(1, 1 << 20);
	rewind(file);
	*length = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	return text;
}

static void test_A1_no_hostile_string_passes(void **state)
{
	(void)state;
	for (int in_ascii = 0; in_ascii < 2; in_ascii++) {
		struct sdr_out out;
		size_t length;
		sdr_out_init(&out, tmpfile(), SDR_COLOUR_NEVER);
		out.ascii = in_ascii;
		for (size_t i = 0; i < HOSTILE_COUNT; i++) {
			sdr_out_bytes(&out, SDR_TONE_BAD, hostile_strings[i].bytes,
				hostile_strings[i].length, -1);
			sdr_out_put(&out, SDR_TONE_PLAIN, " %s", hostile_strings[i].bytes);
			sdr_out_end(&out);
		}
		assert_false(out.failed);
		char *text = contents(out.file, &length);
		size_t lines = 0;
		for (size_t i = 0; i < length; i++) {
			lines += text[i] == '\n';
			assert_false(text[i] != '\n' &&
				((unsigned char)text[i] < 0x20 || text[i] == 0x7F));
			assert_false(in_ascii && (unsigned char)text[i] >= 0x80);
		}
		assert_int_equal(lines, HOSTILE_COUNT);
		free(text);
	}
}

static void test_A12_formats_inside_text_are_text(void **state)
{
	(void)state;
	struct sdr_out out;
	size_t length;
	sdr_out_init(&out, tmpfile(), SDR_COLOUR_NEVER);
	sdr_out_line(&out, SDR_TONE_PLAIN, "%s", "%s%n%d");
	char *text = contents(out.file, &length);
	assert_string_equal(text, "%s%n%d\n");
	free(text);
}

static void test_long_text_is_whole(void **state)
{
	(void)state;
	struct sdr_out out;
	size_t length;
	char *big = malloc(70001);
	memset(big, 'x', 70000);
	big[70000] = '\0';
	sdr_out_init(&out, tmpfile(), SDR_COLOUR_NEVER);
	sdr_out_line(&out, SDR_TONE_PLAIN, "<%s>", big);
	char *text = contents(out.file, &length);
	assert_int_equal(length, 70003);
	free(text);
	free(big);
}

static void test_colour_means_tone_and_is_asked_for(void **state)
{
	(void)state;
	struct sdr_out out;
	size_t length;
	sdr_out_init(&out, tmpfile(), SDR_COLOUR_AUTO);
	assert_false(out.colour);
	sdr_out_init(&out, out.file, SDR_COLOUR_ALWAYS);
	sdr_out_put(&out, SDR_TONE_BAD, "DOWN");
	sdr_out_put(&out, SDR_TONE_PLAIN, " plain");
	sdr_out_put(&out, SDR_TONE_OK, "%s", "");
	sdr_out_end(&out);
	char *text = contents(out.file, &length);
	assert_string_equal(text, "\033[31mDOWN\033[0m plain\n");
	free(text);
}

/* Any length around those of the buffers inside. */
static void test_every_length_is_whole(void **state)
{
	(void)state;
	char big[1100], *text;
	memset(big, 'x', sizeof(big));
	for (int n = 500; n < (int)sizeof(big); n += n == 530 ? 480 : 1) {
		struct sdr_out out;
		size_t length;
		sdr_out_init(&out, tmpfile(), SDR_COLOUR_NEVER);
		sdr_out_put(&out, SDR_TONE_PLAIN, "%.*s", n, big);
		sdr_out_bytes(&out, SDR_TONE_PLAIN, big, (size_t)n, -1);
		text = contents(out.file, &length);
		assert_int_equal(length, 2 * n);
		assert_int_equal(strspn(text, "x"), 2 * n);
		free(text);
	}
}

/* A terminal, whose other end is not looked at. */
static FILE *terminal(int *other)
{
	int end;
	assert_int_equal(openpty(other, &end, NULL, NULL, NULL), 0);
	return fdopen(end, "w");
}

static void test_colour_by_itself(void **state)
{
	static const struct {
		const char *no_color, *term;
		bool colour;
	} cases[] = {{NULL, "xterm", true}, {"", "xterm", true}, {"1", "xterm", false},
		{NULL, "dumb", false}, {NULL, NULL, false}};
	int other;
	FILE *file = terminal(&other);
	struct sdr_out out;
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsetenv("NO_COLOR");
		unsetenv("TERM");
		if (cases[i].no_color)
			setenv("NO_COLOR", cases[i].no_color, 1);
		if (cases[i].term)
			setenv("TERM", cases[i].term, 1);
		sdr_out_init(&out, file, SDR_COLOUR_AUTO);
		assert_true(out.is_terminal);
		assert_int_equal(out.colour, cases[i].colour);
		sdr_out_init(&out, file, SDR_COLOUR_NEVER);
		assert_false(out.colour);
	}
	unsetenv("NO_COLOR");
	fclose(file);
	close(other);
}

static off_t size_of(FILE *file)
{
	struct stat is;
	assert_int_equal(fstat(fileno(file), &is), 0);
	return is.st_size;
}

static void test_lines_are_held_but_on_a_terminal(void **state)
{
	(void)state;
	int other;
	struct sdr_out out;
	sdr_out_init(&out, tmpfile(), SDR_COLOUR_NEVER);
	sdr_out_line(&out, SDR_TONE_PLAIN, "one");
	assert_int_equal(size_of(out.file), 4);
	sdr_out_hold(&out, true);
	sdr_out_line(&out, SDR_TONE_PLAIN, "two");
	assert_int_equal(size_of(out.file), 4);
	sdr_out_hold(&out, false);
	assert_int_equal(size_of(out.file), 8);
	fclose(out.file);
	sdr_out_init(&out, terminal(&other), SDR_COLOUR_NEVER);
	sdr_out_hold(&out, true);
	assert_false(out.held);
	fclose(out.file);
	close(other);
}

static void test_the_locale_decides_whether_ascii(void **state)
{
	(void)state;
	struct sdr_out out;
	FILE *file = tmpfile();
	sdr_out_init(&out, file, SDR_COLOUR_NEVER);
	assert_false(out.ascii);
	setlocale(LC_CTYPE, "C");
	sdr_out_init(&out, file, SDR_COLOUR_NEVER);
	setlocale(LC_CTYPE, "C.UTF-8");
	assert_true(out.ascii);
	fclose(file);
}

static void test_H16_full_disk_is_remembered(void **state)
{
	(void)state;
	struct sdr_out out;
	FILE *full = fopen("/dev/full", "w");
	if (!full)
		SKIP_BECAUSE("no /dev/full here");
	sdr_out_init(&out, full, SDR_COLOUR_NEVER);
	sdr_out_line(&out, SDR_TONE_PLAIN, "lost");
	assert_true(out.failed);
	assert_int_equal(out.failure, ENOSPC);
	sdr_out_line(&out, SDR_TONE_PLAIN, "not tried");
	fclose(full);
}

static void test_H16_closed_pipe_is_remembered(void **state)
{
	(void)state;
	struct sdr_out out;
	int ends[2];
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	FILE *file = fdopen(ends[1], "w");
	sdr_out_init(&out, file, SDR_COLOUR_NEVER);
	sdr_out_raw(&out, "{}", 2);
	assert_false(out.failed);
	sdr_out_flush(&out);
	assert_true(out.failed);
	assert_int_equal(out.failure, EPIPE);
	fclose(file);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_A1_no_hostile_string_passes),
		cmocka_unit_test(test_A12_formats_inside_text_are_text),
		cmocka_unit_test(test_long_text_is_whole),
		cmocka_unit_test(test_colour_means_tone_and_is_asked_for),
		cmocka_unit_test(test_every_length_is_whole),
		cmocka_unit_test(test_colour_by_itself),
		cmocka_unit_test(test_lines_are_held_but_on_a_terminal),
		cmocka_unit_test(test_the_locale_decides_whether_ascii),
		cmocka_unit_test(test_H16_full_disk_is_remembered),
		cmocka_unit_test(test_H16_closed_pipe_is_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
