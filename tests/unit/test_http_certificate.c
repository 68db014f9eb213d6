/* Certificates read from their DER, digests, and guesses at what is no HTTP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"
#include "http/certificate.h"
#include "http/der.h"
#include "http/guess.h"
#include "http/tls.h"
#include "lib/pem.h"

static void test_KW7_certificate(void **state)
{
	struct sdr_certificates chain = {0};
	struct sdr_certificate read;
	char digest[SDR_SHA256_TEXT];
	(void)state;
	assert_false(sdr_certificates_add_pem(&chain, "no certificate"));
	assert_true(sdr_certificates_add_pem(&chain, pem));
	assert_int_equal(chain.count, 1);
	assert_true(sdr_certificate_read(chain.links[0].der, chain.links[0].length, &read));
	assert_string_equal(read.subject, "C=DE, O=A, Inc, CN=www.example");
	assert_string_equal(read.issuer, read.subject);
	assert_string_equal(read.common_name, "www.example");
	assert_string_equal(read.names,
		"DNS:www.example\n"
		"DNS:*.example\n"
		"IP:127.0.0.1\n"
		"IP:::1\n"
		"email:a@b\n"
		"URI:http://x/\n");
	assert_string_equal(read.key, "RSA 2048");
	assert_string_equal(read.signature, "sha256WithRSAEncryption");
	assert_true(read.self_issued);
	assert_int_equal(read.begins / SDR_SECOND, 1795943182);
	assert_int_equal(read.ends / SDR_SECOND, 2111303182);
	assert_string_equal(sdr_sha256_text(digest, chain.links[0].der, chain.links[0].length),
		"11afe7179be4512124bc66f141560f66263f640761602ed099dab18b34338c90");
	sdr_certificates_done(&chain);
}

/* ---- DER: X.690 sec. 8.1.3, 8.19 ---- */

static void test_der_elements(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		int content; /* how long; -1: it is none */
	} cases[] = {{"\x04\x00", 2, 0},
		{"\x04\x02"
		 "ab",
			4, 2},
		{"\x04\x02"
		 "abc",
			5, 2},
		{"\x04\x02"
		 "a",
			3, -1},
		{"\x04", 1, -1}, {"", 0, -1},
		{"\x04\x81\x01"
		 "a",
			4, 1},
		{"\x04\x82\x00\x02"
		 "ab",
			6, 2},
		{"\x04\x83\x00\x00\x01"
		 "a",
			6, 1},
		{"\x04\x84\x00\x00\x00\x01"
		 "a",
			7, -1},
		{"\x04\x80"
		 "ab\0\0",
			6, -1},
		{"\x04\x82\x01", 3, -1},
		{"\x04\x82\x01\x00"
		 "ab",
			6, -1},
		{"\x1f\x01"
		 "a",
			3, -1}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const unsigned char *bytes = (const unsigned char *)cases[i].bytes;
		struct sdr_der from = {bytes, bytes + cases[i].length}, content;
		unsigned tag = 0;
		bool wrong = cases[i].content < 0;
		assert_false(sdr_der_take(&from, SDR_DER_SEQUENCE, &content));
		assert_int_equal(sdr_der_next(&from, &tag, &content), !wrong);
		assert_ptr_equal(from.at, wrong ? bytes : content.end);
		if (wrong)
			continue;
		assert_int_equal(tag, SDR_DER_OCTETS);
		assert_int_equal(content.end - content.at, cases[i].content);
		assert_true(sdr_der_is(&content, "ab", (size_t)cases[i].content));
		assert_false(sdr_der_is(&content, "ab", (size_t)cases[i].content + 1));
	}
}

static void test_der_oids(void **state)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {{"\x2a\x86\x48\x86\xf7\x0d", "1.2.840.113549"}, {"\x55\x04\x03", "2.5.4.3"},
		{"\x88\x37\x03", "2.999.3"}, {"\x09\x92\x26", "0.9.2342"}, {"\x27", "0.39"},
		{"\x28", "1.0"}, {"\x4f", "1.39"}, {"\x50", "2.0"}};
	char text[32];
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const unsigned char *bytes = (const unsigned char *)cases[i].bytes;
		const struct sdr_der oid = {bytes, bytes + strlen(cases[i].bytes)};
		assert_string_equal(sdr_der_oid_text(text, sizeof(text), &oid), cases[i].text);
		text[6] = '#'; /* what has no room is cut */
		sdr_der_oid_text(text, 6, &oid);
		assert_int_equal(strncmp(text, cases[i].text, 5), 0);
		assert_int_equal(text[6], '#');
	}
}

/* Reads the certificate with another string in place of "A, Inc" as its subject's O. */
static void assert_organisation(const char bytes[static 8], const char *expected)
{
	static const char old[] = "\x0c\x06"
				  "A, Inc";
	struct sdr_certificates chain = {0};
	struct sdr_certificate read;
	assert_true(sdr_certificates_add_pem(&chain, pem));
	unsigned char *der = chain.links[0].der;
	size_t length = chain.links[0].length;
	unsigned char *issuer = memmem(der, length, old, 8);
	assert_non_null(issuer);
	unsigned char *subject = memmem(issuer + 8, length - (size_t)(issuer + 8 - der), old, 8);
	assert_non_null(subject);
	memcpy(subject, bytes, 8);
	assert_true(sdr_certificate_read(der, length, &read));
	assert_string_equal(read.subject, expected);
	assert_string_equal(read.issuer, "C=DE, O=A, Inc, CN=www.example");
	assert_false(read.self_issued);
	sdr_certificates_done(&chain);
}

/* 16-bit characters are put as UTF-8; control characters never reach the text as they are. */
static void test_KW7_strings(void **state)
{
	(void)state;
	assert_organisation(
		"\x1e\x06\x20\xac\x00\xe4\x00\x07", "C=DE, O=\xe2\x82\xac\xc3\xa4, CN=www.example");
	assert_organisation("\x0c\x06"
			    "A\nB\x7f"
			    "CD",
		"C=DE, O=A\\x0aB\\x7fCD, CN=www.example");
}

/* Cut anywhere, or with any bit another one, it is read or refused, and nothing beyond its end is
 * touched. */
static void test_KW7_damaged(void **state)
{
	struct sdr_certificates chain = {0};
	struct sdr_certificate read;
	(void)state;
	assert_true(sdr_certificates_add_pem(&chain, pem));
	size_t length = chain.links[0].length;
	for (size_t cut = 0; cut < length; cut++) {
		unsigned char *copy = malloc(cut + 1); /* made to measure, for the sanitizer */

		memcpy(copy, chain.links[0].der, cut);
		assert_false(sdr_certificate_read(copy, cut, &read));
		free(copy);
	}
	for (size_t at = 0; at < length; at++) {
		for (unsigned flip = 1; flip < 256; flip <<= 1) {
			chain.links[0].der[at] ^= (unsigned char)flip;
			(void)sdr_certificate_read(chain.links[0].der, length, &read);
			assert_non_null(memchr(read.names, '\0', sizeof(read.names)));
			assert_non_null(memchr(read.subject, '\0', sizeof(read.subject)));
			chain.links[0].der[at] ^= (unsigned char)flip;
		}
	}
	sdr_certificates_done(&chain);
}

/* FIPS 180-4's examples, and lengths around a block. */
static void test_sha256(void **state)
{
	static const struct {
		const char *text, *digest;
	} rows[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"},
	};
	char digest[SDR_SHA256_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(sdr_sha256_text(digest, rows[i].text, strlen(rows[i].text)),
			rows[i].digest);
}

static void test_KW5_guesses(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *name;
	} rows[] = {
#define ROW(bytes, name) {bytes, sizeof(bytes) - 1, name}
		ROW("SSH-2.0-OpenSSH_9.2\r\n", "SSH"),
		ROW("\x15\x03\x01\0\x02\x02\x46", "TLS"),
		ROW("\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64", "HTTP/2"),
		ROW("\0\0\0\x04\0\0\0\0\0", "HTTP/2"),
		ROW("\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01", "HTTP/2"),
		ROW("220 mail.example ESMTP Postfix\r\n", "SMTP"),
		ROW("220 (vsFTPd 3.0.3)\r\n", "FTP"),
		ROW("+OK Dovecot ready.\r\n", "POP3"),
		ROW("* OK [CAPABILITY IMAP4rev1] ready\r\n", "IMAP"),
		ROW("-ERR unknown command 'HEAD'\r\n", "Redis"),
		ROW("J\0\0\0\n8.0.35\0\x1c", "MySQL"),
		ROW("RFB 003.008\n", "VNC"),
		ROW("AMQP\0\0\x09\x01", "AMQP"),
		ROW("RTSP/1.0 400 Bad Request\r\n", "RTSP"),
		ROW("ICY 200 OK\r\n", "Icecast"),
		ROW("\xff\xfd\x18\xff\xfd\x20", "Telnet"),
		ROW("E\0\0\0\x2aSFATAL\0", "PostgreSQL"),
#undef ROW
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = sdr_guess_protocol(rows[i].bytes, rows[i].length);

		if (!name || strcmp(name, rows[i].name) != 0)
			fail_msg("%s: %s", rows[i].name, name ? name : "nothing");
	}
	assert_null(sdr_guess_protocol("", 0));
	assert_null(sdr_guess_protocol("hello", 5));
	assert_null(sdr_guess_protocol("\0\0\0\0", 4));
}

static void test_KW8_alerts(void **state)
{
	(void)state;
	assert_int_equal(
		sdr_tls_alert_of("error:0A00045C:SSL routines::tlsv13 alert certificate required"),
		116);
	assert_int_equal(sdr_tls_alert_of("OpenSSL SSL_connect: error:0A000410:SSL "
					  "routines::sslv3 alert handshake failure"),
		40);
	assert_int_equal(sdr_tls_alert_of("error:14094410:SSL "
					  "routines:ssl3_read_bytes:sslv3 alert handshake failure"),
		40);
	assert_int_equal(
		sdr_tls_alert_of(
			"error:0A00014D:SSL routines::legacy sigalg disallowed or unsupported"),
		-1);
	assert_int_equal(sdr_tls_alert_of("error:"), -1);
	assert_int_equal(sdr_tls_alert_of("Connection reset by peer"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_KW7_certificate),
		cmocka_unit_test(test_der_elements),
		cmocka_unit_test(test_der_oids),
		cmocka_unit_test(test_KW7_strings),
		cmocka_unit_test(test_KW7_damaged),
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_KW5_guesses),
		cmocka_unit_test(test_KW8_alerts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
