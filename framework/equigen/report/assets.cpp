// SPDX-License-Identifier: MIT
#include "equigen/report/assets.h"

namespace equigen {

namespace embedded {
std::string_view report_css();
std::string_view report_js();
std::string_view crystal_viewer_js();
}  // namespace embedded

std::string_view report::report_style() {
  return embedded::report_css();
}
std::string_view report::report_script() {
  return embedded::report_js();
}
std::string_view report::crystal_viewer_script() {
  return embedded::crystal_viewer_js();
}

}  // namespace equigen
