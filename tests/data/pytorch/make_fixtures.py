#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the PyTorch files that the tests of equigen/model/pytorch_checkpoint.h read.

Run once with PyTorch 1.13 and NumPy 1.24; the files are kept with the tests.
"""
import argparse
import os
import sys
import types
from collections import OrderedDict

import numpy
import torch


class EasyDict(dict):
    """Pickles as easydict.EasyDict does: items, and the same values as attributes."""

    def __init__(self, **items):
        super().__init__(**items)
        self.__dict__.update(items)


EasyDict.__module__ = "easydict"
sys.modules["easydict"] = types.ModuleType("easydict")
sys.modules["easydict"].EasyDict = EasyDict


class Settings:
    """An instance of a class that equigen does not know."""

    def __init__(self):
        self.depth = 3


Settings.__module__ = "somewhere"
sys.modules["somewhere"] = types.ModuleType("somewhere")
sys.modules["somewhere"].Settings = Settings


class Hostile:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


def ramp(*shape):
    return torch.arange(int(numpy.prod(shape)), dtype=torch.float32).reshape(shape) / 8


def sde(kind, smallest, largest):
    return EasyDict(type=kind, beta_min=smallest, beta_max=largest, num_scales=1000)


def published_layout(prefix=""):
    x_state = OrderedDict(
        [(prefix + "layers.0.weight", ramp(3, 2)), (prefix + "layers.0.bias", ramp(2) + 10)]
    )
    adj_state = OrderedDict([(prefix + "final.linears.0.weight", ramp(2, 2) - 5)])
    averages = lambda state: {
        "decay": 0.999,
        "num_updates": 7,
        "shadow_params": [tensor + 0.5 for tensor in state.values()],
    }
    return {
        "model_config": EasyDict(
            data=EasyDict(data="community_small", batch_size=128, max_node_num=20,
                          max_feat_num=10, init="deg"),
            sde=EasyDict(x=sde("VP", 0.1, 1.0), adj=sde("VE", 0.2, 0.9)),
            model=EasyDict(x="ScoreNetworkX", adj="ScoreNetworkA", conv="GCN", num_heads=4,
                           depth=3, adim=32, nhid=16, num_layers=5, num_linears=2, c_init=2,
                           c_hid=8, c_final=4),
            train=EasyDict(reduce_mean=False, eps=1e-5, lr=0.01, ema=0.999),
            sampler=EasyDict(predictor="Euler", corrector="Langevin", snr=0.05, scale_eps=0.7,
                             n_steps=1),
            sample=EasyDict(use_ema=False, noise_removal=True, probability_flow=False, eps=1e-4,
                            seed=11),
            seed=12,
        ),
        "params_x": {"model_type": "ScoreNetworkX", "max_feat_num": 10, "depth": 3, "nhid": 32},
        "x_state_dict": x_state,
        "params_adj": {"model_type": "ScoreNetworkA", "conv": "GCN"},
        "adj_state_dict": adj_state,
        "ema_x": averages(x_state),
        "ema_adj": averages(adj_state),
    }


def many_values():
    base = torch.arange(12, dtype=torch.float32)
    return {
        "double": torch.tensor([1.5, -2.25], dtype=torch.float64),
        "half": torch.tensor([0.5, 2.0], dtype=torch.float16),
        "bfloat16": torch.tensor([0.5, 3.0], dtype=torch.bfloat16),
        "long": torch.tensor([[1, 2], [3, -4]]),
        "int": torch.tensor([7], dtype=torch.int32),
        "short": torch.tensor([-7], dtype=torch.int16),
        "char": torch.tensor([-1, 2], dtype=torch.int8),
        "byte": torch.tensor([200], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
        "scalar": torch.tensor(4.5),
        "empty": torch.zeros(0, 3),
        "view": base[2:6],
        "transposed": base.reshape(3, 4).t(),
        "parameter": torch.nn.Parameter(torch.tensor([9.0])),
        "numbers": {"int": 3, "negative": -70000, "large": 2**40, "real": 0.25, "true": True,
                    "none": None, "huge": 2**100},
        "texts": ["plain", "Ångström"],
        "tuple": (1, (2, 3)),
        "optimizer": {0: {"step": 5}, 1: {"step": 6}},
        "numpy_real": numpy.float64(0.125),
        "numpy_integer": numpy.int64(-9),
        "size": torch.Size([2, 3]),
        "set": {4},
        "namespace": argparse.Namespace(depth=2),
        "object": Settings(),
    }


def write(name, content):
    torch.save(content, f"{name}.zip.pth")
    torch.save(content, f"{name}.legacy.pth", _use_new_zipfile_serialization=False)


os.chdir(os.path.dirname(os.path.abspath(__file__)))
write("published_layout", published_layout())
write("data_parallel", published_layout("module."))
write("many_values", many_values())
write("hostile", {"weights": torch.zeros(2), "note": Hostile()})
torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), "torchscript.pt")
