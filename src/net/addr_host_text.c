/* addr_host_text.c - the gate in front of DNS and the wire: what cannot be a host is refused
 * here, with the reason, and asked of nobody.
 *
 * The idea: an address by its own strict parser; else a name, whose bytes, labels and last label
 * are looked at. Programs disagree on what 010.0.0.1 or 127.1 are, so nothing that ends in a
 * number is a name (RFC 6943 sec. 3.1.1; the URL Standard's "ends in a number"). Names: RFC 952,
 * RFC 1123 sec. 2.1; an underscore is let through, since hosts are called so. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sounder/addr.h"
#include "sounder/sanitize.h"

#define LABEL_MAX 63 /* RFC 1035 sec. 2.3.4 */
#define NAME_MAX_TEXT 253
#define SHAPES "a host is a name like db1.example or an address like 192.0.2.1 or 2001:db8::1"

/* Blanks that look like others or are invisible: U+00A0, U+1680, U+2000 to 200A, U+2028, 2029,
 * 202F, 205F, 3000. */
static bool is_blank(uint32_t code)
{
	static const uint32_t others[] = {0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000};
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (others[i] == code)
			return true;
	return code >= 0x2000 && code <= 0x200a;
}

/* Why an ASCII character is not allowed in a host. */
static const char *reason_of(char character)
{
	static const struct {
		const char *characters, *why;
	} reasons[] = {
		{" ", "a blank; give each host as a word of its own"},
		{"\"'`", "a quote; leave it out"},
		{"$(){}<>|;&!", "a character of the shell's; no host has it"},
		{"[]", "brackets are for an IPv6 address with a port; leave them out"},
		{"@", "'@' stands before a list's file name or a name server"},
		{"\\", "a backslash; no host has it"},
		{"*?", "a wildcard; \"dns\" asks for names of any kind"},
		{"/", "a slash makes it a URL or a network; leave it and what follows out"},
		{"%", "'%' stands before an IPv6 address's zone, as in fe80::1%eth0"},
		{":", "a colon stands before a port, or in an IPv6 address; leave it out"},
	};
	for (size_t i = 0; character != '\0' && i < sizeof(reasons) / sizeof(*reasons); i++)
		if (strchr(reasons[i].characters, character))
			return reasons[i].why;
	return "that belongs to no host";
}

static enum sdr_status refuse_ascii(const char *text, size_t at, struct sdr_error *error)
{
	unsigned char byte = (unsigned char)text[at];
	if (strcmp(text, "@") == 0)
		sdr_error_set(error, at,
			"\"@\": nothing follows the '@'; @FILE is a list, where "
			"hosts may come from one, @ADDRESS a name server");
	else if (byte < ' ' || byte == 0x7f)
		sdr_error_set(error, at,
			"\"%.80s\": a control character (0x%02x) at character %zu; leave it out",
			text, byte, at + 1);
	else
		sdr_error_set(error, at, "\"%.80s\": '%c' at character %zu: %s", text, byte, at + 1,
			reason_of(text[at]));
	return SDR_EINVAL;
}

/* Wide digits and dots, which IDNA makes the usual ones of (U+FF10 to FF19, FF0E, 3002, FF61). */
static bool is_wide_number(const char *text, size_t length)
{
	bool digits = false, wide = false;
	for (size_t at = 0; at < length;) {
		uint32_t code;
		size_t step = sdr_text_decode(text + at, length - at, &code);
		if (step == 0)
			return false;
		bool dot = code == '.' || code == 0xff0e || code == 0x3002 || code == 0xff61;
		if (dot && at + step < length)
			digits = true;
		else if (!dot)
			digits = digits &&
				((code >= '0' && code <= '9') ||
					(code >= 0xff10 && code <= 0xff19));
		if (at == 0 && !dot)
			digits = (code >= '0' && code <= '9') || (code >= 0xff10 && code <= 0xff19);
		wide = wide || code >= 0x80;
		at += step;
	}
	return digits && wide;
}

/* A character beyond ASCII: text, and one that can be seen. Steps over it. */
static enum sdr_status check_beyond(const char *text, size_t *at, struct sdr_error *error)
{
	uint32_t code;
	size_t step = sdr_text_decode(text + *at, strlen(text + *at), &code);
	if (step == 0) {
		sdr_error_set(error, *at,
			"\"%.80s\": byte 0x%02x at character %zu is no text (UTF-8); " SHAPES, text,
			(unsigned char)text[*at], *at + 1);
		return SDR_EINVAL;
	}
	if (!sdr_text_is_plain(code) || is_blank(code)) {
		sdr_error_set(error, *at,
			"\"%.80s\": an invisible character (U+%04X) at byte %zu; leave it out",
			text, code, *at + 1);
		return SDR_EINVAL;
	}
	*at += step;
	return SDR_OK;
}

/* Letters, digits, dots, hyphens, underscores, and visible characters beyond ASCII (RFC 5890). */
static enum sdr_status check_bytes(const char *text, struct sdr_error *error)
{
	for (size_t at = 0; text[at] != '\0';) {
		unsigned char byte = (unsigned char)text[at];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
			(byte >= '0' && byte <= '9');
		if (byte < 0x80 && !letter && !strchr(".-_", byte))
			return refuse_ascii(text, at, error);
		if (byte < 0x80)
			at++;
		else if (check_beyond(text, &at, error) != SDR_OK)
			return SDR_EINVAL;
	}
	return SDR_OK;
}

static enum sdr_status refuse_dot(const char *text, size_t at, struct sdr_error *error)
{
	sdr_error_set(
		error, at, "\"%.80s\": a dot too many at character %zu; " SHAPES, text, at + 1);
	return SDR_EINVAL;
}

/* Labels in ASCII; what stands beyond it is as long as IDNA makes it. */
static enum sdr_status check_labels(const char *text, size_t length, struct sdr_error *error)
{
	for (size_t from = 0; from < length;) {
		size_t label = strcspn(text + from, ".");
		if (label == 0)
			return refuse_dot(text, from, error);
		if (label > LABEL_MAX) {
			sdr_error_set(error, from,
				"\"%.80s...\": a part of %zu characters; "
				"between dots there are %d at most",
				text, label, LABEL_MAX);
			return SDR_EINVAL;
		}
		if (text[from] == '-') {
			sdr_error_set(error, from,
				"\"%.80s\": a part that begins with a hyphen; no host is called so",
				text);
			return SDR_EINVAL;
		}
		from += label + 1;
	}
	return length > 0 && text[length - 1] == '.' ? refuse_dot(text, length - 1, error) : SDR_OK;
}

bool sdr_host_ends_in_number(const char *text)
{
	size_t length = strlen(text);
	while (length > 0 && text[length - 1] == '.')
		length--;
	size_t from = length;
	while (from > 0 && text[from - 1] != '.')
		from--;
	const char *last = text + from;
	size_t size = length - from, digits = strspn(last, "0123456789");
	if (size == 0)
		return false;
	if (size >= 2 && last[0] == '0' && (last[1] == 'x' || last[1] == 'X'))
		return 2 + strspn(last + 2, "0123456789abcdefABCDEF") >= size;
	return digits >= size;
}

/* Characters beyond ASCII first: an invisible one must be reported whatever else is wrong, and
 * 127.0.0.1 in other digits looks like an address. */
static enum sdr_status check_digits(const char *text, struct sdr_error *error)
{
	bool beyond = false;
	for (size_t at = 0; text[at] != '\0';) {
		bool ascii = (unsigned char)text[at] < 0x80;
		if (!ascii && check_beyond(text, &at, error) != SDR_OK)
			return SDR_EINVAL;
		at += ascii;
		beyond = beyond || !ascii;
	}
	if (!is_wide_number(text, strlen(text)) && !(beyond && sdr_host_ends_in_number(text)))
		return SDR_OK;
	sdr_error_set(error, 0,
		"\"%.80s\": an address in other digits or dots than ASCII's; write it as 192.0.2.1",
		text);
	return SDR_EINVAL;
}

/* Whether the text is meant as an address, so that its parser gives the error: it ends in a number,
 * has a zone, or has the characters of an IPv6 address. One colon alone stands before a port. */
static bool is_meant_as_address(const char *text)
{
	size_t length = strspn(text, "0123456789abcdefABCDEF.:");
	const char *colon = memchr(text, ':', length);
	if (text[0] >= '0' && text[0] <= '9' && sdr_host_ends_in_number(text))
		return true;
	if (!colon || (text[length] != '\0' && text[length] != '%'))
		return text[length] == '%' && length > 0;
	return memchr(colon + 1, ':', length - (size_t)(colon + 1 - text));
}

enum sdr_status sdr_host_check(const char *text, struct sdr_error *error)
{
	struct sdr_addr addr;
	struct sdr_error why = {0};
	size_t length = strlen(text);
	if (length == 0) {
		sdr_error_set(error, 0, "a host is missing; " SHAPES);
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_addr_parse(text, &addr, &why);
	if (status == SDR_ESYSTEM)
		sdr_error_set(error, why.offset, "%s", why.text);
	if (status == SDR_OK || status == SDR_ESYSTEM)
		return status;
	status = check_digits(text, error);
	if (status != SDR_OK)
		return status;
	if (is_meant_as_address(text) && text[strcspn(text, " /")] == '\0') {
		sdr_error_set(error, why.offset, "%s", why.text);
		return SDR_EINVAL;
	}
	bool dotted = length > 1 && text[length - 1] == '.';
	if (length > NAME_MAX_TEXT + (size_t)dotted) {
		sdr_error_set(error, NAME_MAX_TEXT,
			"\"%.80s...\": a host name of %zu characters; %d are the most", text,
			length, NAME_MAX_TEXT);
		return SDR_EINVAL;
	}
	const char *slash = strchr(text, '/');
	status = slash ? refuse_ascii(text, (size_t)(slash - text), error)
		       : check_bytes(text, error);
	if (status == SDR_OK)
		status = check_labels(text, length - dotted, error);
	if (status == SDR_OK && sdr_host_ends_in_number(text)) {
		sdr_error_set(error, 0,
			"\"%.80s\" is not an address, and no name ends in a number; " SHAPES, text);
		return SDR_EINVAL;
	}
	return status;
}

/* Behind a backslash stand three digits of a byte, or the character itself (RFC 1035 sec. 5.1).
 * Steps over it. */
static enum sdr_status check_escape(const char *text, size_t *at, struct sdr_error *error)
{
	const char *digits = text + *at + 1;
	size_t count = strspn(digits, "0123456789");
	if (digits[0] == '\0') {
		sdr_error_set(error, *at,
			"\"%.80s\": nothing behind the backslash; the "
			"character itself is written \\\\",
			text);
		return SDR_EINVAL;
	}
	if (count > 0 &&
		(count < 3 ||
			(digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0') >
				255)) {
		sdr_error_set(error, *at,
			"\"%.80s\": behind a backslash stand three digits of "
			"a byte, \\000 to \\255, or a character",
			text);
		return SDR_EINVAL;
	}
	*at += count > 0 ? 4 : 2;
	return SDR_OK;
}

/* Whether a blank at `at` stands in the first label of a service's name, as in "My
 * Printer._ipp._tcp.example" (RFC 6763 sec. 4.1), or a character of the shell's that a master file
 * too needs escaped in a label with others behind it, as in "a;b.example". */
static bool is_in_label(const char *text, size_t at)
{
	const char *dot = strchr(text + at, '.');
	if (at == 0 || text[at - 1] == '.' || !dot || dot[1] == '\0' ||
		strpbrk(text, "$`\"'|<>&{}"))
		return false;
	if (strchr(";()", text[at]))
		return true;
	const char *transport = dot[1] == '_' ? strchr(dot + 1, '.') : NULL;
	return text[at] == ' ' && transport &&
		(strncasecmp(transport, "._tcp.", 6) == 0 ||
			strncasecmp(transport, "._udp.", 6) == 0);
}

/* Characters that, bare, mean something else than a part of a name; behind a backslash they are
 * one. */
static enum sdr_status check_bare(const char *text, struct sdr_error *error)
{
	static const char *const special = "$`\"'()|;<>&{}[]:!@%";
	for (size_t at = 0; text[at] != '\0';) {
		unsigned char byte = (unsigned char)text[at];
		enum sdr_status status = SDR_OK;
		if (byte >= 0x80) {
			status = check_beyond(text, &at, error);
		} else if (byte == '\\') {
			status = check_escape(text, &at, error);
		} else if (byte < ' ' || byte == 0x7f) {
			status = refuse_ascii(text, at, error);
		} else if ((byte == ' ' || strchr(special, byte)) && !is_in_label(text, at)) {
			sdr_error_set(error, at,
				"\"%.80s\": '%c' at character %zu: %s (in "
				"a name it is written \\%03u)",
				text, byte, at + 1, reason_of(text[at]), byte);
			status = SDR_EINVAL;
		} else {
			at++;
		}
		if (status != SDR_OK)
			return status;
	}
	return SDR_OK;
}

/* A URL or a network: more than a name. */
static enum sdr_status check_more(const char *text, struct sdr_error *error)
{
	const char *url = strstr(text, "://"), *slash = strchr(text, '/');
	char lead[SDR_ADDR_TEXT];
	struct sdr_addr addr;
	if (url) {
		sdr_error_set(error, 0, "\"%.80s\" is a URL; its host is %.*s", text,
			(int)strcspn(url + 3, ":/?#"), url + 3);
		return SDR_EINVAL;
	}
	if (!slash || slash == text || (size_t)(slash - text) >= sizeof(lead))
		return SDR_OK;
	snprintf(lead, sizeof(lead), "%.*s", (int)(slash - text), text);
	/* 0/25.2.0.192.in-addr.arpa is a name (RFC 2317); 10/8, 10.0.0.0/24 and 10.0.0.0/255.0.0.0
	 * are networks. */
	bool digits = text[strspn(text, "0123456789./")] == '\0';
	if (!digits && sdr_addr_parse(lead, &addr, NULL) != SDR_OK)
		return SDR_OK;
	sdr_error_set(error, 0,
		"\"%.80s\" is a network; a name or an address is asked for, such as %s", text,
		lead);
	return SDR_EINVAL;
}

enum sdr_status sdr_domain_check(const char *text, struct sdr_error *error)
{
	struct sdr_addr addr;
	struct sdr_error why = {0};
	enum sdr_status status = sdr_addr_parse(text, &addr, &why);
	if (status == SDR_ESYSTEM)
		sdr_error_set(error, why.offset, "%s", why.text);
	if (status == SDR_OK || status == SDR_ESYSTEM)
		return status;
	status = check_more(text, error);
	if (status != SDR_OK)
		return status;
	if (strcmp(text, "-") == 0) {
		sdr_error_set(error, 0,
			"\"-\": dns reads no names from standard "
			"input; as a name it is written \\045");
		return SDR_EINVAL;
	}
	if (is_meant_as_address(text)) {
		sdr_error_set(error, why.offset, "%s", why.text);
		return SDR_EINVAL;
	}
	status = check_bare(text, error);
	return status == SDR_OK ? check_digits(text, error) : status;
}
