/* keystrokes.c - times the ports' filter: words typed letter by letter, each keystroke a search
 * over all rows, plain and fuzzy, and look-ups by name. Prints "what p50 p99 worst wall-p99", in
 * microseconds: of this thread's own time, and, last, of wall time, in which a busy machine's other
 * programs are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sounder/clock.h"
#include "sounder/registry.h"

#define ROUNDS 20
#define KEYS_MAX 8192

/* What a person types: names, slips, numbers, ranges, words of descriptions, several words, what is
 * nowhere. */
static const char *const typed[] = {"ssh", "https", "htpps", "postgresql", "pgsql", "443",
	"6000-6010", "8", "kerberos", "remote login", "domain udp", "protocol", "e", "management",
	"server sctp", "zzzzzz", "x11", "microsoft sql", "network time", "tcp"};

struct times {
	double us[KEYS_MAX];   /* [count] this thread's own */
	double wall[KEYS_MAX]; /* [count] */
	size_t count;
};

static double own_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static void type(struct sdr_registry *registry, const char *word, bool fuzzy,
	struct sdr_port_match *matches, struct times *times)
{
	char text[64];
	size_t rows = sdr_registry_port_count(registry);
	for (size_t n = 1; n <= strlen(word) && times->count < KEYS_MAX; n++) {
		snprintf(text, sizeof(text), "%.*s", (int)n, word);
		struct sdr_port_query query = {text, SDR_TRANSPORTS_ALL, fuzzy};
		sdr_ns start = sdr_clock_now();
		double own = own_us();
		size_t found = sdr_registry_port_search(registry, &query, matches, rows);
		times->us[times->count] = own_us() - own;
		times->wall[times->count++] = (double)(sdr_clock_now() - start) / 1e3;
		if (found > rows)
			abort();
	}
}

static void report(const char *what, struct times *times)
{
	qsort(times->us, times->count, sizeof(*times->us), compare);
	qsort(times->wall, times->count, sizeof(*times->wall), compare);
	printf("%s %.1f %.1f %.1f %.1f\n", what, times->us[times->count / 2],
		times->us[times->count * 99 / 100], times->us[times->count - 1],
		times->wall[times->count * 99 / 100]);
	times->count = 0;
}

static void look_up(struct sdr_registry *registry, struct times *times)
{
	struct sdr_port_row row;
	size_t index, rows = sdr_registry_port_count(registry);
	for (size_t i = 0; i < rows && times->count < KEYS_MAX; i += 3) {
		if (!sdr_registry_port(registry, i, &row) || row.name[0] == '\0')
			continue;
		sdr_ns start = sdr_clock_now();
		double own = own_us();
		(void)sdr_registry_port_by_name(registry, row.name, SDR_TRANSPORTS_ALL, &index, 1);
		times->us[times->count] = own_us() - own;
		times->wall[times->count++] = (double)(sdr_clock_now() - start) / 1e3;
	}
}

int main(void)
{
	static struct times times;
	struct sdr_registry *registry = sdr_registry_new();
	size_t rows = registry ? sdr_registry_port_count(registry) : 0;
	struct sdr_port_match *matches = calloc(rows + 1, sizeof(*matches));
	if (!matches)
		return 1;
	for (int fuzzy = 0; fuzzy <= 1; fuzzy++) {
		for (size_t i = 0; i < ROUNDS * sizeof(typed) / sizeof(*typed); i++)
			type(registry, typed[i % (sizeof(typed) / sizeof(*typed))], fuzzy == 1,
				matches, &times);
		report(fuzzy ? "fuzzy" : "plain", &times);
	}
	look_up(registry, &times);
	report("name", &times);
	printf("rows %zu\n", rows);
	free(matches);
	sdr_registry_free(registry);
	return 0;
}
