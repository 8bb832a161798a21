"""The families of models whose ``config.json`` can be read: a table, one row each.

A row says under which names a family keeps its facts, which values its configuration class assumes when a key is
left out, which fields of the shape are the same for all its members, and which parts it has. Where nothing is said,
a family is like Llama: gated feed-forward, two RMSNorms a layer, no biases, untied tables.

Source of each row: the family's public configuration class and model definition in Hugging Face transformers
(docs at https://huggingface.co/docs/transformers, model pages), checked by counting a published model of the family
within 1 % of its published parameters.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.workloads.huggingface.dense_families import DENSE_FAMILIES
from tenfold.workloads.huggingface.expert_families import EXPERT_FAMILIES
from tenfold.workloads.huggingface.family import Family
from tenfold.workloads.huggingface.hybrid_families import HYBRID_FAMILIES

ROWS: tuple[Family, ...] = (*DENSE_FAMILIES, *EXPERT_FAMILIES, *HYBRID_FAMILIES)
FAMILIES: Mapping[str, Family] = {name: family for family in ROWS for name in family.types}
"""Family by ``model_type``."""
_LAYER_TABLES = "tables of their own for every layer"
_MIXING = "mixing over time and channels of its own"
NOT_COUNTED: Mapping[str, str] = {
    "gemma3n": _LAYER_TABLES,
    "gemma3n_text": _LAYER_TABLES,
    "deepseek_v4": "compressed attention and several residual streams",
    **dict.fromkeys(("rwkv", "rwkv5", "rwkv6", "rwkv7"), _MIXING),
}
"""Public families by ``model_type`` that have what no part counts: a close name would count another model."""
