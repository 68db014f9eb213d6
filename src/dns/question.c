/* question.c - names, types and questions: from what was typed to the wire. RFC 1035 sec. 4.1.2, RFC 6891 sec. 6.1.2, RFC 5891. */
#include <ctype.h>
#include <idn2.h>
#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dns/message.h"
#include "dns/wire.h"

static uint8_t *put16(uint8_t *out, unsigned value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
	return out + 2;
}

/* An OPT record without options: root, type 41, our UDP size, no extended rcode, version 0, no flags. */
static uint8_t *put_opt(uint8_t *out)
{
	*out++ = 0;
	out = put16(out, LDNS_RR_TYPE_OPT);
	out = put16(out, SDR_MESSAGE_UDP_SIZE);
	memset(out, 0, 6);
	return out + 6;
}

size_t sdr_message_encode(uint8_t out[static SDR_MESSAGE_QUESTION], const struct sdr_message_question *question)
{
	ldns_rdf *name = NULL;
	if (ldns_str2rdf_dname(&name, question->name) != LDNS_STATUS_OK || name == NULL) /* OK without memory, too */
		return 0;
	size_t length = ldns_rdf_size(name);
	if (length == 0 || length > WIRE_NAME_MAX) {
		ldns_rdf_deep_free(name);
		return 0;
	}
	uint8_t *at = put16(out, question->id);
	at = put16(at, question->authentic ? 0x0120 : 0x0100); /* RD, AD */
	at = put16(at, 1);                                     /* one question */
	at = put16(at, 0);
	at = put16(at, 0);
	at = put16(at, question->edns ? 1 : 0);
	memcpy(at, ldns_rdf_data(name), length);
	ldns_rdf_deep_free(name);
	at = put16(at + length, question->type);
	at = put16(at, LDNS_RR_CLASS_IN);
	if (question->edns)
		at = put_opt(at);
	return (size_t)(at - out);
}

/* Reads "TYPE65" (RFC 3597 sec. 5); 0 if it is not of that form. */
static uint16_t type_number(const char *word)
{
	if (strncasecmp(word, "TYPE", 4) != 0 || !isdigit((unsigned char)word[4]) || strlen(word) > 9)
		return 0;
	char *end;
	unsigned long number = strtoul(word + 4, &end, 10);
	return *end == '\0' && number <= UINT16_MAX ? (uint16_t)number : 0;
}

uint16_t sdr_message_type_find(const char *word)
{
	uint16_t type = type_number(word);
	if (type == 0 && strncasecmp(word, "TYPE", 4) != 0)
		type = (uint16_t)ldns_get_rr_type_by_name(word);
	/* 41 is EDNS's own; 128..254 are meta types (transfers, signatures of messages), not records one can ask for: RFC 6895 sec. 3.1 */
	return type == LDNS_RR_TYPE_OPT || (type >= 128 && type <= 254) ? 0 : type;
}

const char *sdr_message_type_format(char out[static SDR_MESSAGE_WORD], uint16_t type)
{
	const ldns_rr_descriptor *known = ldns_rr_descript(type);
	char *text = known != NULL ? ldns_rr_type2str((ldns_rr_type)type) : NULL;
	if (type == LDNS_RR_TYPE_ANY)
		snprintf(out, SDR_MESSAGE_WORD, "ANY");
	else if (text != NULL)
		snprintf(out, SDR_MESSAGE_WORD, "%s", text);
	else
		snprintf(out, SDR_MESSAGE_WORD, "TYPE%u", type);
	free(text);
	return out;
}

const char *sdr_message_rcode_format(char out[static SDR_MESSAGE_WORD], int rcode)
{
	/* RFC 6895 sec. 2.3 */
	static const char *const words[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
		"NXRRSET", "NOTAUTH", "NOTZONE", "DSOTYPENI", NULL, NULL, NULL, NULL, "BADVERS", "BADKEY", "BADTIME", "BADMODE", "BADNAME",
		"BADALG", "BADTRUNC", "BADCOOKIE"};
	const char *word = rcode >= 0 && (size_t)rcode < sizeof(words) / sizeof(*words) ? words[rcode] : NULL;
	if (word != NULL)
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

/* Maps a name beyond ASCII as IDNA has it; what comes out passes the gate again, since wide digits, dots, colons and slashes come out as the
 * usual ones. *mapped is libidn2's to free. */
static enum sdr_status map_name(const char *typed, char **mapped, struct sdr_error *error)
{
	struct sdr_error why = {0};
	int result = idn2_to_ascii_8z(typed, mapped, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (result != IDN2_OK) {
		sdr_error_set(error, 0, "'%s' is not a valid international name: %s", typed, idn2_strerror(result));
		return SDR_EINVAL;
	}
	if (sdr_host_ends_in_number(*mapped)) {
		sdr_error_set(error, 0, "\"%.80s\" is %s in other digits; write an address in ASCII", typed, *mapped);
		return SDR_EINVAL;
	}
	if (sdr_domain_check(*mapped, &why) == SDR_OK)
		return SDR_OK;
	sdr_error_set(error, 0, "\"%.80s\" is another spelling of what can't be a name: %s", typed, why.text);
	return SDR_EINVAL;
}

enum sdr_status sdr_message_name(char out[static SDR_MESSAGE_NAME], const char *typed, struct sdr_error *error)
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
	const char *name = mapped != NULL ? mapped : typed;
	uint8_t wire[SDR_MESSAGE_QUESTION];
	struct sdr_message_question question = {.name = name, .type = LDNS_RR_TYPE_A};
	bool fits = strlen(name) < SDR_MESSAGE_NAME && sdr_message_encode(wire, &question) != 0;
	if (fits)
		snprintf(out, SDR_MESSAGE_NAME, "%s", name);
	else
		sdr_error_set(error, 0, "'%s' can't be a name: labels have 1 to 63 characters, the whole 253 at most", typed);
	idn2_free(mapped);
	return fits ? SDR_OK : SDR_EINVAL;
}
