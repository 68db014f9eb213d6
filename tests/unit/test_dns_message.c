/* Messages: golden packets, and ones that lie about counts, lengths and pointers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dns/message.h"
#include "sounder/clock.h"

/* A packet under construction. */
struct packet {
	uint8_t bytes[65535];
	size_t length;
};

static void put(struct packet *packet, const void *bytes, size_t length)
{
	assert_true(packet->length + length <= sizeof(packet->bytes));
	memcpy(packet->bytes + packet->length, bytes, length);
	packet->length += length;
}

static void put16(struct packet *packet, unsigned value)
{
	const uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};
	put(packet, bytes, 2);
}

/* Header of an answer with one question, x. A IN. */
static struct packet *answer(
	unsigned flags, unsigned answers, unsigned authority, unsigned additional)
{
	struct packet *packet = calloc(1, sizeof(*packet));
	assert_non_null(packet);
	put16(packet, 0x1234);
	put16(packet, 0x8000 | flags);
	put16(packet, 1);
	put16(packet, answers);
	put16(packet, authority);
	put16(packet, additional);
	put(packet, "\1x\0\0\1\0\1", 7);
	return packet;
}

/* A record owned by x. (the question's name, by pointer). */
static void record(struct packet *packet, unsigned type, const void *data, unsigned length)
{
	put16(packet, 0xc00c);
	put16(packet, type);
	put16(packet, 1);
	put(packet, "\0\0\0\74", 4);
	put16(packet, length);
	put(packet, data, length);
}

static enum sdr_status decode(struct packet *packet, struct sdr_message **message)
{
	enum sdr_status status =
		sdr_message_decode(packet->bytes, packet->length, NULL, message, NULL);
	free(packet);
	return status;
}

static void check_data(
	unsigned type, const void *data, unsigned length, const char *type_text, const char *text)
{
	struct packet *packet = answer(0, 1, 0, 0);
	struct sdr_message *message;
	record(packet, type, data, length);
	assert_int_equal(decode(packet, &message), SDR_OK);
	assert_int_equal(message->count, 1);
	assert_string_equal(message->records[0].name, "x.");
	assert_string_equal(message->records[0].type_text, type_text);
	assert_string_equal(message->records[0].klass, "IN");
	assert_string_equal(message->records[0].data, text);
	assert_int_equal(message->records[0].ttl, 60);
	sdr_message_free(message);
}

static void test_presentation(void **state)
{
	(void)state;
	check_data(1, "\177\0\0\1", 4, "A", "127.0.0.1");
	check_data(28, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16, "AAAA", "::1");
	check_data(15, "\0\12\2mx\xc0\x0c", 7, "MX", "10 mx.x.");
	check_data(33, "\0\1\0\2\0\120\1s\0", 9, "SRV", "1 2 80 s.");
	check_data(16, "\2ab\1\"", 5, "TXT", "\"ab\" \"\\\"\"");
	check_data(257, "\0\5issueca.x", 11, "CAA", "0 issue \"ca.x\"");
	check_data(6, "\1a\0\1b\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5", 26, "SOA",
		"a. b. 1 2 3 4 5");
	check_data(65281, "\1\2\3", 3, "TYPE65281", "\\# 3 010203");
	check_data(65281, "", 0, "TYPE65281", "\\# 0");
}

/* Most are the examples of the types' RFCs, with shorter keys. */
static const struct {
	unsigned type, length;
	const char *name, *data, *text;
} forms[] = {
	{11, 9, "WKS", "\012\000\000\001\006\000\000\000@", "10.0.0.1 6 25"},
	{13, 12, "HINFO", "\006PDP-11\004UNIX", "\"PDP-11\" \"UNIX\""},
	{17, 8, "RP", "\001a\001b\000\001c\000", "a.b. c."},
	{20, 20, "ISDN", "\017150862028003217\003004", "\"150862028003217\" \"004\""},
	{22, 20, "NSAP", "G\000\005\200\000Z\000\000\000\000\001\3413\377\377\377\000\001a\000",
		"0x47000580005a0000000001e133ffffff00016100"},
	{26, 10, "PX", "\000\012\001a\001b\000\001c\000", "10 a.b. c."},
	{27, 23, "GPOS", "\010-32.6882\010116.8652\00410.0", "\"-32.6882\" \"116.8652\" \"10.0\""},
	{29, 16, "LOC", "\0003\026\023\211\027-\320p\276\025\360\000\230\215 ",
		"42 21 54.000 N 71 6 18.000 W -24.00m 30m 10000m 10m"},
	{29, 16, "LOC", "\000\022\021\020\177\377\372$\200\000\356I\000\230\226\373",
		"0 0 1.500 S 0 1 1.001 E 1.23m 1m 0.10m 0.01m"},
	{34, 12, "ATMA", "\00161200000000", "+61200000000"},
	{34, 4, "ATMA", "\0009$o", "39246f"},
	{35, 30, "NAPTR", "\000d\0002\001s\010http+I2L\000\005_http\004_tcp\001x\000",
		"100 50 \"s\" \"http+I2L\" \"\" _http._tcp.x."},
	{37, 8, "CERT", "\000\00109\010key", "PKIX 12345 RSASHA256 a2V5"},
	{37, 6, "CERT", "\000\375\000\000\005x", "URI 0 RSASHA1 eA=="},
	{38, 17, "A6", "\000 \001\015\270\000\000\000\000\000\000\000\000\000\000\000\001",
		"0 2001:db8::1"},
	{38, 12, "A6", "@\000\000\000\000\000\000\000\005\001x\000", "64 ::5 x."},
	{38, 4, "A6", "\200\001x\000", "128 x."},
	{42, 19, "APL", "\000\001\025\003\300\250 \000\001\034\203\300\250&\000\002\010\001\377",
		"1:192.168.32.0/21 !1:192.168.38.0/28 2:ff00::/8"},
	{43, 24, "DS", "\354E\005\001+\261\203\257_\042X\201y\245;\012\230c\037\255\032)!\030",
		"60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"},
	{44, 22, "SSHFP", "\002\001\0224Vx\232\274\336\366x\220\0224Vx\232\274\336\366x\220",
		"2 1 123456789ABCDEF67890123456789ABCDEF67890"},
	{45, 10, "IPSECKEY", "\012\001\002\300\000\002&key", "10 1 2 192.0.2.38 a2V5"},
	{45, 19, "IPSECKEY",
		"\012\002\000 \001\015\270\000\000\000\000\000\000\000\000\000\000"
		"\000\001",
		"10 2 0 2001:db8::1"},
	{45, 11, "IPSECKEY", "\012\003\002\001g\001x\000key", "10 3 2 g.x. a2V5"},
	{45, 6, "IPSECKEY", "\012\000\002key", "10 0 2 . a2V5"},
	{46, 34, "RRSIG",
		"\000\001\005\003\000\001Q\200>|\235\327>U\020\327\012R\007example"
		"\003com\000key",
		"A 5 3 86400 20030322173103 20030220173103 2642 example.com. a2V5"},
	{47, 55, "NSEC",
		"\004host\007example\003com\000\000\006@\001\000\000\000\003\004\033"
		"\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
		"\000\000\000\000\000\000\000\000\000 ",
		"host.example.com. A MX RRSIG NSEC TYPE1234"},
	{48, 7, "DNSKEY", "\001\000\003\005key", "256 3 5 a2V5"},
	{50, 39, "NSEC3",
		"\001\001\000\014\004\252\273\314\335\024\027\363\337\027\262\262\255"
		"\256\366\025%}\344\322\002\013\200\254l|\000\007\042\001\000\000\000"
		"\002\220",
		"1 1 12 AABBCCDD 2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S NS SOA MX RRSIG DNSKEY "
		"NSEC3PARAM"},
	{51, 9, "NSEC3PARAM", "\001\000\000\014\004\252\273\314\335", "1 0 12 AABBCCDD"},
	{51, 5, "NSEC3PARAM", "\001\000\000\000\000", "1 0 0 -"},
	{52, 5, "TLSA", "\003\001\001\015o", "3 1 1 0D6F"},
	{55, 33, "HIP",
		"\020\002\000\003 \001\000\020{\032t\3376V9\3149\361\325xkey\003rvs"
		"\001x\000\001y\000",
		"2 200100107B1A74DF365639CC39F1D578 a2V5 rvs.x. y."},
	{62, 12, "CSYNC", "\000\000\000B\000\003\000\004`\000\000\010", "66 3 A NS AAAA"},
	{63, 54, "ZONEMD",
		"xH\267\214\001\001\376\276=L\342\354/\372\376\276=L\342\354/\372\376"
		"\276=L\342\354/\372\376\276=L\342\354/\372\376\276=L\342\354/\372"
		"\376\276=L\342\354/\372",
		"2018031500 1 1 FEBE3D4CE2EC2FFAFEBE3D4CE2EC2FFAFEBE3D4CE2EC2FFAFEBE3D4CE2EC2F"
		"FAFEBE3D4CE2EC2FFAFEBE3D4CE2EC2FFA"},
	{64, 19, "SVCB", "\000\000\003foo\007example\003com\000", "0 foo.example.com."},
	{64, 25, "SVCB", "\000\020\003foo\007example\003com\000\000\003\000\002\0005",
		"16 foo.example.com. port=53"},
	{64, 32, "SVCB", "\000\001\003foo\007example\003com\000\002\233\000\011hello\322qoo",
		"1 foo.example.com. key667=\"hello\\210qoo\""},
	{65, 55, "HTTPS",
		"\000\001\003foo\007example\003com\000\000\006\000  \001\015\270\000"
		"\000\000\000\000\000\000\000\000\000\000\001 \001\015\270\000\000"
		"\000\000\000\000\000\000\000S\000\001",
		"1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1"},
	{65, 52, "HTTPS",
		"\000\020\003foo\007example\003org\000\000\000\000\004\000\001\000"
		"\004\000\001\000\011\002h2\005h3-19\000\004\000\010\300\000\002\001"
		"\300\000\002\002",
		"16 foo.example.org. mandatory=alpn,ipv4hint alpn=\"h2,h3-19\" ipv4hint=192.0."
		"2.1,192.0.2.2"},
	{64, 35, "SVCB",
		"\000\020\003foo\007example\003org\000\000\001\000\014\010f\134oo,bar"
		"\002h2",
		"16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\""},
	{65, 21, "HTTPS", "\000\001\000\000\001\000\003\002h2\000\002\000\000\000\005\000\003key",
		"1 . alpn=\"h2\" no-default-alpn ech=a2V5"},
	{104, 10, "NID", "\000\012\000\024O\377\377 \356d", "10 14:4fff:ff20:ee64"},
	{105, 6, "L32", "\000\012\012\001\002\000", "10 10.1.2.0"},
	{108, 6, "EUI48", "\000\000^\000S*", "00-00-5e-00-53-2a"},
	{109, 8, "EUI64", "\000\000^\357\020\000\000*", "00-00-5e-ef-10-00-00-2a"},
	{256, 33, "URI", "\000\012\000\001ftp://ftp1.example.com/public",
		"10 1 \"ftp://ftp1.example.com/public\""},
	{260, 6, "AMTRELAY", "\012\001\313\000q\017", "10 0 1 203.0.113.15"},
	{260, 25, "AMTRELAY", "\200\203\011amtrelays\007example\003com\000",
		"128 1 3 amtrelays.example.com."},
	{260, 2, "AMTRELAY", "\012\000", "10 0 0 ."},
};

static void test_forms_of_the_rfcs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		check_data(forms[i].type, forms[i].data, forms[i].length, forms[i].name,
			forms[i].text);
}

/* Escape sequences and NULs in TXT stay visible and whole. */
static void test_A8_nul_and_escapes_in_txt(void **state)
{
	(void)state;
	check_data(16, "\7a\0\33]0;\a", 8, "TXT", "\"a\\000\\027]0;\\007\"");
	check_data(16, "\2\xc2\x9b", 3, "TXT", "\"\\194\\155\"");
}

/* Labels with dots, backslashes, blanks and binary bytes: escaped, and read back to the same wire
 * form. */
static void test_A9_labels_round_trip(void **state)
{
	(void)state;
	check_data(2, "\3a.b\0", 5, "NS", "a\\.b.");
	check_data(2, "\3a\\b\0", 5, "NS", "a\\\\b.");
	check_data(2, "\3a b\0", 5, "NS", "a\\032b.");
	for (unsigned byte = 0; byte < 256; byte++) {
		const uint8_t name[4] = {2, 'n', (uint8_t)byte, 0};
		struct packet *packet = answer(0, 1, 0, 0);
		struct sdr_message *message;
		uint8_t wire[SDR_MESSAGE_QUESTION];
		record(packet, 2, name, 4);
		assert_int_equal(decode(packet, &message), SDR_OK);
		struct sdr_message_question question = {
			.name = message->records[0].data, .type = 1};
		assert_int_equal(sdr_message_encode(wire, &question), 12 + 4 + 4);
		assert_memory_equal(wire + 12, name, 4);
		sdr_message_free(message);
	}
}

static void test_A10_names_become_a_labels(void **state)
{
	char name[SDR_MESSAGE_NAME];
	struct sdr_error error;
	(void)state;
	assert_int_equal(sdr_message_name(name,
				 "b\xc3\xbc"
				 "cher.example",
				 &error),
		SDR_OK);
	assert_string_equal(name, "xn--bcher-kva.example");
	assert_int_equal(sdr_message_name(name, "xn--bcher-kva.example", &error), SDR_OK);
	assert_string_equal(name, "xn--bcher-kva.example");
	assert_int_equal(sdr_message_name(name, "a\xff.example", &error), SDR_EINVAL);
	assert_int_equal(sdr_message_name(name, "", &error), SDR_EINVAL);
	assert_int_equal(sdr_message_name(name, "a..b", &error), SDR_EINVAL);
	assert_int_equal(
		sdr_message_name(name,
			"0123456789012345678901234567890123456789012345678901234567890123.x",
			&error),
		SDR_EINVAL);
	assert_int_equal(sdr_message_name(name, "_sip._tcp.x", &error), SDR_OK);
}

static void test_header(void **state)
{
	struct packet *packet = answer(0x0583, 0, 0, 1);
	struct sdr_message *message;
	(void)state;
	put(packet, "\0\0\51\4\320\1\0\0\0\0\0", 11); /* OPT, extended rcode 1 */
	assert_int_equal(decode(packet, &message), SDR_OK);
	assert_true(message->edns.present && message->authoritative && message->recursion_desired &&
		message->recursion_available);
	assert_false(message->truncated);
	assert_int_equal(message->rcode, 16 + 3);
	assert_int_equal(message->count, 0);
	sdr_message_free(message);
}

/* What this thread has computed: other programs on its core cost nothing of it. */
static sdr_ns cpu_now(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), 0);
	return (sdr_ns)now.tv_sec * SDR_SECOND + now.tv_nsec;
}

static void malformed(struct packet *packet)
{
	struct sdr_message *message = NULL;
	sdr_ns start = cpu_now();
	assert_int_equal(decode(packet, &message), SDR_EMALFORMED);
	assert_null(message);
	assert_true(cpu_now() - start < 20 * SDR_MS);
}

static void test_B9_pointer_loops(void **state)
{
	(void)state;
	struct packet *packet = answer(0, 1, 0, 0);
	put(packet, "\xc0\x13\0\1\0\1\0\0\0\0\0\4\1\1\1\1",
		16); /* the owner points to itself: 0x13 is its own place */
	malformed(packet);
	packet = answer(0, 1, 0, 0);
	record(packet, 5, "\xc0\x1f", 2); /* the CNAME's target points to itself */
	malformed(packet);
	packet = answer(0, 1, 0, 0);
	put(packet, "\1a\xc0\x13\0\1\0\1\0\0\0\0\0\0", 14); /* a.a.a.a... for ever */
	malformed(packet);
}

/* A chain of pointers through 16 kB, which the decoder behind would follow for each of thousands of
 * names. */
static void test_B9_pointer_chain(void **state)
{
	(void)state;
	struct packet *packet = answer(0, 3000, 0, 0);
	const unsigned room = 15000;
	uint8_t *data = calloc(1, room);
	assert_non_null(data);
	size_t start = packet->length + 12;
	for (unsigned at = 2; at + 2 <= room; at += 2) {
		size_t to = start + at - 2;
		data[at] = (uint8_t)(0xc0 | to >> 8);
		data[at + 1] = (uint8_t)to;
	}
	record(packet, 65280, data, room);
	free(data);
	size_t head = start + room - 2;
	const uint8_t name[2] = {(uint8_t)(0xc0 | head >> 8), (uint8_t)head};
	for (unsigned i = 1; i < 3000; i++)
		record(packet, 2, name, 2);
	malformed(packet);
}

static void test_B10_lengths_and_counts_lie(void **state)
{
	(void)state;
	malformed(answer(0, 65535, 0, 0));
	malformed(answer(0, 1, 0, 0));
	malformed(answer(0, 0, 65535, 65535));
	struct packet *packet = answer(0, 1, 0, 0);
	put(packet, "\xc0\x0c\0\1\0\1\0\0\0\0\xff\xff\1\1", 14); /* RDLENGTH past the end */
	malformed(packet);
	packet = answer(0, 1, 0, 0);
	record(packet, 1, "\1\1\1", 3); /* an A record of three bytes */
	malformed(packet);
	packet = answer(0, 1, 0, 0);
	record(packet, 15, "\0\1\77abc", 6); /* a label that runs past the RDATA */
	malformed(packet);
	packet = answer(0, 0, 0, 0);
	packet->bytes[5] = 200; /* 200 questions */
	malformed(packet);
	packet = answer(0, 0, 0, 0);
	packet->bytes[2] = 0; /* no answer but a question */
	malformed(packet);
	packet = answer(0, 0, 0, 0);
	packet->length = 11;
	malformed(packet);
}

/* Every prefix of a good message, and every byte of it changed, is decoded or refused; the
 * sanitizers watch. */
static void test_cut_and_flipped(void **state)
{
	struct packet *packet = answer(0, 3, 0, 0);
	(void)state;
	record(packet, 6, "\1a\0\1b\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5", 26);
	record(packet, 15, "\0\12\2mx\xc0\x0c", 7);
	record(packet, 46, "\0\1\5\2\0\0\0\1\0\0\0\2\0\0\0\1\0\7\1s\0abcd", 25);
	for (size_t length = 0; length <= packet->length; length++) {
		struct sdr_message *message = NULL;
		uint8_t *exact = malloc(length > 0 ? length : 1);
		memcpy(exact, packet->bytes, length);
		assert_int_equal(sdr_message_decode(exact, length, NULL, &message, NULL) == SDR_OK,
			length == packet->length);
		sdr_message_free(message);
		free(exact);
	}
	for (size_t at = 0; at < packet->length * 256; at++) {
		struct sdr_message *message = NULL;
		uint8_t kept = packet->bytes[at / 256];
		packet->bytes[at / 256] = (uint8_t)at;
		if (sdr_message_decode(packet->bytes, packet->length, NULL, &message, NULL) ==
			SDR_OK)
			sdr_message_free(message);
		packet->bytes[at / 256] = kept;
	}
	free(packet);
}

/* n CNAMEs: x. -> a1. -> a2. ..., and an A record at the end unless it is a loop. */
static struct sdr_message *cname_chain(unsigned steps, bool loop)
{
	struct packet *packet = answer(0, steps + 1, 0, 0);
	struct sdr_message *message = NULL;
	uint8_t owner[7] = "\1x", next[7];
	for (unsigned i = 0; i <= steps; i++) {
		size_t size = strlen((char *)owner) + 1;
		memcpy(next, "\5a0000", 7);
		for (unsigned digit = 0, value = i; digit < 4; digit++, value /= 10)
			next[5 - digit] = (uint8_t)('0' + value % 10);
		if (loop && i == steps)
			memcpy(next, "\1x", 3);
		size_t next_size = strlen((char *)next) + 1;
		bool last = i == steps && !loop;
		put(packet, owner, size);
		put16(packet, last ? 1 : 5);
		put16(packet, 1);
		put(packet, "\0\0\0\1", 4);
		put16(packet, last ? 4 : (unsigned)next_size);
		put(packet, last ? (const uint8_t *)"\1\2\3\4" : next, last ? 4 : next_size);
		memcpy(owner, next, next_size);
	}
	assert_int_equal(decode(packet, &message), SDR_OK);
	return message;
}

static void test_B7_cname_loop(void **state)
{
	struct sdr_message *message = cname_chain(2, true);
	struct sdr_chain chain;
	(void)state;
	sdr_message_chain(message, "x", 1, &chain);
	assert_true(chain.loop);
	assert_int_equal(chain.records, 0);
	sdr_message_free(message);
}

static void test_B8_cname_chain_is_capped(void **state)
{
	struct sdr_chain chain;
	(void)state;
	struct sdr_message *message = cname_chain(16, false);
	sdr_message_chain(message, "X.", 1, &chain);
	assert_false(chain.too_long);
	assert_int_equal(chain.steps, 16);
	assert_int_equal(chain.records, 1);
	sdr_message_free(message);
	message = cname_chain(17, false);
	sdr_message_chain(message, "x.", 1, &chain);
	assert_true(chain.too_long);
	assert_int_equal(chain.records, 0);
	sdr_message_free(message);
	sdr_ns start = cpu_now();
	message = cname_chain(2000, false);
	sdr_message_chain(message, "x.", 1, &chain);
	assert_true(chain.too_long);
	assert_true(cpu_now() - start < 500 * SDR_MS); /* ten times the goal: sanitizers */
	sdr_message_free(message);
}

static void test_B11_long_txt(void **state)
{
	struct packet *packet = answer(0, 1, 0, 0);
	struct sdr_message *message;
	uint8_t data[253 * 256];
	(void)state;
	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = i % 256 == 0 ? 255 : 0xfe;
	record(packet, 16, data, sizeof(data));
	assert_int_equal(decode(packet, &message), SDR_OK);
	assert_int_equal(strlen(message->records[0].data), 253 * (255 * 4 + 3) - 1);
	sdr_message_free(message);
}

static void test_B13_case_does_not_count(void **state)
{
	struct packet *packet = answer(0, 1, 0, 0);
	struct sdr_message *message;
	struct sdr_chain chain;
	(void)state;
	packet->bytes[13] = 'X';
	record(packet, 1, "\1\2\3\4", 4);
	assert_int_equal(decode(packet, &message), SDR_OK);
	sdr_message_chain(message, "x.", 1, &chain);
	assert_int_equal(chain.records, 1);
	assert_string_equal(message->records[0].name, "X.");
	sdr_message_free(message);
}

static uint16_t type_of(const char *word)
{
	uint16_t type = 0;
	struct sdr_error error = {0};
	if (sdr_message_type_parse(word, &type, &error) == SDR_OK)
		return type;
	assert_string_not_equal(error.text, "");
	return 0;
}

static void test_types(void **state)
{
	char text[SDR_MESSAGE_WORD];
	(void)state;
	assert_int_equal(type_of("mx"), 15);
	assert_int_equal(type_of("AAAA"), 28);
	assert_int_equal(type_of("type65"), 65);
	assert_int_equal(type_of("TYPE65281"), 65281);
	assert_int_equal(type_of("any"), 255);
	static const char *const bad[] = {"TYPE", "TYPE0", "TYPE65536", "TYPE1x", "TYPE-1", "bogus",
		"", "OPT", "AXFR", "IXFR", "TSIG", "TYPE252", "ns1.example"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(type_of(bad[i]), 0);
	assert_string_equal(sdr_message_type_format(text, 255), "ANY");
	assert_string_equal(sdr_message_type_format(text, 65281), "TYPE65281");
	assert_string_equal(sdr_message_type_format(text, 257), "CAA");
	assert_string_equal(sdr_message_rcode_format(text, 5), "REFUSED");
	assert_string_equal(sdr_message_rcode_format(text, 4000), "RCODE4000");
}

/* What is typed and is no type that can be asked for is answered with what would be right. */
static void test_KN15_type_errors_name_what_is_allowed(void **state)
{
	static const char *const cases[][2] = {{"28", "TYPE28 is AAAA"},
		{"65280", "written TYPE65280"}, {"0", "from 1 to 65535"},
		{"70000", "from 1 to 65535"}, {"99999999999999999999", "from 1 to 65535"},
		{"AXFR", "transfer"}, {"type252", "transfer"}, {"mailb", "MX"}, {"opt", "EDNS"},
		{"bogus", "unknown type 'bogus'"}};
	(void)state;
	assert_int_equal(type_of("amtrelay"), 260);
	assert_int_equal(type_of("RESINFO"), 261);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint16_t type;
		struct sdr_error error = {0};
		assert_int_equal(sdr_message_type_parse(cases[i][0], &type, &error), SDR_EINVAL);
		if (!strstr(error.text, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], error.text);
	}
}

/* One name has many spellings; it is compared by its labels. */
static void test_KN4_names_are_compared_by_labels(void **state)
{
	static const struct {
		const char *wire, *typed[4];
		unsigned length;
	} cases[] = {
		{"\3a b\4test", {"a\\032b.test", "A\\ b.TEST."}, 10},
		{"\3a;b\4test", {"a;b.test", "a\\;b.test", "a\\059b.test."}, 10},
		{"\1x\4test", {"\\120.test", "x.test", "\\X.test"}, 8},
		{"\3a.b\4test", {"a\\.b.test", "a\\046b.test"}, 10},
		{"\6x.test", {"x\\.test", "x\\.test."}, 8},
		{"\1@\4test", {"@.test", "\\@.test", "\\064.test"}, 8},
		{"\3\303\244!\4test", {"\\195\\164!.test"}, 10},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (unsigned j = 0; j < 4 && cases[i].typed[j]; j++) {
			struct packet *packet = calloc(1, sizeof(*packet));
			struct sdr_message *message;
			struct sdr_chain chain;
			assert_non_null(packet);
			put(packet, "\0\1\x81\0\0\1\0\1\0\0\0\0", 12);
			put(packet, cases[i].wire, cases[i].length);
			put(packet, "\0\1\0\1", 4);
			record(packet, 1, "\1\2\3\4", 4);
			const struct sdr_message_asked asked = {cases[i].typed[j], 1, false};
			struct sdr_error why = {0};
			enum sdr_status status = sdr_message_decode(
				packet->bytes, packet->length, &asked, &message, &why);
			free(packet);
			if (status != SDR_OK)
				fail_msg("%s: %s", asked.name, why.text);
			sdr_message_chain(message, asked.name, 1, &chain);
			assert_int_equal(chain.records, 1);
			sdr_message_free(message);
		}
}

/* The TTL of a name's absence or presence: the least on the way. RFC 2308, RFC 2181 sec. 8 */
static void test_KN12_how_long_it_may_be_kept(void **state)
{
	struct sdr_message *message;
	struct sdr_chain chain;
	(void)state;
	struct packet *packet = answer(0, 3, 0, 0);
	put(packet, "\xc0\x0c\0\5\0\1\0\0\0\7\0\3\1y\0", 15); /* x. 7 CNAME y. */
	put(packet, "\1y\0\0\1\0\1\0\0\1\0\0\4\1\2\3\4", 17); /* y. 256 A */
	put(packet, "\1y\0\0\1\0\1\0\0\2\0\0\4\1\2\3\5", 17);
	assert_int_equal(decode(packet, &message), SDR_OK);
	sdr_message_chain(message, "x", 1, &chain);
	assert_int_equal(chain.records, 2);
	assert_int_equal(chain.ttl, 7);
	sdr_message_free(message);
	packet = answer(3, 0, 1, 0); /* NXDOMAIN, SOA of TTL 60 with MINIMUM 5 */
	record(packet, 6, "\1a\0\1b\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5", 26);
	assert_int_equal(decode(packet, &message), SDR_OK);
	sdr_message_chain(message, "x", 1, &chain);
	assert_int_equal(chain.ttl, 5);
	sdr_message_free(message);
	packet = answer(0, 1, 0, 0);
	put(packet, "\xc0\x0c\0\1\0\1\x80\0\0\0\0\4\1\2\3\4", 16); /* a TTL of 2^31 */
	assert_int_equal(decode(packet, &message), SDR_OK);
	sdr_message_chain(message, "x", 1, &chain);
	assert_int_equal(chain.ttl, 0);
	assert_int_equal(message->records[0].ttl, 0);
	sdr_message_free(message);
	packet = answer(0, 0, 0, 0);
	assert_int_equal(decode(packet, &message), SDR_OK);
	sdr_message_chain(message, "x", 1, &chain);
	assert_int_equal(chain.ttl, -1); /* unknown */
	sdr_message_free(message);
}

static void test_question(void **state)
{
	uint8_t wire[SDR_MESSAGE_QUESTION];
	char name[SDR_HOST_TEXT];
	struct sdr_addr addr;
	(void)state;
	struct sdr_message_question question = {
		.name = "a.b", .type = 16, .id = 0xabcd, .edns = true};
	static const uint8_t expected[] = {0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 'a', 1, 'b',
		0, 0, 16, 0, 1, 0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0};
	assert_int_equal(sdr_message_encode(wire, &question), sizeof(expected));
	assert_memory_equal(wire, expected, sizeof(expected));
	question.name = ".";
	assert_int_equal(sdr_message_encode(wire, &question), 12 + 1 + 4 + 11);
	assert_int_equal(sdr_addr_parse("192.0.2.1", &addr, NULL), SDR_OK);
	sdr_message_reverse(name, &addr);
	assert_string_equal(name, "1.2.0.192.in-addr.arpa.");
	assert_int_equal(sdr_addr_parse("2001:db8::f1", &addr, NULL), SDR_OK);
	sdr_message_reverse(name, &addr);
	assert_string_equal(
		name, "1.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presentation),
		cmocka_unit_test(test_forms_of_the_rfcs),
		cmocka_unit_test(test_A8_nul_and_escapes_in_txt),
		cmocka_unit_test(test_A9_labels_round_trip),
		cmocka_unit_test(test_A10_names_become_a_labels),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_B9_pointer_loops),
		cmocka_unit_test(test_B9_pointer_chain),
		cmocka_unit_test(test_B10_lengths_and_counts_lie),
		cmocka_unit_test(test_cut_and_flipped),
		cmocka_unit_test(test_B7_cname_loop),
		cmocka_unit_test(test_B8_cname_chain_is_capped),
		cmocka_unit_test(test_B11_long_txt),
		cmocka_unit_test(test_B13_case_does_not_count),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_KN15_type_errors_name_what_is_allowed),
		cmocka_unit_test(test_KN4_names_are_compared_by_labels),
		cmocka_unit_test(test_KN12_how_long_it_may_be_kept),
		cmocka_unit_test(test_question),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
