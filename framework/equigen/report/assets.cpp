// SPDX-License-Identifier: MIT
#include "equigen/report/assets.h"

namespace equigen {

namespace embedded {
std::string_view report_css();
std::string_view report_js();
}  // namespace embedded

std::string_view report::report_style() {
  return embedded::report_css();
}
std::string_view report::report_script() {
  return embedded::report_js();
}

}  // namespace equigen
