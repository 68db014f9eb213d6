/* test_hop_quote.c - what errors quote: whose it is, and what was made of it. Packets are put
 * together by hand; checksums are those of a sum written down apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "net/hop_quote.h"
#include "net/icmp.h"

#define OUTER 20
#define ERROR_AT OUTER
#define QUOTED_AT (OUTER + 8)
#define SEGMENT_AT (QUOTED_AT + 20)
#define UDP_SIZE 24 /* with its header */
#define WHOLE (SEGMENT_AT + UDP_SIZE)

static const struct sdr_addr router = {.version = 4, .bytes = {10, 7, 0, 1}},
			     own = {.version = 4, .bytes = {10, 1, 2, 3}},
			     target = {.version = 4, .bytes = {198, 51, 100, 9}};

static uint16_t plain_sum(const uint8_t *bytes, size_t length, unsigned long sum)
{
	for (size_t i = 0; i < length; i++)
		sum += i % 2 ? bytes[i] : bytes[i] * 256UL;
	return (uint16_t)(sum == 0 ? 0 : (sum - 1) % 0xffff + 1);
}

static void put(uint8_t *at, const struct sdr_addr *from, const struct sdr_addr *to)
{
	memcpy(at, from->bytes, 4);
	memcpy(at + 4, to->bytes, 4);
}

/* What IP adds to a sum of version 4. */
static unsigned long added(uint8_t protocol, unsigned size)
{
	uint8_t both[8];
	put(both, &own, &target);
	return plain_sum(both, 8, 0) + (unsigned long)protocol + size;
}

/* "Time exceeded" of a datagram from port 33000 to 33434 with TTL 1 and TOS 0xb8. */
static void make(uint8_t packet[static WHOLE])
{
	memset(packet, 0, WHOLE);
	packet[0] = 0x45;
	packet[9] = 1;
	put(packet + 12, &router, &own);
	packet[ERROR_AT] = 11;
	packet[QUOTED_AT] = 0x45;
	packet[QUOTED_AT + 1] = 0xb8;
	packet[QUOTED_AT + 8] = 1;
	packet[QUOTED_AT + 9] = 17;
	put(packet + QUOTED_AT + 12, &own, &target);
	uint8_t *udp = packet + SEGMENT_AT;
	const uint8_t head[] = {33000 >> 8, 33000 & 255, 33434 >> 8, 33434 & 255, 0, UDP_SIZE};
	memcpy(udp, head, sizeof(head));
	for (unsigned i = 8; i < UDP_SIZE; i++)
		udp[i] = (uint8_t)(i * 7);
	uint16_t check = (uint16_t)~plain_sum(udp, UDP_SIZE, added(17, UDP_SIZE));
	udp[6] = (uint8_t)(check >> 8);
	udp[7] = (uint8_t)check;
}

/* The sum of what was sent, its checksum zero. */
static uint32_t sent_sum(void)
{
	uint8_t packet[WHOLE];
	make(packet);
	packet[SEGMENT_AT + 6] = packet[SEGMENT_AT + 7] = 0;
	return plain_sum(packet + SEGMENT_AT, UDP_SIZE, 0);
}

static enum hop_nat nat_of(const uint8_t *packet, size_t length)
{
	struct hop_quote quote = {0};
	assert_true(sdr_hop_quote_parse(packet, length, 4, &quote));
	return sdr_hop_quote_nat(&quote, sent_sum(), UDP_SIZE);
}

static void test_what_is_read(void **state)
{
	uint8_t packet[WHOLE];
	struct hop_quote quote = {0};
	(void)state;
	make(packet);
	assert_true(sdr_hop_quote_parse(packet, WHOLE, 4, &quote));
	assert_int_equal(quote.type, 11);
	assert_int_equal(quote.code, 0);
	assert_int_equal(quote.protocol, 17);
	assert_int_equal(quote.ttl, 1);
	assert_int_equal(quote.tos, 0xb8);
	assert_int_equal(quote.length, UDP_SIZE);
	assert_memory_equal(quote.bytes, packet + SEGMENT_AT, UDP_SIZE);
	assert_int_equal(sdr_addr_compare(&quote.from, &router), 0);
	assert_int_equal(sdr_addr_compare(&quote.own, &own), 0);
	assert_int_equal(sdr_addr_compare(&quote.source, &own), 0);
	assert_int_equal(sdr_addr_compare(&quote.to, &target), 0);
	for (size_t length = 0; length <= SEGMENT_AT; length++)
		assert_false(sdr_hop_quote_parse(packet, length, 4, &quote));
	assert_true(sdr_hop_quote_parse(packet, SEGMENT_AT + 1, 4, &quote));
	packet[ERROR_AT] = 8; /* an echo, whatever it holds */
	assert_false(sdr_hop_quote_parse(packet, WHOLE, 4, &quote));
	packet[ERROR_AT] = 5; /* a redirect is no answer */
	assert_false(sdr_hop_quote_parse(packet, WHOLE, 4, &quote));
}

static void test_options_and_lengths_of_headers(void **state)
{
	uint8_t packet[WHOLE], longer[WHOLE + 8] = {0};
	struct hop_quote quote = {0};
	(void)state;
	make(packet);
	memcpy(longer, packet, SEGMENT_AT);
	memcpy(longer + SEGMENT_AT + 8, packet + SEGMENT_AT, UDP_SIZE);
	longer[QUOTED_AT] = 0x47;
	assert_true(sdr_hop_quote_parse(longer, sizeof(longer), 4, &quote));
	assert_memory_equal(quote.bytes, packet + SEGMENT_AT, UDP_SIZE);
	longer[QUOTED_AT] = 0x44; /* shorter than a header is */
	assert_false(sdr_hop_quote_parse(longer, sizeof(longer), 4, &quote));
	longer[QUOTED_AT] = 0x4f; /* longer than there is */
	assert_false(sdr_hop_quote_parse(longer, QUOTED_AT + 59, 4, &quote));
	longer[QUOTED_AT] = 0x65; /* of another version */
	assert_false(sdr_hop_quote_parse(longer, sizeof(longer), 4, &quote));
	longer[0] = 0x65;
	assert_false(sdr_hop_quote_parse(longer, sizeof(longer), 4, &quote));
}

/* With and without the header of a fragment. */
static void test_version_6(void **state)
{
	uint8_t packet[8 + 40 + 8 + 8] = {3, 0, [8] = 0x6b, 0x80, [14] = 58, 5};
	struct hop_quote quote = {0};
	(void)state;
	memset(packet + 16, 0x11, 16);
	memset(packet + 32, 0x22, 16);
	packet[48] = 128;
	assert_true(sdr_hop_quote_parse(packet, 56, 6, &quote));
	assert_int_equal(quote.tos, 0xb8);
	assert_int_equal(quote.ttl, 5);
	assert_int_equal(quote.protocol, 58);
	assert_int_equal(quote.source.bytes[15], 0x11);
	assert_int_equal(quote.to.bytes[0], 0x22);
	assert_int_equal(quote.length, 8);
	assert_int_equal(quote.bytes[0], 128);
	packet[14] = 44;
	packet[48] = 58;
	packet[56] = 128;
	assert_true(sdr_hop_quote_parse(packet, 64, 6, &quote));
	assert_int_equal(quote.protocol, 58);
	assert_int_equal(quote.bytes[0], 128);
	assert_false(sdr_hop_quote_parse(packet, 56, 6, &quote));
	packet[0] = 129;
	assert_false(sdr_hop_quote_parse(packet, 64, 6, &quote));
}

static void test_whose_it_is(void **state)
{
	uint8_t packet[WHOLE];
	struct hop_quote quote = {0};
	struct hop_answer answer = {.from = router, .type = 11};
	const struct hop_quote_wanted right = {.answer = &answer,
		.to = &target,
		.protocol = HOP_UDP,
		.ports = {33000, 33434},
		.bytes = packet + SEGMENT_AT + 8,
		.length = UDP_SIZE - 8};
	struct hop_quote_wanted wanted = right;
	(void)state;
	make(packet);
	assert_true(sdr_hop_quote_parse(packet, WHOLE, 4, &quote));
	assert_true(sdr_hop_quote_is(&quote, &wanted));
	wanted.ports[0]++;
	assert_false(sdr_hop_quote_is(&quote, &wanted));
	wanted = right;
	wanted.ports[1]--;
	assert_false(sdr_hop_quote_is(&quote, &wanted));
	wanted = right;
	wanted.protocol = HOP_TCP;
	assert_false(sdr_hop_quote_is(&quote, &wanted));
	wanted = right;
	wanted.to = &own;
	assert_false(sdr_hop_quote_is(&quote, &wanted));
	answer.code = 1;
	assert_false(sdr_hop_quote_is(&quote, &right));
	answer = (struct hop_answer){.from = router, .type = 3};
	assert_false(sdr_hop_quote_is(&quote, &right));
	answer = (struct hop_answer){.from = own, .type = 11};
	assert_false(sdr_hop_quote_is(&quote, &right));
	answer.from = router;
	packet[WHOLE - 1] ^= 1; /* `bytes` are those */
	assert_false(sdr_hop_quote_is(&quote, &right));
	wanted = right;
	wanted.length--;
	assert_true(sdr_hop_quote_is(&quote, &wanted));
	quote.length = 3;
	assert_false(sdr_hop_quote_is(&quote, &wanted));
}

static void test_another_checksum_or_address_is_a_nat(void **state)
{
	uint8_t packet[WHOLE], *udp = packet + SEGMENT_AT;
	(void)state;
	make(packet);
	assert_int_equal(nat_of(packet, WHOLE), HOP_NAT_NONE);
	assert_int_equal(nat_of(packet, SEGMENT_AT + 8), HOP_NAT_NONE);
	assert_int_equal(nat_of(packet, SEGMENT_AT + 7), HOP_NAT_UNKNOWN);
	packet[QUOTED_AT + 15]++;
	assert_int_equal(nat_of(packet, SEGMENT_AT + 7), HOP_NAT_SEEN);
	make(packet);
	udp[7]++;
	assert_int_equal(nat_of(packet, WHOLE), HOP_NAT_SEEN);
	udp[6] = udp[7] = 0;
	assert_int_equal(nat_of(packet, WHOLE), HOP_NAT_SEEN);
	uint16_t unfinished = plain_sum(NULL, 0, added(17, UDP_SIZE));
	udp[6] = (uint8_t)(unfinished >> 8);
	udp[7] = (uint8_t)unfinished;
	assert_int_equal(nat_of(packet, WHOLE), HOP_NAT_NONE);
}

/* A sum of zero is sent as its other form, since zero means none. RFC 768. */
static void test_a_udp_checksum_of_zero(void **state)
{
	uint8_t packet[WHOLE];
	struct hop_quote quote = {0};
	(void)state;
	make(packet);
	packet[SEGMENT_AT + 6] = packet[SEGMENT_AT + 7] = 0xff;
	assert_true(sdr_hop_quote_parse(packet, WHOLE, 4, &quote));
	uint32_t rest = 0xffff - plain_sum(NULL, 0, added(17, UDP_SIZE));
	assert_int_equal(sdr_hop_quote_nat(&quote, rest, UDP_SIZE), HOP_NAT_NONE);
}

/* Echoes of version 4 have a sum over themselves alone. */
static void test_icmp(void **state)
{
	uint8_t packet[WHOLE], *echo = packet + SEGMENT_AT;
	struct hop_quote quote = {0};
	(void)state;
	make(packet);
	packet[QUOTED_AT + 9] = 1;
	echo[2] = echo[3] = 0;
	uint16_t sum = plain_sum(echo, UDP_SIZE, 0);
	echo[2] = (uint8_t)((uint16_t)~sum >> 8);
	echo[3] = (uint8_t)~sum;
	assert_true(sdr_hop_quote_parse(packet, WHOLE, 4, &quote));
	assert_int_equal(sdr_hop_quote_nat(&quote, sum, UDP_SIZE), HOP_NAT_NONE);
	assert_int_equal(sdr_hop_quote_nat(&quote, sum + 1u, UDP_SIZE), HOP_NAT_SEEN);
	const struct hop_answer answer = {.from = router, .type = 11};
	struct hop_quote_wanted wanted = {
		.answer = &answer, .to = &target, .bytes = echo, .length = 8};
	assert_true(sdr_hop_quote_is(&quote, &wanted));
	wanted.bytes = echo + 1;
	assert_false(sdr_hop_quote_is(&quote, &wanted));
}

/* Its own sum is right, or not. */
static void test_tcp(void **state)
{
	uint8_t packet[WHOLE], *tcp = packet + SEGMENT_AT;
	struct hop_quote quote = {0};
	(void)state;
	make(packet);
	packet[QUOTED_AT + 9] = 6;
	tcp[12] = 0x60;
	tcp[16] = tcp[17] = 0;
	uint16_t check = (uint16_t)~plain_sum(tcp, 24, added(6, 24));
	tcp[16] = (uint8_t)(check >> 8);
	tcp[17] = (uint8_t)check;
	assert_true(sdr_hop_quote_parse(packet, WHOLE, 4, &quote));
	const struct hop_answer answer = {.from = router, .type = 11};
	const struct hop_quote_wanted wanted = {.answer = &answer,
		.to = &target,
		.protocol = HOP_TCP,
		.ports = {33000, 33434},
		.bytes = tcp,
		.length = 24};
	assert_true(sdr_hop_quote_is(&quote, &wanted));
	tcp[4]++; /* another segment of the same ports */
	assert_false(sdr_hop_quote_is(&quote, &wanted));
	assert_int_equal(sdr_hop_quote_nat_tcp(&quote), HOP_NAT_NONE);
	quote.bytes[5]++;
	assert_int_equal(sdr_hop_quote_nat_tcp(&quote), HOP_NAT_SEEN);
	quote.bytes[5]--;
	quote.length = 23; /* one byte of it is missing */
	assert_int_equal(sdr_hop_quote_nat_tcp(&quote), HOP_NAT_UNKNOWN);
	quote.source.bytes[0]++;
	assert_int_equal(sdr_hop_quote_nat_tcp(&quote), HOP_NAT_SEEN);
	quote.source.bytes[0]--;
	quote.length = 24;
	quote.bytes[12] = 0x40; /* shorter than a header is */
	assert_int_equal(sdr_hop_quote_nat_tcp(&quote), HOP_NAT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_read),
		cmocka_unit_test(test_options_and_lengths_of_headers),
		cmocka_unit_test(test_version_6),
		cmocka_unit_test(test_whose_it_is),
		cmocka_unit_test(test_another_checksum_or_address_is_a_nat),
		cmocka_unit_test(test_a_udp_checksum_of_zero),
		cmocka_unit_test(test_icmp),
		cmocka_unit_test(test_tcp),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
