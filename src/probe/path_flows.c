/* path_flows.c - the sockets of flows: made when first needed, shared by all paths. */
#include "probe/path_flows.h"

#include <errno.h>

/* The first of the flows' identifiers or ports: the same at each start, so that a flow keeps its
 * way through balancers. */
#define NUMBER_UDP 33000
#define NUMBER_TCP 34000
#define NUMBER_ICMP 35000
#define SHIFT 101 /* from TCP's ports to the next that are tried */
#define SHIFTS 8
#define NO_QUOTES "what routers quote could not be looked at"

uint16_t sdr_path_number(enum hop_protocol protocol, unsigned flow)
{
	static const uint16_t first[] = {
		[HOP_ICMP] = NUMBER_ICMP, [HOP_UDP] = NUMBER_UDP, [HOP_TCP] = NUMBER_TCP};
	return (uint16_t)(first[protocol] + flow);
}

static struct hop_socket **place_of(
	struct path *path, enum hop_protocol protocol, uint8_t version, unsigned flow)
{
	return &path->sockets[protocol == HOP_UDP][version == 6][flow];
}

void sdr_path_open_quotes(struct path_target *target)
{
	struct path *path = target->path;
	const struct sdr_privilege *privilege = path->env->privilege;
	struct hop_quotes **quotes = &path->quotes[target->addr.version == 6];
	if (*quotes || !privilege || !(privilege->held & SDR_PRIVILEGE_RAW))
		return;
	if (sdr_hop_quotes_open(privilege, target->addr.version, quotes) != 0)
		sdr_path_note_trouble(target, NO_QUOTES);
}

void sdr_path_check_quotes(struct path_target *target)
{
	if (sdr_hop_quotes_failed(target->path->quotes[target->addr.version == 6]))
		sdr_path_note_trouble(target, NO_QUOTES);
}

int sdr_path_socket(struct path *path, enum hop_protocol protocol, uint8_t version, unsigned flow,
	struct hop_socket **socket)
{
	struct hop_socket **place = place_of(path, protocol, version, flow);
	struct hop_socket_config config = {.loop = path->env->loop,
		.in = path->in,
		.token = &path->token,
		.quotes = path->quotes[version == 6],
		.version = version,
		.protocol = protocol,
		.number = sdr_path_number(protocol, flow),
		.events = path->events};
	for (unsigned i = 0; i < 4; i++)
		config.keys[i] = (uint16_t)(path->random[i] + flow * 0x9e37u);
	int error = *place ? 0 : sdr_hop_socket_open(&config, place);
	*socket = *place;
	return error;
}

static bool is_taken(int error)
{
	return error == EADDRNOTAVAIL || error == EADDRINUSE;
}

static int connect_from(struct path_target *target, const struct hop_probe *probe, uint16_t port,
	struct hop_connect **place)
{
	struct path *path = target->path;
	const struct hop_connect_config config = {.loop = path->env->loop,
		.in = path->in,
		.quotes = path->quotes[target->addr.version == 6],
		.port = port,
		.events = path->events};
	sdr_hop_connect_drop(*place);
	*place = NULL;
	return sdr_hop_connect_begin(&config, probe, place);
}

/* Another program of ours may be probing the same target by the same ports. */
static int connect_one(struct path_target *target, const struct hop_probe *probe, unsigned flow,
	struct hop_connect **place)
{
	struct path *path = target->path;
	uint16_t port = (uint16_t)(sdr_path_number(HOP_TCP, flow) + path->shift);
	int error = connect_from(target, probe, port, place);
	if (!is_taken(error) || path->shift >= SHIFTS * SHIFT)
		return error;
	if (connect_from(target, probe, port + SHIFT, place) != 0)
		return error;
	path->shift += SHIFT;
	return 0;
}

int sdr_path_send(struct path_target *target, const struct hop_tag *tag)
{
	const struct path_options *options = target->public->spec->options;
	return sdr_path_send_size(target, tag, (uint16_t)options->size, false);
}

static struct hop_probe probe_of(
	const struct path_target *target, const struct hop_tag *tag, uint16_t port)
{
	return (struct hop_probe){.tag = *tag,
		.to = target->addr,
		.port = port,
		.tos = target->public->spec->tos,
		.source = target->source.addr,
		.interface = target->source.interface};
}

static int send_datagram(
	struct path_target *target, enum hop_protocol protocol, const struct hop_probe *probe)
{
	struct hop_socket *socket;
	int error = sdr_path_socket(
		target->path, protocol, target->addr.version, probe->tag.flow, &socket);
	return error != 0 ? error : sdr_hop_socket_send(socket, probe);
}

int sdr_path_send_size(
	struct path_target *target, const struct hop_tag *tag, uint16_t size, bool whole)
{
	uint16_t port = target->public->port ? target->public->port : PATH_UDP_PORT;
	struct hop_probe probe = probe_of(target, tag, port);
	probe.size = size;
	probe.whole = whole;
	return target->protocol == HOP_TCP
		? connect_one(target, &probe, tag->flow, &target->connects[tag->flow])
		: send_datagram(target, target->protocol, &probe);
}

int sdr_path_send_second(struct path_target *target, const struct hop_tag *tag)
{
	struct path_second *second = &target->second;
	struct hop_probe probe = probe_of(target, tag, second->port);
	probe.size = PATH_SIZE;
	if (second->protocol != HOP_TCP)
		return send_datagram(target, second->protocol, &probe);
	int error = connect_one(target, &probe, PATH_FLOWS, &second->connect);
	/* It need not keep to one way: where many ask the same target, any port is right. */
	return is_taken(error) ? connect_from(target, &probe, 0, &second->connect) : error;
}

void sdr_path_forget(struct path_target *target, const struct hop_tag *tag)
{
	enum hop_protocol protocol = tag->second ? target->second.protocol : target->protocol;
	if (protocol == HOP_TCP) {
		struct hop_connect **connect =
			tag->second ? &target->second.connect : &target->connects[tag->flow];
		sdr_hop_connect_drop(*connect);
		*connect = NULL;
		return;
	}
	struct hop_socket *socket =
		*place_of(target->path, protocol, target->addr.version, tag->flow);
	if (socket)
		sdr_hop_socket_forget(socket, tag);
}

void sdr_path_read(struct path *path)
{
	struct hop_socket **all = &path->sockets[0][0][0];
	for (size_t i = 0; i < sizeof(path->sockets) / sizeof(*all); i++)
		if (all[i])
			sdr_hop_socket_read(all[i]);
}

/* The target may be removed on what is reported. */
void sdr_path_read_connects(struct path *path)
{
	for (uint32_t i = 0; i < path->capacity; i++) {
		const struct path_target *target = path->targets[i];
		for (unsigned flow = 0; target && flow < target->flow_limit; flow++) {
			sdr_hop_connect_read(target->connects[flow]);
			target = path->targets[i];
		}
		if (target)
			sdr_hop_connect_read(target->second.connect);
	}
}

void sdr_path_close_sockets(struct path *path)
{
	struct hop_socket **all = &path->sockets[0][0][0];
	for (size_t i = 0; i < sizeof(path->sockets) / sizeof(*all); i++)
		sdr_hop_socket_close(all[i]);
	for (unsigned i = 0; i < 2; i++)
		sdr_hop_quotes_close(path->quotes[i]);
}
