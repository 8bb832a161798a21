"""A Hugging Face ``config.json`` becomes a ``ModelRecord``, or one ``InputError`` with everything wrong with it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from tenfold.catalog import ModelRecord, TransformerShape
from tenfold.quantities import InputError, Problem
from tenfold.workloads.huggingface.families import FAMILIES, Family
from tenfold.workloads.huggingface.reader import Reader, shown

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
    """Shape of the language model that a configuration describes.

    Multimodal configurations are read at their ``text_config``; their encoders are left out. ``file`` is where
    problems say they stand. Published counts are None: a configuration states none. Raises ``InputError`` with a
    ``Problem`` for each thing wrong: unknown family, missing key, wrong type, number out of range, parts that do
    not fit each other.
    """
    text, prefix = _language_part(config, file)
    kind, family = _family(text, config, file)
    reader = Reader(config=text, file=file, prefix=prefix, names=family.names, defaults=family.defaults)
    tied = config if "tie_word_embeddings" not in text and "tie_word_embeddings" in config else text
    fields = _shape_fields(reader, family)
    fields["tied_embeddings"] = Reader(config=tied, file=file, problems=reader.problems).flag(
        "tie_word_embeddings", default=family.tied
    )
    longest = reader.number("max_sequence", 0.0)
    _check_fit(reader, fields)
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
    )


def _shape_fields(reader: Reader, family: Family) -> dict[str, float]:
    fields = {**_core(reader), **family.shape}
    for key, names in family.bias_switches.items():
        fields.update(dict.fromkeys(names, reader.flag(key, default=family.biased)))
    for part in family.parts:
        fields.update(part(reader, fields))
    fields.update(_windows(reader, family, fields["attention_layers"]))
    return fields


def _core(reader: Reader) -> dict[str, float]:
    """Fields every transformer has."""
    hidden, heads, layers = reader.number("hidden"), reader.number("heads"), reader.number("layers")
    head_dim = reader.number("head_dim", hidden / heads)
    if head_dim % 1 and not reader.problems:
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


def _windows(reader: Reader, family: Family, layers: float) -> dict[str, float]:
    """Windowed layers: as ``layer_types`` lists them, or by the family's period."""
    switched_on = not family.window_switch or reader.flag(family.window_switch, default=False)
    if family.full_period is None or not reader.present("window") or not switched_on:
        return {}
    window = reader.number("window")
    listed = reader.texts("layer_types")
    if listed:
        if len(listed) != layers and not reader.problems:
            wrong = f"{len(listed)} types are not the {layers:.0f} layers of the model"
            reader.report("layer_types", wrong, "Name one type for each layer")
        windowed = float(sum(kind in ("sliding_attention", "chunked_attention") for kind in listed))
    elif family.window_switch:
        windowed = max(layers - reader.number("first_windowed", layers), 0.0)
    else:
        period = reader.number("full_period", family.full_period)
        windowed = layers - (layers // period if period else 0.0)
    return {"windowed_layers": windowed, "window": window} if windowed else {}


def _check_fit(reader: Reader, fields: Mapping[str, float]) -> None:
    """Parts that must divide or hold each other."""
    if reader.problems:
        return
    heads, kv_heads = fields["heads"], fields["kv_heads"]
    if heads % kv_heads:
        wrong = f"{kv_heads:.0f} key-value heads do not divide {heads:.0f} heads"
        reader.report(reader.names_of("kv_heads")[0], wrong, f"Give a divisor of {heads:.0f}")


def _language_part(config: Mapping[str, object], file: str) -> tuple[Mapping[str, object], str]:
    """Find the language model: the configuration itself, or its ``text_config`` where it is one part of several."""
    text = config.get("text_config")
    if text is None or "hidden_size" in config:
        return config, ""
    if not isinstance(text, Mapping):
        wrong = f"{shown(text)} is no table"
        raise InputError(Problem(file=file, key="text_config", wrong=wrong, remedy="Write an object in braces"))
    return text, "text_config."


def _family(text: Mapping[str, object], config: Mapping[str, object], file: str) -> tuple[str, Family]:
    """Family by ``model_type``, of the language part before that of the whole, or by the class in ``architectures``."""
    known = {_plain(name): name for name in FAMILIES}
    given = [part.get("model_type") for part in (text, config)] + _architectures(config)
    names = [name for name in given if isinstance(name, str) and name]
    for name in names:
        found = known.get(_plain(name))
        if found is not None:
            return found, FAMILIES[found]
    close = difflib.get_close_matches(_plain(names[0])[:50], known, n=1) if names else []
    hint = f"Did you mean '{known[close[0]]}'? " if close else ""
    wrong = f"{shown(names[0])} is no family that can be read" if names else "the key is missing or no text"
    remedy = f"{hint}Use one of {', '.join(sorted(FAMILIES))}"
    raise InputError(Problem(file=file, key="model_type", wrong=wrong, remedy=remedy))


def _architectures(config: Mapping[str, object]) -> list[object]:
    listed = config.get("architectures")
    names = listed if isinstance(listed, list) else []
    return [_ARCHITECTURE_ENDING.sub("", name) for name in names if isinstance(name, str)]


def _plain(name: str) -> str:
    return re.sub(r"[ _.-]", "", name.lower())


def _json_object(path: Path) -> Mapping[str, object]:
    try:
        if not path.is_file():
            _refuse(path, "there is no such file", "Give the path of a config.json")
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            _refuse(path, f"{size} bytes are too many for a configuration", "Give the path of a config.json")
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as trouble:
        _refuse(path, f"the file cannot be read: {trouble}", "Give a text file in UTF-8")
    except RecursionError:
        _refuse(path, "the file is nested too deeply", "Give a config.json")
    except ValueError as trouble:
        _refuse(path, f"the file is no JSON: {trouble}", "Mend it there, or fetch it anew")
    if not isinstance(found, dict):
        _refuse(path, f"the file holds {shown(found)}, not an object", "Give a config.json, which starts with {")
    return found


def _refuse(path: Path, wrong: str, remedy: str) -> NoReturn:
    raise InputError(Problem(file=str(path), key="", wrong=wrong, remedy=remedy)) from None
