"""Traces of requests are read as they are, and damage is named by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tenfold.fleet import read_requests
from tenfold.quantities import InputError


def test_azure_burstgpt_and_mooncake_are_read(tmp_path: Path) -> None:
    azure, burst, moon = (tmp_path / name for name in ("a.csv", "b.csv", "m.jsonl"))
    azure.write_text(
        "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:04.5000000,7,3\n2023-11-16 18:17:03.0000000,5,2\n"
    )
    burst.write_text(
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        "5,ChatGPT,472,18,490,Conversation log\n45,ChatGPT,1087,0,1087,Conversation log\n"
        "118,GPT-4,417,276,693,API log\n"
    )
    rows = [{"timestamp": 0, "input_length": 9, "output_length": 4, "hash_ids": [3, 8]},
            {"timestamp": 2500, "input_length": 5, "output_length": 1, "hash_ids": [3]}]  # fmt: skip
    moon.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    first, second, third = (read_requests(path) for path in (azure, burst, moon))
    assert (first.format, second.format, third.format) == ("azure", "burstgpt", "mooncake")
    assert first.arrival_s.tolist() == [0.0, 1.5]
    assert first.prompt_tokens.tolist() == [5.0, 7.0]
    assert (second.arrival_s.tolist(), second.unanswered) == ([0.0, 113.0], 1)
    assert third.arrival_s.tolist() == [0.0, 2.5]
    assert third.blocks is not None
    assert third.blocks.of(0)[0] == third.blocks.of(1)[0] != third.blocks.of(0)[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("arrival_s,prompt_tokens,output_tokens\n0,5,1\nnoon,5,1\n", "line 3"),
        ("arrival_s,prompt_tokens,output_tokens\n0,5,1\n1,-5,1\n", "line 3"),
        ("arrival_s,prompt_tokens,output_tokens\n0,5,1\n1,inf,1\n", "line 3"),
        ("arrival_s,prompt_tokens,output_tokens\n0,5,1\n1,5,1.5\n", "line 3"),
        ("arrival_s,prompt_tokens,output_tokens\n0,5,1\n1,5\n", "line 3"),
        ("arrival_s,prompt_tokens,output_tokens\n0,5,1\n1,0,1\n", "line 3"),
        ("arrival_s,prompt_tokens,output_tokens\n0,5,1\n", "fewer than two"),
        ("when,what\n0,5\n", "Azure LLM"),
    ],
)
def test_damage_is_named_by_line_with_its_remedy(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_requests(path)


@pytest.mark.parametrize(
    "line", ["[1]", "{", '{"timestamp": 1, "input_length": 2, "output_length": 3, "hash_ids": "x"}']
)
def test_json_lines_that_are_no_requests_are_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text('{"timestamp": 0, "input_length": 2, "output_length": 3, "hash_ids": [1]}\n' + line + "\n")
    with pytest.raises(InputError, match="line 2"):
        read_requests(path)
