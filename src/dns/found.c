/* found.c - what a lookup found, while it is put together. The idea: addresses and names each once, in the order they came; the order of libc
 * comes last, when the kernel has said what source each would be reached from. RFC 6724 sec. 6, RFC 6761 sec. 6.3. */
#include "dns/found.h"

#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define TYPE_PTR 12

void found_clear(struct found *found)
{
	for (unsigned i = 0; i < found->text_count; i++)
		free(found->texts[i]);
	found->text_count = found->count = found->more = 0;
}

void found_text(struct found *found, const char *text)
{
	size_t length = strlen(text);
	if (found->text_count == FOUND_TEXTS - 1)
		return;
	if (length > 1 && text[length - 1] == '.')
		length--;
	char *copy = strndup(text, length);
	found->no_memory = found->no_memory || copy == NULL;
	if (copy != NULL)
		found->texts[found->text_count++] = copy;
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
	while ((record = sdr_message_next(reply->message, &reply->chain, reply->type, record)) != NULL) {
		if (record->addr.version != 0)
			found_address(found, &record->addr, record->ttl > INT32_MAX ? INT32_MAX : (int32_t)record->ttl);
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
	const struct sdr_addr v6 = {.version = 6, .bytes = {[15] = 1}}, v4 = {.version = 4, .bytes = {127, 0, 0, 1}};
	if (family != 4)
		found_address(found, &v6, -1);
	if (family != 6)
		found_address(found, &v4, -1);
	found_text(found, name);
}

/* Calls `take` for each address of this host until it returns false. Returns errno if they could not be listed. */
static int each_own(bool (*take)(void *context, const struct sdr_addr *addr, unsigned length), void *context)
{
	struct ifaddrs *list;
	if (getifaddrs(&list) != 0)
		return errno;
	for (const struct ifaddrs *at = list; at != NULL; at = at->ifa_next) {
		struct sdr_endpoint own;
		unsigned length = 0;
		if (at->ifa_addr == NULL || sdr_endpoint_from_sockaddr(at->ifa_addr, &own) != SDR_OK)
			continue;
		if (own.addr.version == 4 && at->ifa_netmask != NULL)
			length = (unsigned)__builtin_popcount(((const struct sockaddr_in *)(const void *)at->ifa_netmask)->sin_addr.s_addr);
		if (!take(context, &own.addr, length))
			break;
	}
	freeifaddrs(list);
	return 0;
}

/* A found item whose address is this host's own, while its own are gone through. */
struct own_names {
	struct found *found;
	uint8_t family;
};

static bool take_own(void *context, const struct sdr_addr *addr, unsigned length)
{
	struct own_names *own = context;
	bool link_local = addr->version == 6 && addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80;
	(void)length;
	if ((own->family == 0 || addr->version == own->family) && !sdr_addr_is_loopback(addr) && !link_local)
		found_address(own->found, addr, -1);
	return true;
}

bool found_own(struct found *found, const char *name, uint8_t family)
{
	const struct sdr_addr v6 = {.version = 6, .bytes = {[15] = 1}}, v4 = {.version = 4, .bytes = {127, 0, 0, 2}};
	char host[SDR_HOST_TEXT] = "";
	size_t length = strlen(name);
	length -= length > 1 && name[length - 1] == '.';
	if (gethostname(host, sizeof(host) - 1) != 0 || strlen(host) != length || strncasecmp(host, name, length) != 0)
		return false;
	unsigned before = found->count;
	each_own(take_own, &(struct own_names){found, family});
	bool none = found->count == before;
	if (none && family != 4)
		found_address(found, &v6, -1);
	if (none && family != 6)
		found_address(found, &v4, -1);
	found_text(found, name);
	return true;
}

/* Whether connect says of an address that it can't be reached; anything else is a failure to find out. */
static bool is_unreachable(int error)
{
	return error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL || error == EAFNOSUPPORT || error == EACCES ||
		error == EPERM || error == EINVAL || error == ENETDOWN || error == ENODEV || error == ENXIO;
}

/* Finds the address that the system would send from; none if there is no route. A connect of a datagram socket sends nothing. Returns errno
 * where that could not be found out. */
static int source_for(const struct sdr_addr *addr, struct sdr_addr *source)
{
	struct sdr_endpoint to = {*addr, 9}, from = {0};
	struct sockaddr_storage storage;
	unsigned length = sdr_endpoint_to_sockaddr(&to, &storage);
	socklen_t size = sizeof(storage);
	*source = (struct sdr_addr){0};
	int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;
	if (fd < 0)
		return errno == EAFNOSUPPORT ? 0 : errno; /* a family that is not there has no route */
	if (connect(fd, (struct sockaddr *)&storage, length) != 0)
		error = errno;
	else if (getsockname(fd, (struct sockaddr *)&storage, &size) != 0)
		error = errno;
	if (error == 0 && sdr_endpoint_from_sockaddr((struct sockaddr *)&storage, &from) != SDR_OK)
		from = (struct sdr_endpoint){0};
	close(fd);
	*source = from.addr;
	return is_unreachable(error) ? 0 : error;
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
		for (; at > 0 && sdr_resolvconf_rank(conf, &found->items[at - 1].address.addr) > rank; at--)
			found->items[at] = found->items[at - 1];
		found->items[at] = item;
	}
}

int found_order(struct found *found, const struct sdr_gaiconf *tables)
{
	unsigned v4 = 0;
	int error = 0;
	if (found->count < 2)
		return 0;
	for (unsigned i = 0; i < found->count && error == 0; i++) {
		error = source_for(&found->items[i].address.addr, &found->items[i].source);
		v4 += found->items[i].source.version == 4;
	}
	if (v4 > 1 && error == 0) /* rule 9 asks for their networks */
		error = each_own(take_length, found);
	if (error == 0)
		sdr_order_sort(tables, found->items, found->count);
	return error;
}
