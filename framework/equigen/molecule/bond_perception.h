// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "equigen/molecule/molecule.h"

/// Bonds of molecules of which only elements and positions are known, hydrogens included.
namespace equigen {

/// More atoms are refused: bonds are for molecules, not for materials.
inline constexpr std::size_t kLargestPerceivedMolecule = 5000;

/// Pairs of atoms (i < j) that are bonded.
using Connectivity = std::vector<std::pair<std::int32_t, std::int32_t>>;

/// Bonds every pair nearer than `scale` times the sum of its covalent radii (Cordero et al., 2008),
/// then drops the longest bonds, relative to the radii, of atoms with more neighbours than their
/// element takes. Throws DataError: more atoms than kLargestPerceivedMolecule, an unknown element,
/// a position that is not finite, two atoms closer than 0.3 Å.
Connectivity perceive_connectivity(const Molecule& molecule, double scale = 1.3);

/// Bonds with orders and the atoms' formal charges.
struct BondOrders {
  std::vector<Bond> bonds;
  std::vector<int> charges;
  double cost = 0;  ///< charges, unusual valences and misfits of lengths; the lower the better
};

/// Orders that give every atom a valence of its element, formal charges that sum to `charge`; of
/// all such assignments the one with the fewest charges and unusual valences whose bond lengths fit
/// best to the sums of the elements' single, double and triple bond radii (Pyykkö, Atsumi, 2009).
/// The completion of valences is the idea of xyz2mol (Kim, Kim, "Universal Structure Conversion
/// Method for Organic Molecules", 2015); the best assignment is found exactly, by dynamic
/// programming along the molecule. Throws DataError ("bond-orders") with the reason when there is
/// none (hydrogens or the charge missing, a radical, noise) or the rings are too entangled.
BondOrders perceive_bond_orders(const Molecule& molecule, const Connectivity& connectivity,
                                int charge);

/// Connectivity, orders and charges of a molecule; bonds and charges it has are replaced. Of three
/// cut-offs (1.3, 1.2, 1.15) the one with the best orders is taken: strained cages need the nearer
/// ones. Throws DataError when there are no orders for any.
Molecule with_perceived_bonds(const Molecule& molecule, int charge = 0);

/// The order (0 to 3) that the table of bond lengths of EDM gives a pair of atoms at a distance
/// [Å]: single below its length + 0.10, then double below + 0.05, then triple below + 0.03
/// (Hoogeboom et al., "Equivariant Diffusion for Molecule Generation in 3D", ICML 2022). Pairs that
/// the table does not know are not bonded. The published table knows double bonds of C with S but
/// not of S with C; the program looks pairs up with the lighter element first, as edm_bonds() does.
int edm_bond_order(int first_element, int second_element, double distance);

/// All bonds by edm_bond_order().
std::vector<Bond> edm_bonds(const Molecule& molecule);

}  // namespace equigen
