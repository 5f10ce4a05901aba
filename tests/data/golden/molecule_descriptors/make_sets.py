#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Figures of one half of molecules.json against the other, written down plainly with numpy.

Usage: make_sets.py molecules.json > sets.json
"""
import json
import sys
from collections import Counter

import numpy as np

DENSITIES = ["bertz", "logp", "weight", "tpsa"]
HISTOGRAMS = ["acceptors", "donors", "rotatable_bonds", "aliphatic_rings", "aromatic_rings"]


def matrix(molecules, key, length):
    bits = np.zeros((len(molecules), length))
    for row, molecule in zip(bits, molecules):
        row[molecule[key]] = 1
    return bits


def similarities(a, b):
    shared = a @ b.T
    return shared / (a.sum(1)[:, None] + b.sum(1)[None, :] - shared)


def cosine(a, b):
    keys = sorted(set(a) | set(b))
    x, y = np.array([a[k] for k in keys], float), np.array([b[k] for k in keys], float)
    return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))


def wasserstein(a, b):
    points = np.sort(np.concatenate([a, b]))
    below = lambda values: np.searchsorted(np.sort(values), points[:-1], "right") / len(values)
    return float(np.sum(np.abs(below(a) - below(b)) * np.diff(points)))


def density(values, points):
    width = values.std(ddof=1) * len(values) ** -0.2
    z = (points[:, None] - values[None, :]) / width
    return np.exp(-z * z / 2).mean(1) / width / np.sqrt(2 * np.pi)


def divergence(p, q):
    p, q = p + 1e-10, q + 1e-10
    p, q = p / p.sum(), q / q.sum()
    return float(np.sum(p * np.log(p / q)))


def continuous(reference, sample):
    both = np.concatenate([reference, sample])
    points = np.linspace(both.min(), both.max(), 1000)
    return divergence(density(reference, points), density(sample, points))


def discrete(reference, sample):
    p, edges = np.histogram(reference, bins=10, density=True)
    return divergence(p, np.histogram(sample, bins=edges, density=True)[0])


def distinct(molecules):
    return list({m["plain_smiles"]: m for m in reversed(molecules)}.values())


def main():
    molecules = json.load(open(sys.argv[1]))
    own, other = molecules[0::2], [m for i, m in enumerate(molecules) if i % 2 or i % 8 == 0]
    column = lambda rows, key: np.array([row[key] for row in rows], float)
    a, b = matrix(own, "bits", 1024), matrix(other, "bits", 1024)
    inside = similarities(a, a)
    result = {
        "snn": float(similarities(a, b).max(1).mean()),
        "internal_diversity": float(1 - inside.mean()),
        "internal_diversity_2": float(1 - np.sqrt((inside**2).mean(1)).mean()),
        "frag": cosine(*[Counter(f for m in rows for f in m["fragments"]) for rows in (own, other)]),
        "scaf": cosine(*[Counter(m["scaffold"] for m in rows if m["scaffold_rings"] >= 2) for rows in (own, other)]),
    }
    for name, key in [("weight", "weight"), ("logp", "logp"), ("qed", "qed"), ("sa", "sa")]:
        result[name + "_distance"] = wasserstein(column(own, key), column(other, key))
        result["mean_" + name] = float(column(own, key).mean())
    bad = lambda m: m["matched"] or m["charged"] or m["other_element"] or m["large_ring"]
    result["filters"] = 100 * sum(not bad(m) for m in own) / len(own)
    own, other = distinct(own), distinct(other)
    for key in DENSITIES:
        result["kl_" + key] = continuous(column(other, key), column(own, key))
    for key in HISTOGRAMS:
        result["kl_" + key] = discrete(column(other, key), column(own, key))
    nearest = []
    for rows in (other, own):
        bits = matrix(rows, "bits_4096", 4096)
        near = similarities(bits, bits)
        np.fill_diagonal(near, 0)
        nearest.append(near.max(1))
    result["kl_internal_similarity"] = continuous(*nearest)
    result["guacamol_kl"] = float(np.mean(np.exp([-v for k, v in result.items() if k.startswith("kl_")])))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
