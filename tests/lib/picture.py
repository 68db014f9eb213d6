"""picture.py - what a terminal shows: as much of xterm as curses uses of it."""
import codecs
import re

SEQUENCE = re.compile(r"\033(?:\[([?>=]?)([\d;]*)([@-~])|\][^\a\033]*(?:\a|\033\\)|P[^\033]*\033\\|[()][0-9A-Za-z]|[=>78MDEc])")
PARTIAL = re.compile(r"\033(?:\[[?>=]?[\d;]*|\][^\a\033]*\033?|P[^\033]*\033?|[()]|)$")


class Picture:
    def __init__(self, rows, columns):
        self.alternate, self.cursor_shown = False, True
        self.decoder, self.rest, self.last = codecs.getincrementaldecoder("utf-8")("replace"), "", " "
        self.row = self.column = 0
        self.resize(rows, columns)

    def resize(self, rows, columns):
        """A new size is all blank, as no more than what is drawn anew may be seen."""
        self.rows, self.columns = rows, columns
        self.top, self.bottom = 0, rows - 1
        self.lines = [self.blank() for _ in range(rows)]

    def blank(self):
        return [" "] * self.columns

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines)

    def feed(self, data):
        text, at = self.rest + self.decoder.decode(data), 0
        self.rest = ""
        while at < len(text):
            if text[at] != "\033":
                self.put(text[at])
                at += 1
            elif found := SEQUENCE.match(text, at):
                self.obey(*found.groups(), found[0])
                at = found.end()
            elif PARTIAL.match(text, at):
                self.rest = text[at:]
                return
            else:
                at += 1

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\b":
            self.column = max(self.column - 1, 0)
        elif character == "\t":
            self.column = min((self.column // 8 + 1) * 8, self.columns - 1)
        elif character == "\n":
            self.down()
        elif character >= " ":
            if self.column >= self.columns:
                self.column = 0
                self.down()
            self.lines[min(self.row, self.rows - 1)][self.column] = self.last = character
            self.column += 1

    def down(self):
        if self.row == self.bottom:
            self.scroll(self.top, 1)
        else:
            self.row = min(self.row + 1, self.rows - 1)

    def scroll(self, top, lines):
        """Takes lines out at `top` of the region, or (negative) puts some in."""
        for _ in range(min(abs(lines), self.rows)):
            self.lines.pop(top if lines > 0 else self.bottom)
            self.lines.insert(self.bottom if lines > 0 else top, self.blank())

    def obey(self, mark, numbers, kind, whole):
        if kind is None:
            if whole == "\033M" and self.row == self.top:
                self.scroll(self.top, -1)
            elif whole == "\033M":
                self.row -= 1
            return
        values = [int(number or 0) for number in numbers.split(";")]
        if mark == "?" and kind in "hl":
            if 1049 in values:
                self.alternate = kind == "h"
                self.resize(self.rows, self.columns)
            self.cursor_shown = kind == "h" if 25 in values else self.cursor_shown
        elif not mark:
            self.move(kind, values, max(values[0], 1))
            self.change(kind, values[0], max(values[0], 1))

    def move(self, kind, values, many):
        row, column = self.row, self.column
        if kind in "Hf":
            row, column = many - 1, max((values + [1])[1], 1) - 1
        elif kind in "Gd":
            row, column = (row, many - 1) if kind == "G" else (many - 1, column)
        elif kind in "ABCD":
            row, column = row + {"A": -many, "B": many}.get(kind, 0), column + {"C": many, "D": -many}.get(kind, 0)
        elif kind == "r":
            self.top, self.bottom = many - 1, min((values + [self.rows])[1] or self.rows, self.rows) - 1
            row = column = 0
        self.row, self.column = max(min(row, self.rows - 1), 0), max(min(column, self.columns), 0)

    def change(self, kind, number, many):
        line, at = self.lines[self.row], min(self.column, self.columns - 1)
        if kind == "K":
            start, end = {0: (at, self.columns), 1: (0, at + 1)}.get(number, (0, self.columns))
            line[start:end] = " " * (end - start)
        elif kind == "J":
            if number == 0:
                line[at:] = " " * (self.columns - at)
            for row in range(*{0: (self.row + 1, self.rows), 1: (0, self.row)}.get(number, (0, self.rows))):
                self.lines[row] = self.blank()
        elif kind == "X":
            line[at:at + many] = " " * len(line[at:at + many])
        elif kind in "@P":
            line[at:] = (([" "] * many + line[at:]) if kind == "@" else (line[at + many:] + [" "] * many))[:self.columns - at]
        elif kind in "LM":
            self.scroll(self.row, many if kind == "M" else -many)
        elif kind in "ST":
            self.scroll(self.top, many if kind == "S" else -many)
        elif kind == "b":
            for _ in range(many):
                self.put(self.last)
