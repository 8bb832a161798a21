"""Samples that are right, from which ``fuzz`` makes damaged ones: of our own making, in the forms that tools document."""

from __future__ import annotations

import json
from collections.abc import Mapping

MEGATRON = """#!/bin/bash
TP=2
NODES=${NODES:-4}
ARGS=(--num-layers 32 --hidden-size 4096 --num-attention-heads 32 --vocab-size 32000 --swiglu --bf16)
if [ "$TP" = 2 ]; then MORE="--sequence-parallel"; else MORE=""; fi
torchrun --nproc-per-node 8 --nnodes $NODES pretrain_gpt.py "${ARGS[@]}" $MORE --seq-length 4096 --micro-batch-size 1 \\
  --global-batch-size $((8 * NODES)) --num-experts 8 --moe-layer-freq '([0]*1+[1]*31)' --window-size 512,0
"""
MAXTEXT = """per_device_batch_size: 1
max_target_length: 4096
base_emb_dim: 2048
base_num_query_heads: 16
base_num_kv_heads: 4
base_num_decoder_layers: 16
base_mlp_dim: 8192
head_dim: 128
vocab_size: 32000
decoder_block: gemma2
sliding_window_size: 512
mlp_activations: [silu, linear]
ici_fsdp_parallelism: -1
ici_tensor_parallelism: 2
"""
DEEPSPEED = json.dumps({
    "train_micro_batch_size_per_gpu": 2, "gradient_accumulation_steps": 4, "bf16": {"enabled": True},
    "zero_optimization": {"stage": 3, "offload_optimizer": {"device": "cpu", "ratio": 0.5}}, "optimizer": {"type": "AdamW"},
}, indent=1)  # fmt: skip
TORCHTITAN = """config = llama3_8b()
config.training.max_context_length = 8192
config.training.num_tokens_per_train_step = 8192 * 64
config.parallelism = ParallelismConfig(tensor_parallel_degree=2, data_parallel_shard_degree=8)
"""
TITAN_TOML = """[training]
local_batch_size = 2
seq_len = 4096
[parallelism]
tensor_parallel_degree = 2
data_parallel_shard_degree = -1
"""
BRIDGE = (
    "--tensor_model_parallel_size 2 --num_gpus 64 --global_batch_size 128 --micro_batch_size 1 --compute_dtype bf16\n"
)
NEMO = """import nemo_run as run
def model():
    return run.Config(LlamaModel, config=run.Config(Llama3Config8B))
def trainer(tensor_parallelism=1, pipeline_parallelism=1, context_parallelism=2, num_nodes=1, num_gpus_per_node=8):
    return run.Config(Trainer, num_nodes=num_nodes, plugins=bf16_mixed())
def pretrain_recipe(num_nodes=2, num_gpus_per_node=8):
    return run.Partial(pretrain, model=model(), trainer=trainer(num_nodes=num_nodes, tensor_parallelism=2),
        data=run.Config(MockDataModule, seq_length=8192, global_batch_size=512, micro_batch_size=1))
"""
FOUNDRY = """max_seq_len: 2048
model:
  name: mpt_causal_lm
  d_model: 4096
  n_heads: 32
  n_layers: 32
  expansion_ratio: 4
  max_seq_len: ${max_seq_len}
  vocab_size: 50368
  attn_config: {attn_impl: flash, attn_type: grouped_query_attention, kv_n_heads: 8}
optimizer: {name: decoupled_lionw, lr: 1.0e-4}
global_train_batch_size: 1024
device_train_microbatch_size: 8
precision: amp_bf16
fsdp_config: {sharding_strategy: FULL_SHARD, mixed_precision: DEFAULT, activation_checkpointing: true, device_mesh: [2, 4]}
"""
AUTOMODEL = """recipe: TrainFinetuneRecipeForNextTokenPrediction
step_scheduler: {global_batch_size: 128, local_batch_size: 16}
distributed:
  strategy: fsdp2
  pp_size: 4
  ep_size: 8
  dp_size: none
  dp_replicate_size: 2
  activation_checkpointing: selective
  pipeline: {pp_schedule: interleaved1f1b, pp_microbatch_size: 1, layers_per_stage: 2}
model:
  _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_config
  config: {pretrained_model_name_or_path: Qwen/Qwen3-30B-A3B}
  torch_dtype: torch.float32
fp8: {enabled: false}
optimizer: {_target_: transformer_engine.FusedAdam, master_weights: true, exp_avg_dtype: bfloat16}
packed_sequence: {packed_sequence_size: 0}
dataset: {seq_len: 4096}
"""
BRIDGE_RECIPE = """from megatron.bridge import AutoBridge
LONG = 4096
def around(cfg):
    cfg.model.recompute_granularity = "full"
def small():
    cfg = _with_global_batch_size(pretrain(), 4096)
    cfg.mixed_precision = _perf_precision("fp8_mx")
    cfg.model.tensor_model_parallel_size = 2
    cfg.train.micro_batch_size = 1
    cfg.model.seq_length = LONG
    cfg.dataset.seq_length = cfg.model.seq_length
    around(cfg)
    return cfg
"""
SAMPLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "megatron": (
        ("run.sh", MEGATRON),
        ("c.yaml", "MODEL_ARGS:\n  --num-layers: 8\n  --hidden-size: 512\n  --bf16: true\n"),
    ),
    "megatron-bridge": (("launch.sh", BRIDGE), ("recipe.py", BRIDGE_RECIPE)),
    "nemo": (("recipe.py", NEMO),),
    "maxtext": (("c.yml", MAXTEXT),),
    "deepspeed": (("ds.json", DEEPSPEED),),
    "llm-foundry": (("mpt.yaml", FOUNDRY),),
    "automodel": (("run.yaml", AUTOMODEL),),
    "torchtitan": (("config.py", TORCHTITAN), ("train.toml", TITAN_TOML)),
}
HUGGINGFACE = json.dumps({
    "model_type": "qwen3_next", "hidden_size": 2048, "intermediate_size": 5120, "num_hidden_layers": 48,
    "full_attention_interval": 4, "num_attention_heads": 16, "num_key_value_heads": 2, "head_dim": 256,
    "num_experts": 512, "num_experts_per_tok": 10, "moe_intermediate_size": 512, "vocab_size": 151936,
    "shared_expert_intermediate_size": 512, "tie_word_embeddings": False, "layer_types": None, "sliding_window": None,
}, indent=1)  # fmt: skip
ITERATION = (
    " [2026-03-01 12:00:00.123456] iteration {:8d}/ 5000 | consumed samples: 128 | elapsed time per iteration (ms): 1800.5 | "
    "throughput per GPU (TFLOP/s/GPU): 402.1 | global batch size:   128 | lm loss: 1.0 |"
)
EVENT = ':::MLLOG {{"namespace": "", "time_ms": {}, "event_type": "POINT_IN_TIME", "key": "{}", "value": {}, "metadata": {}}}'
LOGS: Mapping[str, str] = {
    "megatron": "\n".join([
        "-------- arguments --------", "  world_size ......................... 64", "  num_layers ......... 32",
        "  hidden_size ........ 4096", "  bf16 ............... True", "  micro_batch_size ... 1", "-------- end of arguments --------",
        *(ITERATION.format(number) for number in range(1, 12)), "",
    ]),
    "mllog": "\n".join([
        EVENT.format(1_700_000_000_000, "submission_benchmark", '"llama31_8b"', "{}"),
        EVENT.format(1_700_000_000_000, "global_batch_size", "64", "{}"), "fp8=True recipe=x",
        *(
            EVENT.format(1_700_000_000_000 + 100_000 * (number + late), key, "null", json.dumps({"samples_count": 640 * (number + late)}))
            for number in range(1, 6) for late, key in enumerate(("block_start", "block_stop"))
        ), "",
    ]),
    "nccl": "# all_reduce_perf\n" + "".join(
        f"[1,0]<stdout>:#  Rank {n:2} Group  0 Pid 4 on n{n // 8} device  {n % 8} [0x1] H100\n" for n in range(16)
    ) + "".join(f"{2**p} {2**p // 4} float sum -1 {2**p / 2e5 + 30:.2f} 1 1 0 {2**p / 2e5 + 30:.2f} 1 1 0\n" for p in range(10, 31, 2)),
    "sacct": "JobID|State|Start|End|Elapsed|NNodes|NodeList|AllocTRES|Restarts\n" + "".join(
        f"{n}|{state}|2026-03-01T00:00:00|2026-03-0{n + 1}T00:00:00|{n}-00:00:00|{n}|gpu[01-0{n}],x|gres/gpu=4|0\n"
        for n, state in enumerate(("COMPLETED", "NODE_FAIL", "OUT_OF_ME+", "FAILED", "CANCELLED by 7"), start=1)
    ),
    "events": "time,node,cause,downtime\n2026-03-01,n1,gpu,2 h\n2026-03-02,n2,nic,30 min\n2026-03-03,n1,gpu,\n",
    "prices": "instance_name,location,price,gpu_count,gpu_name,gpu_memory,spot,provider\na,us,12.3,8,H100,80,False,x\n",
    "runs": "id,chip,n_chips,seq,global_batch,step_time_s,model\na,h100-sxm,64,8192,512,7.1,llama-3.1-8b\nb,h100-sxm,8,2048,,,x\n",
    "overlay": 'name = "Mine"\ncountry = "US"\naliases = ["m"]\n[location]\nlatitude = 32.4\nlongitude = -99.7\nsource = "geonames"\n',
}  # fmt: skip
CONSOLE: Mapping[str, str] = {
    "torchtitan": "Building 2-D device mesh with ['dp_shard', 'tp'], [8, 2]\n"
    + "".join(
        f"[rank0]:[titan] 2026-03-01 12:00:00,000 - root - INFO - step: {n:2}  loss:  8.1  memory: 40.1GiB(50%)  tps: 8,{100 + n}  tflops: 56.1  mfu: 18.00%\n"
        for n in range(1, 12)
    ),
    "nemo": "".join(
        f"Training epoch 0, iteration {n}/99 | lr: 7e-07 | global_batch_size: 512 | global_step: {n} | train_step_timing in s: 12.{n}\n"
        for n in range(11)
    ),
    "maxtext": "Config param max_target_length: 8192\nConfig param global_batch_size_to_train_on: 512\nNum_devices: 256, shape (16, 16)\n"
    + "".join(
        f"completed step: {n}, seconds: 3.4{n}, TFLOP/s/device: 400.1, Tokens/s/device: 9493.2, total_weights: 65536, loss: 10.1\n"
        for n in range(11)
    ),
    "deepspeed": "[INFO] [config.py:1000:print]   train_batch_size ............. 64\n[INFO]   world_size ................... 16\n"
    + "".join(
        f"[INFO] [timer.py:260:stop] epoch=0/micro_step={4 * n}/global_step={n}, RunningAvgSamplesPerSec=12.3, CurrSamplesPerSec=12.{n}, MemAllocated=1GB\n"
        for n in range(1, 12)
    ),
    "deepspeed-pipeline": "".join(
        f"steps: {n} loss: 8.1234 iter time (s): 1.8{n} samples/sec: 35.123\n" for n in range(1, 12)
    ),
    "megatron-bridge": "".join(f"Step Time : 4.{n}s GPU utilization: 702.3MODEL_TFLOP/s/GPU\n" for n in range(1, 12)),
    "hf-trainer": "  Total train batch size (w. parallel, distributed & accumulation) = 64\n  Total optimization steps = 100\n{'train_runtime': 1234.5, 'train_samples_per_second': 5.1, 'train_steps_per_second': 0.081, 'train_loss': 2.0}\n",
    "llm-foundry": "".join(
        f"[batch={n}/100]:\n\t Train time/batch: {n}\n\t Train throughput/device/tokens_per_sec: 98{n}.5\n"
        for n in range(1, 12)
    ),
}
LOGS = {**LOGS, **CONSOLE}

SKYPILOT = """InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice
p5.48xlarge,H100,8.0,192,2048,55.04,us-east-1,"{'Gpus': [{'Name': 'H100', 'Count': 8.0, 'MemoryInfo': {'SizeInMiB': 81559}}]}",20.1
"""
SQUEUE = {
    "job_id": 7, "job_state": ["RUNNING"], "tres_alloc_str": "cpu=8,gres/gpu:h100=16", "account": "a",
    "node_count": {"set": True, "infinite": False, "number": 2}, "time_limit": {"set": True, "number": 600},
    "submit_time": {"set": True, "number": 1_770_000_000}, "start_time": {"set": True, "number": 1_770_000_600},
}  # fmt: skip
KUEUE = {
    "metadata": {"creationTimestamp": "2026-03-01T00:00:00Z"},
    "spec": {
        "queueName": "team-a", "maximumExecutionTimeSeconds": 3600,
        "podSets": [{"count": 2, "template": {"spec": {"containers": [{"resources": {"requests": {"nvidia.com/gpu": "8"}}}]}}}],
    },
    "status": {"conditions": [{"type": "Admitted", "status": "True", "lastTransitionTime": "2026-03-01T00:05:00Z"}]},
}  # fmt: skip
CLUSTER_QUEUE = {
    "kind": "ClusterQueue", "metadata": {"name": "a"},
    "spec": {
        "cohortName": "all",
        "resourceGroups": [{"flavors": [{"name": "h100", "resources": [{"name": "nvidia.com/gpu", "nominalQuota": "16"}]}]}],
    },
}  # fmt: skip
BENCHMARK = {
    "completed": 640, "total_input_tokens": 655360, "total_output_tokens": 163840, "max_concurrency": 64,
    "request_rate": "inf", "output_throughput": 1668.3, "mean_ttft_ms": 412.6, "median_tpot_ms": 36.9,
}  # fmt: skip
MACHINE = {
    "day": "2026-11-27", "device": "x", "devices": 1, "memory_bytes": 8e10, "others_share": 0.01,
    "probe_bytes_per_s": 2e12, "probe_flop_per_s": 5e14, "torch": "2.9",
}  # fmt: skip
TIMED = {"kind": "matmul", "format": "bf16", "sizes": {"m": 64, "n": 64, "k": 64}, "seconds": [1e-5, 1.1e-5]}
SERVED = "id,source_title,source_url,source_date,model,chip,n_chips,tp,pp,ep,dp,engine,engine_version,precision_weights,precision_kv,isl,osl,concurrency_or_batch,request_rate_per_s,metric,value,scenario,spec_decoding,protocol,notes"
OTHERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "trace": (
        ("t.swf", "; comment\n" + "".join(f"{n} {n * 60} 5 3600 8 -1 -1 8 7200 -1 1 {n} 1 1 1 1 -1 -1\n" for n in range(1, 9))),
        ("t.csv", "submit_time,duration,num_gpus,vc\n2026-03-01 00:00:00,3600,8,a\n2026-03-01 01:00:00,60,1,b\n"),
        ("s.csv", "JobID|Submit|Start|End|Elapsed|State|AllocTRES|Account\n1|2026-03-01T00:00:00|2026-03-01T00:00:00|2026-03-02T00:00:00|1-00:00:00|COMPLETED|gres/gpu=8|a\n"),
        ("squeue.json", json.dumps({"jobs": [SQUEUE, SQUEUE | {"job_state": ["PENDING"], "start_time": 0}]}, indent=1)),
        ("kueue.json", json.dumps({"items": [KUEUE]}, indent=1)),
    ),
    "queues": (("queues.json", json.dumps({"items": [KUEUE, CLUSTER_QUEUE, CLUSTER_QUEUE]}, indent=1)),),
    "requests": (
        ("azure.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:01:58.1234567,374,44\n2023-11-16 18:01:59.1,12,8\n"),
        ("mooncake.jsonl", "".join(json.dumps({"timestamp": 27 * n, "input_length": 600, "output_length": 9, "hash_ids": [0, n]}) + "\n" for n in range(9))),
    ),
    "benchmark": (
        ("bench.json", json.dumps(BENCHMARK, indent=1)),
        ("bench.txt", "Successful requests: 640\nMaximum request concurrency:   64\nTotal input tokens:   655360\nTotal generated tokens:   163840\nMean TTFT (ms):    412.55\n"),
    ),
    "serving": (("runs.csv", f"{SERVED}\nr1,t,u,2025-09,llama-3.1-8b,H100,1,1,1,,,vllm,0.9,fp8,,128,2048,8,,output_tok_s_total,1513.0,offline,,,\n"),),
    "measured": (("own.json", json.dumps({"machine": MACHINE, "timed": [TIMED]}, indent=1)),),
}  # fmt: skip
