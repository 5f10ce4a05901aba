// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace equigen::testing {

struct HttpRequest {
  std::string path;
  std::map<std::string, std::string> headers;  ///< names in lower case
  int count = 0;                               ///< how often this path was asked for before

  /// The first byte that Range asks for; nothing without one.
  std::optional<std::int64_t> first_byte() const;
};

struct HttpResponse {
  int status = 200;
  std::map<std::string, std::string> headers = {};
  std::string body = {};
  std::optional<std::size_t> cut_after = {};  ///< closes the connection behind so many body bytes
  double stall_s = 0;                         ///< waits so long behind them
  bool tell_length = true;
};

/// A web server on 127.0.0.1 that does what its handler says, faults included.
class HttpServer {
 public:
  explicit HttpServer(std::function<HttpResponse(const HttpRequest&)> handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string url(const std::string& path) const;
  std::vector<HttpRequest> requests() const;

 private:
  void serve();
  void answer(int connection);

  std::function<HttpResponse(const HttpRequest&)> handler_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<bool> leaving_{false};
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::thread thread_;
};

/// Serves `body` as a good server does: Range, If-Range and a strong ETag.
HttpResponse serve_ranges(const HttpRequest& request, const std::string& body,
                          const std::string& tag = "\"tag\"");

}  // namespace equigen::testing
