/* names_open.c - the configuration of name lookups: read and watched. The idea: a change builds
 * the new set of servers and leaves what is under way to the old ones. resolv.conf(5), hosts(5),
 * nsswitch.conf(5). */
#include "dns/names.h"

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dns/names_state.h"

/* Without a search list the domain of this host's name stands for it. resolv.conf(5) */
static void search_default(struct sdr_resolvconf *conf)
{
	char host[SDR_HOST_TEXT] = "";
	if (gethostname(host, sizeof(host) - 1) != 0)
		return;
	const char *dot = strchr(host, '.');
	if (dot && dot[1] != '\0')
		snprintf(conf->search[conf->search_count++], SDR_HOST_TEXT, "%s", dot + 1);
}

static void search_text(struct sdr_names *names)
{
	size_t length = 0;
	names->search[0] = '\0';
	for (unsigned i = 0; i < names->conf.search_count && length < sizeof(names->search); i++)
		length += (size_t)snprintf(names->search + length, sizeof(names->search) - length,
			"%s%s", i > 0 ? " " : "", names->conf.search[i]);
}

static char *read_file(struct sdr_names *names, enum sdr_names_path path)
{
	return sdr_filewatch_read(names->paths[path], &names->unread[path]);
}

static void unfollowed_text(struct sdr_names *names)
{
	const char *conf = names->conf.unfollowed, *services = names->services.skipped;
	snprintf(names->unfollowed, sizeof(names->unfollowed), "%s%s%s%s%s",
		conf[0] != '\0' ? "resolv.conf's " : "", conf,
		conf[0] != '\0' && services[0] != '\0' ? ", " : "",
		services[0] != '\0' ? "nsswitch.conf's " : "", services);
}

static const char *libc_version(void)
{
#ifdef __GLIBC__
	return gnu_get_libc_version();
#else
	return NULL;
#endif
}

/* Reads all but the hosts file, which is read on demand. Returns whether resolvers or search list
 * differ from before. */
static bool load(struct sdr_names *names)
{
	struct sdr_resolvconf before = names->conf;
	char *resolv = read_file(names, SDR_NAMES_RESOLV_CONF),
	     *services = read_file(names, SDR_NAMES_NSSWITCH_CONF);
	char *tables =
		names->paths[SDR_NAMES_GAI_CONF] ? read_file(names, SDR_NAMES_GAI_CONF) : NULL;
	sdr_resolvconf_parse(resolv, &names->conf);
	sdr_resolvconf_override(&names->conf, getenv("RES_OPTIONS"), getenv("LOCALDOMAIN"));
	sdr_nsswitch_parse(services, sdr_nsswitch_has_module, &names->services);
	sdr_gaiconf_parse(tables, libc_version(), &names->tables);
	free(resolv);
	free(services);
	free(tables);
	unfollowed_text(names);
	sdr_servers_rotate(names->servers, names->conf.rotate);
	if (names->conf.search_count == 0)
		search_default(&names->conf);
	search_text(names);
	sdr_hosts_free(names->hosts);
	names->hosts = NULL;
	names->version++;
	if (sdr_servers_configure(names->servers, names->conf.servers, names->conf.server_count) !=
		SDR_OK) {
		sdr_error_set(&names->unread[SDR_NAMES_RESOLV_CONF], 0, SDR_NAMES_NO_MEMORY,
			names->paths[SDR_NAMES_RESOLV_CONF]);
		return false; /* the old servers stay */
	}
	return !sdr_resolvconf_same(&before, &names->conf);
}

static void on_change(void *context)
{
	struct sdr_names *names = context;
	names->reloads += load(names);
}

static struct sdr_names *names_init(struct sdr_names *names, const struct sdr_names_files *files)
{
	names->paths[SDR_NAMES_RESOLV_CONF] = strdup(files->resolv_conf);
	names->paths[SDR_NAMES_HOSTS] = strdup(files->hosts);
	names->paths[SDR_NAMES_NSSWITCH_CONF] = strdup(files->nsswitch_conf);
	names->paths[SDR_NAMES_GAI_CONF] = files->gai_conf ? strdup(files->gai_conf) : NULL;
	names->servers = sdr_servers_new(names->loop);
	if (!names->paths[SDR_NAMES_RESOLV_CONF] || !names->paths[SDR_NAMES_HOSTS] ||
		!names->paths[SDR_NAMES_NSSWITCH_CONF] ||
		(!names->paths[SDR_NAMES_GAI_CONF] && files->gai_conf) || !names->servers)
		return NULL;
	names->watch = sdr_filewatch_new(names->loop, (const char *const *)names->paths,
		names->paths[SDR_NAMES_GAI_CONF] ? SDR_NAMES_PATHS : SDR_NAMES_GAI_CONF, on_change,
		names);
	if (!names->watch)
		return NULL;
	load(names);
	return names;
}

struct sdr_names *sdr_names_new_at(struct uv_loop_s *loop, const struct sdr_names_files *files)
{
	struct sdr_names *names = calloc(1, sizeof(*names));
	if (!names)
		return NULL;
	names->loop = loop;
	TAILQ_INIT(&names->calls);
	if (!names_init(names, files)) {
		sdr_names_free(names);
		return NULL;
	}
	return names;
}

struct sdr_names *sdr_names_new(struct uv_loop_s *loop)
{
	static const struct sdr_names_files files = {
		"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf"};
	return sdr_names_new_at(loop, &files);
}

void sdr_names_free(struct sdr_names *names)
{
	if (!names)
		return;
	while (!TAILQ_EMPTY(&names->calls))
		sdr_names_cancel(names, TAILQ_FIRST(&names->calls));
	sdr_filewatch_free(names->watch);
	sdr_servers_free(names->servers);
	sdr_hosts_free(names->hosts);
	sdr_libc_free(names->libc);
	for (unsigned i = 0; i < SDR_NAMES_PATHS; i++)
		free(names->paths[i]);
	free(names);
}
