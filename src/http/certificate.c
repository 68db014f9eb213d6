/* certificate.c - CERTINFO is a list of "Name:value" lines a certificate, the peer's own first. */
#include "http/certificate.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct line_kind {
	const char *name;
	size_t offset, size; /* where the text goes; size 0: a date */
};

#define TEXT_OF(member) offsetof(struct sdr_transfer_certificate, member), sizeof(((struct sdr_transfer_certificate *)0)->member)

static const struct line_kind line_kinds[] = {
	{"Subject", TEXT_OF(subject)},
	{"Issuer", TEXT_OF(issuer)},
	{"X509v3 Subject Alternative Name", TEXT_OF(names)},
	{"Start date", offsetof(struct sdr_transfer_certificate, begins), 0},
	{"Expire date", offsetof(struct sdr_transfer_certificate, ends), 0},
};

void sdr_certificate_take(const struct sdr_curl *curl, struct sdr_transfer_certificate *certificate, const char *line)
{
	const char *colon = strchr(line, ':');

	if (!colon)
		return;
	size_t length = (size_t)(colon - line);
	for (size_t i = 0; i < sizeof(line_kinds) / sizeof(line_kinds[0]); i++) {
		const struct line_kind *kind = &line_kinds[i];
		char *to = (char *)certificate + kind->offset;

		if (strlen(kind->name) != length || memcmp(kind->name, line, length) != 0)
			continue;
		if (kind->size) {
			snprintf(to, kind->size, "%s", colon + 1);
			continue;
		}
		time_t when = curl ? curl->getdate(colon + 1, NULL) : 0;
		sdr_wall wall = when > 0 ? (sdr_wall)when * SDR_SECOND : 0;
		memcpy(to, &wall, sizeof(wall));
	}
}

void sdr_certificate_read(const struct sdr_curl *curl, CURL *easy, struct sdr_transfer_certificate *certificate)
{
	struct curl_certinfo *info = NULL;

	if (curl->easy_getinfo(easy, CURLINFO_CERTINFO, &info) != CURLE_OK || !info || info->num_of_certs < 1)
		return;
	for (const struct curl_slist *line = info->certinfo[0]; line; line = line->next)
		sdr_certificate_take(curl, certificate, line->data);
}
