/* http_target.c - a small part of RFC 3986: scheme, authority, and the characters of path and
 * query. libcurl checks the rest. */
#include "cmd/http_target.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd/http_secret.h"
#include "sounder/registry.h"

struct scheme {
	const char *lead; /* with "://" */
	uint16_t port;    /* its default */
	bool is_tls;
};

static const struct scheme url_schemes[] = {
	{"http://", 80, false}, {"https://", 443, true}, {NULL, 0, false}};
static const struct scheme proxy_schemes[] = {{"http://", 1080, false}, {"https://", 443, true},
	{"socks4a://", 1080, false}, {"socks5h://", 1080, false}, {NULL, 0, false}};

static const struct scheme *scheme_find(const struct scheme *schemes, const char *text)
{
	for (const struct scheme *scheme = schemes; scheme->lead; scheme++)
		if (strncasecmp(text, scheme->lead, strlen(scheme->lead)) == 0)
			return scheme;
	return NULL;
}

/* pchar, and what else a path or query may hold: RFC 3986 sec. 3.3, 3.4. */
static bool is_bare(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c && strchr("-._~!$&'()*+,;=:@/?", c));
}

void sdr_http_target_url(char *out, const char *url)
{
	struct sdr_userinfo secret = sdr_userinfo_find(url);
	const char *host = url + secret.at + secret.length;
	host += secret.length > 0 || *host == '@'; /* an empty one has its '@' too */
	size_t length = strcspn(host, "/?#");
	out += sprintf(out, "%.*s%.*s", (int)secret.at, url, (int)length, host);
	for (const char *at = host + length; *at && *at != '#'; at++) {
		bool encoded = *at == '%' && isxdigit((unsigned char)at[1]) &&
			isxdigit((unsigned char)at[2]);

		if (encoded || is_bare((unsigned char)*at))
			*out++ = *at;
		else
			out += sprintf(out, "%%%02X", (unsigned char)*at);
	}
	*out = '\0';
}

/* In a URL the zone's percent sign is written %25 (RFC 6874). */
static void unescape_zone(char *authority)
{
	char *zone = strstr(authority, "%25");
	if (zone && authority[0] == '[')
		memmove(zone + 1, zone + 3, strlen(zone + 3) + 1);
}

/* What a parse starts from. */
struct source {
	struct sdr_registry *registry; /* has the services' names; NULL: read for each name */
	const char *typed;             /* for the messages: without secrets */
};

static enum sdr_status port_parse(
	const struct source *source, const char *service, uint16_t *port, struct sdr_error *error)
{
	const char *typed = source->typed;
	struct sdr_error inner = {0};
	enum sdr_status status =
		sdr_registry_service_port(source->registry, service, SDR_TCP, port, &inner);
	if (status == SDR_OK && *port == 0) {
		sdr_error_set(error, 0,
			"\"%s\": nothing answers on port 0; 1 to 65535 would be right", typed);
		return SDR_ERANGE;
	}
	if (status != SDR_OK)
		sdr_error_set(error, 0, "\"%s\": %s", typed, inner.text);
	return status;
}

/* Reads host and port of authority[length] into `target`; `port` is the default, 0 for none. */
static enum sdr_status authority_parse(const struct source *source, const char *authority,
	size_t length, struct sdr_http_target *target, struct sdr_error *error)
{
	const char *typed = source->typed;
	char text[SDR_HOST_TEXT + SDR_SERVICE_TEXT + 8];
	struct sdr_hostport parts;
	struct sdr_error inner = {0};
	for (size_t i = length; i-- > 0;) {
		if (authority[i] == '@') {
			authority += i + 1;
			length -= i + 1;
			break;
		}
	}
	if (length >= sizeof(text)) {
		sdr_error_set(error, 0,
			"\"%.60s...\" has a host name that is too long; 253 characters at most",
			typed);
		return SDR_EINVAL;
	}
	snprintf(text, sizeof(text), "%.*s", (int)length, authority);
	unescape_zone(text);
	enum sdr_status status = sdr_hostport_parse(text, &parts, &inner);
	if (status != SDR_OK || parts.host[0] == '\0') {
		/* The inner message names the part it was given; that is enough if it is all that
		 * was typed. */
		if (status != SDR_OK && strcmp(text, typed) == 0)
			sdr_error_set(error, inner.offset, "%s", inner.text);
		else
			sdr_error_set(error, 0, "\"%.120s\": %s", typed,
				status != SDR_OK
					? inner.text
					: "there is no host in it; http://example.com/ has one");
		return SDR_EINVAL;
	}
	memcpy(target->host, parts.host, sizeof(target->host));
	return parts.has_service ? port_parse(source, parts.service, &target->port, error) : SDR_OK;
}

/* A password with a bare '/', '?' or '#' ends the authority before its '@': what is left of it is
 * neither looked up nor shown. */
static enum sdr_status check_torn(
	const struct source *source, const char *authority, size_t length, struct sdr_error *error)
{
	const char *torn = memchr(authority, '@', length) ? NULL : strchr(authority + length, '@');
	if (!torn || !memchr(authority, ':', length))
		return SDR_OK;
	struct sdr_hostport parts;
	char text[SDR_HOST_TEXT + SDR_SERVICE_TEXT + 8];
	uint16_t port;
	snprintf(text, sizeof(text), "%.*s", (int)length, authority);
	unescape_zone(text);
	if (length < sizeof(text) && sdr_hostport_parse(text, &parts, NULL) == SDR_OK &&
		(!parts.has_service ||
			sdr_registry_service_port(
				source->registry, parts.service, SDR_TCP, &port, NULL) == SDR_OK))
		return SDR_OK;
	sdr_error_set(error, 0, "\"%s\": a '%c' in a user or password is written %%%02X",
		source->typed, authority[length], (unsigned char)authority[length]);
	return SDR_EINVAL;
}

static enum sdr_status url_parse(const struct source *source, const char *text,
	const struct scheme *scheme, struct sdr_http_target *target, struct sdr_error *error)
{
	const char *authority = text + strlen(scheme->lead);
	size_t length = strcspn(authority, "/?#");
	enum sdr_status status = check_torn(source, authority, length, error);
	if (status != SDR_OK)
		return status;
	target->is_url = true;
	target->is_tls = scheme->is_tls;
	target->port = scheme->port;
	return authority_parse(source, authority, length, target, error);
}

enum sdr_status sdr_http_target_parse(struct sdr_registry *registry, const char *text,
	struct sdr_http_target *target, struct sdr_error *error)
{
	char shown[SDR_ERROR_TEXT];
	const struct source source = {
		.registry = registry, .typed = sdr_secret_url(shown, sizeof(shown), text)};
	const struct scheme *scheme = scheme_find(url_schemes, text);
	const char *mark = strstr(text, "://");
	struct sdr_http_target made = {0};
	enum sdr_status status;
	if (scheme) {
		status = url_parse(&source, text, scheme, &made, error);
	} else if (mark) {
		sdr_error_set(error, 0,
			"\"%s\" begins with %.*s://, which is not spoken "
			"here; http:// or https:// would be right",
			source.typed, (int)(mark - text), text);
		return SDR_EINVAL;
	} else {
		status = authority_parse(&source, text, strlen(text), &made, error);
	}
	if (status != SDR_OK)
		return status;
	/* A plain address is no mistyped command and no truncated name: it means its port 80. */
	if (made.port == 0 && sdr_addr_parse(made.host, &(struct sdr_addr){0}, NULL) == SDR_OK)
		made.port = 80;
	if (made.port == 0) {
		sdr_error_set(error, 0,
			"\"%s\" is neither a URL nor host:port; http://%s/ or %s:80 would be right",
			source.typed, made.host, made.host);
		return SDR_EINVAL;
	}
	*target = made;
	return SDR_OK;
}

enum sdr_status sdr_http_target_proxy(struct sdr_registry *registry, const char *text,
	struct sdr_http_target *target, struct sdr_error *error)
{
	char shown[SDR_ERROR_TEXT];
	const struct source source = {
		.registry = registry, .typed = sdr_secret_url(shown, sizeof(shown), text)};
	const struct scheme *scheme = scheme_find(proxy_schemes, text);
	struct sdr_http_target made = {0};
	if (!scheme && strstr(text, "://")) {
		sdr_error_set(error, 0,
			"\"%s\" is no proxy that can be used; http://, "
			"https://, socks4a:// or socks5h:// would be right",
			source.typed);
		return SDR_EINVAL;
	}
	const char *authority = scheme ? text + strlen(scheme->lead) : text;
	made.is_tls = scheme && scheme->is_tls;
	made.port = scheme ? scheme->port : proxy_schemes[0].port;
	size_t length = strcspn(authority, "/?#");
	if (authority[length] != '\0' && strcmp(authority + length, "/") != 0) {
		sdr_error_set(error, 0,
			"\"%s\": a proxy is a host and a port; leave out all from "
			"'%c' on, or write it %%%02X in a password",
			source.typed, authority[length], (unsigned char)authority[length]);
		return SDR_EINVAL;
	}
	enum sdr_status status = authority_parse(&source, authority, length, &made, error);
	if (status == SDR_OK)
		*target = made;
	return status;
}

/* Cuts the next part off *text at its colon (a bracketed address whole) into part[size]. Returns
 * false if it does not fit or is missing. */
static bool part_take(const char **text, char *part, size_t size)
{
	const char *from = *text;
	size_t length;
	if (!from)
		return false;
	if (*from == '[') {
		from++;
		length = strcspn(from, "]");
		if (from[length] != ']' || (from[length + 1] != ':' && from[length + 1] != '\0'))
			return false;
		*text = from[length + 1] == ':' ? from + length + 2 : NULL;
	} else {
		length = strcspn(from, ":");
		*text = from[length] == ':' ? from + length + 1 : NULL;
	}
	if (length >= size)
		return false;
	memcpy(part, from, length);
	part[length] = '\0';
	return true;
}

enum sdr_status sdr_http_target_connect_to(struct sdr_registry *registry, const char *text,
	struct sdr_http_target *target, struct sdr_error *error)
{
	const struct source source = {.registry = registry, .typed = text};
	char host1[SDR_HOST_TEXT], port1[SDR_SERVICE_TEXT], host2[SDR_HOST_TEXT],
		port2[SDR_SERVICE_TEXT];
	uint16_t from = target->port, to = target->port;
	const char *rest = text;
	enum sdr_status status = SDR_OK;
	if (!part_take(&rest, host1, sizeof(host1)) || !part_take(&rest, port1, sizeof(port1)) ||
		!part_take(&rest, host2, sizeof(host2)) ||
		!part_take(&rest, port2, sizeof(port2)) || rest) {
		sdr_error_set(error, 0,
			"--connect-to %s: HOST1:PORT1:HOST2:PORT2 would "
			"be right, each of which may be empty",
			text);
		return SDR_EINVAL;
	}
	if (port1[0])
		status = port_parse(&source, port1, &from, error);
	if (status == SDR_OK && port2[0])
		status = port_parse(&source, port2, &to, error);
	if (status != SDR_OK || from != target->port ||
		(host1[0] && strcasecmp(host1, target->host) != 0))
		return status;
	if (host2[0])
		memcpy(target->host, host2, sizeof(target->host));
	target->port = to;
	return SDR_OK;
}
