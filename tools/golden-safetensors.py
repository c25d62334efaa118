"""Writes test/golden/safetensors.json: files of the safetensors library itself, and conversions by numpy and torch.

    pip install safetensors numpy torch
    python3 tools/golden-safetensors.py > test/golden/safetensors.json
"""

import base64
import hashlib
import json

import numpy
import safetensors.numpy
import safetensors.torch
import torch


def text(data):
    return base64.b64encode(data).decode()


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


random = numpy.random.default_rng(1)
parameters = {
    "blocks.0.attention.query.weight": random.standard_normal((3, 5)).astype("f4"),
    "blocks.0.attention.query.bias": numpy.array([0, -0.0, 1e-45, -3.4e38, numpy.inf], "f4"),
    "empty": numpy.zeros((2, 0), "f4"),
    "scale": numpy.array(0.1, "f4"),
    "été \"\\": numpy.arange(7, dtype="f4"),
}
halves = {name: array.astype("f2") for name, array in parameters.items() if "bias" not in name}
mixed = {
    "double": torch.tensor([0.1, -1e300, 1e-300], dtype=torch.float64),
    "long": torch.tensor([[1, -2], [2**24 + 1, -(2**62)]], dtype=torch.int64),
    "int": torch.tensor([7, -(2**31), 2**31 - 1], dtype=torch.int32),
    "brain": torch.tensor([1.5, -0.1, 3e38], dtype=torch.bfloat16),
    "half": torch.tensor([1.5, -0.1, 6e-8], dtype=torch.float16),
    "single": torch.tensor([1.5, -0.1, 6e-8]),
}

# Every half, and float32s spread over all there are; NaN left out, whose payload is each library's own affair.
every_half = numpy.arange(2**16, dtype="u2").view("f2")
every_half = every_half[~numpy.isnan(every_half)]
spread = (numpy.arange(2**20, dtype="u8") * 4093 % 2**32).astype("u4").view("f4")
spread = spread[~numpy.isnan(spread)]
with numpy.errstate(over="ignore"):
    rounded = spread.astype("f2")

print(
    json.dumps(
        {
            "float32": text(safetensors.numpy.save(parameters, {"by": "numpy"})),
            "float16": text(safetensors.numpy.save(halves)),
            "nothing": text(safetensors.numpy.save({})),
            "mixed": {
                "file": text(safetensors.torch.save(mixed)),
                "values": {name: text(each.float().numpy().tobytes()) for name, each in mixed.items()},
            },
            "halfToFloat": digest(every_half.astype("f4")),
            "floatToHalf": digest(rounded),
        },
        indent=2,
    )
)
