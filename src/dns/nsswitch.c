/* nsswitch.c - the hosts line of /etc/nsswitch.conf. The idea: one pass over the words of the line;
 * a service adds an entry with the usual actions, brackets change those of the entry before them.
 * nsswitch.conf(5). */
#include "dns/nsswitch.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "dns/conf_line.h"

#define BLANKS " \t\r\n\v\f"

/* What libc does without the line. */
#define DEFAULT_LINE "files dns"

bool sdr_nsswitch_has_module(const char *service)
{
	Dl_info libc;
	char path[512];
	const char *slash = dladdr((void *)(uintptr_t)&getaddrinfo, &libc) != 0 && libc.dli_fname
		? strrchr(libc.dli_fname, '/')
		: NULL;
	if (!slash)
		return false;
	snprintf(path, sizeof(path), "%.*s/libnss_%.60s.so.2", (int)(slash - libc.dli_fname),
		libc.dli_fname, service);
	return access(path, R_OK) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != EACCES);
}

/* Applies "[!STATUS=ACTION ...]" (without its brackets) to a service. Returns false if it is not of
 * that form. */
static bool take_actions(struct sdr_nsswitch_service *service, char *text)
{
	static const char *const words[] = {"success", "notfound", "unavail", "tryagain"};
	char *rest = NULL;
	for (char *word = strtok_r(text, BLANKS, &rest); word;
		word = strtok_r(NULL, BLANKS, &rest)) {
		bool negated = *word == '!', known = false;
		char *equals = strchr(word, '=');
		if (!equals)
			return false;
		*equals = '\0';
		bool returns = strcasecmp(equals + 1, "return") == 0;
		if (!returns && strcasecmp(equals + 1, "continue") != 0 &&
			strcasecmp(equals + 1, "merge") != 0)
			return false;
		for (int i = 0; i < SDR_SERVICE_ENDS; i++) {
			bool named = strcasecmp(word + negated, words[i]) == 0;
			known = known || named;
			if (named != negated)
				service->returns[i] = returns;
		}
		if (!known)
			return false;
	}
	return true;
}

/* The entry for a word, or false if it is not asked here. "resolve" (systemd-resolved) is reached
 * through resolv.conf as well. */
static bool take_service(
	const char *word, bool has_module(const char *), struct sdr_nsswitch_service *service)
{
	*service = (struct sdr_nsswitch_service){.returns = {[SDR_SERVICE_SUCCESS] = true}};
	if (strcmp(word, "files") == 0) {
		service->kind = SDR_SERVICE_FILES;
		return true;
	}
	service->kind = strcmp(word, "myhostname") == 0 ? SDR_SERVICE_MYHOSTNAME : SDR_SERVICE_DNS;
	if (strcmp(word, "dns") == 0)
		return true;
	if (strcmp(word, "myhostname") != 0 && strcmp(word, "resolve") != 0)
		return false;
	return !has_module || has_module(word);
}

static void skip(struct sdr_nsswitch *order, const char *word, bool has_module(const char *))
{
	size_t length = strlen(order->skipped);
	if (!has_module || has_module(word)) /* one that libc has not either makes no difference */
		snprintf(order->skipped + length, sizeof(order->skipped) - length, "%s%s",
			length > 0 ? " " : "", word);
}

static void take_line(char *line, bool has_module(const char *), struct sdr_nsswitch *order)
{
	struct sdr_nsswitch_service skipped, *latest = &skipped;
	for (char *at = line + strspn(line, BLANKS); *at != '\0'; at += strspn(at, BLANKS)) {
		if (*at == '[') {
			char *end = strchr(at, ']');
			if (!end)
				return;
			*end = '\0';
			if (!take_actions(latest, at + 1))
				return;
			at = end + 1;
			continue;
		}
		char word[64];
		size_t length = strcspn(at, BLANKS "[");
		snprintf(word, sizeof(word), "%.*s", (int)length, at);
		at += length;
		bool asked = order->count < SDR_NSSWITCH_SERVICES &&
			take_service(word, has_module, &skipped);
		latest = &skipped;
		if (asked) {
			latest = &order->services[order->count++];
			*latest = skipped;
			continue;
		}
		skip(order, word, has_module);
	}
}

void sdr_nsswitch_parse(
	const char *text, bool (*has_module)(const char *service), struct sdr_nsswitch *order)
{
	char line[2048];
	bool found = false;
	*order = (struct sdr_nsswitch){0};
	while ((text = sdr_conf_line(text, line, sizeof(line)))) {
		line[strcspn(line, "#")] = '\0';
		char *start = line + strspn(line, BLANKS);
		size_t word = strcspn(start, BLANKS ":");
		char *colon = start + word + strspn(start + word, BLANKS);
		if (word != 5 || strncmp(start, "hosts", 5) != 0 || *colon != ':')
			continue;
		*order = (struct sdr_nsswitch){0};
		take_line(colon + 1, has_module, order);
		found = true;
	}
	if (!found) {
		snprintf(line, sizeof(line), "%s", DEFAULT_LINE);
		take_line(line, has_module, order);
	}
}
