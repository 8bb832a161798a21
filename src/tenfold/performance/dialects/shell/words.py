"""A shell text as words and operators. A word keeps which of its parts stood in which quotes, for later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tenfold.quantities import InputError, Problem

LONGEST_TEXT = 500_000
"""Letters of a script; a longer text is no script that a person wrote."""
OPERATORS = ("&&", "||", ";;", ";", "|&", "|", "&", "(", ")", "\n")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_REDIRECTION = re.compile(r"[0-9]*(?:>>|>\||>&|&>>|&>|>|<&|<)\s*")
_DOLLAR = re.compile(r"\$(?:[A-Za-z_]\w*|[0-9@*#?!$-])")
_PLAIN = re.compile(r"[^\s'\"\\$`;&|()<>#\n]+")

Mode = Literal["plain", "single", "double"]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters of a word, in quotes or not; in single quotes nothing in it means anything."""

    text: str
    mode: Mode


Word = tuple[Part, ...]
Token = Word | str
"""A word, or an operator."""


def plain(word: Token) -> str:
    """Text of a word as it stands, quotes off; an operator as it is."""
    return word if isinstance(word, str) else "".join(part.text for part in word)


@dataclass(slots=True)
class _Reader:
    text: str
    file: str
    at: int = 0

    def refuse(self, what: str) -> InputError:
        wrong = f"cannot be read as a shell text ({what})"
        return InputError(Problem(file=self.file, key="", wrong=wrong, remedy="Close the quotes"))

    def closing(self, opening: str, closing: str) -> str:
        """Text up to the bracket that closes one already passed; quotes in it are stepped over."""
        start, depth = self.at, 1
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "\\":
                self.at += 1
            elif letter == "'" and opening != "{":
                end = self.text.find("'", self.at + 1)
                self.at = end if end > 0 else self.at
            elif letter == opening:
                depth += 1
            elif letter == closing:
                depth -= 1
                if not depth:
                    self.at += 1
                    return self.text[start : self.at - 1]
            self.at += 1
        raise self.refuse("no closing bracket")

    def dollar(self) -> str:
        """A ``$`` with what belongs to it."""
        rest = self.text[self.at + 1 : self.at + 2]
        if rest not in ("(", "{"):
            name = _DOLLAR.match(self.text, self.at)
            self.at = name.end() if name is not None else self.at + 1
            return name[0] if name is not None else "$"
        self.at += 2
        inner = self.closing(rest, ")" if rest == "(" else "}")
        return f"${rest}{inner}{')' if rest == '(' else '}'}"

    def backticks(self) -> str:
        end = self.text.find("`", self.at + 1)
        if end < 0:
            raise self.refuse("no closing quotation")
        found = self.text[self.at + 1 : end]
        self.at = end + 1
        return f"$({found})"


def tokens_of(text: str, file: str) -> Iterator[Token]:
    """Words and operators of a text; comments, redirections and the bodies of here-documents are left out.

    Raises ``InputError`` for quotes and brackets that do not close.
    """
    if len(text) > LONGEST_TEXT:
        wrong = f"is longer than {LONGEST_TEXT:,} letters"
        raise InputError(Problem(file=file, key="", wrong=wrong, remedy="Give the script that starts the training"))
    reader = _Reader(text=text.replace("\r\n", "\n"), file=file)
    whole = reader.text
    skip: list[str] = []
    while reader.at < len(whole):
        letter = whole[reader.at]
        if letter == "\n":
            reader.at += 1
            while skip:
                reader.at = _after_document(whole, reader.at, skip.pop(0))
            yield "\n"
        elif letter in " \t\r":
            reader.at += 1
        elif letter == "\\" and whole[reader.at + 1 : reader.at + 2] in ("\n", ""):
            reader.at += 2
        elif letter == "#":
            end = whole.find("\n", reader.at)
            reader.at = end if end >= 0 else len(whole)
        elif (document := _HEREDOC.match(whole, reader.at)) is not None and not whole.startswith("<<<", reader.at):
            skip.append(document[2])
            reader.at = document.end()
        elif (redirection := _REDIRECTION.match(whole, reader.at)) is not None:
            reader.at = redirection.end()
            _word(reader)
        elif (operator := next((each for each in OPERATORS if whole.startswith(each, reader.at)), "")) != "":
            reader.at += len(operator)
            yield operator
        else:
            yield _word(reader)


def _after_document(text: str, at: int, mark: str) -> int:
    while at < len(text):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        at = end + 1 if end >= 0 else len(text)
        if line.strip() == mark:
            break
    return at


def _word(reader: _Reader) -> Word:
    """The word that begins here; an assignment of an array takes its brackets with it."""
    parts: list[Part] = []
    whole = reader.text
    while reader.at < len(whole):
        letter = whole[reader.at]
        if letter == "(" and parts and parts[-1].mode == "plain" and parts[-1].text.endswith("="):
            reader.at += 1
            parts.append(Part(f"({reader.closing('(', ')')})", "plain"))
        elif letter in " \t\r\n;&|()" or (letter in "<>" and not parts):
            break
        elif letter == "'":
            end = whole.find("'", reader.at + 1)
            if end < 0:
                raise reader.refuse("no closing quotation")
            parts.append(Part(whole[reader.at + 1 : end], "single"))
            reader.at = end + 1
        elif letter == '"':
            reader.at += 1
            parts.append(Part(_double(reader), "double"))
        elif letter == "\\":
            if whole[reader.at + 1 : reader.at + 2] != "\n":
                parts.append(Part(whole[reader.at + 1 : reader.at + 2], "single"))
            reader.at += 2
        elif letter == "$":
            parts.append(Part(reader.dollar(), "plain"))
        elif letter == "`":
            parts.append(Part(reader.backticks(), "plain"))
        elif (run := _PLAIN.match(whole, reader.at)) is not None:
            parts.append(Part(run[0], "plain"))
            reader.at = run.end()
        else:
            parts.append(Part(letter, "plain"))
            reader.at += 1
    return tuple(parts)


def _double(reader: _Reader) -> str:
    found: list[str] = []
    while reader.at < len(reader.text):
        letter = reader.text[reader.at]
        if letter == '"':
            reader.at += 1
            return "".join(found)
        if letter == "\\":
            following = reader.text[reader.at + 1 : reader.at + 2]
            found.append("" if following == "\n" else following if following in '"\\$`' else f"\\{following}")
            reader.at += 2
        elif letter == "$":
            found.append(reader.dollar())
        elif letter == "`":
            found.append(reader.backticks())
        else:
            found.append(letter)
            reader.at += 1
    raise reader.refuse("no closing quotation")
