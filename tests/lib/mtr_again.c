/* mtr_again.c [-w] - reads a report of mtr's from standard input and prints it by our own code. The
 * arguments after that are names of hosts that are cut in it. */
#include "mtr_again.h"

int main(int count, char **arguments)
{
	static struct mtr_again again;
	static char text[1 << 16];
	struct sdr_out out;
	bool wide = count > 1 && strcmp(arguments[1], "-w") == 0;
	text[fread(text, 1, sizeof(text) - 1, stdin)] = '\0';
	again_read(&again, text, wide, (const char *const *)arguments + 1);
	sdr_out_init(&out, stdout, SDR_COLOUR_NEVER);
	sdr_mtr_text(&out, &again.report);
	return out.failed;
}
