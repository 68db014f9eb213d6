/* fuzz_config.c - a config file of any bytes: each complaint has its place, and nothing else
 * happens. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sounder/app.h"
#include "sounder/config.h"

static void on_complaint(void *context, const char *message)
{
	const char *path = context;
	unsigned line, column;
	assert(strncmp(message, path, strlen(path)) == 0);
	assert(sscanf(message + strlen(path), ":%u:%u: ", &line, &column) == 2 && line && column);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	char path[64];
	int fd = memfd_create("config", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct sdr_app *app = sdr_app_new(&privilege, sdr_commands);
	struct sdr_config config = {.file = path, .complain = on_complaint, .context = path};
	struct sdr_error error;
	if (sdr_config_run(app, &config, &error) != SDR_OK)
		assert(error.text[0]);
	sdr_app_free(app);
	close(fd);
	return 0;
}
