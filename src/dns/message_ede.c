/* ede.c - extended errors: a server's reason for its answer. RFC 8914 and IANA's registry. */
#include <stdio.h>
#include <string.h>

#include "dns/message.h"
#include "sounder/sanitize.h"

/* What a code means; NULL if it is not registered. */
static const char *meaning_of(uint16_t code)
{
	static const char *const meanings[] = {"Other Error", "Unsupported DNSKEY Algorithm",
		"Unsupported DS Digest Type", "Stale Answer", "Forged Answer",
		"DNSSEC Indeterminate", "DNSSEC Bogus", "Signature Expired",
		"Signature Not Yet Valid", "DNSKEY Missing", "RRSIGs Missing",
		"No Zone Key Bit Set", "NSEC Missing", "Cached Error", "Not Ready", "Blocked",
		"Censored", "Filtered", "Prohibited", "Stale NXDOMAIN Answer", "Not Authoritative",
		"Not Supported", "No Reachable Authority", "Network Error", "Invalid Data",
		"Signature Expired before Valid", "Too Early", "Unsupported NSEC3 Iterations Value",
		"Unable to conform to policy", "Synthesized", "Invalid Query Type"};
	return code < sizeof(meanings) / sizeof(*meanings) ? meanings[code] : NULL;
}

void sdr_message_ede_format(char *out, size_t size, const struct sdr_message *message)
{
	size_t used = 0;
	out[0] = '\0';
	for (unsigned i = 0; i < message->ede_count && used < size; i++) {
		const struct sdr_ede *ede = &message->edes[i];
		const char *meaning = meaning_of(ede->code);
		char text[160] = "";
		const struct sdr_text_style style = {.cells_max = 120};
		sdr_sanitize(text, sizeof(text), ede->text, ede->length, &style);
		used += (size_t)snprintf(out + used, size - used, "%sEDE %u%s%s%s%s%s",
			i > 0 ? "; " : "", ede->code, meaning ? " (" : "", meaning ? meaning : "",
			meaning ? ")" : "", text[0] != '\0' ? ": " : "", text);
	}
}
