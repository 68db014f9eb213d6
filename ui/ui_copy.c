/* ui_copy.c - text to the clipboard: by the desktop's own program, whose exit status confirms that
 * it took it, else by the terminal, which confirms nothing. */
#include "ui_copy.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <uv.h>

#include "ui_state.h"

#define PATIENCE_MS 2000

static const struct tool {
	const char *desktop; /* a variable that it has set */
	const char *words[5];
} tools[] = {
	{"WAYLAND_DISPLAY", {"wl-copy", NULL}},
	{"DISPLAY", {"xclip", "-selection", "clipboard", "-in", NULL}},
	{"DISPLAY", {"xsel", "--clipboard", "--input", NULL}},
};
#define TOOLS (sizeof(tools) / sizeof(*tools))

/* One that runs. Its handles close one after the other, the memory goes with the last. */
struct ui_copy {
	uv_process_t process;
	uv_timer_t patience;
	struct ui_copy *next;
	struct ui *ui;
	const char *name;
	bool otherwise; /* the terminal is next */
	int closing;
	size_t length;
	char text[];
};

/* The whole PATH is looked through, so that a failure is known before anything is started. */
static bool is_there(const char *name)
{
	const char *path = getenv("PATH");
	char file[4096];
	while (path && *path) {
		size_t length = strcspn(path, ":");
		if (length > 0 &&
			snprintf(file, sizeof(file), "%.*s/%s", (int)length, path, name) <
				(int)sizeof(file) &&
			access(file, X_OK) == 0)
			return true;
		path += length + (path[length] == ':');
	}
	return false;
}

static const struct tool *choose(void)
{
	for (size_t i = 0; i < TOOLS; i++) {
		const char *desktop = getenv(tools[i].desktop);
		if (desktop && *desktop && is_there(tools[i].words[0]))
			return &tools[i];
	}
	return NULL;
}

static void on_closed(uv_handle_t *handle)
{
	struct ui_copy *copy = handle->data;
	if (--copy->closing == 0)
		free(copy);
}

static void end(struct ui_copy *copy)
{
	uv_handle_t *const handles[] = {
		(uv_handle_t *)&copy->process, (uv_handle_t *)&copy->patience};
	struct ui_copy **at = &copy->ui->copies;
	while (*at != copy)
		at = &(*at)->next;
	*at = copy->next;
	copy->closing = sizeof(handles) / sizeof(*handles);
	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++)
		uv_close(handles[i], on_closed);
}

void ui_copy_terminal(struct ui *ui, const char *text, size_t length)
{
	enum sdr_status status = ui->term ? ui_term_copy(ui->term, text, length) : SDR_OK;
	if (status == SDR_OK)
		ui_notify(ui, SDR_TONE_PLAIN, "sent to the terminal: %s", text);
	else
		ui_notify(ui, SDR_TONE_BAD, "not copied, %s: %s", sdr_status_text(status), text);
}

static void settle(struct ui_copy *copy, bool taken)
{
	if (taken)
		ui_notify(copy->ui, SDR_TONE_PLAIN, "copied by %s: %s", copy->name, copy->text);
	else if (copy->otherwise)
		ui_copy_terminal(copy->ui, copy->text, copy->length);
	else
		ui_notify(copy->ui, SDR_TONE_BAD, "%s did not copy: %s", copy->name, copy->text);
	end(copy);
}

static void on_exit_of(uv_process_t *process, int64_t status, int number)
{
	settle(process->data, status == 0 && number == 0);
}

static void on_patience(uv_timer_t *timer)
{
	settle(timer->data, false);
}

/* Text as a file that a program may read as its standard input. */
static int text_file(const char *text, size_t length)
{
	int file = memfd_create("sounder-copy", MFD_CLOEXEC);
	if (file < 0)
		return -1;
	if (write(file, text, length) == (ssize_t)length && lseek(file, 0, SEEK_SET) == 0)
		return file;
	close(file);
	return -1;
}

static bool start(struct ui_copy *copy, const struct tool *tool)
{
	int file = text_file(copy->text, copy->length);
	uv_stdio_container_t streams[3] = {{.flags = UV_INHERIT_FD, .data.fd = file},
		{.flags = UV_IGNORE}, {.flags = UV_IGNORE}};
	uv_process_options_t options = {.file = tool->words[0],
		.args = (char **)(uintptr_t)tool->words,
		.exit_cb = on_exit_of,
		.stdio = streams,
		.stdio_count = 3,
		.flags = UV_PROCESS_DETACHED};
	uv_timer_init(sdr_app_loop(copy->ui->app), &copy->patience);
	copy->process.data = copy->patience.data = copy;
	bool started =
		file >= 0 && uv_spawn(sdr_app_loop(copy->ui->app), &copy->process, &options) == 0;
	if (file >= 0)
		close(file);
	copy->next = copy->ui->copies;
	copy->ui->copies = copy;
	if (started) {
		uv_timer_start(&copy->patience, on_patience, PATIENCE_MS, 0);
		return true;
	}
	end(copy);
	return false;
}

bool ui_copy_native(struct ui *ui, const char *text, size_t length, bool otherwise)
{
	const struct tool *tool = choose();
	struct ui_copy *copy = tool ? malloc(sizeof(*copy) + length + 1) : NULL;
	if (!copy)
		return false;
	*copy = (struct ui_copy){
		.ui = ui, .name = tool->words[0], .otherwise = otherwise, .length = length};
	memcpy(copy->text, text, length);
	copy->text[length] = '\0';
	return start(copy, tool);
}

void ui_copy_close(struct ui *ui)
{
	while (ui->copies)
		end(ui->copies);
}
