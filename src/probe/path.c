/* path.c - the probe type `path`: each hop to a target, over and over, by one or more flows. A
 * probe of the target is a round: one packet for each hop. What comes back is taken by
 * path_answer.c; hops are members of the target's set. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "probe/path.h"
#include "probe/path_figures.h"
#include "probe/path_flows.h"
#include "probe/path_mtu.h"
#include "probe/path_names.h"
#include "probe/path_sheet.h"
#include "probe/path_text.h"

#define TICK_MS 1
#define BURST 8                   /* hops that are probed at once where the path is known */
#define SERIAL_MIN (200 * SDR_MS) /* that one hop is waited for, where one is probed at a time */
#define FLOWS_AUTO "auto"
#define LATE_WINDOW (10 * SDR_SECOND)
#define STALL (5 * SDR_MS) /* that a timer is late: then this program was */

/* ---- sending ---- */

/* How long the answer to a probe is waited for. Where one is under way at a time, a silent hop must
 * not hold up those behind it for long. */
static sdr_ns wait_for(const struct path_target *target, const struct path_trace *trace)
{
	sdr_ns timeout = target->public->spec->timeout, wait = target->slowest * 3;
	if (!trace->serial)
		return timeout;
	if (wait < SERIAL_MIN)
		wait = SERIAL_MIN;
	if (wait > PATH_SERIAL_MAX || target->slowest == 0)
		wait = PATH_SERIAL_MAX;
	return wait < timeout ? wait : timeout;
}

/* Returns whether it left. */
static bool send_one(struct path_target *target, const struct hop_tag *tag, sdr_ns now)
{
	struct inflight *inflight = &target->path->inflight;
	const struct path_trace *trace = &target->traces[tag->flow];
	uint32_t index = sdr_inflight_add(
		inflight, target->key, sdr_path_sequence(tag), now, wait_for(target, trace));
	int error = index == SDR_INFLIGHT_NONE ? ENOMEM : sdr_path_send(target, tag);
	if (error == 0) {
		if (!tag->far)
			path_hops_sent(&target->hops, tag->ttl, tag->round);
		return true;
	}
	if (index != SDR_INFLIGHT_NONE)
		sdr_inflight_remove(inflight, index);
	target->error = error;
	return false;
}

/* Sends what one flow may send now. Returns whether it has more. */
static bool send_flow(struct path_target *target, unsigned flow, sdr_ns now)
{
	struct path_trace *trace = &target->traces[flow];
	struct hop_tag tag = {.trace = target->key, .flow = (uint8_t)flow};
	for (unsigned i = 0; i < (trace->discovers ? 1 : BURST) && path_trace_next(trace, &tag);
		i++)
		if (!send_one(target, &tag, now)) {
			path_trace_give_up(trace);
			return false;
		}
	return !path_trace_is_sent(trace) && !trace->under_way;
}

static void send_target(struct path_target *target, sdr_ns now)
{
	bool more = false;
	for (unsigned i = 0; i < target->flow_count; i++)
		more |= send_flow(target, i, now);
	target->active = more;
	if (!more && sdr_path_mtu_is_due(target))
		sdr_path_mtu_step(target, now);
	sdr_path_hold(target);
}

static void on_expiry(uv_timer_t *timer)
{
	struct path *path = timer->data;
	sdr_ns now = sdr_clock_now(), due = sdr_inflight_next(&path->inflight);
	sdr_path_read(path); /* after this program was stopped, what came in time is there */
	if (due != SDR_NS_NONE && now - due > STALL)
		sdr_path_read_connects(path);
	sdr_path_expire(path, now);
	sdr_path_arm(path);
}

/* Reading first: the kernel reports an error that came meanwhile to the next send. */
static void on_tick(uv_timer_t *timer)
{
	struct path *path = timer->data;
	bool more = false;
	if (path->inflight.count > path->inflight.late)
		sdr_path_read(path);
	sdr_ns now = sdr_clock_now();
	for (uint32_t i = 0; i < path->capacity; i++) {
		struct path_target *target = path->targets[i];
		if (!target || !target->active)
			continue;
		send_target(target, now);
		more |= target->active;
		if (target->error != 0)
			sdr_path_report_error(target);
		target = path->targets[i]; /* it may have been removed on that */
		if (target && target->trouble)
			sdr_path_report_trouble(target);
	}
	sdr_path_arm(path);
	if (more)
		uv_timer_start(timer, on_tick, TICK_MS, 0);
}

/* ---- targets ---- */

static void free_target(struct path_target *target)
{
	for (unsigned i = 0; target->connects && i < target->flow_limit; i++)
		sdr_hop_connect_drop(target->connects[i]);
	sdr_hop_connect_drop(target->second.connect);
	sdr_path_names_done(target);
	free(target->connects);
	free(target->traces);
	path_hops_done(&target->hops);
	free(target);
}

static void leave(struct path_target *target)
{
	struct path *path = target->path;
	sdr_inflight_release(&path->inflight, target->room);
	path->targets[target->key % PATH_PLACES] = NULL;
	free_target(target);
}

/* ICMP where it is permitted without privileges, unless something else is asked for. */
static enum hop_protocol choose_protocol(struct path *path, const struct sdr_target *public)
{
	if (public->spec->udp)
		return HOP_UDP;
	if (public->port != 0)
		return HOP_TCP;
	struct hop_socket *socket;
	int error = sdr_path_socket(path, HOP_ICMP, public->addr.version, 0, &socket);
	return error == EPERM || error == EACCES ? HOP_UDP : HOP_ICMP;
}

static void begin_traces(struct path_target *target)
{
	const struct path_options *options = target->public->spec->options;
	for (unsigned i = 0; i < target->flow_limit; i++) {
		path_trace_init(&target->traces[i], (uint8_t)options->first, (uint8_t)options->max);
		target->traces[i].serial = target->protocol == HOP_TCP;
	}
}

/* Returns what a file has, which is read once; NULL: it can't be read any more. */
static const struct sdr_as_numbers *numbers_of(struct path *path, const char *file)
{
	for (struct path_numbers *at = path->numbers; at; at = at->next)
		if (strcmp(at->file, file) == 0)
			return at->numbers;
	struct path_numbers *made = malloc(sizeof(*made) + strlen(file) + 1);
	if (!made || sdr_as_numbers_read(file, &made->numbers, NULL) != SDR_OK) {
		free(made);
		return NULL;
	}
	memcpy(made->file, file, strlen(file) + 1);
	made->next = path->numbers;
	path->numbers = made;
	return made->numbers;
}

static enum sdr_status fill_target(struct path_target *target)
{
	const struct sdr_spec *spec = target->public->spec;
	const struct path_options *options = spec->options;
	sdr_ns interval = spec->interval > 0 ? spec->interval : LATE_WINDOW;
	uint64_t rounds = (uint64_t)((spec->timeout + LATE_WINDOW) / interval + 2);
	if (spec->count > 0 && spec->count < rounds)
		rounds = spec->count + 1;
	target->flows_grow = options->flows && strcmp(options->flows, FLOWS_AUTO) == 0;
	target->flow_limit = target->flows_grow ? PATH_FLOWS
		: options->flows                ? (unsigned)strtoul(options->flows, NULL, 10)
						: 1;
	target->flow_count = target->flow_limit;
	target->traces = calloc(target->flow_limit, sizeof(*target->traces));
	target->connects = calloc(target->flow_limit, sizeof(struct hop_connect *));
	if (!target->traces || !target->connects ||
		path_hops_init(&target->hops, (uint8_t)options->max) != SDR_OK)
		return SDR_ENOMEM;
	if (sdr_ping_source_parse(spec->source, &target->source, NULL) != SDR_OK)
		target->source.interface = INT32_MAX; /* gone since it was checked */
	target->numbers = options->asn ? numbers_of(target->path, options->asn) : NULL;
	target->room = (uint32_t)(rounds * 2 + 32) * target->flow_count;
	return sdr_inflight_reserve(&target->path->inflight, target->room);
}

static struct path_target *new_target(struct path *path, const struct sdr_target *public)
{
	struct path_target *target = calloc(1, sizeof(*target));
	if (!target)
		return NULL;
	target->public = public;
	target->path = path;
	target->addr = public->addr;
	sdr_path_open_quotes(target);
	target->protocol = choose_protocol(path, public);
	if (fill_target(target) != SDR_OK || sdr_path_enter(path, target) != SDR_OK) {
		if (target->room > 0 && target->hops.list)
			sdr_inflight_release(&path->inflight, target->room);
		free_target(target);
		return NULL;
	}
	begin_traces(target);
	return target;
}

/* Its name has another address: that is another path. */
static void follow_address(struct path_target *target)
{
	if (sdr_addr_compare(&target->addr, &target->public->addr) == 0)
		return;
	target->addr = target->public->addr;
	path_hops_reset(&target->hops);
	sdr_path_second_forget(target);
	sdr_path_half_rate_forget(target);
	begin_traces(target);
}

/* ---- verbs ---- */

/* Where -I named one that was made again, it has another index now. */
static void renew_source(struct path_target *target)
{
	const char *name = target->public->spec->source;
	struct ping_source now;
	bool named = name && target->source.addr.version == 0;
	if (named && sdr_ping_source_parse(name, &now, NULL) == SDR_OK)
		target->source = now;
}

static enum sdr_status start(
	void *shared, const struct sdr_target *public, uint64_t sequence, sdr_ns now)
{
	struct path *path = shared;
	struct path_own *state = sdr_target_state(public);
	struct path_target *target = state->own;
	if (!target && !(target = state->own = new_target(path, public)))
		return SDR_ENOMEM;
	follow_address(target);
	renew_source(target);
	if (target->flows_grow)
		target->flow_count = path_hops_flows(&target->hops);
	target->round = (uint32_t)sequence;
	if (sdr_path_await(target, now) != SDR_OK)
		return SDR_ENOMEM;
	sdr_path_half_rate_step(target);
	for (unsigned i = 0; i < target->flow_count; i++)
		path_trace_begin(&target->traces[i], target->round);
	sdr_path_second_step(target, now);
	sdr_path_hold(target);
	sdr_path_wake(target);
	return SDR_OK;
}

static void stop(void *shared, const struct sdr_target *public)
{
	struct path_own *state = sdr_target_state(public);
	(void)shared;
	if (!state || !state->own)
		return;
	leave(state->own);
	state->own = NULL;
}

static void free_path(struct path *path)
{
	while (path->numbers) {
		struct path_numbers *next = path->numbers->next;
		sdr_as_numbers_free(path->numbers->numbers);
		free(path->numbers);
		path->numbers = next;
	}
	free(path->in);
	free(path->targets);
	free(path->generations);
	sdr_inflight_done(&path->inflight);
	free(path);
}

static void on_closed(uv_handle_t *handle)
{
	struct path *path = handle->data;
	if (--path->closing == 0)
		free_path(path);
}

static void close_path(void *shared)
{
	struct path *path = shared;
	sdr_path_close_sockets(path);
	sdr_links_free(path->links);
	path->closing = 2;
	uv_close((uv_handle_t *)&path->tick, on_closed);
	uv_close((uv_handle_t *)&path->expiry, on_closed);
}

static enum sdr_status open_path(struct probe_env *env, void **shared, struct sdr_error *error)
{
	struct {
		uint32_t token[4];
		uint16_t numbers[4];
	} random;
	struct path *path = calloc(1, sizeof(*path));
	if (!path || !(path->in = calloc(1, sizeof(*path->in))) ||
		sdr_inflight_init(&path->inflight, LATE_WINDOW, sdr_clock_now()) != SDR_OK) {
		if (path)
			free(path->in);
		free(path);
		return SDR_ENOMEM;
	}
	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		sdr_error_set(error, 0, "no random numbers from the system: %s", strerror(errno));
		free_path(path);
		return SDR_ESYSTEM;
	}
	sdr_icmp_in_init(path->in);
	sdr_token_init(&path->token, random.token);
	memcpy(path->random, random.numbers, sizeof(path->random));
	path->env = env;
	path->on_tick = on_tick;
	path->on_expiry = on_expiry;
	path->events = (struct hop_events){path, sdr_path_on_answer, sdr_path_on_ambiguous};
	uv_timer_init(env->loop, &path->tick);
	uv_timer_init(env->loop, &path->expiry);
	path->tick.data = path->expiry.data = path;
	*shared = path;
	return SDR_OK;
}

/* ---- the type ---- */

static enum sdr_status check_numbers(const char *file, struct sdr_error *error)
{
	struct sdr_as_numbers *numbers = NULL;
	enum sdr_status status = file ? sdr_as_numbers_read(file, &numbers, error) : SDR_OK;
	if (status == SDR_OK)
		sdr_as_numbers_free(numbers);
	return status;
}

static enum sdr_status check(const struct sdr_spec *spec, struct sdr_error *error)
{
	const struct path_options *options = spec->options;
	struct ping_source source;
	char *end;
	if (options && options->first > options->max) {
		sdr_error_set(error, 0, "--first-hop %d lies beyond --max-hop %d",
			(int)options->first, (int)options->max);
		return SDR_EINVAL;
	}
	if (options && options->flows && strcmp(options->flows, FLOWS_AUTO) != 0) {
		unsigned long count = strtoul(options->flows, &end, 10);
		if (options->flows[0] < '0' || options->flows[0] > '9' || *end || count < 1 ||
			count > PATH_FLOWS) {
			sdr_error_set(error, 0,
				"--flows %.40s: a number from 1 to %d is right, or auto",
				options->flows, PATH_FLOWS);
			return SDR_EINVAL;
		}
	}
	enum sdr_status status = check_numbers(options ? options->asn : NULL, error);
	return status == SDR_OK ? sdr_ping_source_parse(spec->source, &source, error) : status;
}

static const struct sdr_option options[] = {
	{"flows", 0, SDR_OPTION_TEXT, "N|auto",
		"probe by so many flows, which balancers may send different ways; auto: until all "
		"ways are seen, at 95 %; 1 unless given",
		0, 0, .place = SDR_PLACE(struct path_options, flows)},
	{"first-hop", 'f', SDR_OPTION_INTEGER, "N", "begin with this hop; 1 unless given", 1,
		PATH_TTL_MAX, .place = SDR_PLACE(struct path_options, first), .otherwise = 1},
	{"max-hop", 'm', SDR_OPTION_INTEGER, "N", "go no further than this; 30 unless given", 1,
		PATH_TTL_MAX, .place = SDR_PLACE(struct path_options, max), .otherwise = 30},
	{"mtu", 0, SDR_OPTION_FLAG, NULL,
		"look for the largest packet that the path carries, and where larger ones end; not "
		"by TCP",
		0, 0, .place = SDR_PLACE(struct path_options, mtu)},
	{"names", 0, SDR_OPTION_FLAG, NULL,
		"look up the name of each router by its address, at the name servers", 0, 0,
		.place = SDR_PLACE(struct path_options, names)},
	{"asn", 0, SDR_OPTION_TEXT, "FILE",
		"name the AS of each router by this file of networks and AS numbers (pfx2as)", 0, 0,
		.place = SDR_PLACE(struct path_options, asn)},
	{"second-port", 0, SDR_OPTION_INTEGER, "PORT",
		"where the target alone seems to lose, ask this TCP port too, once a round (pings, "
		"by --tcp), whether it limits its answers; 443 unless given, 0: do not",
		0, 65535, .place = SDR_PLACE(struct path_options, second),
		.otherwise = PATH_SECOND_PORT},
	{"size", 's', SDR_OPTION_INTEGER, "BYTES",
		"payload of each probe, not of TCP; 56 unless given", HOP_SIZE_MIN, HOP_SIZE_MAX,
		.place = SDR_PLACE(struct path_options, size), .otherwise = PATH_SIZE},
	{NULL},
};

const struct probe_type probe_path = {
	.public = {.name = "path",
		.label = "path",
		.panel = "path",
		.sentence = "each hop to a host: who answers, how far away, where loss begins",
		.members = "hops",
		.parts = true,
		.fields = sdr_path_fields,
		.field_count = PATH_FIELDS,
		.summary_fields = sdr_path_summary_fields,
		.summary_field_count = PATH_SUMMARY_FIELDS,
		.options_size = sizeof(struct path_options),
		.options = options,
		.by_address = true,
		.default_interval = SDR_SECOND,
		.default_timeout = 2 * SDR_SECOND,
		.text = {sdr_path_text_header, sdr_path_text_line, NULL, NULL}},
	.check = check,
	.open = open_path,
	.close = close_path,
	.start = start,
	.stop = stop,
	.state_size = sizeof(struct path_own),
	.summarise = sdr_path_summarise,
	.sheet = sdr_path_sheet,
	.take = sdr_path_take,
	.give = sdr_path_give,
	.drop = sdr_path_drop,
};
