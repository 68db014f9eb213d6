/* The ICMP codec: requests as they must be on the wire, replies, errors with what they quote,
 * words; and the token. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/icmp.h"
#include "net/icmp_in.h"
#include "net/icmp_out.h"
#include "net/token.h"

static void test_request_has_token_magic_and_checksum(void **state)
{
	(void)state;
	uint8_t packet[64] = {0}, head[20];
	struct icmp_echo echo = {0x1234, 0xfffe, 56, true, 0x0102030405060708u, true, 0xcafebabeu};
	static const uint8_t expected[20] = {
		8, 0, 0, 0, 0x12, 0x34, 0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7, 8, 0xca, 0xfe, 0xba, 0xbe};
	assert_int_equal(sdr_icmp_encode(head, 4, &echo), 20);
	assert_memory_equal(head, expected, 20);
	sdr_icmp_pattern(packet + 8, 56);
	memcpy(packet, head, 20);
	assert_int_equal(packet[20], 12); /* the pattern goes on at its own offset */
	uint16_t sum = sdr_icmp_fold(sdr_icmp_sum(sdr_icmp_sum(0, packet, 20), packet + 20, 44));
	packet[2] = (uint8_t)(sum >> 8);
	packet[3] = (uint8_t)sum;
	assert_int_equal(sdr_icmp_fold(sdr_icmp_sum(0, packet, 64)), 0);
	packet[40] ^= 1;
	assert_int_not_equal(sdr_icmp_fold(sdr_icmp_sum(0, packet, 64)), 0);
	echo.size = 8;
	assert_int_equal(sdr_icmp_encode(head, 6, &echo), 16);
	assert_int_equal(head[0], 128);
	echo.size = 7;
	assert_int_equal(sdr_icmp_encode(head, 4, &echo), 8);
}

static void test_checksum_of_rfc1071(void **state)
{
	(void)state;
	static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
	assert_int_equal(sdr_icmp_fold(sdr_icmp_sum(0, bytes, 8)), (uint16_t)~0xddf2);
	assert_int_equal(sdr_icmp_fold(sdr_icmp_sum(0, bytes, 7)), (uint16_t) ~(0xddf2 - 0xf7));
	/* No carry is lost, not even that out of a full sum. */
	assert_int_equal(sdr_icmp_fold(sdr_icmp_sum(UINT32_MAX, bytes, 2)), (uint16_t)~1);
}

/* What was cut off was longer than what is there, by how much isn't known. */
static void test_sizes_of_what_came_in(void **state)
{
	(void)state;
	static struct icmp_in in;
	in.messages[1].msg_len = 100;
	assert_int_equal(sdr_icmp_in_size(&in, 1), 100);
	in.messages[1].msg_hdr.msg_flags = MSG_TRUNC;
	assert_int_equal(sdr_icmp_in_size(&in, 1), 101);
	in.messages[1].msg_hdr.msg_flags = MSG_CTRUNC;
	assert_int_equal(sdr_icmp_in_size(&in, 1), 100);
}

/* What the kernel reports beside a message, in whatever order; what nobody asked for is passed
 * over. */
static void test_extras_of_what_came_in(void **state)
{
	(void)state;
	static struct icmp_in in;
	static const struct {
		int level, type, hop_limit;
		bool error;
	} rows[] = {{IPPROTO_IP, IP_TTL, 64, false}, {IPPROTO_IPV6, IPV6_HOPLIMIT, 64, false},
		{IPPROTO_IP, IP_RECVERR, -1, true}, {IPPROTO_IPV6, IPV6_RECVERR, -1, true},
		{IPPROTO_IPV6, IP_TTL, -1, false}, {IPPROTO_IP, IPV6_HOPLIMIT, -1, false},
		{IPPROTO_UDP, IP_RECVERR, -1, false}, {SOL_SOCKET, IPV6_RECVERR, -1, false}};
	struct msghdr *header = &in.messages[2].msg_hdr;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct timespec stamp = {11, 22};
		struct sock_extended_err err = {.ee_errno = 64};
		struct icmp_extras extras;
		header->msg_control = in.control[2];
		header->msg_controllen = CMSG_SPACE(sizeof(stamp)) + CMSG_SPACE(sizeof(err));
		struct cmsghdr *cmsg = CMSG_FIRSTHDR(header);
		cmsg->cmsg_level = rows[i].level;
		cmsg->cmsg_type = rows[i].type;
		cmsg->cmsg_len = CMSG_LEN(sizeof(err));
		memcpy(CMSG_DATA(cmsg), &err, sizeof(err));
		cmsg = CMSG_NXTHDR(header, cmsg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SO_TIMESTAMPING;
		cmsg->cmsg_len = CMSG_LEN(sizeof(stamp));
		memcpy(CMSG_DATA(cmsg), &stamp, sizeof(stamp));
		sdr_icmp_in_extras(&in, 2, &extras);
		assert_int_equal(extras.hop_limit, rows[i].hop_limit);
		assert_int_equal(extras.has_error, rows[i].error);
		assert_true(extras.stamp.tv_sec == 11 && extras.stamp.tv_nsec == 22);
	}
}

static void test_D6_replies_of_all_lengths(void **state)
{
	(void)state;
	uint8_t packet[64];
	struct icmp_echo echo = {7, 9, 56, true, 42, true, 43};
	sdr_icmp_pattern(packet + 8, 56);
	sdr_icmp_encode(packet, 4, &echo);
	packet[0] = 0;
	for (size_t length = 0; length <= 64; length++) {
		struct icmp_message message;
		sdr_icmp_decode(4, packet, length, length, &message);
		assert_int_equal(message.kind, length < 8 ? ICMP_KIND_OTHER : ICMP_KIND_REPLY);
		if (length < 8)
			continue;
		assert_int_equal(message.echo.sequence, 9);
		assert_int_equal(message.echo.size, length - 8);
		assert_int_equal(message.echo.has_token, length >= 16);
		assert_int_equal(message.echo.has_magic, length >= 20);
		assert_true(length < 16 || message.echo.token == 42);
	}
	struct icmp_message message;
	packet[1] = 1; /* a reply has code 0 */
	sdr_icmp_decode(4, packet, 64, 64, &message);
	assert_int_equal(message.kind, ICMP_KIND_OTHER);
}

/* An error of `type` and `code` that quotes IPv4 (ihl words), `quoted` bytes of our request. */
static size_t build_error(uint8_t *out, uint8_t type, uint8_t code, size_t ihl, size_t quoted)
{
	struct icmp_echo echo = {0xabcd, 77, 56, true, 0x1122334455667788u, true, 1};
	uint8_t head[20];
	memset(out, 0, 8 + ihl * 4);
	out[0] = type;
	out[1] = code;
	out[6] = 0x05;
	out[7] = 0xdc;
	out[8] = (uint8_t)(0x40 | ihl);
	out[17] = 1;
	memcpy(out + 24, (uint8_t[]){192, 0, 2, 1}, 4);
	sdr_icmp_encode(head, 4, &echo);
	memcpy(out + 8 + ihl * 4, head, quoted);
	return 8 + ihl * 4 + quoted;
}

static void test_D13_errors_quote_as_little_as_8_bytes(void **state)
{
	(void)state;
	uint8_t packet[128];
	for (size_t ihl = 5; ihl <= 15; ihl++) {
		for (size_t quoted = 0; quoted <= 20; quoted++) {
			struct icmp_message message;
			size_t length = build_error(packet, 3, 4, ihl, quoted);
			sdr_icmp_decode(4, packet, length, length, &message);
			assert_int_equal(message.kind, ICMP_KIND_ERROR);
			assert_int_equal(message.mtu, 1500);
			assert_int_equal(message.quotes_echo, quoted >= 8);
			if (quoted < 8)
				continue;
			assert_int_equal(message.echo.identifier, 0xabcd);
			assert_int_equal(message.echo.sequence, 77);
			assert_int_equal(message.quoted_to.bytes[0], 192);
			assert_int_equal(message.echo.has_token, quoted >= 16);
		}
	}
}

static void test_extensions_are_not_the_quoted_packet(void **state)
{
	(void)state;
	uint8_t packet[128];
	struct icmp_message message;
	size_t length = build_error(packet, 11, 0, 5, 20);
	packet[5] = 7; /* RFC 4884: 28 bytes are quoted; the token lies beyond */
	sdr_icmp_decode(4, packet, length, length, &message);
	assert_true(message.quotes_echo);
	assert_false(message.echo.has_token);
}

static void test_v6_error(void **state)
{
	(void)state;
	uint8_t packet[68] = {2, 0, 0, 0, 0, 0, 5, 0};
	struct icmp_echo echo = {1, 2, 8, true, 3, false, 0};
	struct icmp_message message;
	packet[8] = 0x60;
	packet[14] = 58;
	packet[8 + 24] = 0x20;
	sdr_icmp_encode(packet + 48, 6, &echo);
	sdr_icmp_decode(6, packet, 64, 64, &message);
	assert_int_equal(message.kind, ICMP_KIND_ERROR);
	assert_int_equal(message.mtu, 1280);
	assert_true(message.quotes_echo);
	assert_int_equal(message.quoted_to.bytes[0], 0x20);
	assert_int_equal(message.echo.sequence, 2);
	packet[14] = 17; /* somebody's UDP */
	sdr_icmp_decode(6, packet, 64, 64, &message);
	assert_false(message.quotes_echo);
}

static void test_words_and_outcomes(void **state)
{
	(void)state;
	char words[SDR_ICMP_WORDS];
	assert_string_equal(sdr_icmp_words(words, 4, 3, 1, 0), "Destination Host Unreachable");
	assert_string_equal(
		sdr_icmp_words(words, 4, 3, 4, 1400), "Frag needed and DF set (mtu = 1400)");
	assert_string_equal(sdr_icmp_words(words, 4, 3, 99, 0), "Dest Unreachable, Bad Code: 99");
	assert_string_equal(sdr_icmp_words(words, 6, 2, 0, 1280), "Packet too big: mtu=1280");
	assert_string_equal(sdr_icmp_words(words, 6, 3, 0, 0), "Time exceeded: Hop limit");
	assert_string_equal(sdr_icmp_words(words, 4, 200, 3, 0), "ICMP type 200 code 3");
}

/* RFC 4443 sec. 3.1, RFC 792, and what IANA has added: each has a name of its own, and none beyond
 * has. */
static void test_KC6_every_code_has_its_name(void **state)
{
	(void)state;
	static const struct {
		uint8_t version, type, codes;
	} tables[] = {{4, 3, 16}, {4, 11, 2}, {4, 12, 3}, {6, 1, 9}, {6, 3, 2}, {6, 4, 11}};
	char words[SDR_ICMP_WORDS], other[SDR_ICMP_WORDS];
	assert_string_equal(sdr_icmp_words(words, 6, 1, 5, 0),
		"Destination unreachable: Source address failed ingress/egress policy");
	assert_string_equal(sdr_icmp_words(words, 6, 1, 6, 0),
		"Destination unreachable: Reject route to destination");
	assert_int_equal(sdr_icmp_outcome(6, 1, 5), SDR_OUTCOME_PROHIBITED);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		for (uint8_t code = 0; code < tables[i].codes; code++) {
			sdr_icmp_words(words, tables[i].version, tables[i].type, code, 0);
			assert_null(strstr(words, "code"));
			assert_null(strstr(words, "Code"));
			for (uint8_t before = 0; before < code; before++)
				assert_string_not_equal(sdr_icmp_words(other, tables[i].version,
								tables[i].type, before, 0),
					words);
		}
		sdr_icmp_words(words, tables[i].version, tables[i].type, tables[i].codes, 0);
		assert_true(strstr(words, "code") || strstr(words, "Code"));
	}
	assert_int_equal(sdr_icmp_outcome(4, 3, 13), SDR_OUTCOME_PROHIBITED);
	assert_int_equal(sdr_icmp_outcome(4, 11, 0), SDR_OUTCOME_TTL_EXCEEDED);
	assert_int_equal(sdr_icmp_outcome(6, 1, 1), SDR_OUTCOME_PROHIBITED);
	for (unsigned type = 0; type < 256; type++)
		for (unsigned code = 0; code < 256; code++)
			for (uint8_t version = 4; version <= 6; version += 2)
				assert_true(strlen(sdr_icmp_words(words, version, (uint8_t)type,
						    (uint8_t)code, UINT32_MAX)) > 0);
}

/* The test vector of the Speck paper, appendix C. */
static void test_token_is_speck_and_opens(void **state)
{
	(void)state;
	static const uint32_t words[4] = {0x03020100, 0x0b0a0908, 0x13121110, 0x1b1a1918};
	struct token_key key;
	sdr_token_init(&key, words);
	assert_true(sdr_token_seal(&key, 0x3b726574, 0x7475432d) == 0x8c6fa548454e028bu);
	for (uint32_t i = 0; i < 100000; i++) {
		uint32_t target, sequence;
		sdr_token_open(&key, sdr_token_seal(&key, i * 2654435761u, ~i), &target, &sequence);
		assert_true(target == i * 2654435761u && sequence == ~i);
	}
}

static void put_numbered(struct icmp_out *out, uint64_t sequence)
{
	struct icmp_request request = {
		.tag = {sequence, 7, 0}, .to = {.version = 4}, .size = 40 + (uint32_t)sequence};
	request.to.bytes[3] = (uint8_t)sequence;
	request.hop_limit = sequence % 2 ? 9 : 0;
	sdr_icmp_out_put(out, &request);
}

/* What stays is complete: address, head, size, options and tag move together. */
static void test_D15_requests_dropped_from_within(void **state)
{
	(void)state;
	static struct icmp_out out, plain;
	static const uint64_t left[] = {1, 4, 5, 6};
	assert_int_equal(sdr_icmp_out_init(&out, 4, 1, 2), SDR_OK);
	assert_int_equal(sdr_icmp_out_init(&plain, 4, 1, 2), SDR_OK);
	for (uint64_t i = 1; i <= 7; i++)
		put_numbered(&out, i);
	sdr_icmp_out_drop(&out, 1, 2);
	sdr_icmp_out_drop(&out, 4, 1);
	assert_int_equal(out.count, 4);
	for (unsigned i = 0; i < 4; i++) {
		const struct msghdr *is = &out.messages[i].msg_hdr,
				    *wanted = &plain.messages[i].msg_hdr;
		put_numbered(&plain, left[i]);
		assert_int_equal(out.tags[i].sequence, left[i]);
		assert_memory_equal(&out.to[i].v4.sin_addr, &plain.to[i].v4.sin_addr, 4);
		assert_int_equal(is->msg_iov[0].iov_len, wanted->msg_iov[0].iov_len);
		assert_memory_equal(is->msg_iov[0].iov_base, wanted->msg_iov[0].iov_base,
			wanted->msg_iov[0].iov_len);
		assert_int_equal(is->msg_controllen, wanted->msg_controllen);
		assert_true((is->msg_control == NULL) == (wanted->msg_control == NULL));
	}
	sdr_icmp_out_drop(&out, 0, 4);
	assert_int_equal(out.count, 0);
	sdr_icmp_out_done(&out);
	sdr_icmp_out_done(&plain);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_has_token_magic_and_checksum),
		cmocka_unit_test(test_checksum_of_rfc1071),
		cmocka_unit_test(test_sizes_of_what_came_in),
		cmocka_unit_test(test_extras_of_what_came_in),
		cmocka_unit_test(test_D6_replies_of_all_lengths),
		cmocka_unit_test(test_D13_errors_quote_as_little_as_8_bytes),
		cmocka_unit_test(test_extensions_are_not_the_quoted_packet),
		cmocka_unit_test(test_v6_error),
		cmocka_unit_test(test_words_and_outcomes),
		cmocka_unit_test(test_KC6_every_code_has_its_name),
		cmocka_unit_test(test_token_is_speck_and_opens),
		cmocka_unit_test(test_D15_requests_dropped_from_within),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
