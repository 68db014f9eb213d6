/* RDATA of every type: the first two bytes of the input are the type, the rest its data, in an
 * answer made around them. What is refused has a reason; what passes has a text, of printable
 * ASCII. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dns/rdata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t head[] = {
		0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 'x', 0, 0, 1, 0, 1, 0xc0, 0x0c};
	if (size < 2 || size > 60000)
		return 0;
	size_t length = size - 2, total = sizeof(head) + 10 + length;
	uint8_t *bytes = malloc(total), *at = bytes + sizeof(head);
	const uint8_t fixed[] = {
		data[0], data[1], 0, 1, 0, 0, 0, 60, (uint8_t)(length >> 8), (uint8_t)length};
	if (!bytes)
		return 0;
	memcpy(bytes, head, sizeof(head));
	memcpy(at, fixed, sizeof(fixed));
	memcpy(at + sizeof(fixed), data + 2, length);
	struct wire_fault fault = {""};
	struct wire walk = {bytes, total, sizeof(head) - 2};
	struct wire_record record;
	struct rdata_text text = {0};
	bool good = sdr_wire_check(bytes, total, NULL, &fault);
	if (!good && fault.text[0] == '\0')
		abort();
	if (good && (sdr_wire_record(&walk, &record) || walk.at != total))
		abort();
	if (good && record.type != WIRE_OPT) {
		sdr_rdata_write(&text, &walk, &record);
		if (text.length == 0 && !text.failed)
			abort();
		for (size_t i = 0; i < text.length; i++)
			if (text.bytes[i] < 0x20 || text.bytes[i] > 0x7e)
				abort();
	}
	free(text.bytes);
	free(bytes);
	return 0;
}
