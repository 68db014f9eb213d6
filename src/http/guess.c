/* guess.c - greetings and answers to a stray "GET / HTTP/1.1", a row a protocol; where some bytes
 * are free, a function of its own. */
#include "http/guess.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct lead {
	const char *bytes;
	size_t length;
	const char *name;
};

#define LEAD(text, name) \
	{ \
		text, sizeof(text) - 1, name \
	}

static const struct lead leads[] = {
	LEAD("SSH-", "SSH"),
	LEAD("+OK", "POP3"),
	LEAD("-ERR unknown command", "Redis"),
	LEAD("-ERR wrong number of arguments", "Redis"),
	LEAD("-ERR", "POP3 or Redis"),
	LEAD("* OK", "IMAP"),
	LEAD("* BYE", "IMAP"),
	LEAD("* PREAUTH", "IMAP"),
	LEAD("RFB 00", "VNC"),
	LEAD("AMQP", "AMQP"),
	LEAD("RTSP/", "RTSP"),
	LEAD("SIP/", "SIP"),
	LEAD("ICY ", "Icecast"),
	LEAD("@RSYNCD:", "rsync"),
	LEAD("INFO {\"server_id\"", "NATS"),
	LEAD("ERROR\r\n", "memcached"),
	LEAD("\xff\xfb", "Telnet"),
	LEAD("\xff\xfd", "Telnet"),
	LEAD("\xff\xfe", "Telnet"),
	LEAD("\x04\0\xfb\xff", "Lotus Notes"),
	LEAD("<?xml version='1.0'?><stream:stream", "XMPP"),
	LEAD("<stream:", "XMPP"),
	LEAD("<!doctype html", "a page without an HTTP header (HTTP/0.9)"),
	LEAD("<html", "a page without an HTTP header (HTTP/0.9)"),
	LEAD("HTTP/", "an HTTP version or form that is not spoken here"),
	LEAD("L\0\0\0\x04", "Oracle TNS"),
};

/* A record: type 20..23 (RFC 8446 sec. 5.1), version 3.x, a length that may be. A TLS server
 * answers plain text with an alert. */
static bool is_tls(const unsigned char *b, size_t length)
{
	return length >= 3 && b[0] >= 20 && b[0] <= 23 && b[1] == 3 && b[2] <= 4 &&
		(length < 5 || b[3] < 0x48);
}

/* The server's preface is a SETTINGS frame of stream 0, a GOAWAY where it was given something else
 * (RFC 9113 sec. 3.4, 6.5, 6.8). */
static bool is_http2(const unsigned char *b, size_t length)
{
	static const unsigned char none[4];
	if (length < 9 || b[0] != 0 || memcmp(b + 5, none, 4) != 0)
		return false;
	size_t payload = (size_t)b[1] << 8 | b[2];
	return (b[3] == 4 && payload % 6 == 0 && (b[4] & ~1) == 0) ||
		(b[3] == 7 && payload >= 8 && b[4] == 0);
}

/* A packet's length in three bytes, number 0, protocol 10 or an error. */
static bool is_mysql(const unsigned char *b, size_t length)
{
	return length >= 6 && b[2] == 0 && b[3] <= 1 &&
		((b[4] == 10 && b[5] >= '0' && b[5] <= '9') || (b[4] == 0xff && b[0] > 3));
}

/* 'E', a length, 'S' and a severity: an ErrorResponse to an invalid start-up packet. */
static bool is_postgres(const unsigned char *b, size_t length)
{
	return length >= 6 && b[0] == 'E' && b[1] == 0 && b[2] == 0 && b[5] >= 'A' && b[5] <= 'Z';
}

static bool has_word(const char *text, size_t length, const char *word)
{
	size_t size = strlen(word);
	for (size_t i = 0; i + size <= length; i++)
		if (strncasecmp(text + i, word, size) == 0)
			return true;
	return false;
}

/* Three digits, then a blank or a hyphen: SMTP, FTP and NNTP greet the same way. */
static const char *by_code(const char *text, size_t length)
{
	if (length < 4 || text[0] < '1' || text[0] > '5' || (text[3] != ' ' && text[3] != '-'))
		return NULL;
	for (int i = 1; i < 3; i++)
		if (text[i] < '0' || text[i] > '9')
			return NULL;
	if (has_word(text, length, "smtp") || has_word(text, length, "mail") ||
		has_word(text, length, "postfix"))
		return "SMTP";
	if (has_word(text, length, "ftp"))
		return "FTP";
	if (has_word(text, length, "nntp") || has_word(text, length, "news") ||
		has_word(text, length, "inn"))
		return "NNTP";
	return memcmp(text, "220", 3) == 0 ? "SMTP or FTP"
					   : "a protocol with codes, as SMTP, FTP, NNTP";
}

const char *sdr_guess_plain(const void *bytes, size_t length)
{
	return length >= 5 && memcmp(bytes, "HTTP/", 5) == 0 ? "HTTP without TLS"
							     : sdr_guess_protocol(bytes, length);
}

const char *sdr_guess_protocol(const void *bytes, size_t length)
{
	const unsigned char *b = bytes;
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (length >= leads[i].length &&
			strncasecmp((const char *)bytes, leads[i].bytes, leads[i].length) == 0 &&
			(!memchr(leads[i].bytes, '\0', leads[i].length) ||
				memcmp(bytes, leads[i].bytes, leads[i].length) == 0))
			return leads[i].name;
	if (is_tls(b, length))
		return "TLS";
	if (is_http2(b, length))
		return "HTTP/2";
	if (is_mysql(b, length))
		return "MySQL";
	if (is_postgres(b, length))
		return "PostgreSQL";
	return by_code(bytes, length);
}
