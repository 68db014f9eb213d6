/* fuzz_resolvconf.c - any bytes as resolv.conf, nsswitch.conf and gai.conf: counts and texts within
 * their bounds, and so the names to ask for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dns/gaiconf.h"
#include "dns/nsswitch.h"
#include "dns/resolvconf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_candidates(const struct sdr_resolvconf *conf, const char *name)
{
	char names[SDR_RESOLVCONF_SEARCH + 1][SDR_MESSAGE_NAME];
	unsigned count = sdr_resolvconf_candidates(conf, name, names);
	if (count == 0 || count > SDR_RESOLVCONF_SEARCH + 1)
		abort();
	for (unsigned i = 0; i < count; i++)
		if (!memchr(names[i], '\0', sizeof(names[i])) || !names[i][0])
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), longest[SDR_MESSAGE_NAME];
	struct sdr_resolvconf conf;
	struct sdr_nsswitch order;
	struct sdr_gaiconf tables;
	if (!text)
		return 0;
	sdr_resolvconf_parse(text, &conf);
	if (conf.server_count > SDR_RESOLVCONF_SERVERS ||
		conf.search_count > SDR_RESOLVCONF_SEARCH || conf.ndots > 15)
		abort();
	for (unsigned i = 0; i < conf.server_count; i++)
		if (conf.servers[i].addr.version == 0)
			abort();
	for (unsigned i = 0; i < conf.search_count; i++)
		if (!memchr(conf.search[i], '\0', sizeof(conf.search[i])) || !conf.search[i][0])
			abort();
	if (sdr_message_name(longest,
		    "a.very.long.name.which.leaves.little.room.for.a.domain.to.search.in.after.it",
		    NULL) == SDR_OK)
		check_candidates(&conf, longest);
	check_candidates(&conf, "db1");
	check_candidates(&conf, "db1.");
	sdr_nsswitch_parse(text, NULL, &order);
	if (order.count > SDR_NSSWITCH_SERVICES ||
		!memchr(order.skipped, '\0', sizeof(order.skipped)))
		abort();
	sdr_gaiconf_parse(text, size % 2 ? "2.36" : NULL, &tables);
	if (tables.labels.count == 0 || tables.labels.count > SDR_GAICONF_ROWS ||
		tables.scopes.rows[tables.scopes.count - 1].length != 96)
		abort();
	free(text);
	return 0;
}
