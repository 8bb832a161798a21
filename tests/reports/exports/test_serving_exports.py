"""Serving plans as files: flags say the plan, scripts parse, what a tool cannot hold is refused by name."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tenfold.catalog import load_catalog
from tenfold.quantities import InputError, yaml_tree
from tenfold.reports.exports import SERVERS, files_of_models, plans_alone, served_of, write_quotes

CATALOG = load_catalog()
SPREAD = {"p10": 0.01, "p50": 0.02, "p90": 0.04}
LAYOUT = {"tp": 2, "pp": 1, "dp": 1, "ep": 1, "chips": 2, "replicas": 5, "max_sequences": 300, "token_budget": 8192}
WIDE = LAYOUT | {"tp": 1, "dp": 16, "ep": 16, "chips": 16, "max_sequences": 1600}
NAMES = ("llama-3-1-70b",)
ENGINES = ("vllm", "sglang", "tensorrt-llm")


def data(
    engine: str = "vllm-2026", layout: dict[str, Any] = LAYOUT, prefill: dict[str, Any] | None = None
) -> dict[str, Any]:
    best = {
        "chip": "h100-sxm", "chips": 16, "engine": engine, "precision": "fp8", "kv_precision": "fp8", "supply": "own",
        "site": "us-texas", "disaggregated": prefill is not None, "layout": layout, "prefill_layout": prefill,
        "replicas": 5, "spare_replicas": 1, "ttft_s": SPREAD, "tpot_s": SPREAD,
    }  # fmt: skip
    service = {"model": "llama-3.1-70b", "prefix_share": 0.3}
    goal = {"service": service, "period_s": 86_400.0 * 365}
    made = {"tenfold": "0", "catalog": "0", "seed": 0}
    return {"best": best, "question": {"goal": goal}, "peak_requests_per_s": 30.0, "made": made}


def files(tool: str, chips_per_node: int = 8, vendor: str = "NVIDIA", **said: Any) -> dict[str, str]:
    plan = data(**said)
    engine = CATALOG.engines[plan["best"]["engine"]]
    return dict(SERVERS[tool](served_of(plan, "plan.json", engine, vendor, chips_per_node, names=NAMES)))


def values(text: str) -> dict[str, str]:
    """Flags of a script with their values."""
    return dict(re.findall(r"(--[\w-]+) ([^\s\\]+)", text))


def is_bash(text: str, folder: Path) -> bool:
    script = folder / "script.sh"
    script.write_text(text)
    return subprocess.run(["bash", "-n", script], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("tool", "wide", "sequences"),
    [
        ("vllm", "--tensor-parallel-size", "--max-num-seqs"),
        ("sglang", "--tp-size", "--max-running-requests"),
        ("tensorrt-llm", "--tp_size", "--max_batch_size"),
    ],
)
def test_flags_say_the_layout_and_the_batch(tool: str, wide: str, sequences: str, tmp_path: Path) -> None:
    text = files(tool)["serve.sh"]
    assert values(text)[wide] == "2"
    assert values(text)[sequences] == "300"
    assert is_bash(text, tmp_path)


def test_attention_ranks_are_counted_as_each_engine_counts_them(tmp_path: Path) -> None:
    vllm, sglang, trt = (values(files(tool, layout=WIDE)["serve.sh"]) for tool in ENGINES)
    assert (vllm["--tensor-parallel-size"], vllm["--data-parallel-size"], vllm["--max-num-seqs"]) == ("1", "16", "100")
    assert vllm["--data-parallel-size-local"] == "8"
    assert (sglang["--tp-size"], sglang["--attn-dp-size"], sglang["--ep-size"]) == ("16", "16", "16")
    assert (trt["--tp_size"], trt["--ep_size"], trt["--max_batch_size"]) == ("16", "16", "100")
    assert "enable_attention_dp: true" in files("tensorrt-llm", layout=WIDE)["serve.yaml"]
    assert all(is_bash(files(tool, layout=WIDE)["serve.sh"], tmp_path) for tool in ENGINES)


def test_prompts_apart_are_two_scripts_that_hand_the_cache_over() -> None:
    vllm = files("vllm", prefill=LAYOUT)
    assert set(vllm) == {"prefill.sh", "decode.sh"}
    assert all("NixlConnector" in text for text in vllm.values())
    sglang = files("sglang", prefill=LAYOUT)
    assert [values(sglang[f"{role}.sh"])["--disaggregation-mode"] for role in ("prefill", "decode")] == [
        "prefill",
        "decode",
    ]


@pytest.mark.parametrize("engine", ["vllm-2026", "sglang-2026", "tensorrt-llm-2026"])
def test_kubernetes_runs_as_many_replicas_with_as_many_chips(engine: str) -> None:
    text = files("kubernetes", engine=engine)["fleet.yaml"]
    documents = [yaml_tree(part, "fleet.yaml", "") for part in text.split("\n---\n")]
    deployment = next(each for each in documents if each["kind"] == "Deployment")
    assert deployment["spec"]["replicas"] == 5
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"nvidia.com/gpu": 2}
    assert '"$MODEL"' in container["args"][0]
    assert {each["kind"] for each in documents} >= {"Deployment", "Service"}


def test_skypilot_has_the_replicas_and_the_accelerators(tmp_path: Path) -> None:
    tree = yaml_tree(files("skypilot", engine="tensorrt-llm-2026")["service.yaml"], "service.yaml", "")
    assert tree["service"]["replicas"] == 5
    assert tree["resources"]["accelerators"] == "H100:2"
    assert is_bash(tree["run"], tmp_path)


def test_slurm_starts_one_job_a_replica(tmp_path: Path) -> None:
    found = files("slurm", engine="sglang-2026", layout=WIDE)
    assert "#SBATCH --array=0-4" in found["serve.sbatch"]
    assert "#SBATCH --nodes=2" in found["serve.sbatch"]
    assert all(is_bash(text, tmp_path) for text in found.values())


@pytest.mark.parametrize(
    ("tool", "said", "word"),
    [
        ("kubernetes", {"layout": WIDE}, "spans nodes"),
        ("skypilot", {"layout": WIDE}, "spans nodes"),
        ("skypilot", {"prefill": LAYOUT}, "replicas of one kind"),
        ("kubernetes", {"vendor": "Google"}, "no resource"),
        ("slurm", {"engine": "jetstream-2024"}, "nothing is known that starts"),
        ("slurm", {"engine": "tensorrt-llm-2026", "layout": WIDE}, "by MPI"),
        ("vllm", {"layout": LAYOUT | {"chips": 3}}, "does not multiply"),
    ],
)
def test_what_a_tool_cannot_hold_is_refused(tool: str, said: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        files(tool, **said)


def test_another_engine_than_the_plan_was_made_for_is_said() -> None:
    assert "the plan was made for" in files("sglang", engine="vllm-2026")["serve.sh"]
    assert "the plan was made for" not in files("vllm", engine="vllm-2026")["serve.sh"]


@pytest.mark.parametrize("role", ["prefill", "decode"])
def test_llm_d_patches_the_deployments_of_its_guide(role: str) -> None:
    found = files("llm-d", prefill=LAYOUT)
    assert set(found) == {"kustomization.yaml", "patch-prefill.yaml", "patch-decode.yaml"}
    patches = yaml_tree(found["kustomization.yaml"], "kustomization.yaml", "")["patches"]
    assert patches == [{"path": "patch-prefill.yaml"}, {"path": "patch-decode.yaml"}]
    tree: Any = yaml_tree(found[f"patch-{role}.yaml"], "patch.yaml", "")
    (container,) = tree["spec"]["template"]["spec"]["containers"]
    assert (tree["metadata"]["name"], tree["spec"]["replicas"], container["name"]) == (role, 5, "modelserver")
    assert container["resources"]["limits"] == {"nvidia.com/gpu": "2"}
    assert values(container["args"][0])["--port"] == ("8200" if role == "decode" else "8000")
    assert "NixlConnector" in container["args"][0]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, "prompts run together"),
        ({"engine": "sglang-2026", "prefill": LAYOUT}, "the plan is made for"),
        ({"prefill": WIDE}, "spans nodes"),
    ],
)
def test_llm_d_refuses_what_its_guide_does_not_hold(said: dict[str, Any], wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        files("llm-d", **said)


def test_drafts_are_flags_of_a_model_that_predicts_and_refused_otherwise() -> None:
    plan = data()
    plan["question"]["goal"]["service"]["speculation"] = "draft"
    with pytest.raises(InputError, match="a small model, which the plan does not name"):
        served_of(plan, "plan.json", CATALOG.engines["vllm-2026"], "NVIDIA", 8, names=NAMES)
    served = served_of(plan, "plan.json", CATALOG.engines["vllm-2026"], "NVIDIA", 8, names=NAMES, predicts=True)
    vllm, sglang = (SERVERS[tool](served)["serve.sh"] for tool in ("vllm", "sglang"))
    assert '"num_speculative_tokens": 2' in vllm
    assert values(sglang)["--speculative-num-draft-tokens"] == "3"
    assert "speculative_config:" in SERVERS["tensorrt-llm"](served)["serve.yaml"]


@pytest.mark.parametrize("tool", ENGINES)
@pytest.mark.parametrize("engine", ["vllm-2026", "sglang-2026", "tensorrt-llm-2026"])
def test_a_share_of_memory_is_said_to_the_engine_that_divides_it_so(tool: str, engine: str) -> None:
    said = values(files(tool, engine=engine)["serve.sh"])
    shares = [float(value) for flag, value in said.items() if "mem" in flag]
    assert len(shares) == (CATALOG.engines[engine].engine == tool)
    assert all(0.5 < share < 1.0 for share in shares)  # an engine that is given all of it does not start


def two_models() -> dict[str, Any]:
    """A plan of two models, the second with fewer replicas on another chip."""
    plan, other = data(engine="vllm-2026"), data(engine="vllm-2026", layout=LAYOUT | {"replicas": 3})
    services = [plan["question"]["goal"]["service"] | {"model": name} for name in ("llama-3.1-70b", "qwen2.5-32b")]
    plan["question"] |= {"goal": plan["question"]["goal"] | {"service": services[0]}, "more": [services[1]]}
    return plan | {"more": [{"best": other["best"] | {"chip": "h200-sxm"}, "peak_requests_per_s": 9.0}]}


@pytest.mark.parametrize("tool", ["vllm", "kubernetes", "slurm", "skypilot"])
def test_every_model_of_a_plan_is_written_and_named_in_the_files_of_the_others(tool: str) -> None:
    alone = plans_alone(two_models(), "plan.json")
    assert list(alone) == ["llama-3-1-70b", "qwen2-5-32b"]
    engine = CATALOG.engines["vllm-2026"]
    served = [
        served_of(each, "plan.json", engine, "NVIDIA", 8, names=(name, *(set(alone) - {name})))
        for name, each in alone.items()
    ]
    found = files_of_models(served, SERVERS[tool])
    for name, other, replicas in (("llama-3-1-70b", "qwen2-5-32b", 5), ("qwen2-5-32b", "llama-3-1-70b", 3)):
        texts = [text for place, text in found.items() if place.startswith(f"{name}/")]
        assert any(f"{replicas} replicas" in each or f"replicas: {replicas}\n" in each or f"0-{replicas - 1}\n" in each
                   for each in texts)  # fmt: skip
        assert all(f"{other}, which the plan serves too" in each for each in texts)


def test_a_model_that_is_served_twice_is_numbered_and_a_plan_without_one_is_refused() -> None:
    plan = two_models()
    plan["question"]["more"][0]["model"] = "llama-3.1-70b"
    assert list(plans_alone(plan, "plan.json")) == ["llama-3-1-70b-1", "llama-3-1-70b-2"]
    with pytest.raises(InputError, match="0 plans for 1 models"):
        plans_alone(plan | {"more": []}, "plan.json")


def test_quotes_ask_for_the_chips_of_every_model() -> None:
    had = {"tier": "", "minimum_term_days": 0.0, "lead_time_days": 0.0}
    plan = two_models() | {"alternatives": [], "flips": [], "verdict": "both"}
    plan["question"]["goal"]["start"] = None
    plan["best"] |= {"supply": "on-demand", "availability": had}
    plan["more"][0] |= {"alternatives": [], "flips": []}
    plan["more"][0]["best"] |= {"supply": "on-demand", "availability": had}
    (text,) = write_quotes(plan, "plan.json").values()
    assert "| 16 × h100-sxm, on-demand | 365 days" in text
    assert "| 16 × h200-sxm, on-demand | 365 days" in text
    assert text.count("\nqwen2.5-32b, 9 requests/s at the peak:") == 2
