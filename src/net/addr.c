/* addr.c - what an address is, beside its text's parser (addr_parse.c): canonical form, order,
 * kinds, steps. RFC 5952 (text), RFC 4291 (structure), RFC 4007 (zones). */
#include "sounder/addr.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>

/* A run of zero groups in an IPv6 address. */
struct run {
	int start;  /* first group, -1 for none */
	int length; /* groups */
};

static unsigned group_of(const uint8_t *bytes, int index)
{
	return (unsigned)bytes[2 * index] << 8 | bytes[2 * index + 1];
}

/* RFC 5952 sec. 4.2: the longest run of two groups or more, the first of equals. */
static struct run longest_run(const uint8_t *bytes)
{
	struct run best = {-1, 1}, now = {-1, 0};
	for (int i = 0; i < 8; i++) {
		if (group_of(bytes, i) != 0) {
			now.length = 0;
			continue;
		}
		if (now.length++ == 0)
			now.start = i;
		if (now.length > best.length)
			best = now;
	}
	return best;
}

static int format_quad(char *out, size_t size, const uint8_t *bytes)
{
	return snprintf(out, size, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
}

static bool is_mapped(const uint8_t *bytes)
{
	static const uint8_t lead[12] = {[10] = 0xff, [11] = 0xff};
	return memcmp(bytes, lead, sizeof(lead)) == 0;
}

static size_t format_groups(char *out, size_t size, const uint8_t *bytes)
{
	struct run run = longest_run(bytes);
	size_t used = 0;
	for (int i = 0; i < 8; i++) {
		if (i == run.start) {
			used += (size_t)snprintf(out + used, size - used, "::");
			i += run.length - 1;
			continue;
		}
		const char *colon = i > 0 && i != run.start + run.length ? ":" : "";
		if (run.start < 0)
			colon = i > 0 ? ":" : "";
		used += (size_t)snprintf(
			out + used, size - used, "%s%x", colon, group_of(bytes, i));
	}
	return used;
}

/* An interface whose name is a number is written by its index: digits are always read as an
 * index. */
static void format_zone(char *out, size_t size, uint32_t scope_id)
{
	char name[IF_NAMESIZE];
	if (if_indextoname(scope_id, name) && name[strspn(name, "0123456789")] != '\0')
		snprintf(out, size, "%%%s", name);
	else
		snprintf(out, size, "%%%u", scope_id);
}

const char *sdr_addr_format(char out[static SDR_ADDR_TEXT], const struct sdr_addr *addr)
{
	size_t used = 0;
	out[0] = '\0';
	if (addr->version == 4) {
		format_quad(out, SDR_ADDR_TEXT, addr->bytes);
		return out;
	}
	if (addr->version != 6)
		return out;
	if (is_mapped(addr->bytes)) {
		used = (size_t)snprintf(out, SDR_ADDR_TEXT, "::ffff:");
		used += (size_t)format_quad(out + used, SDR_ADDR_TEXT - used, addr->bytes + 12);
	} else {
		used = format_groups(out, SDR_ADDR_TEXT, addr->bytes);
	}
	if (addr->scope_id != 0)
		format_zone(out + used, SDR_ADDR_TEXT - used, addr->scope_id);
	return out;
}

bool sdr_addr_same(const struct sdr_addr *a, const struct sdr_addr *b)
{
	return a->version == b->version && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

int sdr_addr_compare(const struct sdr_addr *a, const struct sdr_addr *b)
{
	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	int order = memcmp(a->bytes, b->bytes, sizeof(a->bytes));
	if (order != 0)
		return order;
	return a->scope_id < b->scope_id ? -1 : a->scope_id > b->scope_id;
}

bool sdr_addr_is_loopback(const struct sdr_addr *addr)
{
	static const uint8_t one[16] = {[15] = 1};
	if (addr->version == 4)
		return addr->bytes[0] == 127;
	return addr->version == 6 && memcmp(addr->bytes, one, sizeof(one)) == 0;
}

bool sdr_addr_is_any(const struct sdr_addr *addr)
{
	static const uint8_t none[16];
	return addr->version != 0 && memcmp(addr->bytes, none, sizeof(none)) == 0;
}

bool sdr_addr_is_link_local(const struct sdr_addr *addr)
{
	return addr->version == 6 && addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80;
}

bool sdr_addr_is_multicast(const struct sdr_addr *addr)
{
	if (addr->version == 4)
		return addr->bytes[0] >= 224 && addr->bytes[0] <= 239;
	return addr->version == 6 && addr->bytes[0] == 0xff;
}

unsigned sdr_addr_bits(const struct sdr_addr *addr)
{
	return addr->version == 4 ? 32 : 128;
}

struct sdr_addr sdr_addr_add(const struct sdr_addr *addr, int64_t step)
{
	struct sdr_addr sum = *addr;
	/* The step is added byte by byte from the end; its sign is carried on by the arithmetic
	 * shift. */
	int64_t carry = step;
	for (int i = (int)sdr_addr_bits(addr) / 8 - 1; i >= 0; i--) {
		int64_t digit = (int64_t)sum.bytes[i] + (carry & 0xff);
		sum.bytes[i] = (uint8_t)digit;
		carry = (carry >> 8) + (digit >> 8);
	}
	return sum;
}

struct sdr_addr sdr_addr_unmap(const struct sdr_addr *addr)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct sdr_addr plain = {.version = 4};
	if (addr->version != 6 || memcmp(addr->bytes, mapped, sizeof(mapped)) != 0)
		return *addr;
	memcpy(plain.bytes, addr->bytes + 12, 4);
	return plain;
}
