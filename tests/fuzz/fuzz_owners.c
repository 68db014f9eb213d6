/* fuzz_owners.c - what /proc shows of who holds a socket, as any bytes: an inode is taken from
 * "socket:[N]" alone, and a process's name is what stands before its last line feed. */
#include <stdio.h>
#include <string.h>

#include "host/socket_owners.h"
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The number in "socket:[N]", read from its end; 0: it is no such text. */
static uint32_t expect(const char *text)
{
	size_t length = strlen(text), digits = 0;
	uint64_t value = 0, place = 1;
	if (length < 10 || text[length - 1] != ']')
		return 0;
	while (digits < length - 1 && digits < 11 && text[length - 2 - digits] >= '0' &&
		text[length - 2 - digits] <= '9') {
		value += (uint64_t)(text[length - 2 - digits] - '0') * place;
		place *= 10;
		digits++;
	}
	return digits > 0 && digits < 11 && length - 1 - digits == 8 &&
			memcmp(text, "socket:[", 8) == 0 && value <= UINT32_MAX
		? (uint32_t)value
		: 0;
}

static void check_inode(const char *text)
{
	char again[32];
	uint32_t inode = sdr_socket_inode(text);
	must(inode == expect(text));
	snprintf(again, sizeof(again), "socket:[%u]", inode);
	must(sdr_socket_inode(again) == inode);
}

static void check_name(const uint8_t *data, size_t size)
{
	char name[SDR_PROCESS_TEXT];
	size_t length = size < sizeof(name) - 1 ? size : sizeof(name) - 1;
	memcpy(name, data, length);
	sdr_process_name(name, length);
	size_t wanted = length > 0 && data[length - 1] == '\n' ? length - 1 : length;
	must(name[wanted] == '\0' && memcmp(name, data, wanted) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[128], number[32];
	struct input input = {data, size};
	size_t length = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, length);
	text[length] = '\0';
	check_inode(text);
	uint32_t inode = (uint32_t)take_number(&input, 4);
	snprintf(number, sizeof(number), "socket:[%u]", inode);
	must(sdr_socket_inode(number) == inode);
	check_name(data, size);
	return 0;
}
