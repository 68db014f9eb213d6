/* dns_sheet.h (internal) - what came of a DNS question, as a sheet. */
#ifndef SOUNDER_DNS_DNS_SHEET_H
#define SOUNDER_DNS_DNS_SHEET_H

#include "dns/questions.h"
#include "sounder/sheet.h"

/* Returns a sheet with the keys name, types, outcome's why, rcode, server, query_seconds,
 * waited_seconds, failed, missing, flags, ede, records, questions and attempts; NULL when out of
 * memory. `fault`: what this host could not do beside, or NULL. */
struct sdr_sheet *sdr_dns_sheet_new(const struct sdr_questions_result *result, const char *fault);

#endif
