/* command_table.c - the table of the core's commands. */
#include "cmd/cmd.h"
#include "tables.h"

#define COMMAND(name) extern const struct sdr_command cmd_##name;
SDR_COMMANDS
#undef COMMAND

#define COMMAND(name) &cmd_##name,
const struct sdr_command *const sdr_commands[] = {SDR_COMMANDS NULL};
#undef COMMAND

#define COMMANDS (sizeof(sdr_commands) / sizeof(*sdr_commands) - 1)

const struct sdr_command *sdr_command_core(unsigned index)
{
	return index < COMMANDS ? sdr_commands[index] : NULL;
}
