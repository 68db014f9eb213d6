/* endpoint.c - address and port together: text, the kernel's form, and `host:port` as users type
 * it. RFC 3986 sec. 3.2.2 gave the brackets; RFC 5952 sec. 6 asks for them where a port follows. */
#include "sounder/addr.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HOST_MAX 253 /* RFC 1035 sec. 2.3.4: 255 octets on the wire are 253 characters of text */
#define SHAPES "write NAME:PORT, 192.0.2.1:80, [2001:db8::1]:80 or :80"

enum sdr_status sdr_endpoint_from_sockaddr(
	const struct sockaddr *from, struct sdr_endpoint *endpoint)
{
	struct sdr_endpoint read = {0};
	if (from->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, from, sizeof(in));
		read.addr.version = 4;
		memcpy(read.addr.bytes, &in.sin_addr, 4);
		read.port = ntohs(in.sin_port);
	} else if (from->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, from, sizeof(in6));
		read.addr.version = 6;
		memcpy(read.addr.bytes, &in6.sin6_addr, 16);
		read.addr.scope_id = in6.sin6_scope_id;
		read.port = ntohs(in6.sin6_port);
	} else {
		return SDR_ENOTSUP;
	}
	*endpoint = read;
	return SDR_OK;
}

unsigned sdr_endpoint_to_sockaddr(const struct sdr_endpoint *endpoint, struct sockaddr_storage *to)
{
	memset(to, 0, sizeof(*to));
	if (endpoint->addr.version == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)to;
		in->sin_family = AF_INET;
		in->sin_port = htons(endpoint->port);
		memcpy(&in->sin_addr, endpoint->addr.bytes, 4);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(endpoint->port);
	memcpy(&in6->sin6_addr, endpoint->addr.bytes, 16);
	in6->sin6_scope_id = endpoint->addr.scope_id;
	return sizeof(*in6);
}

const char *sdr_endpoint_format(
	char out[static SDR_ENDPOINT_TEXT], const struct sdr_endpoint *endpoint)
{
	char addr[SDR_ADDR_TEXT];
	sdr_addr_format(addr, &endpoint->addr);
	snprintf(out, SDR_ENDPOINT_TEXT, endpoint->addr.version == 6 ? "[%s]:%u" : "%s:%u", addr,
		endpoint->port);
	return out;
}

enum sdr_status sdr_port_parse(const char *text, uint16_t *port, struct sdr_error *error)
{
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || text[digits] != '\0') {
		sdr_error_set(error, digits,
			"\"%.80s\" is not a port number; one is 0 to 65535, in decimal", text);
		return SDR_EINVAL;
	}
	size_t zeros = strspn(text, "0");
	unsigned long number = digits - zeros <= 5 ? strtoul(text, NULL, 10) : 65536;
	if (number > 65535) {
		sdr_error_set(
			error, 0, "port %.20s is out of range; ports go from 0 to 65535", text);
		return SDR_ERANGE;
	}
	*port = (uint16_t)number;
	return SDR_OK;
}

/* Checks the characters of a host name or a service; what a name may hold beyond that is DNS'
 * business. */
static enum sdr_status check_characters(
	const char *text, size_t from, size_t length, struct sdr_error *error)
{
	for (size_t i = from; i < from + length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c <= ' ' || c == 0x7f) {
			sdr_error_set(error, i,
				"\"%.80s\": a blank or control character "
				"(0x%02x) at character %zu; leave it out",
				text, c, i + 1);
			return SDR_EINVAL;
		}
		if (strchr("/?#@[]\\", c)) {
			sdr_error_set(error, i,
				"\"%.80s\": '%c' at character %zu "
				"belongs to no host or port; " SHAPES,
				text, c, i + 1);
			return SDR_EINVAL;
		}
	}
	return SDR_OK;
}

static enum sdr_status take_service(
	const char *text, size_t colon, struct sdr_hostport *out, struct sdr_error *error)
{
	const char *service = text + colon + 1;
	size_t length = strlen(service);
	if (length == 0) {
		sdr_error_set(error, colon,
			"\"%.80s\": nothing after the colon; a port number or a "
			"service name belongs there, as in :80 or :http",
			text);
		return SDR_EINVAL;
	}
	if (length >= SDR_SERVICE_TEXT) {
		sdr_error_set(error, colon + 1,
			"\"%.80s\": a service name of %zu characters; %d are the most", text,
			length, SDR_SERVICE_TEXT - 1);
		return SDR_EINVAL;
	}
	memcpy(out->service, service, length + 1);
	out->has_service = true;
	return check_characters(text, colon + 1, length, error);
}

static enum sdr_status take_host(
	const char *text, size_t length, struct sdr_hostport *out, struct sdr_error *error)
{
	size_t most = length > 0 && text[length - 1] == '.' ? HOST_MAX + 1 : HOST_MAX;
	if (length > most) {
		sdr_error_set(error, most,
			"\"%.80s...\": a host name of %zu characters; %d are the most", text,
			length, HOST_MAX);
		return SDR_EINVAL;
	}
	memcpy(out->host, text, length);
	out->host[length] = '\0';
	struct sdr_error why = {0};
	enum sdr_status status = length > 0 ? sdr_host_check(out->host, &why) : SDR_OK;
	if (status == SDR_OK)
		return SDR_OK;
	if (text[length] == '\0') /* all that was typed */
		sdr_error_set(error, why.offset, "%s", why.text);
	else
		sdr_error_set(error, why.offset, "\"%.80s\": %.220s", text, why.text);
	return status;
}

/* [address] and [address]:service */
static enum sdr_status parse_bracketed(
	const char *text, struct sdr_hostport *out, struct sdr_error *error)
{
	const char *close = strchr(text, ']');
	struct sdr_addr addr;
	if (!close) {
		sdr_error_set(error, 0, "\"%.80s\": a [ without its ]; " SHAPES, text);
		return SDR_EINVAL;
	}
	size_t length = (size_t)(close - text) - 1;
	if (length < SDR_ADDR_TEXT) {
		memcpy(out->host, text + 1, length);
		out->host[length] = '\0';
	}
	if (length >= SDR_ADDR_TEXT || !strchr(out->host, ':')) {
		sdr_error_set(error, 1,
			"\"%.80s\": in brackets stands an IPv6 address, as in "
			"[2001:db8::1]:80; leave them out for anything else",
			text);
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_addr_parse(out->host, &addr, error);
	if (status != SDR_OK) {
		if (error)
			error->offset += 1;
		return status;
	}
	out->bracketed = true;
	if (close[1] == '\0')
		return SDR_OK;
	if (close[1] != ':') {
		sdr_error_set(error, (size_t)(close + 1 - text),
			"\"%.80s\": after ] stands a colon and a port, as in [2001:db8::1]:80",
			text);
		return SDR_EINVAL;
	}
	return take_service(text, (size_t)(close + 1 - text), out, error);
}

/* Two colons or more: an IPv6 address, whose last group is never read as a port. */
static enum sdr_status parse_bare(
	const char *text, struct sdr_hostport *out, struct sdr_error *error)
{
	struct sdr_addr addr;
	struct sdr_error why;
	enum sdr_status status = sdr_addr_parse(text, &addr, &why);
	if (status != SDR_OK) {
		sdr_error_set(
			error, why.offset, "%.240s (with a port: [2001:db8::1]:80)", why.text);
		return status;
	}
	snprintf(out->host, sizeof(out->host), "%s", text);
	return SDR_OK;
}

enum sdr_status sdr_hostport_parse(
	const char *text, struct sdr_hostport *out, struct sdr_error *error)
{
	struct sdr_hostport read = {0};
	const char *colon = strchr(text, ':');
	enum sdr_status status;
	if (text[0] == '\0') {
		sdr_error_set(error, 0, "a host is missing; " SHAPES);
		return SDR_EINVAL;
	}
	if (strstr(text, "://")) {
		sdr_error_set(error, 0,
			"\"%.80s\" is a URL; its host and port alone belong here: " SHAPES, text);
		return SDR_EINVAL;
	}
	if (text[0] == '[') {
		status = parse_bracketed(text, &read, error);
	} else if (colon && strchr(colon + 1, ':')) {
		status = parse_bare(text, &read, error);
	} else {
		status = colon ? take_service(text, (size_t)(colon - text), &read, error) : SDR_OK;
		if (status == SDR_OK)
			status = take_host(
				text, colon ? (size_t)(colon - text) : strlen(text), &read, error);
	}
	if (status == SDR_OK)
		*out = read;
	return status;
}
