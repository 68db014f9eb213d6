/* The daytime parser on arbitrary bytes: what it accepts is within its ranges and is accepted
 * again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/daytime_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdr_daytime first, second;
	if (!sdr_daytime_parse(data, size, &first))
		return 0;
	if (first.form >= SDR_DAYTIME_FORMS || !memchr(first.zone, 0, sizeof(first.zone)))
		abort();
	if (first.zone_offset < -15 * 3600 || first.zone_offset > 15 * 3600 ||
		first.seconds < -62200000000 || first.seconds > 253500000000)
		abort();
	if (!sdr_daytime_parse(data, size, &second) || second.seconds != first.seconds ||
		second.form != first.form)
		abort();
	return 0;
}
