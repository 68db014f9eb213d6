/* http_secret.c - a secret is masked by where it stands, never by how it looks. */
#include "cmd/http_secret.h"

#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "sounder/sanitize.h"

struct sdr_userinfo sdr_userinfo_find(const char *url)
{
	const char *mark = strstr(url, "://");
	const char *authority = mark && mark < url + strcspn(url, "/?#@") ? mark + 3 : url;
	struct sdr_userinfo found = {.at = (size_t)(authority - url)};
	for (size_t i = 0, end = strcspn(authority, "/?#"); i < end; i++)
		if (authority[i] == '@')
			found.length = i + 1;
	found.length -= found.length > 0; /* without the '@'; an empty one hides nothing */
	return found;
}

const char *sdr_secret_url(char *out, size_t size, const char *url)
{
	struct sdr_userinfo found = sdr_userinfo_find(url);
	snprintf(out, size, "%.*s%s%s", (int)found.at, url, found.length ? SDR_SECRET_MARK : "",
		url + found.at + found.length);
	return out;
}

const char *sdr_secret_header(char *out, size_t size, const char *line)
{
	size_t name = strcspn(line, ":; \t\r\n");
	size_t value = name + strspn(line + name, ":; \t\r\n");
	bool is_header = line[name] == ':' || line[name] == ';';
	if (line[value] && (!is_header || sdr_text_is_secret_name(line, name)))
		snprintf(out, size, "%.*s%s%s", (int)name, line, is_header ? ": " : " ",
			SDR_SECRET_MARK);
	else
		snprintf(out, size, "%s", line);
	return out;
}

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Returns false for a byte that no user or password can hold. */
static bool decode(char *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool encoded = text[i] == '%' && i + 2 < length && hex_of(text[i + 1]) >= 0 &&
			hex_of(text[i + 2]) >= 0;

		*out = encoded ? (char)(hex_of(text[i + 1]) * 16 + hex_of(text[i + 2])) : text[i];
		if (*out++ == '\0')
			return false;
		i += encoded ? 2 : 0;
	}
	*out = '\0';
	return true;
}

enum sdr_status sdr_credentials_decode(
	const char *url, struct sdr_credentials *into, struct sdr_error *error)
{
	struct sdr_userinfo found = sdr_userinfo_find(url);
	const char *text = url + found.at, *colon = memchr(text, ':', found.length);
	size_t user = colon ? (size_t)(colon - text) : found.length;
	into->has_password = colon;
	if (!decode(into->user, text, user) ||
		!decode(into->password, colon ? colon + 1 : "",
			colon ? found.length - user - 1 : 0)) {
		sdr_error_set(error, 0,
			"the user or password of the URL holds a NUL "
			"byte (%%00), which cannot be sent");
		return SDR_EINVAL;
	}
	if (found.length &&
		(strcmp(into->user, SDR_SECRET_MARK) == 0 ||
			strcmp(into->password, SDR_SECRET_MARK) == 0)) {
		sdr_error_set(error, 0,
			"*** stands for a user and password that are not "
			"shown; write USER:PASSWORD in its place");
		return SDR_EINVAL;
	}
	return SDR_OK;
}
