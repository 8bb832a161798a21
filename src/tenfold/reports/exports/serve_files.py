"""Files that start the replicas of a serving plan: scripts of the engines, Kubernetes, SkyPilot serve, Slurm.

SkyPilot ``service:`` keys as in skypilot-org/skypilot 0.14.1; Kubernetes as in ``apps/v1``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from tenfold.reports.exports.cluster import ACCELERATORS
from tenfold.reports.exports.refusals import refuse
from tenfold.reports.exports.serve_flags import PORT, STARTERS, Command, Starter, starter_of, unexpressed
from tenfold.reports.exports.served import Files, Replicas, Served, heading

IMAGES: Mapping[str, str] = {
    "vllm": "vllm/vllm-openai:latest",
    "sglang": "lmsysorg/sglang:latest",
    "tensorrt-llm": "nvcr.io/nvidia/tensorrt-llm/release:latest",
}
"""Images with an engine; the version that was measured is to be pinned."""
RESOURCES: Mapping[str, str] = {"NVIDIA": "nvidia.com/gpu", "AMD": "amd.com/gpu", "Intel": "habana.ai/gaudi"}
"""Name of a vendor's chips as a resource of Kubernetes."""


def engine_files(tool: str) -> Callable[[Served], Files]:
    """Make the writer of an engine's scripts, one for each kind of replica."""

    def write(served: Served) -> Files:
        head = heading(served, tool, [*unexpressed(served, tool), *_counts(served)])
        found: dict[str, str] = {}
        for part in served.parts:
            command = STARTERS[tool](served, part)
            found |= {f"{part.role}.sh": _script(head, command, served, part), **command.files}
        return found

    return write


def _counts(served: Served) -> list[str]:
    return [f"{part.count:,} replicas of {part.role}.sh, {part.chips:,} chips each" for part in served.parts]


def _script(head: str, command: Command, served: Served, part: Replicas) -> str:
    over = part.chips > served.chips_per_node
    words = [*command.words, *(command.nodes if over else ())]
    needs = ': "${MODEL:?a name of Hugging Face or a folder}"\n'
    if over and command.nodes:
        needs += ': "${NODES:?nodes of a replica}" "${NODE_RANK:?from 0}" "${HEAD:?address of the first node}"\n'
    lines = " \\\n  ".join(words)
    return f"#!/usr/bin/env bash\n{head}set -euo pipefail\n{needs}exec {lines}\n"


def kubernetes_files(served: Served) -> Files:
    """Write a Deployment for each kind of replica, and a Service before them."""
    tool, starter = "kubernetes", starter_of(served, "kubernetes")
    require_one_node(served, tool)
    if served.vendor not in RESOURCES:
        raise refuse(tool, f"no resource of Kubernetes is known for chips of {served.vendor}", "Use --to slurm")
    weights = f"kubectl create configmap {_base(served)}-model --from-literal=model=… says which MODEL"
    pinned = "the version of the image: pin the one that was measured"
    head = heading(served, tool, [*unexpressed(served, tool), weights, pinned])
    documents = [_deployment(served, part, starter) for part in served.parts]
    documents += [_configs(served, starter)] if any(starter(served, part).files for part in served.parts) else []
    documents.append(_service(served))
    return {"fleet.yaml": head + "---\n".join(documents)}


def _deployment(served: Served, part: Replicas, starter: Starter) -> str:
    name, command = _name(served, part), starter(served, part)
    line = json.dumps("exec " + " ".join(command.words))
    mounts = (
        "          volumeMounts: [{name: config, mountPath: /config}]\n          workingDir: /config\n"
        if command.files
        else ""
    )
    model = f"configMapKeyRef: {{name: {_base(served)}-model, key: model}}"
    volumes = f"      volumes: [{{name: config, configMap: {{name: {_base(served)}}}}}]\n" if command.files else ""
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: {part.count}\n"
        f"  selector: {{matchLabels: {{app: {_base(served)}, role: {part.role}}}}}\n  template:\n"
        f"    metadata: {{labels: {{app: {_base(served)}, role: {part.role}}}}}\n    spec:\n      containers:\n"
        f"        - name: engine\n          image: {IMAGES[served.engine.engine]}\n"
        f'          command: ["/bin/bash", "-c"]\n          args: [{line}]\n'
        f"          env: [{{name: MODEL, valueFrom: {{{model}}}}}]\n"
        f"          ports: [{{containerPort: {PORT}}}]\n"
        f"          readinessProbe: {{httpGet: {{path: /health, port: {PORT}}}, periodSeconds: 10}}\n"
        f"          resources: {{limits: {{{RESOURCES[served.vendor]}: {part.chips}}}}}\n{mounts}{volumes}"
    )


def _configs(served: Served, starter: Starter) -> str:
    files: dict[str, str] = {}
    for part in served.parts:
        files |= starter(served, part).files
    data = "".join(f"  {name}: {json.dumps(text)}\n" for name, text in sorted(files.items()))
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {_base(served)}}}\ndata:\n{data}"


def _service(served: Served) -> str:
    first = served.parts[-1].role
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {_base(served)}}}\nspec:\n"
        f"  selector: {{app: {_base(served)}, role: {first}}}\n  ports: [{{port: 80, targetPort: {PORT}}}]\n"
    )


def skypilot_files(served: Served) -> Files:
    """Write a service of SkyPilot; it has replicas of one kind."""
    tool, starter = "skypilot", starter_of(served, "skypilot")
    require_one_node(served, tool)
    if served.apart:
        remedy = "Plan with prompts = 'together', or use --to kubernetes"
        raise refuse(tool, "a service of SkyPilot has replicas of one kind, and prompts run apart", remedy)
    if served.chip not in ACCELERATORS:
        wrong = f"no accelerator of SkyPilot's catalog is known for {served.chip}"
        raise refuse(tool, wrong, f"Use --to slurm, or plan with one of {', '.join(ACCELERATORS)}")
    (part,) = served.parts
    command = starter(served, part)
    written = "".join(
        f"  cat > {name} <<'END'\n" + "".join(f"  {line}\n" for line in text.splitlines()) + "  END\n"
        for name, text in command.files.items()
    )
    head = heading(served, tool, [*unexpressed(served, tool), "cloud and region: SkyPilot chooses, or give --infra"])
    accelerators = json.dumps(f"{ACCELERATORS[served.chip]}:{part.chips}")
    lines = " \\\n    ".join(command.words)
    spot = "true" if served.supply == "spot" else "false"
    text = (
        f"{head}name: {_base(served)}\nservice:\n  readiness_probe: /v1/models\n  replicas: {part.count}\n"
        f"  load_balancing_policy: least_load\nresources:\n  accelerators: {accelerators}\n  ports: {PORT}\n"
        f"  use_spot: {spot}\nenvs:\n  MODEL: null\nrun: |\n{written}  {lines}\n"
    )
    return {"service.yaml": text}


def slurm_files(served: Served) -> Files:
    """Write an array of jobs for each kind of replica, one job a replica, and the script that every node runs."""
    tool, starter = "slurm", starter_of(served, "slurm")
    head = heading(served, tool, [*unexpressed(served, tool), "account, partition and time limit: give them to sbatch"])
    found: dict[str, str] = {}
    for part in served.parts:
        command, nodes = starter(served, part), -(-part.chips // served.chips_per_node)
        if nodes > 1 and not command.nodes:
            raise refuse(tool, f"{served.engine.name} starts replicas over several nodes by MPI", "Use --to sglang")
        found |= {f"{part.role}.sh": _script(head, command, served, part), **command.files}
        found[f"{part.role}.sbatch"] = (
            f"#!/usr/bin/env bash\n{head}#SBATCH --job-name={_name(served, part)}\n#SBATCH --array=0-{part.count - 1}\n"
            f"#SBATCH --nodes={nodes}\n#SBATCH --ntasks-per-node=1\n"
            f"#SBATCH --gres=gpu:{min(part.chips, served.chips_per_node)}\n\nset -euo pipefail\n"
            'HEAD="$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)"\n'
            'export HEAD NODES="$SLURM_NNODES"\n'
            f"srun bash -c 'NODE_RANK=$SLURM_NODEID exec bash {part.role}.sh'\n"
        )
    return found


def require_one_node(served: Served, tool: str) -> None:
    """Raise for replicas over several nodes, which need a launcher of their own."""
    for part in served.parts:
        if part.chips > served.chips_per_node:
            wrong = f"a replica of {part.chips} chips spans nodes of {served.chips_per_node}"
            raise refuse(tool, wrong, "Use --to slurm, vllm or sglang")


def _base(served: Served) -> str:
    return f"tenfold-{served.name}"


def _name(served: Served, part: Replicas) -> str:
    return f"{_base(served)}-{part.role}"
