/* fuzz_words.c - any text as the small words that are typed: a duration, a port, a name to ask for,
 * a record type, a certificate's line. What is taken reads back as the same; what is refused is
 * explained. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/message.h"
#include "http/certificate.h"
#include "sounder/addr.h"
#include "sounder/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_error(const struct sdr_error *error)
{
	if (!error->text[0])
		abort();
}

static void check_duration(const char *text)
{
	char written[SDR_DURATION_TEXT];
	struct sdr_error error = {0};
	sdr_ns first, second;
	if (sdr_duration_parse(text, &first, &error) != SDR_OK)
		check_error(&error);
	else if (first < 0 ||
		sdr_duration_parse(sdr_duration_format(written, first), &second, NULL) != SDR_OK ||
		second != first)
		abort();
	else
		sdr_duration_display(written, first);
}

static void check_port(const char *text)
{
	char again[8];
	struct sdr_error error = {0};
	uint16_t first, second;
	if (sdr_port_parse(text, &first, &error) != SDR_OK) {
		check_error(&error);
		return;
	}
	snprintf(again, sizeof(again), "%u", first);
	if (sdr_port_parse(again, &second, NULL) != SDR_OK || second != first)
		abort();
}

static void check_name(const char *text)
{
	char first[SDR_MESSAGE_NAME], second[SDR_MESSAGE_NAME], word[SDR_MESSAGE_WORD];
	struct sdr_error error = {0};
	if (sdr_message_name(first, text, &error) != SDR_OK)
		check_error(&error);
	else if (sdr_message_name(second, first, NULL) != SDR_OK || strcmp(first, second) != 0)
		abort();
	uint16_t type, again;
	if (sdr_message_type_parse(text, &type, &error) != SDR_OK)
		check_error(&error);
	else if (sdr_message_type_parse(sdr_message_type_format(word, type), &again, NULL) !=
			SDR_OK ||
		again != type)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct sdr_certificates chain = {0};
	if (!text)
		return 0;
	check_duration(text);
	check_port(text);
	check_name(text);
	(void)sdr_certificates_add_pem(&chain, text);
	sdr_certificates_done(&chain);
	free(text);
	return 0;
}
