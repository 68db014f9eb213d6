/* service.c - the embedded servers: the table of services, listeners that come and go, their
 * counters.
 *
 * Nothing a client does ends a listener. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "serve/serving.h"

#define SERVICE(name) extern const struct serve_type serve_##name;
#include "serve/services.def"
#undef SERVICE

static const struct serve_type *const types[] = {
#define SERVICE(name) &serve_##name,
#include "serve/services.def"
#undef SERVICE
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

/* Limits away from loopback (xinetd's figures); the most that may be asked for. */
static const struct sdr_service_limits public_limits = {.clients_max = 128,
	.per_source_max = 10,
	.accepts_per_second = 50,
	.udp_per_second = 200,
	.idle = 60 * SDR_SECOND,
	.life = 300 * SDR_SECOND};
#define PER_SOURCE_CEILING 1000
#define RATE_CEILING 100000

const struct sdr_service_type *sdr_service_at(unsigned index)
{
	return index < TYPE_COUNT ? &types[index]->public : NULL;
}

const struct sdr_service_type *sdr_service_find(const char *name)
{
	for (unsigned i = 0; i < TYPE_COUNT; i++)
		if (strcmp(types[i]->public.name, name) == 0)
			return &types[i]->public;
	return NULL;
}

static const struct serve_type *type_of(const struct sdr_service_type *public)
{
	for (unsigned i = 0; i < TYPE_COUNT; i++)
		if (&types[i]->public == public)
			return types[i];
	return NULL;
}

/* ---- events ---- */

static struct serve_listener *first_unannounced(const struct sdr_services *services)
{
	for (struct serve_listener *listener = services->listeners; listener;
		listener = listener->next)
		if (!listener->announced)
			return listener;
	return NULL;
}

static void on_announce(uv_timer_t *timer)
{
	struct sdr_services *services = timer->data;
	for (struct serve_listener *listener; (listener = first_unannounced(services));) {
		listener->announced = true;
		const struct serve_notice notice = {.kind = SDR_SERVICE_LISTENING,
			.why = listener->why[0] ? listener->why : NULL};
		sdr_service_notify(listener, &notice);
	}
}

/* ---- clients' time ---- */

static void on_tick(uv_timer_t *timer)
{
	struct sdr_services *services = timer->data;
	sdr_ns now = sdr_clock_now();
	bool needed = false;
	for (struct serve_listener *listener = services->listeners; listener;
		listener = listener->next) {
		sdr_stream_sweep(listener, now);
		needed = needed || sdr_stream_needs_sweep(listener);
	}
	if (!needed)
		uv_timer_stop(timer);
}

/* ---- all services ---- */

static void on_timer_closed(uv_handle_t *handle)
{
	sdr_services_release(handle->data);
}

struct sdr_services *sdr_services_new(struct uv_loop_s *loop, const struct sdr_privilege *privilege)
{
	struct sdr_services *services = calloc(1, sizeof(*services));
	if (!services)
		return NULL;
	services->buffer = malloc(SERVE_BUFFER);
	if (!services->buffer ||
		sdr_guard_pace_init(&services->udp_pace, public_limits.udp_per_second) != SDR_OK) {
		free(services->buffer);
		free(services);
		return NULL;
	}
	services->loop = loop;
	services->privilege = privilege;
	services->on_tick = on_tick;
	services->event_credit = SERVE_EVENT_CREDIT_MAX;
	services->event_credit_at = sdr_clock_now();
	for (unsigned i = 0;
		i < TYPE_COUNT && i < sizeof(services->ports) / sizeof(services->ports[0]); i++)
		services->ports[services->port_count++] = types[i]->public.fallback_port;
	uv_timer_init(loop, &services->announce);
	uv_timer_init(loop, &services->tick);
	services->announce.data = services->tick.data = services;
	services->handles = 2;
	return services;
}

void sdr_services_free(struct sdr_services *services)
{
	if (!services)
		return;
	services->sink_count = 0;
	while (services->listeners)
		(void)sdr_services_stop(services, services->listeners->id);
	uv_close((uv_handle_t *)&services->announce, on_timer_closed);
	uv_close((uv_handle_t *)&services->tick, on_timer_closed);
}

/* ---- listeners ---- */

/* The guard's list of our own UDP sockets, rebuilt whenever one is opened or closed. Without memory
 * for it the old, longer one stays. */
static enum sdr_status list_own(struct sdr_services *services)
{
	unsigned count = 0;
	for (const struct serve_listener *listener = services->listeners; listener;
		listener = listener->next)
		count += listener->transport == SDR_UDP;
	struct sdr_endpoint *own = calloc(count + 1, sizeof(*own));
	if (!own)
		return SDR_ENOMEM;
	free(services->own);
	services->own = own;
	services->own_count = 0;
	for (const struct serve_listener *listener = services->listeners; listener;
		listener = listener->next)
		if (listener->transport == SDR_UDP)
			own[services->own_count++] = listener->local;
	return SDR_OK;
}

static uint32_t chosen(uint32_t asked, uint32_t otherwise, bool is_public, uint32_t ceiling)
{
	uint32_t value = asked > 0 ? asked : is_public ? otherwise : 0;
	return value < ceiling ? value : ceiling;
}

/* UDP is limited by source where its answers are: 10 a second of each prefix, or what was asked. */
static void set_limits(struct serve_listener *listener, const struct sdr_service_limits *asked)
{
	struct sdr_service_limits *limits = &listener->limits;
	bool is_public = listener->is_public;
	limits->clients_max =
		chosen(asked->clients_max, public_limits.clients_max, is_public, UINT32_MAX);
	limits->per_source_max = chosen(
		asked->per_source_max, public_limits.per_source_max, is_public, PER_SOURCE_CEILING);
	limits->accepts_per_second = chosen(asked->accepts_per_second,
		public_limits.accepts_per_second, is_public, RATE_CEILING);
	limits->udp_per_second = chosen(
		asked->udp_per_second, public_limits.udp_per_second, is_public, RATE_CEILING);
	limits->idle = asked->idle > 0 ? asked->idle : is_public ? public_limits.idle : 0;
	limits->life = asked->life > 0 ? asked->life : is_public ? public_limits.life : 0;
	char text[SDR_DURATION_TEXT];
	snprintf(listener->idle_why, sizeof(listener->idle_why), "idle for %s",
		sdr_duration_format(text, limits->idle));
	snprintf(listener->life_why, sizeof(listener->life_why), "open for %s",
		sdr_duration_format(text, limits->life));
}

static enum sdr_status set_pace(
	struct serve_listener *listener, const struct sdr_service_limits *asked)
{
	bool udp = listener->transport == SDR_UDP;
	if (udp && listener->is_public && asked->udp_per_second == 0) {
		listener->pace = &listener->services->udp_pace;
		return SDR_OK;
	}
	listener->pace = &listener->own_pace;
	return sdr_guard_pace_init(&listener->own_pace,
		udp ? listener->limits.udp_per_second : listener->limits.accepts_per_second);
}

static void on_listener_closed(uv_handle_t *handle)
{
	sdr_service_handle_closed(handle->data);
}

/* The requested socket, or with `or_fallback` the one on the service's other port, with the reason
 * in `why`. */
static enum sdr_status open_socket(struct sdr_services *services,
	const struct sdr_service_spec *spec, struct serve_listener *listener,
	struct sdr_error *error)
{
	enum sdr_status status =
		sdr_socket_open(services, spec, &listener->fd, &listener->local, error);
	uint16_t other = spec->type->fallback_port;
	if (!spec->or_fallback || spec->local.port == other ||
		(status != SDR_EPERM && status != SDR_EINUSE))
		return status;
	struct sdr_service_spec second = *spec;
	second.local.port = other;
	enum sdr_status again =
		sdr_socket_open(services, &second, &listener->fd, &listener->local, error);
	if (again == SDR_OK)
		snprintf(listener->why, sizeof(listener->why),
			status == SDR_EPERM ? "permission denied for port %u; %u is up instead"
					    : "port %u is in use by another program; "
					      "%u is up instead",
			spec->local.port, other);
	return again;
}

static enum sdr_status watch(struct serve_listener *listener, const struct sdr_service_spec *spec)
{
	bool udp = listener->transport == SDR_UDP;
	set_limits(listener, &spec->limits);
	enum sdr_status status = set_pace(listener, &spec->limits);
	if (status == SDR_OK && udp)
		status = sdr_datagram_prepare(listener);
	if (status != SDR_OK)
		return status;
	if (uv_poll_init(listener->services->loop, &listener->poll, listener->fd) != 0)
		return SDR_ESYSTEM;
	listener->poll.data = listener;
	listener->handles = 1;
	listener->services->handles++;
	uv_poll_start(&listener->poll, UV_READABLE,
		udp ? sdr_datagram_on_readable : sdr_stream_on_readable);
	return SDR_OK;
}

static void append(struct sdr_services *services, struct serve_listener *listener)
{
	struct serve_listener **end = &services->listeners;
	while (*end)
		end = &(*end)->next;
	*end = listener;
	listener->id = ++services->last_id;
	listener->started = sdr_clock_now();
	services->version++;
	(void)list_own(services);
	uv_timer_start(&services->announce, on_announce, 0, 0);
}

static enum sdr_status check(const struct sdr_service_spec *spec, struct sdr_error *error)
{
	const struct sdr_addr *addr = &spec->local.addr;
	char text[SDR_ADDR_TEXT];
	bool transport = spec->transport == SDR_TCP || spec->transport == SDR_UDP;
	if (!spec->type || !type_of(spec->type) || !transport ||
		(addr->version != 4 && addr->version != 6)) {
		sdr_error_set(
			error, 0, "a service needs its type, tcp or udp, and a local address");
		return SDR_EINVAL;
	}
	if (sdr_addr_is_multicast(addr)) {
		sdr_error_set(error, 0, "%s %s: a group of hosts; name an address of this host",
			spec->type->name, sdr_addr_format(text, addr));
		return SDR_EINVAL;
	}
	return SDR_OK;
}

static int descriptor_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 1 << 20)
		return 1 << 20;
	return (int)limit.rlim_cur;
}

enum sdr_status sdr_services_start(struct sdr_services *services,
	const struct sdr_service_spec *spec, uint32_t *id, struct sdr_endpoint *bound,
	struct sdr_error *error)
{
	enum sdr_status status = check(spec, error);
	if (status != SDR_OK)
		return status;
	struct serve_listener *listener = calloc(1, sizeof(*listener));
	if (!listener) {
		sdr_error_set(error, 0, "%s: %s", spec->type->name, sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	listener->services = services;
	listener->type = type_of(spec->type);
	listener->transport = spec->transport;
	listener->is_public = !sdr_addr_is_loopback(&spec->local.addr);
	listener->wildcard = sdr_addr_is_any(&spec->local.addr);
	listener->accept_again = listener->complained = SDR_NS_NONE;
	services->descriptor_limit = descriptor_limit();
	status = open_socket(services, spec, listener, error);
	if (status != SDR_OK) {
		sdr_service_listener_free(listener);
		return status;
	}
	status = watch(listener, spec);
	if (status != SDR_OK) {
		sdr_error_set(error, 0, "%s: %s", spec->type->name, sdr_status_text(status));
		close(listener->fd);
		sdr_service_listener_free(listener);
		return status;
	}
	append(services, listener);
	if (id)
		*id = listener->id;
	if (bound)
		*bound = listener->local;
	return SDR_OK;
}

static struct serve_listener **find_link(struct sdr_services *services, uint32_t id)
{
	for (struct serve_listener **link = &services->listeners; *link; link = &(*link)->next)
		if ((*link)->id == id)
			return link;
	return NULL;
}

enum sdr_status sdr_services_stop(struct sdr_services *services, uint32_t id)
{
	struct serve_listener **link = find_link(services, id);
	if (!link)
		return SDR_ENOENT;
	struct serve_listener *listener = *link;
	*link = listener->next;
	listener->closing = true;
	services->version++;
	(void)list_own(services);
	sdr_stream_close_all(listener);
	uv_close((uv_handle_t *)&listener->poll, on_listener_closed);
	close(listener->fd);
	return SDR_OK;
}
