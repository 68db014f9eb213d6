/* test_path_extension.c - labels and interfaces behind quoted datagrams, and lengths that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/icmp.h"
#include "path/extension.h"

/* A copy of just so many bytes, so that a sanitizer sees what is read behind them. */
static bool parse(const uint8_t *bytes, size_t length, struct path_extension *extension)
{
	uint8_t *copy = malloc(length ? length : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, length);
	memset(extension, 0xff, sizeof(*extension));
	bool taken = sdr_path_extension_parse(copy, length, extension);
	free(copy);
	return taken;
}

static void set_checksum(uint8_t *bytes, size_t length)
{
	bytes[2] = bytes[3] = 0;
	uint16_t sum = sdr_icmp_fold(sdr_icmp_sum(0, bytes, length));
	bytes[2] = (uint8_t)(sum >> 8);
	bytes[3] = (uint8_t)sum;
}

static void assert_nothing(const struct path_extension *extension)
{
	static const struct path_extension none;
	assert_memory_equal(extension, &none, sizeof(none));
}

/* As a router of RFC 4950's appendix sends it: two labels, the second the bottom. */
static const uint8_t two_labels[] = {
	0x20, 0, 0, 0, 0, 12, 1, 1, 0x12, 0x34, 0x5a, 0xff, 0xff, 0xff, 0xf7, 2};

static void test_labels(void **state)
{
	struct path_extension e;
	uint8_t bytes[sizeof(two_labels)];
	(void)state;
	assert_true(parse(two_labels, sizeof(two_labels), &e));
	assert_int_equal(e.label_count, 2);
	assert_int_equal(e.interface_count, 0);
	assert_int_equal(e.labels[0].label, 0x12345);
	assert_int_equal(e.labels[0].class, 5);
	assert_false(e.labels[0].bottom);
	assert_int_equal(e.labels[0].ttl, 255);
	assert_int_equal(e.labels[1].label, 0xfffff);
	assert_int_equal(e.labels[1].class, 3);
	assert_true(e.labels[1].bottom);
	assert_int_equal(e.labels[1].ttl, 2);
	memcpy(bytes, two_labels, sizeof(bytes));
	bytes[7] = 2; /* another kind of label object, then another class */
	assert_true(parse(bytes, sizeof(bytes), &e));
	assert_nothing(&e);
	bytes[7] = 1;
	bytes[6] = 3;
	assert_true(parse(bytes, sizeof(bytes), &e));
	assert_nothing(&e);
}

static void test_checksum(void **state)
{
	struct path_extension e;
	uint8_t bytes[sizeof(two_labels)];
	(void)state;
	memcpy(bytes, two_labels, sizeof(bytes));
	set_checksum(bytes, sizeof(bytes));
	assert_int_not_equal(bytes[2], 0);
	assert_true(parse(bytes, sizeof(bytes), &e));
	assert_int_equal(e.label_count, 2);
	for (size_t i = 0; i < sizeof(bytes); i++) { /* any one byte changed shows */
		bytes[i] ^= 0x40;
		assert_false(parse(bytes, sizeof(bytes), &e));
		assert_nothing(&e);
		bytes[i] ^= 0x40;
	}
	/* Each byte of it counts by itself as sent. */
	memcpy(bytes, two_labels, sizeof(bytes));
	bytes[2] = 1;
	assert_false(parse(bytes, sizeof(bytes), &e));
	bytes[2] = 0;
	bytes[3] = 1;
	assert_false(parse(bytes, sizeof(bytes), &e));
}

static void test_header(void **state)
{
	struct path_extension e;
	uint8_t bytes[sizeof(two_labels)];
	(void)state;
	memcpy(bytes, two_labels, sizeof(bytes));
	for (size_t length = 0; length < 4; length++) {
		assert_false(parse(bytes, length, &e));
		assert_nothing(&e);
	}
	assert_true(parse(bytes, 4, &e));
	assert_nothing(&e);
	bytes[0] = 0x2f; /* what is reserved is not looked at */
	bytes[1] = 0xff;
	assert_true(parse(bytes, sizeof(bytes), &e));
	assert_int_equal(e.label_count, 2);
	for (unsigned version = 0; version < 16; version++) {
		bytes[0] = (uint8_t)(version << 4);
		assert_int_equal(parse(bytes, sizeof(bytes), &e), version == 2);
	}
}

/* Cut at any byte: what is wholly there is taken, an object that is not is not. */
static void test_cut(void **state)
{
	struct path_extension e;
	(void)state;
	for (size_t length = 4; length < sizeof(two_labels); length++) {
		assert_true(parse(two_labels, length, &e));
		assert_nothing(&e);
	}
}

static void test_lying_lengths(void **state)
{
	uint8_t bytes[4 + 8 + 8] = {
		0x20, 0, 0, 0, 0, 8, 1, 1, 0, 0, 0x11, 9, 0, 8, 1, 1, 0, 0, 0x21, 8};
	struct path_extension e;
	(void)state;
	assert_true(parse(bytes, sizeof(bytes), &e));
	assert_int_equal(e.label_count, 2);
	for (unsigned size = 0; size < 0x10000; size++) {
		bytes[4] = (uint8_t)(size >> 8);
		bytes[5] = (uint8_t)size;
		assert_true(parse(bytes, sizeof(bytes), &e));
		/* Inside 8..11 the rest of the first object is no entry, and what follows is out of
		 * step; an object without anything is skipped. */
		size_t first = size > sizeof(bytes) - 4 || size < 4 ? 0 : (size - 4) / 4;
		assert_in_range(e.label_count, first, first + (size >= 4 && size <= 16));
		if (size == 8)
			assert_int_equal(e.label_count, 2);
	}
	bytes[4] = 0;
	bytes[5] = 8;
	for (unsigned size = 9; size < 0x10000; size++) { /* the second reaches too far */
		bytes[12] = (uint8_t)(size >> 8);
		bytes[13] = (uint8_t)size;
		assert_true(parse(bytes, sizeof(bytes), &e));
		assert_int_equal(e.label_count, 1);
		assert_int_equal(e.labels[0].ttl, 9);
	}
}

static void test_many_labels(void **state)
{
	uint8_t bytes[8 + 4 * 300] = {0x20, 0, 0, 0, (uint8_t)(1204 >> 8), (uint8_t)1204, 1, 1};
	struct path_extension e;
	(void)state;
	memset(bytes + 8, 0x33, sizeof(bytes) - 8);
	for (unsigned i = 0; i < 300; i++)
		bytes[8 + 4 * i + 3] = (uint8_t)(i + 1);
	assert_true(parse(bytes, sizeof(bytes), &e));
	assert_int_equal(e.label_count, 300);
	assert_int_equal(e.labels[PATH_LABELS_MAX - 1].ttl, PATH_LABELS_MAX);
	assert_int_equal(e.interface_count, 0);
	assert_false(e.interfaces[0].has_index);
}

/* Appends an object of interface information; returns the new length. */
static size_t put(uint8_t *bytes, size_t length, uint8_t type, const void *body, size_t size)
{
	const uint8_t head[] = {(uint8_t)((size + 4) >> 8), (uint8_t)(size + 4), 2, type};
	memcpy(bytes + length, head, 4);
	memcpy(bytes + length + 4, body, size);
	return length + 4 + size;
}

/* Index, IPv4 address, name, MTU, in this order. */
static const char whole[] = "\0\0\1\2"
			    "\0\1\xff\xff\x0a\1\2\3"
			    "\x08"
			    "eth0\0\0\0"
			    "\0\0\x05\xdc";

static void test_interface(void **state)
{
	uint8_t bytes[256] = {0x20};
	char text[SDR_ADDR_TEXT];
	struct path_extension e;
	(void)state;
	size_t length = put(bytes, 4, 0x8f, whole, sizeof(whole) - 1);
	assert_true(parse(bytes, length, &e));
	assert_int_equal(e.interface_count, 1);
	assert_int_equal(e.label_count, 0);
	assert_int_equal(e.interfaces[0].role, PATH_INTERFACE_OUTGOING);
	assert_true(e.interfaces[0].has_index);
	assert_int_equal(e.interfaces[0].index, 0x102);
	assert_string_equal(sdr_addr_format(text, &e.interfaces[0].addr), "10.1.2.3");
	assert_string_equal(e.interfaces[0].name, "eth0");
	assert_true(e.interfaces[0].has_mtu);
	assert_int_equal(e.interfaces[0].mtu, 1500);
	/* What it announces and is not there takes all of it, and the next object is read. */
	for (size_t size = 0; size < sizeof(whole) - 1; size++) {
		length = put(bytes, 4, 0x8f, whole, size);
		length = put(bytes, length, 0x48, "\0\0\0\7", 4);
		assert_true(parse(bytes, length, &e));
		assert_int_equal(e.interface_count, 1);
		assert_int_equal(e.interfaces[0].role, PATH_INTERFACE_COMPONENT);
		assert_int_equal(e.interfaces[0].index, 7);
		assert_int_equal(e.interfaces[0].addr.version, 0);
		assert_string_equal(e.interfaces[0].name, "");
		assert_false(e.interfaces[0].has_mtu);
	}
	/* What it doesn't announce is not read. */
	length = put(bytes, 4, 0x00, whole, sizeof(whole) - 1);
	assert_true(parse(bytes, length, &e));
	assert_int_equal(e.interface_count, 1);
	assert_int_equal(e.interfaces[0].role, PATH_INTERFACE_INCOMING);
	assert_false(e.interfaces[0].has_index || e.interfaces[0].has_mtu);
	assert_int_equal(e.interfaces[0].addr.version, 0);
	assert_string_equal(e.interfaces[0].name, "");
	length = put(bytes, 4, 0xc1, "\0\1\0\0", 4);
	assert_true(parse(bytes, length, &e));
	assert_int_equal(e.interfaces[0].role, PATH_INTERFACE_NEXT_HOP);
	assert_int_equal(e.interfaces[0].mtu, 65536);
	assert_false(e.interfaces[0].has_index);
}

static void test_interface_address(void **state)
{
	uint8_t bytes[256] = {0x20};
	char text[SDR_ADDR_TEXT];
	struct path_extension e;
	(void)state;
	size_t length = put(bytes, 4, 4, "\0\2\0\0\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 20);
	assert_true(parse(bytes, length, &e));
	assert_string_equal(sdr_addr_format(text, &e.interfaces[0].addr), "2001:db8::1");
	length = put(bytes, 4, 4, "\0\2\0\0\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0", 19);
	assert_true(parse(bytes, length, &e));
	assert_nothing(&e);
	length = put(bytes, 4, 4, "\0\1\0\0\x0a\1\2\3", 8);
	for (unsigned family = 0; family < 0x10000; family++) {
		bytes[8] = (uint8_t)(family >> 8);
		bytes[9] = (uint8_t)family;
		assert_true(parse(bytes, length, &e));
		assert_int_equal(e.interface_count, family == 1);
	}
}

static void test_interface_name(void **state)
{
	uint8_t bytes[512] = {0x20};
	char body[256];
	struct path_extension e;
	(void)state;
	memset(body, 'x', sizeof(body));
	for (unsigned size = 0; size < 256; size++) {
		body[0] = (char)size;
		size_t length = put(bytes, 4, 2, body, sizeof(body));
		bool good = size > 0 && size % 4 == 0 && size <= 64;
		assert_true(parse(bytes, length, &e));
		assert_int_equal(e.interface_count, good);
		assert_int_equal(strlen(e.interfaces[0].name), good ? size - 1 : 0);
	}
	size_t length = put(bytes, 4, 2, "\4a\0b", 4); /* a zero ends it */
	assert_true(parse(bytes, length, &e));
	assert_string_equal(e.interfaces[0].name, "a");
	length = put(bytes, 4, 2, "\4ab", 3);
	assert_true(parse(bytes, length, &e));
	assert_nothing(&e);
	length = put(bytes, 4, 2, "", 0);
	assert_true(parse(bytes, length, &e));
	assert_nothing(&e);
}

static void test_many_interfaces(void **state)
{
	uint8_t bytes[256] = {0x20};
	struct path_extension e;
	size_t length = 4;
	(void)state;
	for (uint8_t i = 0; i < 9; i++)
		length = put(bytes, length, 8, (const uint8_t[]){0, 0, 0, i}, 4);
	set_checksum(bytes, length);
	assert_true(parse(bytes, length, &e));
	assert_int_equal(e.interface_count, 9);
	for (uint8_t i = 0; i < PATH_INTERFACES_MAX; i++)
		assert_int_equal(e.interfaces[i].index, i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_lying_lengths),
		cmocka_unit_test(test_many_labels),
		cmocka_unit_test(test_interface),
		cmocka_unit_test(test_interface_address),
		cmocka_unit_test(test_interface_name),
		cmocka_unit_test(test_many_interfaces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
