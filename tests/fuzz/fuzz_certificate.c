/* A certificate's DER as a peer may send it, and the first bytes of what is no HTTP: each text ends
 * within its room. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/certificate.h"
#include "http/guess.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text, size_t size)
{
	if (!memchr(text, '\0', size))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdr_certificate read;
	(void)sdr_certificate_read(data, size, &read);
	check(read.subject, sizeof(read.subject));
	check(read.issuer, sizeof(read.issuer));
	check(read.common_name, sizeof(read.common_name));
	check(read.names, sizeof(read.names));
	check(read.key, sizeof(read.key));
	check(read.signature, sizeof(read.signature));
	(void)sdr_guess_protocol(data, size);
	return 0;
}
