/* recognise_number.c - addresses written as numbers: integers, the old spellings of inet_aton, and
 * hardware addresses. RFC 6943 sec. 3.1.1 (old spellings), RFC 4291 appendix A (modified
 * EUI-64). */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "net/recognise.h"

#define DIGITS "0123456789"
#define HEX_DIGITS "0123456789abcdefABCDEF"

/* ---- integers ---- */

/* The number in decimal or hexadecimal; false above 2^128 - 1. */
static bool parse_number(const char *digits, unsigned base, unsigned __int128 *number)
{
	const unsigned __int128 most = ~(unsigned __int128)0;
	unsigned __int128 sum = 0;
	for (; digits[0] != '\0'; digits++) {
		unsigned digit = (unsigned)(strchr(HEX_DIGITS, digits[0]) - HEX_DIGITS);
		digit = digit > 15 ? digit - 6 : digit;
		if (sum > (most - digit) / base)
			return false;
		sum = sum * base + digit;
	}
	*number = sum;
	return true;
}

static struct sdr_addr number_to_addr(unsigned __int128 number, bool six)
{
	struct sdr_addr addr = {.version = number <= UINT32_MAX && !six ? 4 : 6};
	for (unsigned i = sdr_addr_bits(&addr) / 8; i > 0; i--, number >>= 8)
		addr.bytes[i - 1] = (uint8_t)number;
	return addr;
}

/* Small numbers are more likely a port, a protocol or a slip: they are read where asked for. */
enum sdr_match sdr_recognise_integer(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	bool asked = (paste->how & SDR_RECOGNISE_INTEGER) != 0;
	bool hexadecimal =
		paste->word[0] == '0' && (paste->word[1] == 'x' || paste->word[1] == 'X');
	const char *digits = paste->word + (hexadecimal ? 2 : 0);
	/* All digits of an address, as this program prints it, can be nothing else. */
	bool whole = hexadecimal && (strlen(digits) == 8 || strlen(digits) == 32);
	if (hexadecimal && !asked && !whole)
		return SDR_MATCH_OTHER;
	unsigned __int128 number = 0;
	if (digits[0] == '\0' || digits[strspn(digits, hexadecimal ? HEX_DIGITS : DIGITS)] != '\0')
		return SDR_MATCH_OTHER;
	if (!asked && !whole && digits[0] == '0' && digits[1] != '\0')
		return SDR_MATCH_OTHER;
	if (!parse_number(digits, hexadecimal ? 16 : 10, &number)) {
		sdr_error_set(error, 0,
			"%.60s is more than 2^128 - 1, the last IPv6 address as a number",
			paste->word);
		return SDR_MATCH_WRONG;
	}
	if (!asked && (paste->how & SDR_RECOGNISE_INET_ATON) != 0)
		return SDR_MATCH_OTHER;
	if (!asked && !whole && number <= UINT16_MAX) {
		sdr_error_set(error, 0,
			"\"%s\" is a number; with --integer it is read as the "
			"address %s, without it only above 65535",
			paste->word,
			sdr_addr_format((char[SDR_ADDR_TEXT]){0},
				&(struct sdr_addr){.version = 4,
					.bytes = {0, 0, (uint8_t)(number >> 8), (uint8_t)number}}));
		return SDR_MATCH_WRONG;
	}
	reading->kind = SDR_READING_INTEGER;
	reading->addr = number_to_addr(number, whole && strlen(digits) == 32);
	return SDR_MATCH_TAKEN;
}

/* ---- old spellings ---- */

/* inet_aton() itself reads on to the first blank, and takes 0x alone for zero: the characters and
 * each part's digits are checked before. */
enum sdr_match sdr_recognise_old(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	struct in_addr addr;
	(void)error;
	if ((paste->how & SDR_RECOGNISE_INET_ATON) == 0 || paste->word[0] == '\0')
		return SDR_MATCH_OTHER;
	if (paste->word[strspn(paste->word, HEX_DIGITS "xX.")] != '\0' ||
		inet_aton(paste->word, &addr) == 0)
		return SDR_MATCH_OTHER;
	reading->kind = SDR_READING_OLD;
	reading->addr.version = 4;
	memcpy(reading->addr.bytes, &addr, 4);
	return SDR_MATCH_TAKEN;
}

/* ---- hardware addresses ---- */

/* How one is written: digits a group, the separator, and how many groups make an EUI-48 and an
 * EUI-64. */
struct notation {
	size_t digits;  /* hexadecimal digits of a group */
	char separator; /* '\0': the digits stand in one piece */
	size_t groups[2];
};

static const struct notation notations[] = {
	{2, ':', {6, 0}}, /* eight groups are an IPv6 address */
	{2, '-', {6, 8}},
	{4, '.', {3, 4}},
	{4, '-', {3, 4}},
	{12, '\0', {1, 0}},
	{16, '\0', {0, 1}},
};

static bool parse_groups(
	const char *word, const struct notation *notation, struct sdr_reading *reading)
{
	size_t digits = 0, groups = 1, in_group = 0;
	uint8_t bytes[8] = {0};
	for (const char *at = word; at[0] != '\0'; at++) {
		if (at[0] == notation->separator && in_group == notation->digits) {
			groups++;
			in_group = 0;
			continue;
		}
		const char *digit = strchr(HEX_DIGITS, at[0]);
		if (!digit || digits == 16 || in_group == notation->digits)
			return false;
		size_t value = (size_t)(digit - HEX_DIGITS);
		bytes[digits / 2] =
			(uint8_t)(bytes[digits / 2] << 4 | (value > 15 ? value - 6 : value));
		digits++;
		in_group++;
	}
	/* 0177.0000.0000.0001 is an old spelling of 127.0.0.1, not a device's address. */
	if (notation->separator == '.' && groups == 4 &&
		word[strspn(word, "0123456789.")] == '\0' && word[0] == '0' && word[5] == '0' &&
		word[10] == '0' && word[15] == '0')
		return false;
	if (in_group != notation->digits ||
		(groups != notation->groups[0] && groups != notation->groups[1]))
		return false;
	memcpy(reading->hardware, bytes, sizeof(bytes));
	reading->hardware_length = (uint8_t)(digits / 2);
	return true;
}

/* RFC 4291 appendix A: ff:fe goes into the middle of an EUI-48, and the universal/local bit is
 * turned over. */
static struct sdr_addr link_local(const struct sdr_reading *reading)
{
	struct sdr_addr addr = {.version = 6, .bytes = {0xfe, 0x80}};
	const uint8_t *from = reading->hardware;
	if (reading->hardware_length == 8) {
		memcpy(addr.bytes + 8, from, 8);
	} else {
		memcpy(addr.bytes + 8, from, 3);
		addr.bytes[11] = 0xff;
		addr.bytes[12] = 0xfe;
		memcpy(addr.bytes + 13, from + 3, 3);
	}
	addr.bytes[8] ^= 2;
	return addr;
}

enum sdr_match sdr_recognise_hardware(
	const struct sdr_paste *paste, struct sdr_reading *reading, struct sdr_error *error)
{
	(void)error;
	/* Digits alone are a number. */
	if (paste->word[0] == '\0' || paste->word[strspn(paste->word, DIGITS)] == '\0')
		return SDR_MATCH_OTHER;
	for (size_t i = 0; i < sizeof(notations) / sizeof(notations[0]); i++) {
		if (!parse_groups(paste->word, &notations[i], reading))
			continue;
		reading->kind = SDR_READING_HARDWARE;
		reading->addr = link_local(reading);
		return SDR_MATCH_TAKEN;
	}
	return SDR_MATCH_OTHER;
}
