// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "equigen/base/progress.h"

/// One HTTP request. The library behind it (libcurl) stays in transfer.cpp.
namespace equigen::download {

struct TransferLimits {
  int connect_s = 20;  ///< until a connection stands
  int stall_s = 30;    ///< without a byte
  int redirects = 10;
};

struct TransferRequest {
  std::string url;
  std::int64_t first_byte = 0;  ///< above 0: asks for the rest from here
  std::string validator;        ///< ETag or date that the rest must belong to; may be empty
  TransferLimits limits;
};

/// What is known when the body begins.
struct ResponseHead {
  std::int64_t first_byte = 0;        ///< of the body within the file; 0 when Range was ignored
  std::optional<std::int64_t> total;  ///< bytes of the whole file
  std::string validator;              ///< strong ETag, else Last-Modified, else empty
};

/// Gets the body of a response with status 200 or 206. What these throw ends the transfer and comes
/// out of transfer().
struct BodySink {
  std::function<void(const ResponseHead&)> begin;
  std::function<void(std::string_view)> add;
};

enum class TransferEnd {
  complete,       ///< status 200 or 206, and all bytes that were announced
  status,         ///< another status
  broken_off,     ///< the connection ended, stalled or could not be made
  redirect_loop,  ///< more redirects than allowed
  unusable,       ///< the address or the server's certificate cannot be used
  stopped,        ///< asked to stop
};

struct TransferResult {
  TransferEnd end = TransferEnd::broken_off;
  long status = 0;
  std::string message = {};  ///< for people: "status 404", "timed out", ...
  double retry_after_s = 0;
};

/// Does one GET, following redirects (never from https to http). Proxies are taken from the
/// environment. Throws only what the sink throws, and ResourceError when libcurl cannot start.
TransferResult transfer(const TransferRequest& request, const BodySink& sink,
                        const StopRequested& stop);

}  // namespace equigen::download
