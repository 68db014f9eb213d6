/* command_instead.c - names of other tools and the command to use instead: users type the names
 * that they know. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sounder/command.h"

static const struct {
	const char *names, *instead;
} tools[] = {
	{"nslookup dig drill kdig delv dog doggo resolvectl systemd-resolve unbound-host",
		"\"dns NAME [TYPE]\" asks for records, \"host NAME\" for addresses"},
	{"cname", "\"dns NAME CNAME\" asks for it, \"host NAME\" shows the aliases"},
	{"getent gethostip resolveip", "\"host NAME\" shows a name's addresses"},
	{"traceroute6 tracert tracert6 tracepath tcptraceroute pathping trippy trip",
		"\"path HOST\" shows each hop, and where loss begins"},
	{"fping fping6 gping nping prettyping ping4 ping6 oping noping hping hping3 arping",
		"\"ping HOST...\" sends to one or many"},
	{"dial nc ncat netcat telnet socat tcping tcpping paping",
		"\"tcp HOST:PORT\" connects and times it"},
	{"netmask ipcalc ipcalc-ng ipcalc6 sipcalc subnetcalc cidr "
	 "cidrmerge aggregate aggregate6 iprange prips",
		"\"mask ADDRESS/LENGTH\" shows what a mask gives, \"subnet\" works with networks"},
	{"grepcidr", "\"subnet grep NETWORKS FILE\" finds lines by address"},
	{"curl wget httping httpie httpstat xh",
		"\"get URL\" prints the body, \"head URL\" times each phase"},
	{"netstat ss lsof", "\"listeners\" shows who listens here"},
	{"ifconfig ipconfig ethtool iwconfig", "\"interfaces\" shows links and addresses"},
	{"whois ipinfo geoip", "\"ip ADDRESS\" shows the holder of its block"},
	{"inetd xinetd", "\"serve echo daytime\" starts both servers"},
	{"ntpdate rdate", "\"daytime HOST\" asks for a host's time"},
	{"nmap masscan",
		"\"tcp HOST:PORT\" tries a port, \"ping --sweep "
		"NETWORK\" shows which hosts are alive"},
};

static bool lists(const char *names, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = names; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == length && strncasecmp(at, word, length) == 0)
			return true;
	return false;
}

const char *sdr_command_instead(const char *word)
{
	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++)
		if (lists(tools[i].names, word))
			return tools[i].instead;
	return NULL;
}
