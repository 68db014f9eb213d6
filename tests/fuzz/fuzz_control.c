/* fuzz_control.c - ancillary data of messages as the kernel may hand them over, shortened where the
 * buffer ended: nothing outside the buffer is read, and what is taken is what was put in whole. */
#include <netinet/in.h>
#include <string.h>

#include "input.h"
#include "net/icmp_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS 8
#define PAYLOAD 96

/* One control message: what it claims and how much of that is there. */
struct record {
	int level, type;
	size_t length;
	uint8_t payload[PAYLOAD];
};

static const int kinds[][2] = {{SOL_SOCKET, SO_TIMESTAMPING}, {IPPROTO_IP, IP_TTL},
	{IPPROTO_IPV6, IPV6_HOPLIMIT}, {IPPROTO_IP, IP_RECVERR}, {IPPROTO_IPV6, IPV6_RECVERR},
	{SOL_SOCKET, SCM_RIGHTS}, {IPPROTO_IP, IP_PKTINFO}, {IPPROTO_IPV6, IPV6_PKTINFO}};

static void take_record(struct input *input, struct record *record)
{
	uint8_t which = take_byte(input);
	size_t there;
	record->level = kinds[which & 7][0];
	record->type = kinds[which & 7][1];
	record->length = take_byte(input) % (PAYLOAD + 1);
	const uint8_t *bytes = take_bytes(input, record->length, &there);
	memset(record->payload, which, sizeof(record->payload));
	memcpy(record->payload, bytes, there);
	/* A sender of either family is seldom hit upon. */
	sa_family_t family = which & 8 ? AF_INET : AF_INET6;
	if (which & 16)
		memcpy(record->payload + sizeof(struct sock_extended_err), &family, sizeof(family));
}

/* Lays the records out as the kernel does, in just as much memory as they take. `claimed` is the
 * length that the first gives where it is alone. */
static struct msghdr lay_out(const struct record *records, unsigned count, size_t claimed)
{
	struct msghdr message = {0};
	for (unsigned i = 0; i < count; i++)
		message.msg_controllen +=
			count > 1 ? CMSG_SPACE(records[i].length) : CMSG_LEN(records[i].length);
	uint8_t *at = message.msg_control = malloc(message.msg_controllen + 1);
	must(at != NULL);
	memset(at, 0, message.msg_controllen);
	for (unsigned i = 0; i < count; i++, at += CMSG_SPACE(records[i - 1].length)) {
		struct cmsghdr header = {.cmsg_len = CMSG_LEN(records[i].length),
			.cmsg_level = records[i].level,
			.cmsg_type = records[i].type};
		if (count == 1)
			header.cmsg_len += claimed;
		memcpy(at, &header, sizeof(header));
		memcpy(at + CMSG_LEN(0), records[i].payload, records[i].length);
	}
	return message;
}

static bool is_error(const struct record *record)
{
	return ((record->level == IPPROTO_IP && record->type == IP_RECVERR) ||
		       (record->level == IPPROTO_IPV6 && record->type == IPV6_RECVERR)) &&
		record->length >= sizeof(struct sock_extended_err);
}

static void check_error(const struct record *record, const struct control_error *error)
{
	const size_t head = sizeof(error->what);
	const struct sdr_addr bare = error->offender;
	sa_family_t family = AF_UNSPEC;
	must(memcmp(&error->what, record->payload, head) == 0);
	if (record->length >= head + sizeof(family))
		memcpy(&family, record->payload + head, sizeof(family));
	bool v4 = family == AF_INET && record->length >= head + sizeof(struct sockaddr_in);
	bool v6 = family == AF_INET6 && record->length >= head + sizeof(struct sockaddr_in6);
	must(bare.version == (v4 ? 4 : v6 ? 6 : 0));
	if (bare.version != 0)
		must(memcmp(bare.bytes, record->payload + head + (v4 ? 4 : 8), v4 ? 4 : 16) == 0);
}

/* Of several of a kind the last counts. */
static void check_extras(
	const struct record *records, unsigned count, const struct icmp_extras *extras)
{
	int hops = -1;
	struct timespec stamp = {0};
	const struct record *error = NULL;
	for (unsigned i = 0; i < count; i++) {
		const struct record *r = &records[i];
		if (r->level == SOL_SOCKET && r->type == SO_TIMESTAMPING &&
			r->length >= sizeof(stamp))
			memcpy(&stamp, r->payload, sizeof(stamp));
		if (((r->level == IPPROTO_IP && r->type == IP_TTL) ||
			    (r->level == IPPROTO_IPV6 && r->type == IPV6_HOPLIMIT)) &&
			r->length >= sizeof(hops))
			memcpy(&hops, r->payload, sizeof(hops));
		error = is_error(r) ? r : error;
	}
	must(extras->hop_limit == hops && memcmp(&extras->stamp, &stamp, sizeof(stamp)) == 0);
	must(extras->has_error == (error != NULL));
	if (error)
		check_error(error, &extras->error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct icmp_in in; /* large; only the first message is used */
	struct input input = {data, size};
	struct record records[RECORDS];
	struct icmp_extras extras;
	unsigned count = 0, wanted = take_byte(&input) % (RECORDS + 1);
	size_t claimed = take_byte(&input);
	while (count < wanted)
		take_record(&input, &records[count++]);
	in.messages[0].msg_hdr = lay_out(records, count, claimed);
	sdr_icmp_in_extras(&in, 0, &extras);
	check_extras(records, count, &extras);
	free(in.messages[0].msg_hdr.msg_control);
	return 0;
}
