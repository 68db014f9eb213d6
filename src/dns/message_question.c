/* message_question.c - names, types and questions: from what was typed to the wire. RFC 1035
 * sec. 4.1.2, RFC 6891 sec. 6.1.2, RFC 5891. */
#include <ctype.h>
#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dns/message.h"
#include "dns/rdata.h"

/* RFC 1035 sec. 4.1.1, RFC 4035 sec. 3 */
enum { RECURSION_DESIRED = 0x0100, AUTHENTIC = 0x0020, CHECKING_DISABLED = 0x0010 };

static uint8_t *put16(uint8_t *out, unsigned value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
	return out + 2;
}

size_t sdr_message_encode(
	uint8_t out[static SDR_MESSAGE_QUESTION], const struct sdr_message_question *question)
{
	static const struct sdr_manner usual = {0};
	const struct sdr_manner *manner = question->manner ? question->manner : &usual;
	uint8_t name[WIRE_NAME_MAX];
	size_t length = sdr_wire_name_parse(name, question->name);
	if (length == 0)
		return 0;
	uint8_t *at = put16(out, question->id);
	at = put16(at,
		(manner->no_recurse ? 0 : RECURSION_DESIRED) |
			(question->authentic ? AUTHENTIC : 0) |
			(manner->checking_disabled ? CHECKING_DISABLED : 0));
	at = put16(at, 1); /* one question */
	at = put16(at, 0);
	at = put16(at, 0);
	at = put16(at, question->edns ? 1 : 0);
	memcpy(at, name, length);
	at = put16(at + length, question->type);
	at = put16(at, WIRE_IN);
	if (question->edns)
		at = sdr_edns_put(at, manner, question->cookie, question->cookie_length);
	return (size_t)(at - out);
}

/* Reads "TYPE65" (RFC 3597 sec. 5); 0 if it is not of that form. */
static uint16_t type_number(const char *word)
{
	if (strncasecmp(word, "TYPE", 4) != 0 || !isdigit((unsigned char)word[4]) ||
		strlen(word) > 9)
		return 0;
	char *end;
	unsigned long number = strtoul(word + 4, &end, 10);
	return *end == '\0' && number <= UINT16_MAX ? (uint16_t)number : 0;
}

/* Why a type of the table can't be asked for; NULL: it can. 41 is EDNS's own; 249 to 254 are query
 * types, or signatures of messages: RFC 6895 sec. 3.1. */
static const char *not_asked(uint16_t type)
{
	switch (type) {
	case WIRE_OPT:
		return "a part of every question (EDNS); it can't be asked for";
	case WIRE_TKEY:
	case WIRE_TSIG:
		return "a part of signed messages; it can't be asked for";
	case 251:
	case 252:
		return "the transfer of a whole zone, which is not done here; "
		       "a zone's SOA, NS or ANY can be asked for";
	case 253:
	case 254:
		return "obsolete (RFC 973); the servers for a domain's mail are its MX";
	default:
		return type >= 128 && type < WIRE_ANY
			? "for questions and messages, not records; it can't be asked for"
			: NULL;
	}
}

/* A word of digits only: what it may mean. */
static void format_number(const char *word, struct sdr_error *error)
{
	unsigned long number = strlen(word) <= 5 ? strtoul(word, NULL, 10) : UINT32_MAX;
	const struct rdata_type *known =
		number <= UINT16_MAX ? sdr_rdata_type((uint16_t)number) : NULL;
	if (number == 0 || number > UINT16_MAX)
		sdr_error_set(error, 0,
			"unknown type '%.40s'; types have numbers from 1 "
			"to 65535, written TYPE1 to TYPE65535",
			word);
	else if (known)
		sdr_error_set(error, 0,
			"unknown type '%s'; a type by its number is written TYPE%lu; TYPE%lu is %s",
			word, number, number, known->name);
	else
		sdr_error_set(error, 0,
			"unknown type '%s'; a type by its number is written TYPE%lu", word, number);
}

enum sdr_status sdr_message_type_parse(const char *word, uint16_t *type, struct sdr_error *error)
{
	uint16_t number = type_number(word);
	const struct rdata_type *known =
		number == 0 ? sdr_rdata_type_named(word) : sdr_rdata_type(number);
	if (number == 0 && known)
		number = known->number;
	const char *why = not_asked(number);
	if (number != 0 && !why) {
		*type = number;
		return SDR_OK;
	}
	if (number != 0)
		sdr_error_set(error, 0, "%s is %s", word, why);
	else if (word[0] != '\0' && word[strspn(word, "0123456789")] == '\0')
		format_number(word, error);
	else
		sdr_error_set(error, 0,
			"unknown type '%s'; a type is A, AAAA, MX, TXT, ... "
			"or TYPE and a number from 1 to 65535",
			word);
	return SDR_EINVAL;
}

const char *sdr_message_type_format(char out[static SDR_MESSAGE_WORD], uint16_t type)
{
	const struct rdata_type *known = sdr_rdata_type(type);
	if (known)
		snprintf(out, SDR_MESSAGE_WORD, "%s", known->name);
	else
		snprintf(out, SDR_MESSAGE_WORD, "TYPE%u", type);
	return out;
}

const char *sdr_message_rcode_format(char out[static SDR_MESSAGE_WORD], int rcode)
{
	/* RFC 6895 sec. 2.3 */
	static const char *const words[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
		"REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE", "DSOTYPENI",
		NULL, NULL, NULL, NULL, "BADVERS", "BADKEY", "BADTIME", "BADMODE", "BADNAME",
		"BADALG", "BADTRUNC", "BADCOOKIE"};
	const char *word =
		rcode >= 0 && (size_t)rcode < sizeof(words) / sizeof(*words) ? words[rcode] : NULL;
	if (word)
		snprintf(out, SDR_MESSAGE_WORD, "%s", word);
	else
		snprintf(out, SDR_MESSAGE_WORD, "RCODE%d", rcode);
	return out;
}

void sdr_message_reverse(char out[static SDR_HOST_TEXT], const struct sdr_addr *addr)
{
	const uint8_t *b = addr->bytes;
	if (addr->version == 4) {
		snprintf(out, SDR_HOST_TEXT, "%u.%u.%u.%u.in-addr.arpa.", b[3], b[2], b[1], b[0]);
		return;
	}
	static const char digits[] = "0123456789abcdef";
	char *at = out;
	for (int i = 15; i >= 0; i--) {
		*at++ = digits[b[i] & 15];
		*at++ = '.';
		*at++ = digits[b[i] >> 4];
		*at++ = '.';
	}
	memcpy(at, "ip6.arpa.", sizeof("ip6.arpa."));
}

static bool is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Maps a non-ASCII name as IDNA has it; the result is validated again, since wide digits, dots,
 * colons and slashes become the usual ones. *mapped is freed by libidn2. */
static enum sdr_status map_name(const char *typed, char **mapped, struct sdr_error *error)
{
	struct sdr_error why = {0};
	int result = idn2_to_ascii_8z(typed, mapped, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (result != IDN2_OK) {
		sdr_error_set(error, 0, "'%s' is not a valid international name: %s", typed,
			idn2_strerror(result));
		return SDR_EINVAL;
	}
	if (sdr_host_ends_in_number(*mapped)) {
		sdr_error_set(error, 0,
			"\"%.80s\" is %s in other digits; write an address in ASCII", typed,
			*mapped);
		return SDR_EINVAL;
	}
	if (sdr_domain_check(*mapped, &why) == SDR_OK)
		return SDR_OK;
	sdr_error_set(error, 0, "\"%.80s\" is another spelling of what can't be a name: %s", typed,
		why.text);
	return SDR_EINVAL;
}

enum sdr_status sdr_message_name(
	char out[static SDR_MESSAGE_NAME], const char *typed, struct sdr_error *error)
{
	char *mapped = NULL;
	if (*typed == '\0') {
		sdr_error_set(error, 0, "the name is empty; a name looks like www.example.com");
		return SDR_EINVAL;
	}
	if (!is_ascii(typed) && map_name(typed, &mapped, error) != SDR_OK) {
		idn2_free(mapped);
		return SDR_EINVAL;
	}
	const char *name = mapped ? mapped : typed;
	uint8_t wire[SDR_MESSAGE_QUESTION];
	struct sdr_message_question question = {.name = name, .type = WIRE_A};
	bool fits = strlen(name) < SDR_MESSAGE_NAME && sdr_message_encode(wire, &question) != 0;
	if (fits)
		snprintf(out, SDR_MESSAGE_NAME, "%s", name);
	else
		sdr_error_set(error, 0,
			"'%s' can't be a name: labels have 1 to 63 "
			"characters, the whole 253 at most",
			typed);
	idn2_free(mapped);
	return fits ? SDR_OK : SDR_EINVAL;
}
