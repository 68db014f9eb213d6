/* generate.c - writes the manual page and the completions of bash, zsh and fish out of the table of
 * commands, so that they can't fall behind it. Usage: generate man|bash|zsh|fish VERSION */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/options.h"
#include "sounder/settings.h"
#include "ui.h"

/* ---- the manual, roff (man(7)) ---- */

static void roff(const char *text)
{
	for (const char *at = text; *at; at++) {
		bool line_start = at == text || at[-1] == '\n';
		if (line_start && (*at == '.' || *at == '\''))
			fputs("\\&", stdout);
		if (*at == '\\')
			fputs("\\e", stdout);
		else if (*at == '-')
			fputs("\\-", stdout);
		else if (*at == '\n')
			fputs("\n.PP\n", stdout);
		else
			putchar(*at);
	}
}

static void roff_sentence(const char *text)
{
	putchar(text[0] >= 'a' && text[0] <= 'z' ? text[0] - 'a' + 'A' : text[0]);
	roff(text + 1);
	fputs(".\n", stdout);
}

/* Paragraphs are set off by a blank line. */
static void roff_paragraphs(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		char paragraph[4096];
		snprintf(paragraph, sizeof(paragraph), "%.*s", (int)length, text);
		fputs(".PP\n", stdout);
		roff(paragraph);
		putchar('\n');
		text += length;
		text += strspn(text, "\n");
	}
}

static void roff_option(const struct sdr_option *option)
{
	fputs(".TP\n", stdout);
	if (option->letter)
		printf("\\fB\\-%c\\fR, ", option->letter);
	fputs("\\fB\\-\\-", stdout);
	roff(option->name);
	fputs("\\fR", stdout);
	if (option->metavar) {
		fputs(" \\fI", stdout);
		roff(option->metavar);
		fputs("\\fR", stdout);
	}
	putchar('\n');
	roff_sentence(option->sentence);
}

/* The name and its aliases. */
static void put_names(const struct sdr_command *command, const char *between)
{
	fputs(command->name, stdout);
	for (const char *const *alias = command->aliases; *alias; alias++)
		printf("%s%s", between, *alias);
}

static void roff_command(const struct sdr_command *command)
{
	char usage[256];
	sdr_usage_line(usage, sizeof(usage), command);
	fputs(".SS \"", stdout);
	roff(usage);
	fputs("\"\n", stdout);
	roff_sentence(command->sentence);
	for (const char *const *alias = command->aliases; *alias; alias++) {
		fputs("Another name of it is \\fB", stdout);
		roff(*alias);
		fputs("\\fR.\n", stdout);
	}
	if (command->details)
		roff_paragraphs(command->details);
	for (unsigned set = 0; set < SDR_OPTION_SETS_ALL; set++)
		for (const struct sdr_option *o = sdr_command_options(command, set); o && o->name;
			o++)
			roff_option(o);
}

static void roff_examples(const struct sdr_command *command)
{
	for (const struct sdr_command *const *verb = command->verbs; verb && *verb; verb++)
		roff_examples(*verb);
	for (const char *const *example = command->examples; example && example[0] && example[1];
		example += 2) {
		fputs(".TP\n\\fBsounder ", stdout);
		roff(example[0]);
		fputs("\\fR\n", stdout);
		roff_sentence(example[1]);
	}
}

static void roff_settings(void)
{
	const struct sdr_setting *setting;
	fputs(".SH SETTINGS\n"
	      "Changed by \\fBset\\fR \\fINAME VALUE\\fR in a "
	      "configuration file or at the dashboard's prompt.\n",
		stdout);
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++) {
		fputs(".TP\n\\fB", stdout);
		roff(setting->name);
		fputs("\\fR (", stdout);
		roff(*setting->fallback ? setting->fallback : "empty");
		fputs(")\n", stdout);
		roff_sentence(setting->sentence);
	}
}

static const char *const head =
	".SH NAME\n"
	"sounder \\- a dashboard for network diagnosis, and its instruments as commands\n"
	".SH SYNOPSIS\n"
	".B sounder\n"
	"[\\fIOPTION\\fR...] [\\fIHOST\\fR...]\n"
	".br\n"
	".B sounder\n"
	"[\\fIOPTION\\fR...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n"
	".SH DESCRIPTION\n"
	"Alone or with hosts, sounder opens a dashboard in the terminal: what "
	"is watched with its state, this host's networks, names, ports, "
	"web servers, and servers of its own to test against. "
	"With a command it answers one question and ends. "
	"The same command lines work in the shell, at the dashboard's prompt "
	"(\\fB:\\fR), in a configuration file and bound to a key.\n"
	".PP\n"
	"A word that is no command is a host; \\fBsounder \\-\\- "
	"ping\\fR takes \\fIping\\fR as a host.\n"
	".SH OPTIONS\n"
	".TP\n"
	"\\fB\\-h\\fR, \\fB\\-\\-help\\fR\n"
	"List the commands; after a command, show its usage.\n"
	".TP\n"
	"\\fB\\-\\-version\\fR\n"
	"Show the version.\n"
	".TP\n"
	"\\fB\\-\\-color\\fR=\\fIWHEN\\fR\n"
	"Colours: auto, always or never.\n"
	".TP\n"
	"\\fB\\-f\\fR \\fIFILE\\fR\n"
	"Read this configuration instead of the usual ones.\n"
	".TP\n"
	"\\fB\\-\\-set\\fR \\fINAME\\fR=\\fIVALUE\\fR\n"
	"Change a setting, after the configuration was read; any number of times.\n"
	".TP\n"
	"\\fB\\-\\-read\\-only\\fR\n"
	"Have the dashboard look and ask only: what it watches is said by configuration and "
	"command line; then no key changes it, and no file is written, no server started, no "
	"program run.\n"
	".TP\n"
	"\\fB\\-\\-print\\-config\\fR\n"
	"Print settings and keys as a configuration file has them.\n"
	".TP\n"
	"\\fB\\-\\-log\\fR \\fIFILE\\fR\n"
	"Append the dashboard's log to a file.\n"
	".PP\n"
	"A duration is a number of seconds, or has a unit: "
	"\\fB200ms\\fR, \\fB1.5s\\fR, \\fB5m\\fR, \\fB2h\\fR.\n";

static const char *const tail =
	".SH EXIT STATUS\n"
	".TP\n"
	".B 0\n"
	"Yes: a positive answer.\n"
	".TP\n"
	".B 1\n"
	"No: nothing found, no such name, no answer, refused, an HTTP "
	"status of 400 or above, a pinged host without any reply.\n"
	".TP\n"
	".B 2\n"
	"Anything else: a mistake in the command line, no permission, no name "
	"server, an unknown host to ping, a fault of this host.\n"
	".PP\n"
	"Of several questions the worst counts.\n"
	".SH ENVIRONMENT\n"
	".TP\n"
	".B NO_COLOR\n"
	"If not empty, no colours unless \\fB\\-\\-color=always\\fR.\n"
	".TP\n"
	".B XDG_CONFIG_HOME\n"
	"Where the user's configuration is, by default \\fI~/.config\\fR.\n"
	".TP\n"
	".B XDG_STATE_HOME\n"
	"Where the dashboard puts what it is to share, by default \\fI~/.local/state\\fR.\n"
	".TP\n"
	".BR WAYLAND_DISPLAY \", \" DISPLAY\n"
	"Whether wl\\-copy, or xclip or xsel, are tried to copy with.\n"
	".TP\n"
	".BR LC_ALL \", \" LC_CTYPE \", \" LANG\n"
	"Whether the terminal takes UTF\\-8; else everything is written in ASCII.\n"
	".TP\n"
	".B TERM\n"
	"The terminal's type, for the dashboard.\n"
	".SH FILES\n"
	".TP\n"
	".I /etc/sounder.conf\n"
	"The system's configuration: a command a line, # begins a "
	"comment, a backslash at the end joins the next line.\n"
	".TP\n"
	".I ~/.config/sounder/sounder.conf\n"
	"The user's, read after it. "
	"The dashboard runs all lines, a command reads only those of \\fBset\\fR.\n"
	".TP\n"
	".I ~/.config/sounder/themes/NAME.theme\n"
	"A theme of the user's: lines \\fISTYLE COLOUR\\fR [bold|dim|underline|reverse], of the "
	"styles plain, ok, warning, bad, dim, strong, title, tab, rule, bar, field, with colours "
	"from 0 to 255, black to white, or own; \\fBlike\\fR \\fINAME\\fR takes the rest from "
	"a theme of sounder's.\n"
	".TP\n"
	".I ~/.local/state/sounder\n"
	"Where the dashboard's key s puts files.\n"
	".TP\n"
	".I ~/.config/sounder/services\n"
	"The user's own labels of ports, in the form of /etc/services; they come first.\n"
	".TP\n"
	".I /etc/resolv.conf, /etc/nsswitch.conf, /etc/hosts, /etc/gai.conf\n"
	"How names are looked up, as libc does: the servers (three), the search list "
	"and the options timeout, attempts, rotate, use\\-vc, trust\\-ad, no\\-aaaa, "
	"no\\-tld\\-query, ndots and sortlist; the services files, dns and "
	"myhostname with their actions in brackets; the order of addresses. "
	"Settings that are not followed are shown. "
	"They are read again when they change. "
	"RES_OPTIONS and LOCALDOMAIN override resolv.conf.\n"
	".TP\n"
	".I /etc/services, /etc/protocols\n"
	"Port and protocol names of this system; IANA's tables are built in behind them.\n";

static void write_manual(const char *version)
{
	const struct sdr_command *command;
	printf(".TH SOUNDER 1 \"\" \"sounder %s\" \"User Commands\"\n"
	       "%s.SH COMMANDS\n",
		version, head);
	for (unsigned i = 0; (command = sdr_command_core(i)); i++) {
		roff_command(command);
		for (const struct sdr_command *const *verb = command->verbs; verb && *verb; verb++)
			roff_command(*verb);
	}
	fputs(".SH COMMANDS OF THE DASHBOARD\n"
	      "Typed at its prompt, bound to keys, or lines of a configuration file.\n",
		stdout);
	for (unsigned i = 0; (command = ui_command_at(i)); i++)
		roff_command(command);
	roff_settings();
	fputs(tail, stdout);
	fputs(".SH EXAMPLES\n"
	      ".TP\n"
	      "\\fBsounder db1 db2\\fR\n"
	      "The dashboard, pinging two hosts.\n",
		stdout);
	for (unsigned i = 0; (command = sdr_command_core(i)); i++)
		roff_examples(command);
	fputs(".SH SEE ALSO\n.BR ping (8),\n.BR dig (1),\n.BR curl (1),\n.BR ss (8)\n", stdout);
}

/* ---- completions ---- */

static void each_option(const struct sdr_command *command,
	void (*write)(const struct sdr_command *, const struct sdr_option *))
{
	for (unsigned set = 0; set <= SDR_OPTION_SETS_ALL; set++)
		for (const struct sdr_option *o = set < SDR_OPTION_SETS_ALL
				? sdr_command_options(command, set)
				: sdr_options_common;
			o && o->name; o++)
			write(command, o);
}

/* Inside single quotes a quote is '\'' in all three shells. */
static void quoted(const char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
}

static const char *bash_words(enum sdr_complete complete)
{
	switch (complete) {
	case SDR_COMPLETE_HOST:
		return "mapfile -t COMPREPLY < <(compgen -A hostname -- \"$word\")";
	case SDR_COMPLETE_FILE:
		return "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")";
	case SDR_COMPLETE_COMMAND:
		return "mapfile -t COMPREPLY < <(compgen -W \"$commands\" -- \"$word\")";
	case SDR_COMPLETE_SERVICE:
		return "mapfile -t COMPREPLY < <(compgen -W 'daytime echo' -- \"$word\")";
	case SDR_COMPLETE_PORT:
		return "mapfile -t COMPREPLY < <(compgen -A service -W "
		       "'tcp udp sctp dccp' -- \"$word\")";
	case SDR_COMPLETE_SETTING:
		return "mapfile -t COMPREPLY < <(compgen -W \"$settings\" -- \"$word\")";
	default:
		return ":";
	}
}

static void bash_option(const struct sdr_command *command, const struct sdr_option *option)
{
	(void)command;
	printf("--%s ", option->name);
}

/* The second word of a verb's name. */
static const char *verb_word(const struct sdr_command *command, const struct sdr_command *verb)
{
	return verb->name + strlen(command->name) + 1;
}

/* The word after the command picks what follows. */
static void bash_verbs(const struct sdr_command *command)
{
	printf("\t%s)\n"
	       "\t\tif ((COMP_CWORD == i + 1)); then\n"
	       "\t\t\tmapfile -t COMPREPLY < <(compgen -W '",
		command->name);
	for (const struct sdr_command *const *verb = command->verbs; *verb; verb++)
		printf("%s ", verb_word(command, *verb));
	fputs("' -- \"$word\")\n\t\t\treturn\n\t\tfi\n\t\tcase ${COMP_WORDS[i + 1]} in\n", stdout);
	for (const struct sdr_command *const *verb = command->verbs; *verb; verb++) {
		printf("\t\t%s)\n\t\t\toptions='", verb_word(command, *verb));
		each_option(*verb, bash_option);
		printf("'\n\t\t\t%s\n\t\t\t;;\n", bash_words((*verb)->complete));
	}
	fputs("\t\tesac\n\t\t;;\n", stdout);
}

static void write_bash(const char *version)
{
	const struct sdr_command *command;
	const struct sdr_setting *setting;
	printf("# bash completion for sounder %s, made from its table of commands\n"
	       "_sounder()\n"
	       "{\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]} commands='",
		version);
	for (unsigned i = 0; (command = sdr_command_core(i)); i++)
		printf("%s ", command->name);
	fputs("' settings='", stdout);
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++)
		printf("%s ", setting->name);
	fputs("' options='' command='' i\n"
	      "\tCOMPREPLY=()\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in\n"
	      "\t\t-f | --log | --color | --set) ((i++)) ;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*)\n"
	      "\t\t\tcommand=${COMP_WORDS[i]}\n"
	      "\t\t\tbreak\n"
	      "\t\t\t;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tcase $command in\n"
	      "\t'')\n"
	      "\t\toptions='--help --version --color --log --set --read-only --print-config -f'\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$commands\" -A hostname -- \"$word\")\n"
	      "\t\t;;\n",
		stdout);
	for (unsigned i = 0; (command = sdr_command_core(i)); i++) {
		if (command->verbs) {
			bash_verbs(command);
			continue;
		}
		putchar('\t');
		put_names(command, " | ");
		fputs(")\n\t\toptions='", stdout);
		each_option(command, bash_option);
		printf("'\n\t\t%s\n\t\t;;\n", bash_words(command->complete));
	}
	fputs("\tesac\n"
	      "\tif [[ $word == -* ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
	      "\tfi\n"
	      "}\n"
	      "complete -F _sounder sounder\n",
		stdout);
}

static const char *zsh_words(enum sdr_complete complete)
{
	switch (complete) {
	case SDR_COMPLETE_HOST:
		return "_hosts";
	case SDR_COMPLETE_FILE:
		return "_files";
	case SDR_COMPLETE_COMMAND:
		return "_sounder_commands";
	case SDR_COMPLETE_SERVICE:
		return "(daytime echo)";
	case SDR_COMPLETE_PORT:
		return "_ports";
	case SDR_COMPLETE_SETTING:
		return "_sounder_settings";
	default:
		return " ";
	}
}

/* In an _arguments specification brackets and colons are its own. */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			putchar('\\');
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
	}
}

static void zsh_option(const struct sdr_command *command, const struct sdr_option *option)
{
	(void)command;
	for (int form = 0; form < 2; form++) {
		char letter[3] = {'-', option->letter, '\0'};
		if (!form && !option->letter)
			continue;
		printf(" \\\n"
		       "\t\t\t'*%s%s%s[",
			form ? "--" : letter, form ? option->name : "",
			option->metavar && form ? "=" : "");
		zsh_text(option->sentence);
		putchar(']');
		if (option->metavar) {
			putchar(':');
			zsh_text(option->metavar);
			putchar(':');
		}
		putchar('\'');
	}
}

static void zsh_arguments(const struct sdr_command *command)
{
	fputs("_arguments -s -S", stdout);
	each_option(command, zsh_option);
	printf(" \\\n\t\t\t'*:word:%s'\n\t\t;;\n", zsh_words(command->complete));
}

static void zsh_verbs(const struct sdr_command *command)
{
	printf("\t%s)\n\t\tif ((CURRENT == 2)); then\n\t\t\tlocal -a verbs=(", command->name);
	for (const struct sdr_command *const *verb = command->verbs; *verb; verb++) {
		printf("\n\t\t\t\t'%s:", verb_word(command, *verb));
		zsh_text((*verb)->sentence);
		putchar('\'');
	}
	fputs("\n"
	      "\t\t\t)\n"
	      "\t\t\t_describe verb verbs\n"
	      "\t\t\treturn\n"
	      "\t\tfi\n"
	      "\t\tlocal verb=$words[2]\n"
	      "\t\tshift words\n"
	      "\t\t((CURRENT--))\n"
	      "\t\tcase $verb in\n",
		stdout);
	for (const struct sdr_command *const *verb = command->verbs; *verb; verb++) {
		printf("\t\t%s) ", verb_word(command, *verb));
		zsh_arguments(*verb);
	}
	fputs("\t\tesac\n\t\t;;\n", stdout);
}

static void write_zsh(const char *version)
{
	const struct sdr_command *command;
	const struct sdr_setting *setting;
	printf("#compdef sounder\n"
	       "# zsh completion for sounder %s, made from its table of commands\n"
	       "_sounder_commands() {\n"
	       "\tlocal -a commands=(",
		version);
	for (unsigned i = 0; (command = sdr_command_core(i)); i++) {
		printf("\n\t\t'%s:", command->name);
		zsh_text(command->sentence);
		putchar('\'');
	}
	fputs("\n"
	      "\t)\n"
	      "\t_describe command commands\n"
	      "}\n"
	      "_sounder_settings() {\n"
	      "\tlocal -a settings=(",
		stdout);
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++) {
		printf("\n\t\t'%s:", setting->name);
		zsh_text(setting->sentence);
		putchar('\'');
	}
	fputs("\n"
	      "\t)\n"
	      "\t_describe setting settings\n"
	      "}\n"
	      "_sounder_first() {\n"
	      "\t_alternative 'commands:command:_sounder_commands' 'hosts:host:_hosts'\n"
	      "}\n"
	      "_sounder() {\n"
	      "\tlocal state line\n"
	      "\t_arguments -C -S '(-h --help)'{-h,--help}'[list the "
	      "commands]' '--version[show the version]' \\\n"
	      "\t\t'--color=[colours]:when:(auto always never)' "
	      "'-f[configuration]:file:_files' '--log[log]:file:_files' \\\n"
	      "\t\t'*--set[a setting]:NAME=VALUE' '--read-only[change nothing]' "
	      "'--print-config[settings and keys]' \\\n"
	      "\t\t'1:command or host:_sounder_first' '*::argument:->rest'\n"
	      "\t[[ $state == rest ]] || return\n"
	      "\tcase $line[1] in\n",
		stdout);
	for (unsigned i = 0; (command = sdr_command_core(i)); i++) {
		if (command->verbs) {
			zsh_verbs(command);
			continue;
		}
		putchar('\t');
		put_names(command, "|");
		fputs(")\n\t\t", stdout);
		zsh_arguments(command);
	}
	fputs("\t*) _hosts ;;\n\tesac\n}\n_sounder \"$@\"\n", stdout);
}

/* A verb's options belong to both of its words. */
static void fish_verb_option(const struct sdr_command *verb, const struct sdr_option *option)
{
	const char *word = strchr(verb->name, ' ') + 1;
	printf("complete -c sounder -n '__fish_seen_subcommand_from "
	       "%.*s; and __fish_seen_subcommand_from %s' -l %s",
		(int)(word - verb->name) - 1, verb->name, word, option->name);
	if (option->letter)
		printf(" -s %c", option->letter);
	fputs(option->metavar ? " -x -d '" : " -d '", stdout);
	quoted(option->sentence);
	fputs("'\n", stdout);
}

static void fish_verbs(const struct sdr_command *command)
{
	for (const struct sdr_command *const *verb = command->verbs; verb && *verb; verb++) {
		printf("complete -c sounder -n '__fish_seen_subcommand_from "
		       "%s; and not __fish_seen_subcommand_from",
			command->name);
		for (const struct sdr_command *const *other = command->verbs; *other; other++)
			printf(" %s", verb_word(command, *other));
		printf("' -a %s -d '", verb_word(command, *verb));
		quoted((*verb)->sentence);
		fputs("'\n", stdout);
		each_option(*verb, fish_verb_option);
		if ((*verb)->complete == SDR_COMPLETE_FILE)
			printf("complete -c sounder -n '__fish_seen_subcommand_from %s; "
			       "and __fish_seen_subcommand_from %s' -F\n",
				command->name, verb_word(command, *verb));
	}
}

static void fish_option(const struct sdr_command *command, const struct sdr_option *option)
{
	fputs("complete -c sounder -n '__fish_seen_subcommand_from ", stdout);
	put_names(command, " ");
	printf("' -l %s", option->name);
	if (option->letter)
		printf(" -s %c", option->letter);
	if (option->metavar)
		fputs(" -x", stdout);
	fputs(" -d '", stdout);
	quoted(option->sentence);
	fputs("'\n", stdout);
}

static const char *fish_words(enum sdr_complete complete)
{
	switch (complete) {
	case SDR_COMPLETE_HOST:
		return "-a '(__fish_print_hostnames)'";
	case SDR_COMPLETE_FILE:
		return "-F";
	case SDR_COMPLETE_COMMAND:
		return "-a '(__sounder_commands)'";
	case SDR_COMPLETE_SERVICE:
		return "-a 'daytime echo'";
	case SDR_COMPLETE_PORT:
		return "-a 'tcp udp sctp dccp'";
	case SDR_COMPLETE_SETTING:
		return "-a '(__sounder_settings)'";
	default:
		return NULL;
	}
}

static void write_fish(const char *version)
{
	const struct sdr_command *command;
	const struct sdr_setting *setting;
	printf("# fish completion for sounder %s, made from its table of commands\n"
	       "function __sounder_commands\n"
	       "\tprintf '%%s\\n'",
		version);
	for (unsigned i = 0; (command = sdr_command_core(i)); i++)
		printf(" %s", command->name);
	fputs("\nend\nfunction __sounder_settings\n\tprintf '%s\\n'", stdout);
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++)
		printf(" %s", setting->name);
	fputs("\n"
	      "end\n"
	      "complete -c sounder -f\n"
	      "complete -c sounder -n __fish_use_subcommand -a '(__fish_print_hostnames)'\n"
	      "complete -c sounder -n __fish_use_subcommand -s "
	      "h -l help -d 'list the commands'\n"
	      "complete -c sounder -n __fish_use_subcommand -l version -d 'show the version'\n"
	      "complete -c sounder -n __fish_use_subcommand -l color "
	      "-x -a 'auto always never' -d colours\n"
	      "complete -c sounder -n __fish_use_subcommand -s f -r -F -d configuration\n"
	      "complete -c sounder -n __fish_use_subcommand -l log -r -F -d log\n"
	      "complete -c sounder -n __fish_use_subcommand -l set -x -d 'NAME=VALUE'\n"
	      "complete -c sounder -n __fish_use_subcommand -l read-only -d 'change nothing'\n"
	      "complete -c sounder -n __fish_use_subcommand -l print-config "
	      "-d 'settings and keys'\n",
		stdout);
	for (unsigned i = 0; (command = sdr_command_core(i)); i++) {
		printf("complete -c sounder -n __fish_use_subcommand -a %s -d '", command->name);
		quoted(command->sentence);
		fputs("'\n", stdout);
		each_option(command, fish_option);
		fish_verbs(command);
		const char *words = fish_words(command->complete);
		if (words)
			printf("complete -c sounder -n '__fish_seen_subcommand_from %s' %s\n",
				command->name, words);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(const char *version);
	} kinds[] = {{"man", write_manual}, {"bash", write_bash}, {"zsh", write_zsh},
		{"fish", write_fish}};
	for (size_t i = 0; argc == 3 && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(argv[1], kinds[i].name) == 0) {
			kinds[i].write(argv[2]);
			return fflush(stdout) != 0;
		}
	fputs("usage: generate man|bash|zsh|fish VERSION\n", stderr);
	return 2;
}
