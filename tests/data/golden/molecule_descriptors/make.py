#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Computes descriptors of molecules with RDKit's Python packages, for the golden tests of equigen's own.

Usage: make.py MOLECULES.smi RDKIT_DATA_FOLDER FILTERS.txt... > molecules.json
"""
import json
import os
import sys

from rdkit import Chem, RDConfig, RDLogger
from rdkit.Chem import AllChem, Crippen, Descriptors, GraphDescriptors, Lipinski, QED
from rdkit.Chem.Scaffolds import MurckoScaffold

sys.path.append(os.path.join(sys.argv[2], "Contrib", "SA_Score"))
import sascorer  # noqa: E402

RDLogger.DisableLog("rdApp.*")


def patterns_of(path):
    for line in open(path):
        if line.strip() and not line.startswith("#"):
            name, smarts = line.split()
            yield name, Chem.MolFromSmarts(smarts)


PATTERNS = [item for path in sys.argv[3:] for item in patterns_of(path)]
ELEMENTS = {"C", "N", "S", "O", "F", "Cl", "Br", "H"}


def describe(smiles):
    canonical = Chem.MolToSmiles(Chem.MolFromSmiles(smiles))
    molecule = Chem.MolFromSmiles(canonical)
    with_hydrogens = Chem.AddHs(molecule)
    scaffold = MurckoScaffold.GetScaffoldForMol(molecule)
    rings = molecule.GetRingInfo().AtomRings()
    return {
        "smiles": canonical,
        "plain_smiles": Chem.MolToSmiles(molecule, isomericSmiles=False),
        "weight": Descriptors.MolWt(molecule),
        "logp": Crippen.MolLogP(molecule),
        "qed": QED.qed(molecule),
        "qed_properties": list(QED.properties(molecule)),
        "sa": sascorer.calculateScore(molecule),
        "tpsa": Descriptors.TPSA(molecule),
        "acceptors": Lipinski.NumHAcceptors(molecule),
        "donors": Lipinski.NumHDonors(molecule),
        "rotatable_bonds": Lipinski.NumRotatableBonds(molecule),
        "aliphatic_rings": Lipinski.NumAliphaticRings(molecule),
        "aromatic_rings": Lipinski.NumAromaticRings(molecule),
        "bertz": GraphDescriptors.BertzCT(molecule),
        "bits": list(AllChem.GetMorganFingerprintAsBitVect(molecule, 2, 1024).GetOnBits()),
        "bits_4096": list(AllChem.GetMorganFingerprintAsBitVect(molecule, 2, 4096).GetOnBits()),
        "fragments": sorted(Chem.MolToSmiles(AllChem.FragmentOnBRICSBonds(molecule)).split(".")),
        "scaffold": Chem.MolToSmiles(scaffold),
        "scaffold_rings": scaffold.GetRingInfo().NumRings(),
        "ring_sizes": sorted(len(ring) for ring in rings),
        "matched": [name for name, pattern in PATTERNS if with_hydrogens.HasSubstructMatch(pattern)],
        "charged": any(atom.GetFormalCharge() for atom in molecule.GetAtoms()),
        "other_element": any(atom.GetSymbol() not in ELEMENTS for atom in molecule.GetAtoms()),
        "large_ring": any(len(ring) >= 8 for ring in rings),
    }


def main():
    lines = [line.split()[0] for line in open(sys.argv[1]) if line.strip()]
    lines = [line for line in lines if Chem.MolFromSmiles(line) is not None]
    print("[")
    print(",\n".join(json.dumps(describe(line)) for line in lines))
    print("]")


if __name__ == "__main__":
    main()
