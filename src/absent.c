/* absent.c - answers for the parts that have not joined yet. */
#include <stdio.h>

#include "sounder/app.h"
#include "ui.h"

#if !__has_include("privilege.c")
void sdr_privilege_take(struct sdr_privilege *privilege)
{
	*privilege = (struct sdr_privilege){.icmp4 = -1, .icmp6 = -1};
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
#if !__has_include("dns/resolver.h")
struct sdr_names *sdr_names_new(struct uv_loop_s *loop);
void sdr_names_free(struct sdr_names *names);
struct sdr_names *sdr_names_new(struct uv_loop_s *loop)
{
	return (struct sdr_names *)loop;
}
void sdr_names_free(struct sdr_names *names)
{
	(void)names;
}
enum sdr_status sdr_names_addresses(struct sdr_names *names, const struct sdr_names_query *query, struct sdr_names_call **call, struct sdr_error *error)
{
	(void)names, (void)query, (void)call;
	sdr_error_set(error, 0, "the resolver is absent");
	return SDR_ENOTSUP;
}
void sdr_names_cancel(struct sdr_names *names, struct sdr_names_call *call)
{
	(void)names, (void)call;
}
#endif
#if !__has_include("host/host.h")
struct sdr_host *sdr_host_new(struct uv_loop_s *loop);
void sdr_host_free(struct sdr_host *host);
struct sdr_host *sdr_host_new(struct uv_loop_s *loop)
{
	(void)loop;
	return NULL;
}
void sdr_host_free(struct sdr_host *host)
{
	(void)host;
}
#endif
#if !__has_include("model/model.h")
struct sdr_model *sdr_model_new(void);
void sdr_model_free(struct sdr_model *model);
struct sdr_model *sdr_model_new(void)
{
	return NULL;
}
void sdr_model_free(struct sdr_model *model)
{
	(void)model;
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
