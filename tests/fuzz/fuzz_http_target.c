/* TARGET, proxy and --connect-to as a person may type them: whatever is taken has a host and a
 * port. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cmd/http_target.h"
#include "sounder/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(
	enum sdr_status status, const struct sdr_http_target *target, const struct sdr_error *error)
{
	assert(status == SDR_OK || error->text[0] != '\0');
	assert(memchr(target->host, '\0', sizeof(target->host)));
	assert(status != SDR_OK || (target->host[0] != '\0' && target->port != 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[4096];
	size_t length = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	struct sdr_http_target target = {0}, elsewhere = {.host = "a", .port = 80};
	struct sdr_error error = {0};
	static struct sdr_registry *registry; /* kept: reading the services takes a thousand times
						 as long as the parser */
	if (!registry)
		registry = sdr_registry_new();
	memcpy(text, data, length);
	text[length] = '\0';
	check(sdr_http_target_parse(registry, text, &target, &error), &target, &error);
	error.text[0] = '\0';
	check(sdr_http_target_connect_to(registry, text, &elsewhere, &error), &elsewhere, &error);
	error.text[0] = '\0';
	target = (struct sdr_http_target){0};
	check(sdr_http_target_proxy(registry, text, &target, &error), &target, &error);
	return 0;
}
