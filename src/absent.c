/* absent.c - answers for the parts that have not joined yet. */
#include <stdio.h>

#include "sounder/app.h"
#include "ui.h"

#if !__has_include("privilege.c")
void sdr_privilege_take(struct sdr_privilege *privilege)
{
	*privilege = (struct sdr_privilege){.icmp4 = -1, .icmp6 = -1};
}
const char *sdr_privilege_why(const struct sdr_privilege *privilege, int version, char *out, size_t size)
{
	(void)privilege;
	snprintf(out, size, "ICMP for IPv%d is not there yet", version);
	return out;
}
void sdr_privilege_explain(const struct sdr_privilege *privilege, struct sdr_sheet *sheet)
{
	(void)privilege, (void)sheet;
}
void sdr_privilege_bind_begin(const struct sdr_privilege *privilege)
{
	(void)privilege;
}
void sdr_privilege_bind_end(const struct sdr_privilege *privilege)
{
	(void)privilege;
}
#endif
#if !__has_include("../ui/ui.c")
enum sdr_exit ui_run(struct sdr_app *app, const struct ui_options *options)
{
	(void)app, (void)options;
	fputs("sounder: the dashboard is absent\n", stderr);
	return SDR_EXIT_FAIL;
}
#endif
