/* names.c - the configuration of name lookups: read, watched, and shown. The idea: a change builds
 * the new set of servers and leaves what is under way to the old ones. resolv.conf(5), hosts(5),
 * nsswitch.conf(5). */
#include "dns/names_state.h"

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum path { RESOLV_CONF, HOSTS, NSSWITCH_CONF, GAI_CONF, PATHS };

#define NO_MEMORY "%.200s can't be read: out of memory"

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

static char *read_file(struct sdr_names *names, enum path path)
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

/* Reads all but the hosts file, which waits until it is wanted. Returns whether resolvers or search
 * list differ from before. */
static bool load(struct sdr_names *names)
{
	struct sdr_resolvconf before = names->conf;
	char *resolv = read_file(names, RESOLV_CONF), *services = read_file(names, NSSWITCH_CONF);
	char *tables = names->paths[GAI_CONF] ? read_file(names, GAI_CONF) : NULL;
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
		sdr_error_set(&names->unread[RESOLV_CONF], 0, NO_MEMORY, names->paths[RESOLV_CONF]);
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
	names->paths[RESOLV_CONF] = strdup(files->resolv_conf);
	names->paths[HOSTS] = strdup(files->hosts);
	names->paths[NSSWITCH_CONF] = strdup(files->nsswitch_conf);
	names->paths[GAI_CONF] = files->gai_conf ? strdup(files->gai_conf) : NULL;
	names->servers = sdr_servers_new(names->loop);
	if (!names->paths[RESOLV_CONF] || !names->paths[HOSTS] || !names->paths[NSSWITCH_CONF] ||
		(!names->paths[GAI_CONF] && files->gai_conf) || !names->servers)
		return NULL;
	names->watch = sdr_filewatch_new(names->loop, (const char *const *)names->paths,
		names->paths[GAI_CONF] ? PATHS : GAI_CONF, on_change, names);
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
	for (unsigned i = 0; i < PATHS; i++)
		free(names->paths[i]);
	free(names);
}

const struct sdr_hosts *sdr_names_hosts(struct sdr_names *names)
{
	if (!names->hosts) {
		char *text = read_file(names, HOSTS);
		names->hosts = sdr_hosts_new(text);
		if (!names->hosts)
			sdr_error_set(&names->unread[HOSTS], 0, NO_MEMORY, names->paths[HOSTS]);
		free(text);
	}
	return names->hosts;
}

const char *sdr_names_unread(const struct sdr_names *names, bool server_named)
{
	for (unsigned i = 0; i < (server_named ? 1 : PATHS); i++)
		if (names->unread[i].text[0] != '\0')
			return names->unread[i].text;
	return "";
}

bool sdr_names_look(struct sdr_names *names)
{
	bool reported = sdr_filewatch_told(names->watch);
	if (!reported)
		sdr_filewatch_look(names->watch);
	return reported;
}

struct sdr_servers *sdr_names_servers(struct sdr_names *names)
{
	sdr_filewatch_look(names->watch);
	return names->servers;
}

const struct sdr_resolvconf *sdr_names_resolvconf(struct sdr_names *names)
{
	return &names->conf;
}

void sdr_names_take_options(struct sdr_names *names, struct sdr_questions_spec *spec)
{
	const struct sdr_resolvconf *conf = &names->conf;
	if (spec->server)
		return; /* they are of the servers named with them */
	if (spec->timeout == 0 && conf->timeout > 0)
		spec->timeout = conf->timeout * SDR_SECOND;
	if (spec->tries == 0)
		spec->tries = (uint8_t)conf->attempts;
	spec->tcp = spec->tcp || conf->tcp;
	spec->authentic = spec->authentic || conf->authentic;
}

const char *sdr_names_unfollowed(const struct sdr_names *names)
{
	return names->unfollowed;
}

unsigned sdr_names_server_count(const struct sdr_names *names)
{
	return sdr_servers_count(names->servers);
}

void sdr_names_server(
	const struct sdr_names *names, unsigned index, struct sdr_names_server *server)
{
	sdr_servers_view(names->servers, index, server);
}

const char *sdr_names_search(const struct sdr_names *names)
{
	return names->search;
}

uint64_t sdr_names_version(const struct sdr_names *names)
{
	return names->version + sdr_servers_version(names->servers);
}

uint32_t sdr_names_reloads(const struct sdr_names *names)
{
	return names->reloads;
}

enum sdr_status sdr_names_type_parse(const char *word, uint16_t *type, struct sdr_error *error)
{
	return sdr_message_type_parse(word, type, error);
}

enum sdr_status sdr_names_server_parse(
	const char *text, struct sdr_endpoint *server, struct sdr_error *error)
{
	struct sdr_hostport parts;
	struct sdr_endpoint found = {.port = SDR_RESOLVCONF_PORT};
	if (text[0] == '\0') {
		sdr_error_set(error, 0,
			"a resolver is missing: give its address, like "
			"192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53");
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_hostport_parse(text, &parts, error);
	if (status != SDR_OK)
		return status;
	if (sdr_addr_parse(parts.host, &found.addr, NULL) != SDR_OK) {
		sdr_error_set(error, 0,
			"'%s' is no resolver: give its address, like "
			"192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53",
			text);
		return SDR_EINVAL;
	}
	const uint8_t *bytes = found.addr.bytes;
	if (found.addr.version == 6 && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80 &&
		found.addr.scope_id == 0) {
		sdr_error_set(error, 0,
			"%s: a link-local address needs its interface, as in %s%%eth0", text,
			parts.host);
		return SDR_EINVAL;
	}
	if (parts.has_service) {
		status = sdr_port_parse(parts.service, &found.port, error);
		if (status != SDR_OK)
			return status;
	}
	*server = found;
	return SDR_OK;
}
