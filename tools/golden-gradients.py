"""Gradients of small models by PyTorch, in float64, from the equations of the papers. See golden-gradients.ts."""

import json
import math
import sys

import torch
import torch.nn.functional as functional

torch.set_default_dtype(torch.float64)


def lstm(case, p, tokens):
    size, layers = case["config"]["hiddenSize"], case["config"]["layers"]
    batch, steps = tokens.shape
    hidden = [torch.zeros(batch, size) for _ in range(layers)]
    cell = [torch.zeros(batch, size) for _ in range(layers)]
    rows = []
    for t in range(steps):
        below = None
        for layer in range(layers):
            name = f"layers.{layer}."
            first = p[name + "input.class.weight"][tokens[:, t]] if layer == 0 else below @ p[name + "input.feature.weight"]
            i, f, o, g = (first + p[name + "input.bias"] + hidden[layer] @ p[name + "hidden.weight"]).chunk(4, 1)
            cell[layer] = f.sigmoid() * cell[layer] + i.sigmoid() * g.tanh()
            hidden[layer] = below = o.sigmoid() * cell[layer].tanh()
        rows.append(below @ p["output.weight"] + p["output.bias"])
    return torch.stack(rows, 1)


def gru(case, p, tokens):
    size, layers = case["config"]["hiddenSize"], case["config"]["layers"]
    batch, steps = tokens.shape
    hidden = [torch.zeros(batch, size) for _ in range(layers)]
    rows = []
    for t in range(steps):
        below = None
        for layer in range(layers):
            name = f"layers.{layer}."
            first = p[name + "input.class.weight"][tokens[:, t]] if layer == 0 else below @ p[name + "input.feature.weight"]
            ri, zi, ni = (first + p[name + "input.bias"]).chunk(3, 1)
            rh, zh, nh = (hidden[layer] @ p[name + "hidden.weight"] + p[name + "hidden.bias"]).chunk(3, 1)
            r, z = (ri + rh).sigmoid(), (zi + zh).sigmoid()
            n = (ni + r * nh).tanh()
            hidden[layer] = below = (1 - z) * n + z * hidden[layer]
        rows.append(below @ p["output.weight"] + p["output.bias"])
    return torch.stack(rows, 1)


def transformer(case, p, tokens):
    config = case["config"]
    heads, features = config["heads"], config["features"]
    size = features // heads
    batch, steps = tokens.shape
    angles = torch.arange(steps)[:, None] / 10000 ** (2 * torch.arange(size // 2) / size)

    def norm(x, weight, epsilon=1e-6):
        return x / (x.pow(2).mean(-1, keepdim=True) + epsilon).sqrt() * weight

    def turn(x):
        a, b = x.chunk(2, -1)
        return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], -1)

    def apart(x):
        return x.view(batch, steps, heads, size).transpose(1, 2)

    def softmax_attention(q, k, v, a, h):
        distance = torch.arange(steps)[:, None] - torch.arange(steps)[None, :]
        reach = config.get("reach", steps)
        scores = q @ k.transpose(-1, -2)
        if config["positions"] == "relative":
            # Shaw et al. (2018): a vector for each pair of steps. The furthest distance comes first.
            vectors = p[a + "distance.weight"]
            scores = scores + torch.einsum("bhid,hijd->bhij", q, vectors[:, (reach - distance).clamp(0, reach)])
        hidden = (distance < 0) | (distance > reach)
        return torch.softmax((scores / math.sqrt(size)).masked_fill(hidden, -math.inf), -1) @ v

    def linear_attention(q, k, v, a, h):
        # Sun et al. (2023, 2024): step by step, as the memory is defined.
        decay = (h @ p[a + "decay.weight"] + p[a + "decay.bias"]).sigmoid().pow(1 / 16).transpose(1, 2)
        memory, rows = torch.zeros(batch, heads, size, size), []
        for t in range(steps):
            memory = decay[:, :, t, None, None] * memory + k[:, :, t, :, None] * v[:, :, t, None, :]
            rows.append((q[:, :, t, None, :] @ memory / math.sqrt(size))[:, :, 0])
        return norm(torch.stack(rows, 2), p[a + "result.norm.weight"], 1)

    linear = config["attention"] == "linear"
    attend = linear_attention if linear else softmax_attention
    place = (lambda x: x) if config["positions"] == "relative" else turn
    x = p["embedding.weight"][tokens]
    for block in range(config["layers"]):
        a = f"blocks.{block}.attention."
        h = norm(x, p[a + "norm.weight"])
        q = place(norm(apart(h @ p[a + "query.weight"]), p[a + "query.norm.weight"]))
        k = place(norm(apart(h @ p[a + "key.weight"]), p[a + "key.norm.weight"]))
        v = apart(h @ p[a + "value.weight"])
        heard = attend(q, k, v, a, h).transpose(1, 2).reshape(batch, steps, features)
        if linear:
            heard = heard * functional.silu(h @ p[a + "gate.weight"])
        x = x + heard @ p[a + "output.weight"]
        f = f"blocks.{block}.feed-forward."
        h = norm(x, p[f + "norm.weight"])
        x = x + (functional.silu(h @ p[f + "gate.weight"]) * (h @ p[f + "up.weight"])) @ p[f + "down.weight"]
    return norm(x, p["norm.weight"]) @ p["output.weight"]


forward = {"lstm": lstm, "gru": gru, "transformer": transformer}

cases = json.load(sys.stdin)
for case in cases:
    parameters = {
        name: torch.tensor(array["values"]).view(array["shape"]).requires_grad_()
        for name, array in case["parameters"].items()
    }
    tokens = torch.tensor(case["tokens"]).view(case["shape"])
    targets, weights = torch.tensor(case["targets"]), torch.tensor(case["weights"]).double()
    logits = forward[case["name"]](case, parameters, tokens)
    losses = functional.cross_entropy(logits.reshape(len(targets), -1), targets, reduction="none")
    loss = (losses * weights).sum() / weights.sum()
    loss.backward()
    case["loss"] = float("%.9g" % loss.item())
    case["gradients"] = {
        name: [float("%.9g" % value) for value in tensor.grad.flatten().tolist()] for name, tensor in parameters.items()
    }

print("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]")
