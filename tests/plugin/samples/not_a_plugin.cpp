// SPDX-License-Identifier: MIT

extern "C" int some_function() {
  return 1;
}
