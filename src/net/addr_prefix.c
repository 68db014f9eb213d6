/* addr_prefix.c - an address with a mask length: text and the pieces the mask cuts it into.
 * Every length is a case of one rule, a mask byte at a time, so that /0 and /128 need no exception.
 * RFC 4632, RFC 4291 sec. 2.3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/addr.h"

/* The mask's byte at `index` for a length: the number of its leading ones is clamped to 0..8. */
static uint8_t mask_byte(unsigned length, unsigned index)
{
	unsigned before = index * 8;
	if (length <= before)
		return 0;
	unsigned ones = length - before < 8 ? length - before : 8;
	return (uint8_t)(0xff00U >> ones);
}

enum sdr_status sdr_prefix_parse(
	const char *text, struct sdr_prefix *prefix, struct sdr_error *error)
{
	char head[SDR_ADDR_TEXT];
	struct sdr_prefix read;
	const char *slash = strchr(text, '/');
	if (!slash) {
		sdr_error_set(error, strlen(text),
			"\"%.80s\" has no /length; a network looks "
			"like 192.0.2.0/24 or 2001:db8::/32",
			text);
		return SDR_EINVAL;
	}
	if ((size_t)(slash - text) >= sizeof(head)) {
		sdr_error_set(error, 0,
			"\"%.80s\" is too long for an address; a network "
			"looks like 192.0.2.0/24 or 2001:db8::/32",
			text);
		return SDR_EINVAL;
	}
	memcpy(head, text, (size_t)(slash - text));
	head[slash - text] = '\0';
	enum sdr_status status = sdr_addr_parse(head, &read.addr, error);
	if (status != SDR_OK)
		return status;

	const char *digits = slash + 1;
	size_t offset = (size_t)(digits - text), count = strspn(digits, "0123456789");
	if (count == 0 || digits[count] != '\0' || (digits[0] == '0' && count > 1)) {
		sdr_error_set(error, offset + (count > 1 && digits[0] == '0' ? 0 : count),
			"\"%.80s\": after the / stands a length in decimal, 0 to %u, not \"%.20s\"",
			text, sdr_addr_bits(&read.addr), digits);
		return SDR_EINVAL;
	}
	unsigned long length = count <= 3 ? strtoul(digits, NULL, 10) : 1000;
	if (length > sdr_addr_bits(&read.addr)) {
		sdr_error_set(error, offset,
			"\"%.80s\": /%.20s is too long for IPv%u, whose lengths go from 0 to %u",
			text, digits, read.addr.version, sdr_addr_bits(&read.addr));
		return SDR_ERANGE;
	}
	read.length = (uint8_t)length;
	*prefix = read;
	return SDR_OK;
}

const char *sdr_prefix_format(char out[static SDR_PREFIX_TEXT], const struct sdr_prefix *prefix)
{
	char addr[SDR_ADDR_TEXT];
	snprintf(out, SDR_PREFIX_TEXT, "%s/%u", sdr_addr_format(addr, &prefix->addr),
		prefix->length);
	return out;
}

/* Builds an address of the prefix's version from (address AND keep) OR set, where both masks are
 * made of the netmask. */
static struct sdr_addr masked(const struct sdr_prefix *prefix, bool keep_network, bool set_host)
{
	struct sdr_addr result = {
		.version = prefix->addr.version, .scope_id = prefix->addr.scope_id};
	for (unsigned i = 0; i < sdr_addr_bits(&prefix->addr) / 8; i++) {
		uint8_t mask = mask_byte(prefix->length, i);
		uint8_t keep = keep_network ? mask : (uint8_t)~mask;
		result.bytes[i] =
			(uint8_t)((prefix->addr.bytes[i] & keep) | (set_host ? (uint8_t)~mask : 0));
	}
	return result;
}

int sdr_prefix_compare(const struct sdr_prefix *a, const struct sdr_prefix *b)
{
	int order = sdr_addr_compare(&a->addr, &b->addr);
	return order != 0 ? order : a->length - b->length;
}

struct sdr_addr sdr_prefix_netmask(const struct sdr_prefix *prefix)
{
	struct sdr_addr result = {.version = prefix->addr.version};
	for (unsigned i = 0; i < sdr_addr_bits(&prefix->addr) / 8; i++)
		result.bytes[i] = mask_byte(prefix->length, i);
	return result;
}

struct sdr_addr sdr_prefix_network(const struct sdr_prefix *prefix)
{
	return masked(prefix, true, false);
}

struct sdr_addr sdr_prefix_host_part(const struct sdr_prefix *prefix)
{
	struct sdr_addr result = masked(prefix, false, false);
	result.scope_id = 0;
	return result;
}

struct sdr_addr sdr_prefix_last(const struct sdr_prefix *prefix)
{
	return masked(prefix, true, true);
}

bool sdr_prefix_contains(const struct sdr_prefix *prefix, const struct sdr_addr *addr)
{
	if (prefix->addr.version != addr->version || addr->version == 0)
		return false;
	for (unsigned i = 0; i < sdr_addr_bits(addr) / 8; i++)
		if (((prefix->addr.bytes[i] ^ addr->bytes[i]) & mask_byte(prefix->length, i)) != 0)
			return false;
	return true;
}

/* Returns how many leading bits of the address equal its first one. */
static unsigned leading_run(const struct sdr_addr *addr, unsigned first)
{
	unsigned bits = sdr_addr_bits(addr), run = 0;
	while (run < bits && (unsigned)(addr->bytes[run / 8] >> (7 - run % 8) & 1) == first)
		run++;
	return run;
}

enum sdr_status sdr_prefix_from_mask(
	const struct sdr_addr *mask, uint8_t *length, bool *wildcard, struct sdr_error *error)
{
	char text[SDR_ADDR_TEXT];
	bool inverse = mask->bytes[0] >> 7 == 0 && !sdr_addr_is_any(mask);
	unsigned run = leading_run(mask, inverse ? 0 : 1);
	struct sdr_prefix candidate = {.addr = *mask, .length = (uint8_t)run};
	struct sdr_addr rest = sdr_prefix_host_part(&candidate);
	struct sdr_prefix all = {.addr = {.version = mask->version}, .length = (uint8_t)run};
	struct sdr_addr ones = sdr_prefix_last(&all);
	if (memcmp(rest.bytes, inverse ? ones.bytes : (uint8_t[16]){0}, sizeof(rest.bytes)) != 0) {
		sdr_error_set(error, 0,
			"%s is no mask: its ones are not in one piece from the "
			"left; a mask looks like %s, a wildcard like %s",
			sdr_addr_format(text, mask),
			mask->version == 4 ? "255.255.254.0" : "ffff:ffff::",
			mask->version == 4 ? "0.0.1.255" : "0:0:ffff:ffff:ffff:ffff:ffff:ffff");
		return SDR_EINVAL;
	}
	*length = (uint8_t)run;
	*wildcard = inverse;
	return SDR_OK;
}
