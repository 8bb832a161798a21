"""Patches that lay a serving plan over llm-d: kustomize over the base of its guides, vLLM with the plan's flags.

As in llm-d/llm-d ``guides/pd-disaggregation/modelserver/gpu/vllm/base`` and its recipes, read in 2026-11: Deployments
``prefill`` and ``decode`` (``recipes/modelserver/base/single-host/pd/vllm``), container ``modelserver``, port 8200 of
``decode`` behind its sidecar.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tenfold.reports.exports.refusals import refuse
from tenfold.reports.exports.serve_files import RESOURCES, require_one_node
from tenfold.reports.exports.serve_flags import MODEL, PORT, unexpressed, vllm
from tenfold.reports.exports.served import Replicas, Served, heading

TOOL, ENGINE, DECODE = "llm-d", "vllm", "decode"
DECODE_PORT = 8200
BASE = "recipes/modelserver/base/single-host/pd/vllm"


def llm_d_files(served: Served) -> Mapping[str, str]:
    """Write a patch for each kind of replica and the kustomization that applies them.

    Raises ``InputError`` for another engine, prompts that do not run apart, and replicas over several nodes.
    """
    if served.engine.engine != ENGINE:
        remedy = "Plan with engine = 'vllm', or use --to kubernetes"
        raise refuse(TOOL, f"its guides start vLLM, the plan is made for {served.engine.name}", remedy)
    if not served.apart:
        remedy = "Plan with prompts = 'apart', or use --to kubernetes"
        raise refuse(TOOL, "its guide of prefill and decode has both, and prompts run together here", remedy)
    require_one_node(served, TOOL)
    if served.vendor not in RESOURCES:
        raise refuse(TOOL, f"no resource of Kubernetes is known for chips of {served.vendor}", "Use --to slurm")
    steps = [
        f"the base: copy the folder beside guides/ of llm-d, so that ../{BASE} is there",
        "cores and memory of the pods: those of the base are kept",
        "the router: install it with the values of the guide",
    ]
    if served.beside:
        steps.append("more than one model: its Deployments have the same names for each, so give each a namespace")
    head = heading(served, TOOL, [*unexpressed(served, ENGINE), *steps])
    files = {f"patch-{part.role}.yaml": head + _patch(served, part) for part in served.parts}
    return {"kustomization.yaml": head + _kustomization(tuple(files)), **files}


def _kustomization(patches: tuple[str, ...]) -> str:
    listed = "".join(f"  - path: {each}\n" for each in patches)
    return (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        f"resources:\n  - ../{BASE}\npatches:\n{listed}"
    )


def _patch(served: Served, part: Replicas) -> str:
    words = [each for each in vllm(served, part).words[1:] if not each.startswith("--port")]
    port = DECODE_PORT if part.role == DECODE else PORT
    line = " ".join([f"exec vllm serve {MODEL}", f"--port {port}", *words])
    resource = f"{RESOURCES[served.vendor]}: {json.dumps(str(part.chips))}"
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {part.role}}}\nspec:\n  replicas: {part.count}\n"
        "  template:\n    spec:\n      containers:\n        - name: modelserver\n"
        f'          command: ["/bin/bash", "-c"]\n          args: [{json.dumps(line)}]\n'
        "          env:\n            - {name: MODEL, valueFrom: {configMapKeyRef: {name: tenfold-model, key: model}}}\n"
        f"          resources: {{limits: {{{resource}}}, requests: {{{resource}}}}}\n"
    )
