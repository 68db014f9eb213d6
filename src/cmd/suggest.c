/* suggest.c - near misses: optimal string alignment distance (insert, drop, change, swap of
 * neighbours cost one each). */
#include "cmd/cmd.h"

#include <ctype.h>
#include <string.h>

#define LONGEST 24 /* no command or option is longer */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned distance(const char *a, size_t m, const char *b, size_t n)
{
	unsigned cost[LONGEST + 1][LONGEST + 1];
	for (size_t i = 0; i <= m; i++)
		cost[i][0] = (unsigned)i;
	for (size_t j = 0; j <= n; j++)
		cost[0][j] = (unsigned)j;
	for (size_t i = 1; i <= m; i++)
		for (size_t j = 1; j <= n; j++) {
			unsigned change =
				cost[i - 1][j - 1] + (tolower((unsigned char)a[i - 1]) != b[j - 1]);
			cost[i][j] = least(change, least(cost[i - 1][j], cost[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
		}
	return cost[m][n];
}

bool sdr_suggest_near(const char *word, const char *name)
{
	size_t m = strlen(word), n = strlen(name);
	if (m < 2 || m > LONGEST || n > LONGEST || m > n + 2 || n > m + 2)
		return false; /* they differ by so much in length alone */
	for (size_t i = 0; i < m; i++)
		if (isdigit((unsigned char)word[i]))
			return false;
	return distance(word, m, name, n) <= (n >= 6 ? 2u : 1u);
}

const char *sdr_command_near(const struct sdr_app *app, const char *word)
{
	const struct sdr_command *command;
	for (unsigned i = 0; (command = sdr_command_at(app, i)); i++) {
		if (sdr_suggest_near(word, command->name))
			return command->name;
		if (command->alias && sdr_suggest_near(word, command->alias))
			return command->alias;
	}
	return NULL;
}
