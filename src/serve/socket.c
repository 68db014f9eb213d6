/* socket.c - makes the sockets that services listen on: one address family each (a v6 socket never
 * takes v4-mapped clients, RFC 3493 sec. 5.3), options set before bind so that every accepted
 * connection inherits them, the one capability raised around bind alone. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/serving.h"

/* One socket option. */
struct option {
	int level, name, value;
};

#define BACKLOG 4096
/* Bytes; the kernel gives what net.core.rmem_max allows. The default holds 256 small datagrams. */
#define UDP_RECEIVE_BUFFER (4 << 20)

/* A vanished client is noticed after 30 + 3 * 10 seconds. Inherited by accepted sockets on
 * Linux. */
static const struct option tcp_options[] = {
	{SOL_SOCKET, SO_REUSEADDR, 1},
	{SOL_SOCKET, SO_KEEPALIVE, 1},
	{IPPROTO_TCP, TCP_KEEPIDLE, 30},
	{IPPROTO_TCP, TCP_KEEPINTVL, 10},
	{IPPROTO_TCP, TCP_KEEPCNT, 3},
	{IPPROTO_TCP, TCP_NODELAY, 1},
};

static int set_all(int fd, const struct option *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (setsockopt(fd, options[i].level, options[i].name, &options[i].value,
			    sizeof(options[i].value)) != 0)
			return -1;
	return 0;
}

/* A wildcard UDP socket must learn which address each datagram came to, so that the answer leaves
 * from the same one. */
static int prepare(int fd, const struct sdr_service_spec *spec)
{
	const struct sdr_addr *addr = &spec->local.addr;
	static const struct option only_v6 = {IPPROTO_IPV6, IPV6_V6ONLY, 1};
	static const struct option tell4 = {IPPROTO_IP, IP_PKTINFO, 1};
	static const struct option tell6 = {IPPROTO_IPV6, IPV6_RECVPKTINFO, 1};
	if (addr->version == 6 && set_all(fd, &only_v6, 1) != 0)
		return -1;
	if (spec->transport == SDR_TCP)
		return set_all(fd, tcp_options, sizeof(tcp_options) / sizeof(tcp_options[0]));
	const int size = UDP_RECEIVE_BUFFER;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return sdr_addr_is_any(addr) ? set_all(fd, addr->version == 4 ? &tell4 : &tell6, 1) : 0;
}

static int bind_it(const struct sdr_services *services, int fd, const struct sdr_endpoint *local)
{
	struct sockaddr_storage address;
	socklen_t length = sdr_endpoint_to_sockaddr(local, &address);
	if (services->privilege)
		sdr_privilege_begin(services->privilege, SDR_PRIVILEGE_BIND);
	int result = bind(fd, (struct sockaddr *)&address, length);
	int number = errno;
	if (services->privilege)
		sdr_privilege_end(services->privilege, SDR_PRIVILEGE_BIND);
	errno = number;
	return result;
}

static enum sdr_status explain(
	const struct sdr_service_spec *spec, int number, struct sdr_error *error)
{
	char where[SDR_ENDPOINT_TEXT];
	const char *name = spec->type->name,
		   *transport = spec->transport == SDR_TCP ? "tcp" : "udp";
	sdr_endpoint_format(where, &spec->local);
	switch (number) {
	case EADDRINUSE:
		sdr_error_set(error, 0,
			"%s %s %s: in use by another program; stop that one "
			"or name another port (0: any free one)",
			name, transport, where);
		return SDR_EINUSE;
	case EACCES:
	case EPERM:
		sdr_error_set(error, 0,
			"%s %s %s: permission denied for port %u; name a "
			"port from 1024 on (%u is the usual one)",
			name, transport, where, spec->local.port, spec->type->fallback_port);
		return SDR_EPERM;
	case EADDRNOTAVAIL:
		sdr_error_set(error, 0,
			"%s %s %s: no such address on this host; name one of its own", name,
			transport, where);
		return SDR_EINVAL;
	case EAFNOSUPPORT:
		sdr_error_set(error, 0, "%s %s %s: this host has no IPv6; name an IPv4 address",
			name, transport, where);
		return SDR_EINVAL;
	default:
		sdr_error_set(error, 0, "%s %s %s: %s", name, transport, where, strerror(number));
		return SDR_ESYSTEM;
	}
}

static enum sdr_status read_back(int fd, struct sdr_endpoint *bound)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		return SDR_ESYSTEM;
	return sdr_endpoint_from_sockaddr((struct sockaddr *)&address, bound);
}

enum sdr_status sdr_socket_open(const struct sdr_services *services,
	const struct sdr_service_spec *spec, int *fd, struct sdr_endpoint *bound,
	struct sdr_error *error)
{
	int family = spec->local.addr.version == 4 ? AF_INET : AF_INET6;
	int kind = spec->transport == SDR_TCP ? SOCK_STREAM : SOCK_DGRAM;
	int made = socket(family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (made < 0)
		return explain(spec, errno, error);
	struct sdr_endpoint had;
	if (prepare(made, spec) != 0 || bind_it(services, made, &spec->local) != 0)
		goto fail;
	if (spec->transport == SDR_TCP && listen(made, BACKLOG) != 0)
		goto fail;
	if (read_back(made, &had) != SDR_OK)
		goto fail;
	*fd = made;
	*bound = had;
	return SDR_OK;
fail:;
	int number = errno;
	close(made);
	return explain(spec, number, error);
}
