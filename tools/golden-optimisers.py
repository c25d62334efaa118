"""Writes test/golden/optimisers.json: what PyTorch's optimisers and schedules do to small parameters, in float64.

    python3 tools/golden-optimisers.py | npx biome format --stdin-file-path=optimisers.json > test/golden/optimisers.json

Needs PyTorch (1.13 or later) alone. Muon has no implementation there: the one below follows the equations of Jordan et
al. (2024) and of their reference implementation, in float64 rather than bfloat16. All numbers that go in are float32.
"""

import json

import torch

SHAPES = {"blocks.0.weight": (4, 3), "blocks.1.weight": (2, 5), "embedding.weight": (3, 2), "bias": (3,)}
STEPS = 4
LEARNING_RATE = 0.05


def numbers(tensor):
    return [round(value, 7) for value in tensor.flatten().tolist()]


def random_record(generator):
    # Multiples of 1/64: exact in float32, and short in JSON.
    return {name: torch.randint(-128, 128, shape, generator=generator).double() / 64 for name, shape in SHAPES.items()}


def newton_schulz(matrix):
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = wide / (wide.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x if matrix.shape[0] <= matrix.shape[1] else x.T


class Muon:
    """Orthogonalised momentum for `blocks.*`, PyTorch's AdamW for the rest."""

    def __init__(self, parameters, momentum, nesterov, decay, factor, **adamw):
        self.hidden = {name: each for name, each in parameters.items() if name.startswith("blocks.")}
        self.buffers = {name: torch.zeros_like(each) for name, each in self.hidden.items()}
        self.momentum, self.nesterov, self.decay = momentum, nesterov, decay
        rest = [each for name, each in parameters.items() if name not in self.hidden]
        self.rest = torch.optim.AdamW(rest, lr=LEARNING_RATE * factor, **adamw)

    @torch.no_grad()
    def step(self):
        for name, weight in self.hidden.items():
            buffer = self.buffers[name]
            buffer.lerp_(weight.grad, 1 - self.momentum)
            ahead = weight.grad.lerp(buffer, self.momentum) if self.nesterov else buffer
            scale = max(1, weight.shape[0] / weight.shape[1]) ** 0.5
            weight.mul_(1 - LEARNING_RATE * self.decay)
            weight.sub_(LEARNING_RATE * scale * newton_schulz(ahead))
        self.rest.step()


def grouped(optimiser, weight_decay, **options):
    """Decay for matrices only, as two groups."""

    def make(parameters):
        matrices = [each for each in parameters.values() if each.dim() > 1]
        vectors = [each for each in parameters.values() if each.dim() <= 1]
        groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0}]
        return optimiser(groups, lr=LEARNING_RATE, **options)

    return make


def whole(optimiser, **options):
    return lambda parameters: optimiser(parameters.values(), lr=LEARNING_RATE, **options)


optim = torch.optim
CASES = [
    ("adam", {}, whole(optim.Adam)),
    (
        "adam",
        {"beta1": 0.8, "beta2": 0.95, "epsilon": 0.001, "weightDecay": 0.1, "decayed": "all"},
        whole(optim.Adam, betas=(0.8, 0.95), eps=0.001, weight_decay=0.1),
    ),
    ("adamw", {}, grouped(optim.AdamW, 0.01)),
    ("adamw", {"beta2": 0.95, "weightDecay": 0.5}, grouped(optim.AdamW, 0.5, betas=(0.9, 0.95))),
    ("adamw", {"weightDecay": 0.5, "decayed": "all"}, whole(optim.AdamW, weight_decay=0.5)),
    ("sgd", {"momentum": 0}, whole(optim.SGD)),
    ("sgd", {"momentum": 0, "weightDecay": 0.5}, grouped(optim.SGD, 0.5)),
    ("sgd", {}, whole(optim.SGD, momentum=0.9)),
    (
        "sgd",
        {"momentum": 0.8, "nesterov": True, "weightDecay": 0.1, "decayed": "all"},
        whole(optim.SGD, momentum=0.8, nesterov=True, weight_decay=0.1),
    ),
    ("muon", {"outputs": "rows"}, lambda parameters: Muon(parameters, 0.95, True, 0, 0.015, betas=(0.9, 0.95), weight_decay=0)),
    (
        "muon",
        {
            "outputs": "rows",
            "hidden": ["blocks.*"],
            "others": [],
            "momentum": 0.8,
            "nesterov": False,
            "weightDecay": 0.5,
            "adamw": {"learningRateFactor": 0.1, "beta2": 0.99, "weightDecay": 0.2, "decayed": "all"},
        },
        lambda parameters: Muon(parameters, 0.8, False, 0.5, 0.1, betas=(0.9, 0.99), weight_decay=0.2),
    ),
]


def trajectory(start, gradients, make):
    """The parameters after the first and after the last step."""
    parameters = {name: each.clone().requires_grad_() for name, each in start.items()}
    optimiser = make(parameters)
    seen = []
    for gradient in gradients:
        for name, each in parameters.items():
            each.grad = gradient[name].clone()
        optimiser.step()
        seen.append({name: numbers(each) for name, each in parameters.items()})
    return {"first": seen[0], "last": seen[-1]}


def plateau_rates(losses, options):
    weight = torch.zeros(1, requires_grad=True)
    optimiser = optim.SGD([weight], lr=0.5)
    schedule = optim.lr_scheduler.ReduceLROnPlateau(optimiser, **options)
    rates = []
    for loss in losses:
        schedule.step(loss)
        rates.append(optimiser.param_groups[0]["lr"])
    return rates


LOSSES = [4, 3, 3.01, 2.99999, 3.1, 2.5, 2.6, 2.45, 2.7, 2.7, 2.7, 2.7, 2.44, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2, 2, 2]
PLATEAUS = [
    ({"factor": 0.5, "patience": 2}, {"factor": 0.5, "patience": 2}),
    ({"patience": 0, "cooldown": 2}, {"patience": 0, "cooldown": 2}),
    (
        {"factor": 0.5, "patience": 1, "threshold": 0.1, "thresholdMode": "absolute", "minimumRate": 0.1},
        {"factor": 0.5, "patience": 1, "threshold": 0.1, "threshold_mode": "abs", "min_lr": 0.1},
    ),
    ({"factor": 0.3, "patience": 1, "threshold": 0.05}, {"factor": 0.3, "patience": 1, "threshold": 0.05}),
]


def main():
    generator = torch.Generator().manual_seed(1)
    start = random_record(generator)
    gradients = [random_record(generator) for _ in range(STEPS)]
    matrices = [torch.randint(-128, 128, shape, generator=generator).double() / 64 for shape in [(5, 5), (3, 7), (6, 2)]]
    golden = {
        "learningRate": LEARNING_RATE,
        "shapes": SHAPES,
        "start": {name: numbers(each) for name, each in start.items()},
        "gradients": [{name: numbers(each) for name, each in gradient.items()} for gradient in gradients],
        "optimisers": [
            {"name": name, "config": config, **trajectory(start, gradients, make)} for name, config, make in CASES
        ],
        "orthogonal": [
            {"shape": list(each.shape), "matrix": numbers(each), "orthogonal": numbers(newton_schulz(each))}
            for each in matrices
        ],
        "plateau": {
            "learningRate": 0.5,
            "losses": LOSSES,
            "cases": [{"config": ours, "rates": plateau_rates(LOSSES, theirs)} for ours, theirs in PLATEAUS],
        },
    }
    print(json.dumps(golden))


main()
