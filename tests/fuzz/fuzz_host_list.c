/* fuzz_host_list.c - a list of hosts (@FILE, standard input) of any bytes: it names what its words
 * name when each is typed by itself, and every host is one that passes the gate. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "cmd/host_words.h"
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 1024
#define WORDS (MOST / 2 + 1)

/* Hosts of one call, and the memory they are in. */
struct taken {
	struct sdr_request request;
	struct sdr_hosts hosts;
	enum sdr_status status;
	struct sdr_error error;
};

static void take(struct taken *taken, const struct sdr_arg *words, size_t count, bool whole)
{
	static const struct sdr_command command = {.name = "fuzz"};
	const struct sdr_call call = {.command = &command, .args = words, .count = count};
	*taken = (struct taken){.request.arena = sdr_arena_new()};
	must(taken->request.arena != NULL);
	taken->hosts = (struct sdr_hosts){.request = &taken->request, .whole = whole};
	taken->status = sdr_hosts_take(&call, &taken->hosts, &taken->error);
	must(taken->status == SDR_OK || taken->error.text[0] != '\0');
}

/* The words of the list, each ended where it is. Returns how many; `text` is changed. */
static size_t split(char *text, struct sdr_arg *words)
{
	size_t count = 0;
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		line[strcspn(line, "#")] = '\0';
		for (char *word; (word = strsep(&line, " \t\r"));)
			if (*word)
				words[count++] = (struct sdr_arg){.text = word};
	}
	return count;
}

/* A word of a list is a host, or what stands for several; never an option or another list. */
static bool is_plain(const struct sdr_arg *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (words[i].text[0] == '-' || words[i].text[0] == '@')
			return false;
	return true;
}

/* Large networks are fuzz_prefix's: here they cost time. */
static bool is_small(const struct sdr_arg *words, size_t count)
{
	size_t large = 0;
	for (size_t i = 0; i < count; i++) {
		struct sdr_prefix prefix;
		if (sdr_prefix_parse(words[i].text, &prefix, NULL) == SDR_OK &&
			sdr_addr_bits(&prefix.addr) - prefix.length > 6)
			return false;
		large += strchr(words[i].text, '-') != NULL;
	}
	return large < 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdr_arg words[WORDS], list = {.text = "-"};
	struct taken together, apart;
	char text[MOST + 1];
	if (size < 1 || size > MOST || memchr(data, '\0', size))
		return 0;
	bool whole = data[0] & 1;
	size--;
	memcpy(text, data + 1, size);
	text[size] = '\0';
	size_t skip = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	size_t count = split(text + skip, words);
	if (!is_small(words, count))
		return 0;
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	must(fd >= 0 && write(fd, data + 1, size) == (ssize_t)size);
	must(lseek(fd, 0, SEEK_SET) == 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	close(fd);
	take(&together, &list, 1, whole);
	take(&apart, words, count, whole);
	for (size_t i = 0; i < together.hosts.count; i++)
		must(sdr_host_check(together.hosts.names[i], NULL) == SDR_OK);
	bool wide =
		size >= 2 && (!memcmp(data + 1, "\xff\xfe", 2) || !memcmp(data + 1, "\xfe\xff", 2));
	if (is_plain(words, count) && !wide) {
		must(together.status == apart.status && together.hosts.count == apart.hosts.count);
		for (size_t i = 0; i < together.hosts.count; i++)
			must(strcmp(together.hosts.names[i], apart.hosts.names[i]) == 0);
	} else {
		must(together.status != SDR_OK);
	}
	sdr_arena_free(together.request.arena);
	sdr_arena_free(apart.request.arena);
	return 0;
}
