/* fuzz_secret.c - URLs and headers as typed: what is masked is what the parser takes for user and
 * password, no byte more or less, and the rest keeps its meaning. */
#include <stdio.h>
#include <string.h>

#include "cmd/http_secret.h"
#include "cmd/http_target.h"
#include "few_ports.h"
#include "input.h"
#include "sounder/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 512

/* Puts other text in the place of user and password. */
static void replace(char *out, const char *url, const struct sdr_userinfo *found, const char *by)
{
	sprintf(out, "%.*s%s%s", (int)found->at, url, by, url + found->at + found->length);
}

static void check_url(struct sdr_registry *registry, const char *url)
{
	char shown[MOST + 16], other[MOST + 16], again[MOST + 32];
	struct sdr_userinfo found = sdr_userinfo_find(url);
	struct sdr_http_target first = {0}, second = {0};
	sdr_secret_url(shown, sizeof(shown), url);
	replace(other, url, &found, found.length ? SDR_SECRET_MARK : "");
	must(strcmp(shown, other) == 0);
	must(strcmp(sdr_secret_url(again, sizeof(again), shown), shown) == 0);
	must(found.length == 0 || url[found.at + found.length] == '@');
	/* With another user and password it is the same host and port, or as wrong as before. */
	if (found.length == 0)
		return;
	replace(other, url, &found, "u:p");
	enum sdr_status status = sdr_http_target_parse(registry, url, &first, NULL);
	must(status == sdr_http_target_parse(registry, other, &second, NULL));
	must(status != SDR_OK ||
		(first.port == second.port && strcmp(first.host, second.host) == 0));
}

static size_t encode(char *out, const char *text)
{
	size_t used = 0;
	for (; *text; text++)
		used += (size_t)sprintf(out + used, "%%%02x", (unsigned char)*text);
	out[used] = '\0';
	return used;
}

/* User and password, written as %XX throughout, are decoded as they were. */
static void check_credentials(const char *url)
{
	char user[MOST + 1] = "", password[MOST + 1] = "", other[8 * MOST], encoded[4 * MOST];
	char user_again[8 * MOST], password_again[8 * MOST];
	struct sdr_error error = {0};
	struct sdr_credentials into = {user, password, false};
	struct sdr_credentials again = {user_again, password_again, false};
	if (sdr_credentials_decode(url, &into, &error) != SDR_OK) {
		must(error.text[0] != '\0');
		return;
	}
	size_t used = (size_t)sprintf(other, "http://");
	encode(encoded, user);
	used += (size_t)sprintf(other + used, "%s%s", encoded, into.has_password ? ":" : "");
	encode(encoded, password);
	sprintf(other + used, "%s@h/", encoded);
	must(sdr_credentials_decode(other, &again, &error) == SDR_OK);
	must(strcmp(user, user_again) == 0 && strcmp(password, password_again) == 0);
	must(again.has_password == into.has_password);
}

/* Of a header that carries a secret only its name is shown. */
static void check_header(const char *line)
{
	char shown[MOST + 16];
	size_t name = strcspn(line, ":; \t\r\n");
	size_t value = name + strspn(line + name, ":; \t\r\n");
	sdr_secret_header(shown, sizeof(shown), line);
	must(strncmp(shown, line, name) == 0);
	if (line[value] && sdr_text_is_secret_name(line, name))
		must(strlen(shown) <= name + sizeof(": " SDR_SECRET_MARK) - 1 &&
			strcmp(shown + strlen(shown) - 3, SDR_SECRET_MARK) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sdr_registry *registry; /* kept: see fuzz_http_target.c */
	char text[MOST + 1];
	if (size > MOST)
		return 0;
	if (!registry) {
		registry = sdr_registry_new_from("/nonexistent", "/nonexistent");
		must(registry != NULL);
		few_ports(registry, 1000);
	}
	memcpy(text, data, size);
	text[size] = '\0';
	check_url(registry, text);
	check_credentials(text);
	check_header(text);
	return 0;
}
