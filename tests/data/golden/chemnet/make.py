#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A small network of ChemNet's kind with random weights, its states, and distances, by PyTorch and numpy.

Usage: make.py FOLDER
"""
import json
import sys

import numpy as np
import torch
from torch import nn

VOCABULARY = ["C", "N", "O", "H", "F", "Cl", "P", "B", "Br", "S", "I", "Si", "#", "(", ")", "+", "-", "1", "2", "3",
              "4", "5", "6", "7", "8", "=", "[", "]", "@", "c", "n", "o", "s", "X", "."]
SMILES = ["C", "CCO", "c1ccccc1Cl", "C[C@H](N)C(=O)O", "[Na+].[Cl-]", "BrC1CC1[Si](C)C", "O=S(=O)(N)c1ccc(F)cc1", "C" * 400]
# The tokens of each, written down by hand.
TOKENS = [["C"], ["C", "C", "O"], ["c", "1", "c", "c", "c", "c", "c", "1", "Cl"],
          ["C", "[", "C", "@", "H", "]", "(", "N", ")", "C", "(", "=", "O", ")", "O"], ["[", "N", "X", "+", "]"],
          ["Br", "C", "1", "C", "C", "1", "[", "Si", "]", "(", "C", ")", "C"],
          ["O", "=", "S", "(", "=", "O", ")", "(", "N", ")", "c", "1", "c", "c", "c", "(", "F", ")", "c", "c", "1"],
          ["C"] * 349]


def one_hot(tokens):
    values = torch.zeros(350, 35)
    for place, token in enumerate(tokens + ["."]):
        values[place, VOCABULARY.index(token)] = 1
    return values / 35


def main():
    torch.manual_seed(7)
    layers = [("Conv1d", nn.Conv1d(35, 4, 3, stride=1), {"activation": "selu", "padding": "valid"}),
              ("Conv1d", nn.Conv1d(4, 5, 2, stride=2), {"activation": "relu", "padding": "valid"}),
              ("LSTM", nn.LSTM(5, 6, batch_first=True), {"reverse": True, "last": False}),
              ("LSTM", nn.LSTM(6, 7, batch_first=True), {"reverse": False, "last": True})]
    for _, layer, _ in layers:
        for parameter in layer.parameters():
            nn.init.normal_(parameter, std=0.8)
    layers[0][1].weight.data *= 35  # the input is small, the states shall differ
    sizes = lambda kind, layer: (
        {"in_channels": layer.in_channels, "out_channels": layer.out_channels, "kernel_size": layer.kernel_size[0],
         "stride": layer.stride[0], "padding": 0, "dilation": (1,), "bias": True} if kind == "Conv1d" else
        {"input_size": layer.input_size, "hidden_size": layer.hidden_size, "batch_first": True})
    torch.save([(kind, (layer.state_dict(), sizes(kind, layer), other)) for kind, layer, other in layers],
               sys.argv[1] + "/weights.pt")
    with torch.no_grad():
        x = torch.stack([one_hot(tokens) for tokens in TOKENS]).transpose(1, 2)
        for kind, layer, other in layers:
            if kind == "Conv1d":
                x = {"selu": torch.selu, "relu": torch.relu}[other["activation"]](layer(x))
                continue
            if x.shape[1] == 5 and x.shape[2] != 6:
                x = x.transpose(1, 2)
            x = layer(torch.flip(x, [1]) if other["reverse"] else x)[0]
            if other["last"]:
                x = x[:, -1]
    json.dump({"smiles": SMILES, "tokens": [[VOCABULARY.index(t) for t in row] + [34] for row in TOKENS],
               "activations": x.double().tolist()}, open(sys.argv[1] + "/activations.json", "w"))

    random = np.random.default_rng(3)
    cases = []
    for count, size, rank in [(40, 5, 5), (6, 9, 9), (30, 6, 2)]:  # the second and third have singular covariances
        sets = [(random.normal(size=(count, rank)) @ random.normal(size=(rank, size)) + i).astype(np.float32)
                for i in range(2)]
        c = [np.cov(s.astype(float).T) for s in sets]
        # tr (C1 C2)^½ from the eigenvalues of the product, which are real and not negative
        roots = np.sqrt(np.maximum(np.linalg.eigvals(c[0] @ c[1]).real, 0)).sum()
        difference = sets[0].astype(float).mean(0) - sets[1].astype(float).mean(0)
        cases.append({"a": sets[0].tolist(), "b": sets[1].tolist(),
                      "distance": float(difference @ difference + np.trace(c[0] + c[1]) - 2 * roots)})
    json.dump(cases, open(sys.argv[1] + "/frechet.json", "w"))


if __name__ == "__main__":
    main()
