"""Words and operators as statements: commands, branches, choices, loops, functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.performance.dialects.shell.words import Part, Token, Word, plain
from tenfold.quantities import InputError, Problem

DEEPEST = 60
"""Statements within each other."""
ENDS = frozenset(("then", "fi", "elif", "else", "do", "done", "esac", "}", ";;"))
Block = tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class Command:
    """Words of one command; ``after`` says which outcome of the one before it runs it: "&&", "||", or always."""

    words: tuple[Word, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """``if``: conditions with what each runs, and what runs otherwise."""

    cases: tuple[tuple[Block, Block], ...]
    otherwise: Block


@dataclass(frozen=True, slots=True)
class Choice:
    """``case``: a word, and patterns with what each runs."""

    word: Word
    cases: tuple[tuple[tuple[str, ...], Block], ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """``for``, ``while``, ``until``: the name that changes, if any, its values, and the body."""

    name: str
    values: tuple[Word, ...]
    body: Block


@dataclass(frozen=True, slots=True)
class Function:
    """A name for a block."""

    name: str
    body: Block


Statement = Command | Branch | Choice | Loop | Function


@dataclass(slots=True)
class _Parser:
    tokens: Sequence[Token]
    file: str
    at: int = 0
    depth: int = 0

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def bare(self) -> str:
        """Text of the next word where it stands in no quotes; its operator; nothing at the end."""
        token = self.peek()
        if token is None or isinstance(token, str):
            return token or ""
        return token[0].text if len(token) == 1 and token[0].mode == "plain" else ""

    def block(self, ends: frozenset[str]) -> Block:
        """Statements up to one of the words that end them, which is left."""
        self.depth += 1
        if self.depth > DEEPEST:
            wrong = f"its statements are nested more than {DEEPEST} deep"
            raise InputError(Problem(file=self.file, key="", wrong=wrong, remedy="Write out the flags"))
        found: list[Statement] = []
        after = ""
        while self.at < len(self.tokens):
            word = self.bare()
            if word in ends:
                break
            if isinstance(self.peek(), str):
                after = word if word in ("&&", "||") else ""
                self.at += 1
                continue
            found.append(self.statement(after))
            after = ""
        self.depth -= 1
        return tuple(found)

    def statement(self, after: str) -> Statement:
        word = self.bare()
        match word:
            case "if":
                return self.branch()
            case "case":
                return self.choice()
            case "for" | "while" | "until" | "select":
                return self.loop(word)
            case "function":
                self.at += 1
                return self.function(plain(self.peek() or ""))
            case "{" | "then" | "do" | "}" | "fi" | "done" | "esac" | "else" | "elif" | "!":
                self.at += 1
                return Command((), after)
        following = self.tokens[self.at + 1 : self.at + 3]
        if word and list(following) == ["(", ")"]:
            return self.function(word)
        return self.command(after)

    def command(self, after: str) -> Command:
        words: list[Word] = []
        while (token := self.peek()) is not None and not isinstance(token, str):
            words.append(token)
            self.at += 1
            if (
                self._in_test(words)
                and isinstance(self.peek(), str)
                and self.bare() in ("&&", "||", "(", ")", "<", ">")
            ):
                words.append((Part(self.bare(), "plain"),))
                self.at += 1
        return Command(tuple(words), after)

    @staticmethod
    def _in_test(words: list[Word]) -> bool:
        """Whether a ``[[`` is still open, in which operators are words."""
        return plain(words[0]) == "[[" and plain(words[-1]) != "]]"

    def expect(self, word: str) -> None:
        """Step over a word, if it is there: a script that is cut is followed as far as it goes."""
        while self.bare() in ("\n", ";"):
            self.at += 1
        if self.bare() == word:
            self.at += 1

    def branch(self) -> Branch:
        cases: list[tuple[Block, Block]] = []
        otherwise: Block = ()
        while self.bare() in ("if", "elif"):
            self.at += 1
            condition = self.block(frozenset(("then",)))
            self.expect("then")
            cases.append((condition, self.block(frozenset(("elif", "else", "fi")))))
        if self.bare() == "else":
            self.at += 1
            otherwise = self.block(frozenset(("fi",)))
        self.expect("fi")
        return Branch(tuple(cases), otherwise)

    def choice(self) -> Choice:
        self.at += 1
        token = self.peek()
        word: Word = token if token is not None and not isinstance(token, str) else ()
        self.at += 1
        self.expect("in")
        cases: list[tuple[tuple[str, ...], Block]] = []
        while self.at < len(self.tokens):
            while self.bare() in ("\n", ";", ";;", "("):
                self.at += 1
            if self.bare() in ("esac", ""):
                break
            patterns = self.patterns()
            cases.append((patterns, self.block(frozenset((";;", "esac")))))
        self.expect("esac")
        return Choice(word, tuple(cases))

    def patterns(self) -> tuple[str, ...]:
        found: list[str] = []
        while (word := self.peek()) is not None and word not in (")", "\n"):
            if word != "|":
                found.append(plain(word))
            self.at += 1
        self.at += 1
        return tuple(found)

    def loop(self, kind: str) -> Loop:
        self.at += 1
        name, values = "", []
        if kind == "for":
            name = self.bare()
            while self.at < len(self.tokens) and self.bare() not in ("\n", ";", "do"):
                token = self.peek()
                if token is not None and not isinstance(token, str):
                    values.append(token)
                self.at += 1
        else:
            self.block(frozenset(("do",)))
        self.expect("do")
        body = self.block(frozenset(("done",)))
        self.expect("done")
        return Loop(name, tuple(values[2:]), body)

    def function(self, name: str) -> Statement:
        self.at += 1
        while self.bare() in ("(", ")", "\n"):
            self.at += 1
        if self.bare() == "{":
            self.at += 1
        body = self.block(frozenset(("}",)))
        self.expect("}")
        return Function(name, body)


def statements_of(tokens: Sequence[Token], file: str) -> Block:
    """Statements of a whole script. Raises ``InputError`` for one nested beyond reason."""
    return _Parser(tokens=tokens, file=file).block(frozenset())
