/* found.c - collects what a lookup found. The idea: addresses and names each once, in the order
 * they came; they are sorted as libc does at the end, with the source address that the kernel would
 * use for each. RFC 6724 sec. 6, RFC 6761 sec. 6.3. */
#include "dns/found.h"

#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/route_try.h"

#define TYPE_PTR 12

void found_clear(struct found *found)
{
	for (unsigned i = 0; i < found->text_count; i++)
		free(found->texts[i]);
	found->text_count = found->count = found->more = found->more_texts = 0;
	found->unseen = 0;
}

void found_text(struct found *found, const char *text)
{
	size_t length = strlen(text);
	if (found->text_count == FOUND_TEXTS - 1) {
		found->more_texts++;
		return;
	}
	if (length > 1 && text[length - 1] == '.')
		length--;
	char *copy = strndup(text, length);
	found->no_memory = found->no_memory || !copy;
	if (copy)
		found->texts[found->text_count++] = copy;
	else
		found->unseen = ENOMEM;
}

void found_address(struct found *found, const struct sdr_addr *addr, int32_t ttl)
{
	for (unsigned i = 0; i < found->count; i++)
		if (sdr_addr_compare(&found->items[i].address.addr, addr) == 0)
			return;
	if (found->count == SDR_NAMES_ADDRESSES_MAX)
		found->more++;
	else
		found->items[found->count++] = (struct sdr_order_item){.address = {*addr, ttl}};
}

void found_match(struct found *found, const struct sdr_hosts_match *match)
{
	for (unsigned i = 0; i < match->count; i++)
		found_address(found, &match->addrs[i], -1);
	found->more += match->more;
	found_text(found, match->canonical);
	for (unsigned i = 0; i < match->name_count; i++)
		found_text(found, match->names[i]);
}

void found_reply(struct found *found, const struct sdr_reply *reply)
{
	const struct sdr_record *record = NULL;
	while ((record = sdr_message_next(reply->message, &reply->chain, reply->type, record))) {
		if (record->addr.version != 0)
			found_address(found, &record->addr,
				(int32_t)reply->chain
					.ttl); /* the least of the whole chain, in 31 bits */
		else if (record->type == TYPE_PTR)
			found_text(found, record->data);
	}
}

bool sdr_is_localhost(const char *name)
{
	size_t length = strlen(name);
	length -= length > 1 && name[length - 1] == '.';
	if (length < 9 || strncasecmp(name + length - 9, "localhost", 9) != 0)
		return false;
	return length == 9 || name[length - 10] == '.';
}

void found_localhost(struct found *found, const char *name, uint8_t family)
{
	const struct sdr_addr v6 = {.version = 6, .bytes = {[15] = 1}},
			      v4 = {.version = 4, .bytes = {127, 0, 0, 1}};
	if (family != 4)
		found_address(found, &v6, -1);
	if (family != 6)
		found_address(found, &v4, -1);
	found_text(found, name);
}

/* Calls `take` for each address of this host until it returns false. */
static void each_own(struct found *found,
	bool (*take)(void *context, const struct sdr_addr *addr, unsigned length), void *context)
{
	struct ifaddrs *list;
	if (getifaddrs(&list) != 0) {
		found->unseen = errno;
		return;
	}
	for (const struct ifaddrs *at = list; at; at = at->ifa_next) {
		struct sdr_endpoint own;
		unsigned length = 0;
		if (!at->ifa_addr || sdr_endpoint_from_sockaddr(at->ifa_addr, &own) != SDR_OK)
			continue;
		if (own.addr.version == 4 && at->ifa_netmask)
			length = (unsigned)__builtin_popcount(
				((const struct sockaddr_in *)(const void *)at->ifa_netmask)
					->sin_addr.s_addr);
		if (!take(context, &own.addr, length))
			break;
	}
	freeifaddrs(list);
}

/* A found item whose address is this host's own, while its own are gone through. */
struct own_names {
	struct found *found;
	uint8_t family;
};

static bool take_own(void *context, const struct sdr_addr *addr, unsigned length)
{
	struct own_names *own = context;
	(void)length;
	if ((own->family == 0 || addr->version == own->family) && !sdr_addr_is_loopback(addr) &&
		!sdr_addr_is_link_local(addr))
		found_address(own->found, addr, -1);
	return true;
}

bool found_own(struct found *found, const char *name, uint8_t family)
{
	const struct sdr_addr v6 = {.version = 6, .bytes = {[15] = 1}},
			      v4 = {.version = 4, .bytes = {127, 0, 0, 2}};
	char host[SDR_HOST_TEXT] = "";
	size_t length = strlen(name);
	length -= length > 1 && name[length - 1] == '.';
	if (gethostname(host, sizeof(host) - 1) != 0 || strlen(host) != length ||
		strncasecmp(host, name, length) != 0)
		return false;
	unsigned before = found->count;
	each_own(found, take_own, &(struct own_names){found, family});
	bool none = found->count == before;
	if (none && family != 4)
		found_address(found, &v6, -1);
	if (none && family != 6)
		found_address(found, &v4, -1);
	found_text(found, name);
	return true;
}

/* The errors of connect that mean there is no route to an address; with any other it is unknown. */
static bool is_no_route(int number)
{
	static const int numbers[] = {ENETUNREACH, EHOSTUNREACH, EACCES, EPERM, EADDRNOTAVAIL,
		ENETDOWN, EINVAL, ENODEV, ENXIO, EAFNOSUPPORT};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i] == number)
			return true;
	return false;
}

/* The address that the system would send from; none if there is no route. */
static struct sdr_addr source_for(struct found *found, const struct sdr_addr *addr)
{
	struct sdr_addr source = {0};
	const struct sdr_route_try route = {.to = {*addr, 0}};
	struct sdr_route_found asked = sdr_route_source(&route, &source);
	if (asked.number != 0 && !(asked.answered && is_no_route(asked.number)))
		found->unseen = asked.number;
	return source;
}

static bool take_length(void *context, const struct sdr_addr *addr, unsigned length)
{
	struct found *found = context;
	for (unsigned i = 0; i < found->count; i++)
		if (sdr_addr_compare(&found->items[i].source, addr) == 0)
			found->items[i].source_length = (uint8_t)length;
	return true;
}

void found_sort(struct found *found, const struct sdr_resolvconf *conf)
{
	for (unsigned i = 1; i < found->count && conf->sort_count > 0; i++) {
		struct sdr_order_item item = found->items[i];
		unsigned at = i, rank = sdr_resolvconf_rank(conf, &item.address.addr);
		for (; at > 0 &&
			sdr_resolvconf_rank(conf, &found->items[at - 1].address.addr) > rank;
			at--)
			found->items[at] = found->items[at - 1];
		found->items[at] = item;
	}
}

void found_order(struct found *found, const struct sdr_gaiconf *tables)
{
	unsigned v4 = 0;
	int unseen = found->unseen;
	if (found->count < 2)
		return;
	found->unseen = 0;
	for (unsigned i = 0; i < found->count; i++) {
		found->items[i].source = source_for(found, &found->items[i].address.addr);
		v4 += found->items[i].source.version == 4;
	}
	if (found->unseen != 0)
		return; /* without the sources no order is better than the answer's own */
	found->unseen = unseen;
	if (v4 > 1) /* rule 9 asks for their networks */
		each_own(found, take_length, found);
	sdr_order_sort(tables, found->items, found->count);
}
