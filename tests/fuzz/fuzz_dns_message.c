/* Answers of name servers: decoded, followed through their CNAMEs, and each name asked for again. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "dns/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdr_message *message = NULL;
	if (sdr_message_decode(data, size, &message) != SDR_OK)
		return 0;
	for (unsigned i = 0; i < message->count && i < 64; i++) {
		const struct sdr_record *record = &message->records[i];
		uint8_t wire[SDR_MESSAGE_QUESTION];
		struct sdr_chain chain;
		const struct sdr_message_question question = {.name = record->name, .type = record->type, .edns = true};
		if (sdr_message_encode(wire, &question) == 0)
			abort(); /* a name that came can be asked for */
		for (const char *at = record->line; *at != '\0'; at++)
			if ((unsigned char)*at >= 0x7f || ((unsigned char)*at < 0x20 && *at != '\t'))
				abort(); /* the text is printable ASCII */
		sdr_message_chain(message, record->name, record->type, &chain);
		if (chain.steps > SDR_MESSAGE_CHAIN)
			abort();
	}
	sdr_message_free(message);
	return 0;
}
