"""A Hugging Face ``config.json`` becomes a ``ModelRecord``, or one ``InputError`` with everything wrong with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tenfold.catalog import ModelRecord, TransformerShape
from tenfold.quantities import InputError, Problem, file_name, json_tree, read_text, require_regular
from tenfold.workloads.huggingface.families import FAMILIES, NOT_COUNTED
from tenfold.workloads.huggingface.family import Family
from tenfold.workloads.huggingface.reader import FACTS, Reader, shown
from tenfold.workloads.huggingface.towers import vision_parameters
from tenfold.workloads.huggingface.unread import report_unread

LARGEST_FILE_BYTES = 4_000_000
"""A configuration is a few kilobytes; a larger file is another file, such as a tokenizer."""

_ARCHITECTURE_ENDING = re.compile(r"(ForCausalLM|LMHeadModel|ForConditionalGeneration|Model)$")


def load_huggingface_config(path: Path) -> ModelRecord:
    """Read a ``config.json``; the record's key is the name of the folder the file lies in, or of the file.

    Raises ``InputError`` for a file that is missing, too large, no JSON object, or of no family that can be read.
    """
    config = _json_object(path)
    folder = path.resolve().parent.name
    key = folder if path.stem == "config" and folder else path.stem
    return model_from_huggingface(config, key=key, file=str(path))


def model_from_huggingface(config: Mapping[str, object], *, key: str, file: str) -> ModelRecord:
    """Shape of the model that a configuration describes: its language part, and what its vision tower weighs.

    ``file`` is where problems say they stand. Published counts are None: a configuration states none. Raises
    ``InputError`` with a ``Problem`` for each thing wrong: unknown family, missing key, wrong type, number out of
    range, parts that do not fit each other, and keys that change the model and are not understood.
    """
    text, prefix = _language_part(config, file)
    kind, family = _family(text, config, file)
    defaults = {**family.nested, **family.defaults} if prefix else family.defaults
    reader = Reader(config=text, file=file, prefix=prefix, names=family.names, defaults=defaults)
    tied = config if "tie_word_embeddings" not in text and "tie_word_embeddings" in config else text
    fields = _shape_fields(reader, family)
    fields["tied_embeddings"] = Reader(config=tied, file=file, problems=reader.problems).flag(
        "tie_word_embeddings", default=family.tied
    )
    longest = reader.number("max_sequence", 0.0)
    fields["mtp_layers"] = reader.number("mtp_layers", 0.0)
    tower = vision_parameters(config, fields["hidden"])
    fields["vision_parameters"] = tower or 0.0
    _check_fit(reader, fields)
    if not reader.problems:
        report_unread(reader, kind, fields, family.harmless)
    if reader.problems:
        raise InputError(dict.fromkeys(reader.problems))
    name = config.get("_name_or_path")
    return ModelRecord(
        key=key,
        name=name if isinstance(name, str) and name else key,
        family=kind,
        shape=TransformerShape(**fields),
        parameters=None,
        active_parameters=None,
        source=file,
        max_sequence=int(longest),
        uncounted=("the encoder of pictures or sound",) if tower is None else (),
    )


def _shape_fields(reader: Reader, family: Family) -> dict[str, float]:
    fields = {**_core(reader), **family.shape}
    for key, names in family.bias_switches.items():
        fields.update(dict.fromkeys(names, reader.flag(key, default=family.biased)))
    layers = fields["attention_layers"]
    for part in family.parts:
        fields.update(part(reader, fields))
    fields.update(_windows(reader, family, layers))
    return fields


def _core(reader: Reader) -> dict[str, float]:
    """Fields every transformer has."""
    hidden, heads, layers = reader.number("hidden"), reader.number("heads"), reader.number("layers", _listed(reader))
    head_dim = reader.number("head_dim", hidden / heads)
    if head_dim % 1 and not reader.problems and not reader.present("plain_head_dim"):
        wrong = f"{heads:.0f} heads do not divide the hidden size {hidden:.0f}"
        reader.report(reader.names_of("heads")[0], wrong, 'Give a divisor, or the width of a head as "head_dim"')
    ratio = reader.number("ffn_ratio", 0.0)
    return {
        "hidden": hidden,
        "vocab": reader.number("vocab"),
        "attention_layers": layers,
        "dense_mlp_layers": layers,
        "heads": heads,
        "kv_heads": reader.number("kv_heads", heads),
        "head_dim": head_dim,
        "value_head_dim": head_dim,
        "ffn": reader.number("ffn", ratio * hidden if ratio else None),
    }


LISTS_OF_LAYERS = ("layers_block_type", "hybrid_override_pattern", "layer_types", "block_configs", "attn_type_list")
"""Keys that name one thing for each layer, and so say how many there are."""


def _listed(reader: Reader) -> float | None:
    """Layers as a list of them says, where their number is left out; None without such a list."""
    lists = [reader.config.get(name) for name in LISTS_OF_LAYERS]
    return next((float(len(each)) for each in lists if isinstance(each, (list, str)) and each), None)


def _windows(reader: Reader, family: Family, layers: float) -> dict[str, float]:
    """Windowed layers: as ``layer_types`` lists them, or by the family's period."""
    switch = family.window_switch or "use_sliding_window"
    switched_on = reader.flag(switch, default=not family.window_switch)
    listed = reader.texts("layer_types")
    windows = sum(kind in ("sliding_attention", "chunked_attention") for kind in listed)
    if not switched_on:
        reader.asked.update((*reader.names_of("window"), *reader.names_of("first_windowed")))
        return {}
    if (family.full_period is None and not listed) or not reader.present("window"):
        return {}
    window = reader.number("window")
    if listed:
        reader.asked.update(reader.names_of("full_period"))
        if len(listed) != layers and not reader.problems:
            wrong = f"{len(listed)} types are not the {layers:.0f} layers of the model"
            reader.report("layer_types", wrong, "Name one type for each layer")
        windowed = float(windows)
    elif family.window_switch:
        windowed = max(layers - reader.number("first_windowed", layers), 0.0)
    else:
        period = _full_period(reader, family, layers)
        windowed = layers - (layers // period if period else 0.0)
    return {"windowed_layers": windowed, "window": window} if windowed else {}


def _full_period(reader: Reader, family: Family, layers: float) -> float:
    """Every n-th layer attends to everything: a number, or a pattern such as LLLG that is repeated."""
    pattern = reader.config.get("sliding_window_pattern")
    if isinstance(pattern, str) and pattern and not set(pattern) - set("LG"):
        reader.asked.add("sliding_window_pattern")
        full = (pattern * int(layers // len(pattern) + 1))[: int(layers)].count("G")
        return layers / full if full else 0.0
    return reader.number("full_period", family.full_period)


def _check_fit(reader: Reader, fields: Mapping[str, float]) -> None:
    """Parts that must divide or hold each other."""
    if reader.problems:
        return
    heads, kv_heads = fields["heads"], fields["kv_heads"]
    averaged = kv_heads % 1 or fields["head_dim"] % 1
    if heads % kv_heads and not averaged:
        wrong = f"{kv_heads:.0f} key-value heads do not divide {heads:.0f} heads"
        reader.report(reader.names_of("kv_heads")[0], wrong, f"Give a divisor of {heads:.0f}")


LANGUAGE_PARTS = ("text_config", "llm_config", "language_config", "thinker_config")
"""Where the language model stands in a configuration of several parts."""


def _language_part(config: Mapping[str, object], file: str) -> tuple[Mapping[str, object], str]:
    """Find the language model: the configuration itself, or the part of it that is one, part by part."""
    part, prefix = config, ""
    for _ in LANGUAGE_PARTS:
        name = next((name for name in LANGUAGE_PARTS if part.get(name) is not None), None)
        if name is None or any(part.get(key) is not None for key in FACTS["hidden"].names):
            break
        found = part[name]
        if not isinstance(found, Mapping):
            wrong = f"{shown(found)} is no table"
            raise InputError(Problem(file=file, key=f"{prefix}{name}", wrong=wrong, remedy="Write an object in braces"))
        part, prefix = found, f"{prefix}{name}."
    return part, prefix


def _family(text: Mapping[str, object], config: Mapping[str, object], file: str) -> tuple[str, Family]:
    """Family by ``model_type``, of the language part before that of the whole, or by the class in ``architectures``."""
    known = {_plain(name): name for name in FAMILIES}
    given = [part.get("model_type") for part in (text, config)] + _architectures(config)
    names = [name for name in given if isinstance(name, str) and name]
    for name in names:
        found = known.get(_plain(name))
        if found is not None:
            return found, FAMILIES[found]
    _require_counted(names, file)
    close = difflib.get_close_matches(_plain(names[0])[:50], known, n=1) if names else []
    hint = f"Did you mean '{known[close[0]]}'? " if close else ""
    wrong = f"{shown(names[0])} is no family that can be read" if names else "the key is missing or no text"
    remedy = f"{hint}Use one of {', '.join(sorted(FAMILIES))}"
    raise InputError(Problem(file=file, key="model_type", wrong=wrong, remedy=remedy))


def _require_counted(names: Sequence[str], file: str) -> None:
    """Raise ``InputError`` for a family that is known to have what is not counted, rather than name a close one."""
    known = {_plain(name): what for name, what in NOT_COUNTED.items()}
    found = next((name for name in names if _plain(name) in known), None)
    if found is not None:
        wrong = f"{shown(found)} has {known[_plain(found)]}, which is not counted"
        remedy = "Give a model of another family, or its shape as a file of the catalog"
        raise InputError(Problem(file=file, key="model_type", wrong=wrong, remedy=remedy))


def _architectures(config: Mapping[str, object]) -> list[object]:
    listed = config.get("architectures")
    names = listed if isinstance(listed, list) else []
    return [_ARCHITECTURE_ENDING.sub("", name) for name in names if isinstance(name, str)]


def _plain(name: str) -> str:
    return re.sub(r"[ _.-]", "", name.lower())


def _json_object(path: Path) -> Mapping[str, object]:
    remedy = "Give the path of a config.json"
    require_regular(path, LARGEST_FILE_BYTES, remedy)
    found = json_tree(read_text(path, remedy), file_name(path), remedy)
    if not isinstance(found, dict):
        wrong = f"the file holds {shown(found)}, not an object"
        raise InputError(Problem(file=file_name(path), key="", wrong=wrong, remedy="Give one that starts with {"))
    return found
