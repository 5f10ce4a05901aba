// SPDX-License-Identifier: MIT
#include "http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

#include "equigen/base/text.h"

namespace equigen::testing {
namespace {

constexpr int kPollMs = 20;

/// Returns false when the other side has gone.
bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string receive_head(int connection) {
  std::string head;
  std::array<char, 2048> buffer{};
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    head.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return head;
}

HttpRequest parse_head(const std::string& head) {
  HttpRequest request;
  const auto lines = text::split(head, '\n');
  const auto words = text::split(lines.front(), ' ');
  request.path = words.size() > 1 ? words[1] : "";
  for (const auto& line : lines) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    request.headers[text::lower(line.substr(0, colon))] =
        std::string(text::trim(std::string_view(line).substr(colon + 1)));
  }
  return request;
}

}  // namespace

std::optional<std::int64_t> HttpRequest::first_byte() const {
  const auto found = headers.find("range");
  if (found == headers.end() || !found->second.starts_with("bytes=")) return std::nullopt;
  return text::to_integer(text::split(found->second.substr(6), '-').front());
}

HttpServer::HttpServer(std::function<HttpResponse(const HttpRequest&)> handler)
    : handler_(std::move(handler)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (socket_ < 0 || ::bind(socket_, plain, length) != 0 || ::listen(socket_, 16) != 0 ||
      ::getsockname(socket_, plain, &length) != 0)
    throw std::runtime_error("cannot start the web server of the tests");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  leaving_ = true;
  thread_.join();
  ::close(socket_);
}

std::string HttpServer::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<HttpRequest> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::serve() {
  while (!leaving_) {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, kPollMs) <= 0) continue;
    const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    answer(connection);
    ::shutdown(connection, SHUT_RDWR);
    ::close(connection);
  }
}

void HttpServer::answer(int connection) {
  HttpRequest request = parse_head(receive_head(connection));
  {
    const std::lock_guard lock(mutex_);
    request.count = static_cast<int>(
        std::ranges::count(requests_, request.path, [](const auto& known) { return known.path; }));
    requests_.push_back(request);
  }
  const HttpResponse response = handler_(request);
  std::string head = fmt::format("HTTP/1.1 {} Status\r\nConnection: close\r\n", response.status);
  for (const auto& [name, value] : response.headers) head += fmt::format("{}: {}\r\n", name, value);
  if (response.tell_length) head += fmt::format("Content-Length: {}\r\n", response.body.size());
  if (!send_all(connection, head + "\r\n")) return;
  const std::size_t count = response.cut_after.value_or(response.body.size());
  if (!send_all(connection, std::string_view(response.body).substr(0, count))) return;
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::duration<double>(response.stall_s);
  while (!leaving_ && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
}

HttpResponse serve_ranges(const HttpRequest& request, const std::string& body,
                          const std::string& tag) {
  const auto first = request.first_byte();
  const auto wanted = request.headers.find("if-range");
  const bool same = wanted == request.headers.end() || wanted->second == tag;
  if (!first || !same) return {.headers = {{"ETag", tag}}, .body = body};
  if (*first >= static_cast<std::int64_t>(body.size())) return {.status = 416};
  const auto range = fmt::format("bytes {}-{}/{}", *first, body.size() - 1, body.size());
  return {.status = 206,
          .headers = {{"ETag", tag}, {"Content-Range", range}},
          .body = body.substr(static_cast<std::size_t>(*first))};
}

}  // namespace equigen::testing
