/* host_words.c - words that mean hosts. A plain network means the hosts in it: neither its own
 * address nor its broadcast one. */
#include "cmd/host_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sounder/file.h"
#include "sounder/host_words.h"

static enum sdr_status add_host(struct sdr_hosts *hosts, const char *name, struct sdr_error *error)
{
	if (hosts->count == SDR_HOSTS_MAX) {
		sdr_error_set(error, 0, "more than %d hosts", SDR_HOSTS_MAX);
		return SDR_ERANGE;
	}
	if (hosts->count == hosts->capacity) {
		size_t capacity = hosts->capacity ? hosts->capacity * 2 : 64;
		const char **names = sdr_request_alloc(hosts->request, capacity * sizeof(*names));
		if (!names)
			return SDR_ENOMEM;
		if (hosts->count > 0)
			memcpy(names, hosts->names, hosts->count * sizeof(*names));
		hosts->names = names;
		hosts->capacity = capacity;
	}
	hosts->names[hosts->count++] = name;
	return SDR_OK;
}

static enum sdr_status add_span(struct sdr_hosts *hosts, const struct sdr_addr *first,
	const struct sdr_addr *last, struct sdr_error *error)
{
	struct sdr_addr at = *first;
	for (;; at = sdr_addr_add(&at, 1)) {
		char text[SDR_ADDR_TEXT];
		char *copy = sdr_request_text(hosts->request, "%s", sdr_addr_format(text, &at));
		enum sdr_status status = copy ? add_host(hosts, copy, error) : SDR_ENOMEM;
		if (status != SDR_OK || sdr_addr_compare(&at, last) == 0)
			return status;
	}
}

static enum sdr_status read_network(
	const char *word, struct sdr_prefix *prefix, struct sdr_error *error)
{
	enum sdr_status status = sdr_prefix_parse(word, prefix, error);
	if (status != SDR_OK || sdr_addr_bits(&prefix->addr) - prefix->length <= 20)
		return status;
	sdr_error_set(error, 0,
		"%s has more than %d addresses; a /%u is the largest network that can be asked for",
		word, SDR_HOSTS_MAX, sdr_addr_bits(&prefix->addr) - 19);
	return SDR_ERANGE;
}

static enum sdr_status add_network(
	struct sdr_hosts *hosts, const char *word, struct sdr_error *error)
{
	struct sdr_prefix prefix;
	enum sdr_status status = read_network(word, &prefix, error);
	if (status != SDR_OK)
		return status;
	unsigned bits = sdr_addr_bits(&prefix.addr) - prefix.length;
	struct sdr_addr first = sdr_prefix_network(&prefix), last = sdr_prefix_last(&prefix);
	if (prefix.addr.version == 4 && bits > 1 &&
		!hosts->whole) { /* RFC 3021: a /31 has neither */
		first = sdr_addr_add(&first, 1);
		last = sdr_addr_add(&last, -1);
	} else if (prefix.addr.version == 6 && bits > 1 &&
		!hosts->whole) { /* RFC 4291 sec. 2.6.1: the routers' anycast address */
		first = sdr_addr_add(&first, 1);
	}
	return add_span(hosts, &first, &last, error);
}

/* Reads "10.0.0.1-10.0.0.9", "10.0.0.1-9", "fe80::1-fe80::ff". ENOENT for what begins with no
 * address: a name may have a dash. */
static enum sdr_status read_range(
	const char *word, struct sdr_addr *first, struct sdr_addr *last, struct sdr_error *error)
{
	char text[2 * SDR_ADDR_TEXT];
	const char *dash = strchr(word, '-');
	if (!dash || strlen(word) >= sizeof(text))
		return SDR_ENOENT;
	snprintf(text, sizeof(text), "%s", word);
	text[dash - word] = '\0';
	enum sdr_status status = sdr_addr_parse(text, first, error);
	if (status != SDR_OK)
		return status == SDR_ESYSTEM ? status : SDR_ENOENT;
	uint16_t low;
	*last = *first;
	if (first->version == 4 && sdr_port_parse(dash + 1, &low, NULL) == SDR_OK && low <= 255)
		last->bytes[3] = (uint8_t)low;
	else
		status = sdr_addr_parse(dash + 1, last, error);
	if (status == SDR_ESYSTEM)
		return status;
	if (status == SDR_OK && last->version == first->version &&
		sdr_addr_compare(first, last) <= 0)
		return SDR_OK;
	sdr_error_set(error, 0,
		"%s is no range of addresses; 10.0.0.1-10.0.0.9 or 10.0.0.1-9 is right", word);
	return SDR_EINVAL;
}

/* A URL or a host with a port is more than a host: the error suggests what would be right. An IPv6
 * address has two colons at least and no bracket. */
static bool is_more(const char *word, struct sdr_error *error)
{
	const char *url = strstr(word, "://"), *colon = strchr(word, ':');
	if (url) {
		sdr_error_set(error, 0,
			"%s is a URL; its host is %.*s, and \"head %s\" asks for the page", word,
			(int)strcspn(url + 3, ":/?#"), url + 3, word);
		return true;
	}
	if (!colon || (word[0] != '[' && strchr(colon + 1, ':')))
		return false;
	bool bracket = word[0] == '[';
	if (bracket && !strstr(word, "]:")) {
		sdr_error_set(error, 0,
			"%s: brackets are for an address with a port; leave them out", word);
		return true;
	}
	sdr_error_set(error, 0,
		"%s has a port; the host alone is %.*s, and \"tcp %s\" tries the port", word,
		(int)strcspn(word + bracket, bracket ? "]" : ":"), word + bracket, word);
	return true;
}

/* What a word that is no list stands for: the range's ends, or neither for a host or a network. */
static enum sdr_status check_word(
	const char *word, struct sdr_addr *first, struct sdr_addr *last, struct sdr_error *error)
{
	struct sdr_prefix network;
	first->version = last->version = 0;
	if (is_more(word, error))
		return SDR_EINVAL;
	if (strchr(word, '/'))
		return read_network(word, &network, error);
	enum sdr_status status = read_range(word, first, last, error);
	if (status != SDR_ENOENT)
		return status;
	first->version = 0;
	return sdr_host_check(word, error);
}

static enum sdr_status add_word(struct sdr_hosts *hosts, const char *word, struct sdr_error *error)
{
	struct sdr_addr first, last;
	enum sdr_status status = check_word(word, &first, &last, error);
	if (status != SDR_OK)
		return status;
	if (first.version != 0)
		return add_span(hosts, &first, &last, error);
	return strchr(word, '/') ? add_network(hosts, word, error) : add_host(hosts, word, error);
}

enum sdr_status sdr_hosts_check(const char *word, struct sdr_error *error)
{
	struct sdr_addr first, last;
	bool list = word[0] == '@' || strcmp(word, "-") == 0;
	return list ? SDR_OK : check_word(word, &first, &last, error);
}

/* Takes a text apart where it is: the names stay in it. Blanks between hosts, `#` before a comment
 * to the line's end. */
static enum sdr_status add_text(struct sdr_hosts *hosts, char *text, struct sdr_error *error)
{
	enum sdr_status status = SDR_OK;
	for (char *at = text; status == SDR_OK;) {
		at += strspn(at, " \t\r\n");
		if (*at == '#')
			at += strcspn(at, "\n");
		if (*at == '\0')
			break;
		if (*at == '\n')
			continue;
		char *word = at;
		if (*word == '-') {
			word[strcspn(word, " \t\r\n#")] = '\0';
			sdr_error_set(error, 0,
				"'%.80s' in the list looks like an option; a list has hosts only",
				word);
			return SDR_EINVAL;
		}
		at += strcspn(at, " \t\r\n#");
		char end = *at;
		*at = '\0';
		status = add_word(hosts, word, error);
		at += end != '\0';
		if (end == '#')
			at += strcspn(at, "\n");
	}
	return status;
}

/* Adds the names of a list. Its text is kept in the request, since the names point into it. */
static enum sdr_status add_list(struct sdr_hosts *hosts, const char *path, struct sdr_error *error)
{
	static const struct sdr_file_source standard = {
		.name = "standard input", .most = SDR_FILE_LIST_MAX};
	char *text = NULL;
	size_t length = 0;
	if (!path && isatty(STDIN_FILENO)) {
		sdr_error_set(error, 0,
			"'-' reads hosts from stdin, which is a terminal; @FILE reads a file");
		return SDR_EINVAL;
	}
	if (path && !*path) {
		sdr_error_set(error, 0, "@ without a file's name; @FILE reads a list of hosts");
		return SDR_EINVAL;
	}
	enum sdr_status status = path
		? sdr_file_read(path, SDR_FILE_LIST_MAX, &text, &length, error)
		: sdr_file_read_open(STDIN_FILENO, &standard, &text, &length, error);
	if (status != SDR_OK)
		return status;
	char *kept = sdr_request_alloc(hosts->request, length + 1);
	if (kept)
		memcpy(kept, text, length + 1);
	free(text);
	return kept ? add_text(hosts, kept, error) : SDR_ENOMEM;
}

enum sdr_status sdr_hosts_take(
	const struct sdr_call *call, struct sdr_hosts *hosts, struct sdr_error *error)
{
	enum sdr_status status = SDR_OK;
	const char *word;
	for (size_t i = 0; status == SDR_OK && (word = sdr_call_word(call, i)); i++) {
		if (word[0] == '@')
			status = add_list(hosts, word + 1, error);
		else if (strcmp(word, "-") == 0)
			status = add_list(hosts, NULL, error);
		else
			status = add_word(hosts, word, error);
	}
	if (status == SDR_OK && hosts->count == 0) {
		sdr_error_set(error, 0, "the list has no hosts; a host a line is right");
		status = SDR_EINVAL;
	}
	return status;
}
