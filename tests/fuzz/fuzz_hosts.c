/* fuzz_hosts.c - any bytes as a hosts file: what is found lies within its bounds, and a name that
 * leads to an address is led to by it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dns/hosts_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const char *found, const char *asked)
{
	return strcasecmp(found, asked) == 0;
}

static bool names(const struct sdr_hosts_match *match, const char *name)
{
	bool found = same(match->canonical, name);
	for (unsigned i = 0; i < match->name_count; i++)
		found |= same(match->names[i], name);
	return found || match->name_count == SDR_HOSTS_MATCHES;
}

static void check_name(const struct sdr_hosts *hosts, const char *name)
{
	struct sdr_hosts_match match, back;
	if (!sdr_hosts_find(hosts, name, 0, &match))
		return;
	if (match.count == 0 || match.count > SDR_HOSTS_MATCHES ||
		match.name_count > SDR_HOSTS_MATCHES || !match.canonical)
		abort();
	for (unsigned i = 0; i < match.count; i++)
		if (!sdr_hosts_find_addr(hosts, &match.addrs[i], &back) || !names(&back, name))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *rest = text;
	struct sdr_hosts *hosts = text ? sdr_hosts_new(text) : NULL;
	if (hosts) {
		int words = 0;
		for (char *word; (word = strsep(&rest, " \t\n")) && words < 32; words++)
			check_name(hosts, word);
		check_name(hosts, "");
	}
	sdr_hosts_free(hosts);
	free(text);
	return 0;
}
