/* hop_discards.c - one line of /proc/net/snmp6. */
#include "net/hop_discards.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "/proc/net/snmp6"
#define LINE "\nIp6OutDiscards"
#define ROOM 2048 /* the line is among the first */

uint64_t sdr_hop_discards(void)
{
	char text[ROOM];
	int fd = open(FILE_NAME, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[length > 0 ? length : 0] = '\0';
	const char *line = strstr(text, LINE);
	return line ? strtoull(line + strlen(LINE), NULL, 10) : HOP_DISCARDS_UNKNOWN;
}
