/* route_try.c - a UDP socket connected for what the kernel then knows. */
#include "net/route_try.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DISCARD 9 /* a port of some sort there must be (RFC 863) */

static int connect_by(int fd, const struct sdr_route_try *route)
{
	struct sdr_endpoint to = {route->to.addr, route->to.port ? route->to.port : DISCARD};
	struct sockaddr_storage address;
	socklen_t length = sdr_endpoint_to_sockaddr(&to, &address);
	int on = 1;
	if (route->broadcast)
		(void)setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	if (route->interface && *route->interface)
		(void)setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, route->interface,
			(socklen_t)strlen(route->interface) + 1);
	return connect(fd, (struct sockaddr *)&address, length) == 0 ? 0 : errno;
}

struct sdr_route_found sdr_route_try(const struct sdr_route_try *route)
{
	int fd = socket(route->to.addr.version == 4 ? AF_INET : AF_INET6,
		SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) /* an address family without support has no route either */
		return (struct sdr_route_found){-1, errno, errno == EAFNOSUPPORT};
	int number = connect_by(fd, route);
	if (number == 0)
		return (struct sdr_route_found){fd, 0, true};
	close(fd);
	return (struct sdr_route_found){-1, number, true};
}

struct sdr_route_found sdr_route_source(const struct sdr_route_try *route, struct sdr_addr *source)
{
	struct sockaddr_storage address;
	struct sdr_endpoint own = {0};
	socklen_t length = sizeof(address);
	struct sdr_route_found found = sdr_route_try(route);
	if (found.fd < 0)
		return found;
	if (getsockname(found.fd, (struct sockaddr *)&address, &length) != 0)
		found = (struct sdr_route_found){found.fd, errno, false};
	else if (sdr_endpoint_from_sockaddr((struct sockaddr *)&address, &own) == SDR_OK)
		*source = own.addr;
	close(found.fd);
	found.fd = -1;
	return found;
}
