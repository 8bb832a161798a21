"""What is measured and shown, and changes no constant: launches, copies, what lasts, decoding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenfold.validation.chip.answer import Rate
from tenfold.validation.chip.measured import Measured, Measurement
from tenfold.validation.chip.refusals import speed_flop_per_s, sustained_share
from tenfold.validation.chip.steps import shape_of
from tenfold.workloads import total_parameters

WORDS: Mapping[str, str] = {
    "copy_in": "copies from host to device, the fastest size",
    "copy_out": "copies from device to host, the fastest size",
}


def rates_of(measured: Measured) -> Mapping[str, Rate]:
    """Speeds and times by what they are of."""
    return dict(_rates(measured))


def _rates(measured: Measured) -> Iterator[tuple[str, Rate]]:
    for name in sorted({each.format for each in measured.of("matmul")}):
        best = max(speed_flop_per_s(each) for each in measured.of("matmul") if each.format == name)
        yield f"{name} products", Rate(value=best, unit="FLOP/s", words="the fastest shape, in bursts")
    for each in measured.of("sustained"):
        words = f"speed left after {sum(each.seconds):.2g} s of one product"
        yield f"{each.format} products, lasting", Rate(value=sustained_share(each), unit="1", words=words)
    for each in measured.of("launch"):
        words = "one operation on a few numbers after another: launch and host"
        yield "launch", Rate(value=each.median_s, unit="s", words=words)
    for kind, words in WORDS.items():
        speeds = [each.sizes["bytes"] / each.median_s for each in measured.of(kind)]
        if speeds:
            yield kind.replace("_", " "), Rate(value=max(speeds), unit="B/s", words=words)
    for each in measured.of("decode"):
        yield _decoding(each)


def _decoding(each: Measurement) -> tuple[str, Rate]:
    parameters = float(total_parameters(shape_of(each)))
    name = f"decoding, {parameters / 1e6:,.0f} M parameters"
    words = f"one step of {each.sizes['batch']:g} sequences after {each.sizes['tokens']:g} tokens, plain PyTorch"
    return name, Rate(value=each.median_s, unit="s", words=words)
