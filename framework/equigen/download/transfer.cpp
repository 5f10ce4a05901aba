// SPDX-License-Identifier: MIT
#include "equigen/download/transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <exception>
#include <map>
#include <memory>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/version.h"

namespace equigen::download {
namespace {

struct HandleCloser {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, HandleCloser>;
using HeaderList = std::unique_ptr<curl_slist, HandleCloser>;

void start_library() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK)
    throw ResourceError("download-library",
                        fmt::format("libcurl cannot start: {}", curl_easy_strerror(code)));
}

/// A transfer under way, reached by libcurl's callbacks.
struct Running {
  CURL* handle;
  const BodySink& sink;
  const StopRequested& stop;
  std::map<std::string, std::string> headers = {};  ///< of the latest response, names in lower case
  bool begun = false;
  std::exception_ptr failure = {};

  long status() const {
    long value = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &value);
    return value;
  }
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
  }
};

/// "bytes 100-199/1000", the form of Content-Range.
void read_content_range(const std::string& text, ResponseHead& head) {
  const auto dash = text.find('-');
  const auto slash = text.find('/');
  if (!text.starts_with("bytes ") || dash == std::string::npos || slash == std::string::npos)
    return;
  if (const auto first = text::to_integer(text.substr(6, dash - 6))) head.first_byte = *first;
  head.total = text::to_integer(text.substr(slash + 1));
}

ResponseHead head_of(const Running& running, long status) {
  ResponseHead head;
  if (status == 206) {
    read_content_range(running.header("content-range"), head);
  } else {
    head.total = text::to_integer(running.header("content-length"));
  }
  const std::string tag = running.header("etag");
  head.validator = tag.starts_with('"') ? tag : running.header("last-modified");
  return head;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& running = *static_cast<Running*>(user);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) running.headers.clear();
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    running.headers[text::lower(line.substr(0, colon))] =
        std::string(text::trim(line.substr(colon + 1)));
  }
  return size * count;
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& running = *static_cast<Running*>(user);
  const std::size_t length = size * count;
  const long status = running.status();
  if (status != 200 && status != 206) return length;  // the text of an error page
  try {
    if (!std::exchange(running.begun, true)) running.sink.begin(head_of(running, status));
    running.sink.add({data, length});
  } catch (...) {
    running.failure = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
  return length;
}

int take_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& running = *static_cast<Running*>(user);
  return running.stop && running.stop() ? 1 : 0;
}

HeaderList set_up(const Handle& handle, const TransferRequest& request, Running& running) {
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(handle.get(), option, value);
  };
  const bool secure = request.url.starts_with("https://");
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, static_cast<long>(request.limits.redirects));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(request.limits.connect_s));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.limits.stall_s));
  set(CURLOPT_USERAGENT, "equigen/" EQUIGEN_VERSION);
  set(CURLOPT_HEADERFUNCTION, take_header);
  set(CURLOPT_HEADERDATA, &running);
  set(CURLOPT_WRITEFUNCTION, take_body);
  set(CURLOPT_WRITEDATA, &running);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, take_progress);
  set(CURLOPT_XFERINFODATA, &running);
  curl_slist* headers = nullptr;
  // The range goes as a header: libcurl's own option makes an ignored Range an error.
  if (request.first_byte > 0) {
    headers =
        curl_slist_append(headers, fmt::format("Range: bytes={}-", request.first_byte).c_str());
    if (!request.validator.empty())
      headers = curl_slist_append(headers, fmt::format("If-Range: {}", request.validator).c_str());
  }
  set(CURLOPT_HTTPHEADER, headers);
  return HeaderList(headers);
}

TransferEnd end_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return TransferEnd::complete;
    case CURLE_ABORTED_BY_CALLBACK:
      return TransferEnd::stopped;
    case CURLE_TOO_MANY_REDIRECTS:
      return TransferEnd::redirect_loop;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
      return TransferEnd::unusable;
    default:
      return TransferEnd::broken_off;
  }
}

std::string message_of(CURLcode code, const char* detail) {
  if (code == CURLE_TOO_MANY_REDIRECTS) return "it redirects without end";
  return *detail != '\0' ? detail : curl_easy_strerror(code);
}

}  // namespace

TransferResult transfer(const TransferRequest& request, const BodySink& sink,
                        const StopRequested& stop) {
  start_library();
  const Handle handle(curl_easy_init());
  if (!handle) throw ResourceError("download-library", "libcurl cannot start a transfer");
  Running running{.handle = handle.get(), .sink = sink, .stop = stop};
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, detail);
  const HeaderList headers = set_up(handle, request, running);
  const CURLcode code = curl_easy_perform(handle.get());
  if (running.failure) std::rethrow_exception(running.failure);

  TransferResult result{.end = end_of(code), .status = running.status(), .message = {}};
  const bool usable = result.status == 200 || result.status == 206;
  if (result.end == TransferEnd::complete && !usable) {
    result.end = TransferEnd::status;
    result.message = fmt::format("status {}", result.status);
    result.retry_after_s = text::to_real(running.header("retry-after")).value_or(0);
  } else if (code != CURLE_OK) {
    result.message = message_of(code, detail);
  } else if (!running.begun) {
    sink.begin(head_of(running, result.status));  // a file without a byte
  }
  return result;
}

}  // namespace equigen::download
