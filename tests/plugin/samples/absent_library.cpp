// SPDX-License-Identifier: MIT

/// Of a library that is there when missing_library is linked, and is not found when it is opened.
int absent_spokes();
int absent_spokes() {
  return 8;
}
