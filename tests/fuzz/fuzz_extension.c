/* fuzz_extension.c - any bytes as what follows a quoted datagram: the same labels and interfaces as
 * a plain walk by offsets finds. With the first byte odd the checksum is made right, so that what
 * lies behind it is reached. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "path/extension.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One's complement sum of all 16 bit words, an odd byte the high half of the last. */
static unsigned plain_sum(const uint8_t *bytes, size_t length)
{
	unsigned long long sum = 0;
	for (size_t i = 0; i < length; i++)
		sum += i % 2 ? bytes[i] : bytes[i] * 256U;
	return sum == 0 ? 0 : (unsigned)((sum - 1) % 0xffff + 1);
}

static uint32_t plain_number(const uint8_t *bytes, size_t at, size_t size)
{
	uint32_t value = 0;
	for (size_t i = at; i < at + size; i++)
		value = value * 256 + bytes[i];
	return value;
}

static void plain_labels(const uint8_t *b, size_t at, size_t end, struct path_extension *found)
{
	for (; end - at >= 4; at += 4) {
		uint32_t entry = plain_number(b, at, 4);
		if (found->label_count < PATH_LABELS_MAX) {
			struct path_label *label = &found->labels[found->label_count];
			label->label = entry / 4096;
			label->class = (uint8_t)(entry / 512 % 8);
			label->bottom = entry / 256 % 2;
			label->ttl = (uint8_t)(entry % 256);
		}
		found->label_count++;
	}
}

/* First how long all that is announced has to be, then what it is. */
static void plain_interface(const uint8_t *b, size_t at, size_t end, struct path_extension *found)
{
	struct path_interface interface;
	uint8_t type = b[at - 1];
	size_t index = at, address = index + (type & 8 ? 4 : 0), name = address, mtu,
	       address_size = 0;
	memset(&interface, 0, sizeof(interface));
	if (type & 4) {
		if (end < address + 4 || plain_number(b, address, 2) < 1 ||
			plain_number(b, address, 2) > 2)
			return;
		address_size = plain_number(b, address, 2) == 1 ? 4 : 16;
		name = address + 4 + address_size;
	}
	mtu = name;
	if (type & 2) {
		if (end <= name || b[name] == 0 || b[name] > 64 || b[name] & 3)
			return;
		mtu = name + b[name];
	}
	if (end < mtu + (type & 1 ? 4 : 0))
		return;
	interface.role = type / 64;
	interface.has_index = type / 8 % 2;
	interface.index = interface.has_index ? plain_number(b, index, 4) : 0;
	interface.has_mtu = type % 2;
	interface.mtu = interface.has_mtu ? plain_number(b, mtu, 4) : 0;
	interface.addr.version = address_size == 0 ? 0 : address_size == 4 ? 4 : 6;
	for (size_t i = 0; i < address_size; i++)
		interface.addr.bytes[i] = b[address + 4 + i];
	for (size_t i = 1; name + i < mtu; i++)
		interface.name[i - 1] = (char)b[name + i];
	if (found->interface_count < PATH_INTERFACES_MAX)
		found->interfaces[found->interface_count] = interface;
	found->interface_count++;
}

static bool plain_parse(const uint8_t *b, size_t length, struct path_extension *found)
{
	if (length < 4 || b[0] / 16 != 2)
		return false;
	if (plain_number(b, 2, 2) != 0 && plain_sum(b, length) != 0xffff)
		return false;
	for (size_t at = 4; at + 4 <= length;) {
		size_t size = plain_number(b, at, 2);
		if (size < 4 || at + size > length)
			break;
		if (b[at + 2] == 1 && b[at + 3] == 1)
			plain_labels(b, at + 4, at + size, found);
		if (b[at + 2] == 2)
			plain_interface(b, at + 4, at + size, found);
		at += size;
	}
	return true;
}

static void compare(const struct path_extension *a, const struct path_extension *b)
{
	must(a->label_count == b->label_count && a->interface_count == b->interface_count);
	for (size_t i = 0; i < PATH_LABELS_MAX; i++) {
		const struct path_label *x = &a->labels[i], *y = &b->labels[i];
		must(x->label == y->label && x->class == y->class);
		must(x->bottom == y->bottom && x->ttl == y->ttl);
	}
	for (size_t i = 0; i < PATH_INTERFACES_MAX; i++) {
		const struct path_interface *x = &a->interfaces[i], *y = &b->interfaces[i];
		must(x->role == y->role && x->has_index == y->has_index && x->index == y->index);
		must(x->has_mtu == y->has_mtu && x->mtu == y->mtu);
		must(sdr_addr_compare(&x->addr, &y->addr) == 0);
		must(memcmp(x->name, y->name, sizeof(x->name)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct path_extension ours, plain;
	if (size < 1)
		return 0;
	size_t length = size - 1;
	uint8_t *bytes = malloc(length ? length : 1);
	must(bytes);
	memcpy(bytes, data + 1, length);
	if (data[0] & 1 && length >= 4) {
		bytes[2] = bytes[3] = 0;
		unsigned sum = 0xffff - plain_sum(bytes, length);
		bytes[2] = (uint8_t)(sum / 256);
		bytes[3] = (uint8_t)sum;
	}
	memset(&ours, 0xff, sizeof(ours));
	memset(&plain, 0, sizeof(plain));
	must(sdr_path_extension_parse(bytes, length, &ours) == plain_parse(bytes, length, &plain));
	compare(&ours, &plain);
	free(bytes);
	return 0;
}
