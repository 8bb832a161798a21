"""Single values of a ``config.json``: found under any of their names, checked, and every problem collected."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from tenfold.quantities import Problem

LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number of a configuration: the names it goes by and what it may be."""

    names: tuple[str, ...]
    most: int
    """Largest value that is no mistake."""
    example: int
    least: int = 1
    by_layer: bool = False
    """Whether a list with one number a layer may be given, whose mean counts."""


FACTS: Mapping[str, Fact] = {
    "hidden": Fact(names=("hidden_size", "n_embd", "d_model", "n_embed"), most=10**6, example=4096),
    "vocab": Fact(names=("padded_vocab_size", "vocab_size"), most=10**8, example=128256),
    "layers": Fact(names=("num_hidden_layers", "num_layers", "n_layer", "n_layers"), most=10**5, example=32),
    "heads": Fact(names=("num_attention_heads", "n_head", "n_heads", "num_heads"), most=10**5, example=32),
    "kv_heads": Fact(names=("num_key_value_heads", "num_key_value_heads_per_layer"), most=10**5, example=8,
                     by_layer=True),
    "head_dim": Fact(names=("head_dim", "attention_head_dim", "kv_channels"), most=10**5, example=128),
    "ffn": Fact(names=("intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim"), most=10**8, example=14336),
    "ffn_ratio": Fact(names=("expansion_ratio",), most=1000, example=4),
    "max_sequence": Fact(
        names=("max_position_embeddings", "n_positions", "seq_length", "max_seq_len", "model_max_length", "n_ctx"),
        most=10**12,
        example=8192,
    ),
    "experts": Fact(
        names=("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"),
        most=10**6, example=128, least=0,
    ),
    "top_k": Fact(
        names=("num_experts_per_tok", "num_experts_per_token", "experts_per_token", "moe_topk", "moe_top_k", "moe_k"),
        most=10**6, example=8, least=0, by_layer=True,
    ),
    "expert_ffn": Fact(names=("moe_intermediate_size",), most=10**8, example=1536, by_layer=True),
    "shared_ffn": Fact(
        names=("shared_expert_intermediate_size", "shared_intermediate_size", "moe_shared_expert_intermediate_size"),
        most=10**8, example=4096, least=0,
    ),
    "shared_experts": Fact(
        names=("n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "num_shared_expert"),
        most=10**6, example=1, least=0, by_layer=True,
    ),
    "first_dense": Fact(names=("first_k_dense_replace", "moe_layer_start_index", "num_dense_layers"),
                        most=10**5, example=3, least=0),
    "moe_period": Fact(
        names=("moe_layer_freq", "decoder_sparse_step", "interleave_moe_layer_step", "expert_layer_period",
               "moe_layer_interval"),
        most=10**5, example=1,
    ),
    "moe_offset": Fact(names=("expert_layer_offset",), most=10**5, example=1, least=0),
    "attention_period": Fact(names=("full_attention_interval", "attn_layer_period"), most=10**5, example=4),
    "attention_offset": Fact(names=("attn_layer_offset",), most=10**5, example=4, least=0),
    "latent_hidden": Fact(names=("moe_latent_size",), most=10**6, example=1024),
    "q_lora_rank": Fact(names=("q_lora_rank",), most=10**6, example=1536),
    "kv_lora_rank": Fact(names=("kv_lora_rank",), most=10**6, example=512),
    "plain_head_dim": Fact(names=("qk_nope_head_dim",), most=10**5, example=128),
    "latent_head_dim": Fact(names=("qk_head_dim",), most=10**5, example=192),
    "rope_head_dim": Fact(names=("qk_rope_head_dim",), most=10**5, example=64),
    "value_head_dim": Fact(names=("v_head_dim",), most=10**5, example=128),
    "window": Fact(names=("sliding_window",), most=10**12, example=4096),
    "full_period": Fact(names=("sliding_window_pattern", "_sliding_window_pattern", "no_rope_layer_interval",
                             "global_attn_every_n_layers"), most=10**5, example=6),
    "first_windowed": Fact(names=("max_window_layers",), most=10**5, example=28, least=0),
    "mtp_layers": Fact(
        names=("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules", "mtp_num_layers"),
        most=100, example=1, least=0,
    ),
    "indexer_heads": Fact(names=("index_n_heads",), most=10**5, example=64),
    "indexer_head_dim": Fact(names=("index_head_dim",), most=10**5, example=128),
    "sparse_tokens": Fact(names=("index_topk",), most=10**12, example=2048),
    "key_heads": Fact(names=("linear_num_key_heads",), most=10**5, example=16),
    "key_width": Fact(names=("linear_key_head_dim",), most=10**5, example=128),
    "value_heads": Fact(names=("linear_num_value_heads",), most=10**5, example=32),
    "value_width": Fact(names=("linear_value_head_dim",), most=10**5, example=128),
    "taps": Fact(names=("linear_conv_kernel_dim", "mamba_d_conv", "conv_kernel", "conv_L_cache"), most=1000, example=4),
    "mamba_heads": Fact(names=("mamba_num_heads", "mamba_n_heads", "n_mamba_heads"), most=10**5, example=64),
    "mamba_head_dim": Fact(names=("mamba_head_dim", "mamba_d_head"), most=10**5, example=64),
    "mamba_state": Fact(names=("ssm_state_size", "mamba_d_state", "state_size"), most=10**5, example=128),
    "mamba_groups": Fact(names=("n_groups", "mamba_n_groups", "mamba_ngroups"), most=10**5, example=8),
    "mamba_inner": Fact(names=("mamba_d_ssm", "d_inner"), most=10**8, example=8192),
    "mamba_expand": Fact(names=("mamba_expand", "expand"), most=1000, example=2),
    "step_rank": Fact(names=("mamba_dt_rank", "time_step_rank"), most=10**6, example=256),
    "mamba_width": Fact(names=("intermediate_size",), most=10**8, example=8192),
    "delta_heads": Fact(names=("linear_num_heads",), most=10**5, example=32),
    "delta_width": Fact(names=("linear_head_dim",), most=10**5, example=128),
    "zero_experts": Fact(names=("zero_expert_num",), most=10**6, example=256, least=0),
    "norms_beside": Fact(names=("num_ln_in_parallel_attn",), most=2, example=2),
    "last_sparse": Fact(names=("moe_layer_end_index",), most=10**5, example=53, least=-1),
    "adapter_rank": Fact(names=("adapter_rank",), most=10**5, example=128),
    "shared_width": Fact(names=("attention_hidden_size",), most=10**6, example=7424),
    "shared_blocks": Fact(names=("num_mem_blocks",), most=1000, example=2),
    "block_multiple": Fact(names=("block_multiple_of",), most=10**6, example=256),
    "indexer_period": Fact(names=("index_topk_freq",), most=10**5, example=4),
    "indexer_offset": Fact(names=("index_skip_topk_offset",), most=10**5, example=2, least=0),
    "full_head_dim": Fact(names=("global_head_dim",), most=10**5, example=512),
    "full_kv_heads": Fact(names=("num_global_key_value_heads",), most=10**5, example=4),
    "layer_input": Fact(names=("hidden_size_per_layer_input",), most=10**5, example=0, least=0),
    "local_window": Fact(names=("window_size",), most=10**9, example=256),
    "decoder_layers": Fact(names=("num_decoder_layers",), most=10**5, example=24),
    "positions": Fact(names=("max_position_embeddings", "n_positions"), most=10**9, example=2048),
}  # fmt: skip
"""Every number that can be read; a family may give other names."""


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads facts of one configuration; wrong ones leave a problem and a harmless stand-in."""

    config: Mapping[str, object]
    file: str
    prefix: str = ""
    """Dotted key of the part of the file that is read, such as ``text_config.``."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names a family uses instead of those of ``FACTS``."""
    defaults: Mapping[str, float] = field(default_factory=dict)
    """Values of facts that a family's configurations may leave out."""
    problems: list[Problem] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    """Keys that were looked at."""

    def names_of(self, fact: str) -> tuple[str, ...]:
        """Keys a fact may stand under."""
        return self.names.get(fact, FACTS[fact].names)

    def present(self, fact: str) -> bool:
        """Whether the configuration gives the fact; ``null`` counts as leaving it out."""
        return any(self._value(name) is not None for name in self.names_of(fact))

    def _value(self, name: str) -> object:
        """Value under a key; a dot stands between a table and a key in it."""
        self.asked.add(name.partition(".")[0])
        value: object = self.config
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def number(self, fact: str, default: float | None = None) -> float:
        """Whole number of a fact; ``default`` (or the family's) where it is left out."""
        rule = FACTS[fact]
        for name in self.names_of(fact):
            value = self._value(name)
            if value is not None:
                return self._checked(name, value, rule)
        known = self.defaults.get(fact, default)
        if known is None:
            name = self.names_of(fact)[0]
            self.report(name, "the key is missing", f"Add it, such as {_example(name, rule)}")
            return float(rule.example)
        return known

    def flag(self, *names: str, default: bool) -> float:
        """Truth value under the first of ``names`` that is given, as 0 or 1."""
        for name in names:
            value = self._value(name)
            if isinstance(value, bool):
                return float(value)
            if value is not None:
                self.report(name, f"{shown(value)} is neither true nor false", "Write true or false")
        return float(default)

    def texts(self, name: str) -> tuple[str, ...]:
        """List of texts; empty where it is left out."""
        value = self._value(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.report(name, f"{shown(value)} is no list of texts", 'Write a list such as ["full_attention"]')
            return ()
        return tuple(value)

    def places(self, name: str) -> tuple[int, ...] | None:
        """List of places of layers, each once; None where it is left out."""
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, list) and all(is_whole(item) and 0 <= item < FACTS["layers"].most for item in value):
            return tuple(sorted({int(item) for item in value}))
        self.report(name, f"{shown(value)} is no list of layer numbers", "Write a list such as [0]")
        return None

    def rows(self, name: str) -> tuple[Mapping[str, object], ...]:
        """List of tables; empty where it is left out."""
        value = self._value(name)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            return tuple(value)
        self.report(name, f"{shown(value)} is no list of tables", "Write an object for each layer")
        return ()

    def text(self, name: str) -> str:
        """Text; empty where it is left out."""
        value = self._value(name)
        if value is None or isinstance(value, str):
            return value or ""
        self.report(name, f"{shown(value)} is no text", "Write a text in quotes")
        return ""

    def text_or_number(self, name: str) -> object:
        """Value that is a word or a number, as it stands."""
        return self._value(name)

    def part(self, name: str) -> Mapping[str, object]:
        """Table inside the configuration; empty where it is left out."""
        value = self._value(name)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.report(name, f"{shown(value)} is no table", "Write an object in braces")
        return {}

    def report(self, key: str, wrong: str, remedy: str) -> None:
        """Keep a problem with a key."""
        self.problems.append(Problem(file=self.file, key=f"{self.prefix}{key}", wrong=wrong, remedy=remedy))

    def _checked(self, name: str, value: object, rule: Fact) -> float:
        if isinstance(value, list) and rule.by_layer and value and all(is_whole(item) for item in value):
            return sum(self._checked(name, item, rule) for item in value) / len(value)
        if not is_whole(value):
            self.report(name, f"{shown(value)} is no whole number", f"Write a number, such as {_example(name, rule)}")
        elif not rule.least <= value <= rule.most:
            wrong = f"{shown(value)} is not between {rule.least} and {rule.most:,}"
            self.report(name, wrong, f"Write a number in that range, such as {_example(name, rule)}")
        else:
            return float(value)
        return float(rule.example)


def is_whole(value: object) -> TypeGuard[int | float]:
    """Whether a JSON value is a whole number (true and false are not)."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value) and value.is_integer())


def shown(value: object) -> str:
    """Value as a message shows it: ASCII, in quotes, not endless."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**LONGEST_SHOWN:
        return "a number of over 40 digits"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = ascii(value).strip("'")
    return f"'{text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + '…'}'"


def _example(name: str, rule: Fact) -> str:
    return f'"{name}": {rule.example}'
