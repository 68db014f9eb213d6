/* names.c - what others ask of the configuration of name lookups. */
#include "dns/names.h"

#include <stdlib.h>

#include "dns/names_state.h"

const struct sdr_hosts *sdr_names_hosts(struct sdr_names *names)
{
	if (!names->hosts) {
		char *text = sdr_filewatch_read(
			names->paths[SDR_NAMES_HOSTS], &names->unread[SDR_NAMES_HOSTS]);
		names->hosts = sdr_hosts_new(text);
		if (!names->hosts)
			sdr_error_set(&names->unread[SDR_NAMES_HOSTS], 0, SDR_NAMES_NO_MEMORY,
				names->paths[SDR_NAMES_HOSTS]);
		free(text);
	}
	return names->hosts;
}

const char *sdr_names_hosts_path(const struct sdr_names *names)
{
	return names->paths[SDR_NAMES_HOSTS];
}

const char *sdr_names_unread_hosts(const struct sdr_names *names)
{
	return names->unread[SDR_NAMES_HOSTS].text;
}

struct sdr_libc *sdr_names_libc(struct sdr_names *names)
{
	if (!names->libc)
		names->libc = sdr_libc_new(names->loop);
	return names->libc;
}

const char *sdr_names_unread(const struct sdr_names *names, bool server_named)
{
	for (unsigned i = 0; i < (server_named ? 1 : SDR_NAMES_PATHS); i++)
		if (names->unread[i].text[0] != '\0')
			return names->unread[i].text;
	return "";
}

bool sdr_names_look(struct sdr_names *names)
{
	bool reported = sdr_filewatch_is_complete(names->watch);
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
