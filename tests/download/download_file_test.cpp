// SPDX-License-Identifier: MIT
#include "equigen/download/download_file.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/download/part_file.h"
#include "http_server.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::download;
using namespace equigen::testing;

namespace fs = std::filesystem;

namespace {

/// 300 kB that are nowhere the same.
std::string sample_text() {
  std::string text;
  for (int line = 0; text.size() < 300'000; ++line) text += fmt::format("line {}\n", line);
  return text;
}

DownloadOptions quick() {
  DownloadOptions options;
  options.first_wait_s = 0.01;
  options.longest_wait_s = 0.05;
  options.limits.connect_s = 5;
  options.limits.stall_s = 1;
  return options;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return {};
}

bool has_part(const fs::path& target) {
  return fs::exists(target.string() + ".part");
}

struct Quiet {
  Quiet() { log::set_level(log::Level::error); }
  ~Quiet() { log::set_level(log::Level::info); }
};

}  // namespace

TEST_CASE("download: a file arrives whole, checked, and nothing is left beside it") {
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) { return serve_ranges(request, text); });
  const auto target = folder / "new/folder/file.txt";
  std::int64_t last = 0;
  auto options = quick();
  options.progress = [&](std::int64_t done, std::int64_t total) {
    CHECK(done >= last);
    CHECK(total == static_cast<std::int64_t>(text.size()));
    last = done;
  };
  const auto file = download_file({.urls = {server.url("/file")},
                                   .target = target,
                                   .size = static_cast<std::int64_t>(text.size()),
                                   .sha256 = sha256(text)},
                                  options);
  REQUIRE(file.has_value());
  CHECK(read_file(target) == text);
  CHECK(file->bytes == static_cast<std::int64_t>(text.size()));
  CHECK(last == file->bytes);
  CHECK(std::distance(fs::directory_iterator(target.parent_path()), {}) == 1);
}

TEST_CASE("download: one that breaks off again and again is continued, not begun anew") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) {
    auto response = serve_ranges(request, text);
    if (request.count < 8) response.cut_after = 20'000;
    return response;
  });
  // More breaks than attempts: each one brought something new.
  REQUIRE(download_file({.urls = {server.url("/file")}, .target = folder / "file", .size = {}},
                        quick()));
  CHECK(read_file(folder / "file") == text);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 9);
  CHECK(requests[3].first_byte() == 60'000);
  CHECK(requests[3].headers.at("if-range") == "\"tag\"");
}

TEST_CASE("download: a part that was left is continued; another version of the file is not") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const std::string newer = "newer " + text;
  bool changed = false;
  bool broken = true;
  const HttpServer server([&](const HttpRequest& request) {
    auto response =
        changed ? serve_ranges(request, newer, "\"newer\"") : serve_ranges(request, text);
    if (broken) response.cut_after = 50'000;
    return response;
  });
  const DownloadRequest request{
      .urls = {server.url("/file")}, .target = folder / "file", .size = {}};
  auto options = quick();
  options.attempts = 1;
  CHECK_THROWS_AS(download_file(request, options), DataError);
  CHECK(fs::file_size(folder / "file.part") == 50'000);
  broken = false;
  SECTION("the same version") {
    const auto file = download_file(request, options);
    REQUIRE(file);
    CHECK(file->resumed);
    CHECK(read_file(folder / "file") == text);
    CHECK(server.requests().back().first_byte() == 50'000);
  }
  SECTION("another version") {
    changed = true;
    const auto file = download_file(request, options);
    REQUIRE(file);
    CHECK_FALSE(file->resumed);
    CHECK(read_file(folder / "file") == newer);
  }
}

TEST_CASE("download: a part of the second mirror is continued there") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) -> HttpResponse {
    if (request.path == "/gone") return {.status = 404};
    auto response = serve_ranges(request, text);
    if (request.count == 0) response.cut_after = 50'000;
    return response;
  });
  const DownloadRequest request{
      .urls = {server.url("/gone"), server.url("/file")}, .target = folder / "file", .size = {}};
  auto options = quick();
  options.attempts = 1;
  CHECK_THROWS_AS(download_file(request, options), DataError);
  const auto file = download_file(request, options);
  REQUIRE(file);
  CHECK(file->resumed);
  CHECK(server.requests().size() == 3);
  CHECK(read_file(folder / "file") == text);
}

TEST_CASE("download: a file that another process is downloading is left to it") {
  const TemporaryFolder folder;
  const PartFile held(folder / "file");
  try {
    download_file({.urls = {"http://127.0.0.1:1/file"}, .target = folder / "file", .size = {}},
                  quick());
    FAIL("two downloads of one file");
  } catch (const ResourceError& error) {
    CHECK(error.identifier() == "download-busy");
  }
}

TEST_CASE("download: a server that ignores Range makes it begin anew") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) {
    HttpResponse response{.headers = {{"ETag", "\"tag\""}}, .body = text};
    if (request.count == 0) response.cut_after = 100'000;
    return response;
  });
  REQUIRE(download_file({.urls = {server.url("/file")}, .target = folder / "file", .size = {}},
                        quick()));
  CHECK(server.requests().back().first_byte() == 100'000);
  CHECK(read_file(folder / "file") == text);
}

TEST_CASE("download: without ETag, date or checksum a part is not continued") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) {
    auto response = serve_ranges(request, text);
    response.headers.erase("ETag");
    if (request.count == 0) response.cut_after = 100'000;
    return response;
  });
  DownloadRequest request{.urls = {server.url("/file")}, .target = folder / "file", .size = {}};
  const bool with_checksum = GENERATE(false, true);
  if (with_checksum) request.sha256 = sha256(text);
  REQUIRE(download_file(request, quick()));
  CHECK(read_file(folder / "file") == text);
  CHECK(server.requests().back().first_byte().has_value() == with_checksum);
}

TEST_CASE("download: a wrong checksum is tried twice, then refused and removed") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const std::string text = sample_text();
  std::string corrupt = text;
  corrupt[1000] ^= 1;
  bool once = true;
  const HttpServer server([&](const HttpRequest& request) {
    return serve_ranges(request, once && request.count > 0 ? text : corrupt);
  });
  const DownloadRequest request{.urls = {server.url("/file")},
                                .target = folder / "file",
                                .size = static_cast<std::int64_t>(text.size()),
                                .sha256 = sha256(text)};
  SECTION("the second one is right") {
    REQUIRE(download_file(request, quick()));
    CHECK(read_file(folder / "file") == text);
    CHECK_FALSE(server.requests().back().first_byte().has_value());
  }
  SECTION("the second one is wrong, too") {
    once = false;
    const auto message = message_of([&] { download_file(request, quick()); });
    CHECK_THAT(message, ContainsSubstring("SHA-256"));
    CHECK_THAT(message, ContainsSubstring(sha256(corrupt)));
    CHECK(server.requests().size() == 2);
    CHECK_FALSE(fs::exists(folder / "file"));
    CHECK_FALSE(has_part(folder / "file"));
  }
}

TEST_CASE("download: an MD5, a size and a check of the caller's are held to as well") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const HttpServer server([](const HttpRequest& request) { return serve_ranges(request, "abc"); });
  DownloadRequest request{.urls = {server.url("/file")}, .target = folder / "file", .size = {}};
  request.md5 = "900150983cd24fb0d6963f7d28e17f72";
  CHECK(download_file(request, quick()).has_value());
  request.md5 = "00000000000000000000000000000000";
  CHECK_THAT(message_of([&] { download_file(request, quick()); }), ContainsSubstring("MD5"));
  request.md5.clear();
  request.size = 4;
  CHECK_THAT(message_of([&] { download_file(request, quick()); }),
             ContainsSubstring("3 bytes instead of 4"));
  request.size.reset();
  request.check = [](const fs::path&) { return "no good"; };
  CHECK_THAT(message_of([&] { download_file(request, quick()); }), ContainsSubstring("no good"));
}

TEST_CASE("download: a Git LFS pointer and an HTML page are not taken for the file") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const HttpServer server([](const HttpRequest& request) -> HttpResponse {
    if (request.path == "/pointer")
      return {.body = "version https://git-lfs.github.com/spec/v1\noid sha256:49fe\nsize 67\n"};
    if (request.path == "/page") return {.body = "\n<!DOCTYPE HTML><html>sign in</html>"};
    return {.body = "data"};
  });
  const auto message = message_of([&] {
    download_file({.urls = {server.url("/pointer"), server.url("/page")},
                   .target = folder / "file",
                   .size = {}},
                  quick());
  });
  CHECK_THAT(message, ContainsSubstring("Git LFS pointer"));
  CHECK_THAT(message, ContainsSubstring("HTML page"));
  CHECK_FALSE(has_part(folder / "file"));
  // The next mirror has it.
  const auto file = download_file(
      {.urls = {server.url("/page"), server.url("/data")}, .target = folder / "file", .size = {}},
      quick());
  REQUIRE(file);
  CHECK(file->url == server.url("/data"));
}

TEST_CASE("download: redirects are followed, an endless chain is given up") {
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) -> HttpResponse {
    if (request.path == "/moved") return {.status = 302, .headers = {{"Location", "/further"}}};
    if (request.path == "/further") return {.status = 301, .headers = {{"Location", "/file"}}};
    if (request.path == "/circle") return {.status = 302, .headers = {{"Location", "/circle"}}};
    if (request.path == "/other")
      return {.status = 302, .headers = {{"Location", "file:///etc/passwd"}}};
    return serve_ranges(request, text);
  });
  REQUIRE(download_file({.urls = {server.url("/moved")}, .target = folder / "file", .size = {}},
                        quick()));
  CHECK(read_file(folder / "file") == text);
  const auto circle = message_of([&] {
    download_file({.urls = {server.url("/circle")}, .target = folder / "b", .size = {}}, quick());
  });
  CHECK_THAT(circle, ContainsSubstring("redirects without end"));
  CHECK_THROWS_AS(
      download_file({.urls = {server.url("/other")}, .target = folder / "c", .size = {}}, quick()),
      DataError);
  CHECK_FALSE(fs::exists(folder / "c"));
}

TEST_CASE("download: 404 goes to the next mirror at once, 500 and 429 are tried again") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const HttpServer server([](const HttpRequest& request) -> HttpResponse {
    if (request.path == "/gone") return {.status = 404, .body = "<html>not found</html>"};
    if (request.path == "/busy" && request.count < 2) return {.status = 500};
    if (request.path == "/limited" && request.count < 1)
      return {.status = 429, .headers = {{"Retry-After", "1"}}};
    if (request.path == "/down") return {.status = 503};
    return {.body = "data " + request.path};
  });
  const auto get = [&](const std::vector<std::string>& paths) {
    DownloadRequest request{.urls = {}, .target = folder / "file", .size = {}};
    for (const auto& path : paths) request.urls.push_back(server.url(path));
    download_file(request, quick());
    return read_file(folder / "file");
  };
  CHECK(get({"/gone", "/good"}) == "data /good");
  CHECK(get({"/busy"}) == "data /busy");
  CHECK(get({"/limited"}) == "data /limited");
  CHECK(get({"/down", "/good"}) == "data /good");
  int down = 0;
  for (const auto& request : server.requests()) down += request.path == "/down" ? 1 : 0;
  CHECK(down == quick().attempts);
  const auto message = message_of([&] { get({"/gone", "/down"}); });
  CHECK_THAT(message, ContainsSubstring("/gone: status 404"));
  CHECK_THAT(message, ContainsSubstring("/down: status 503"));
}

TEST_CASE("download: a stalled connection is given up and continued", "[slow]") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) {
    auto response = serve_ranges(request, text);
    if (request.count == 0) {
      response.cut_after = 10'000;
      response.stall_s = 4;
    }
    return response;
  });
  REQUIRE(download_file({.urls = {server.url("/file")}, .target = folder / "file", .size = {}},
                        quick()));
  CHECK(read_file(folder / "file") == text);
  CHECK(server.requests().back().first_byte() == 10'000);
}

TEST_CASE("download: without a length, a cut is seen by the checksum") {
  const Quiet quiet;
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) {
    HttpResponse response{.body = text, .tell_length = false};
    if (request.count == 0) response.cut_after = 100'000;
    return response;
  });
  REQUIRE(download_file({.urls = {server.url("/file")},
                         .target = folder / "file",
                         .size = {},
                         .sha256 = sha256(text)},
                        quick()));
  CHECK(read_file(folder / "file") == text);
}

TEST_CASE("download: asked to stop, it keeps the part for the next run") {
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) {
    auto response = serve_ranges(request, text);
    if (request.count == 0) {
      response.cut_after = 100'000;
      response.stall_s = 20;
    }
    return response;
  });
  const DownloadRequest request{
      .urls = {server.url("/file")}, .target = folder / "file", .size = {}};
  auto options = quick();
  options.limits.stall_s = 30;
  bool stop = false;
  options.progress = [&](std::int64_t done, std::int64_t) { stop = done >= 100'000; };
  options.stop = [&] { return stop; };
  CHECK_FALSE(download_file(request, options).has_value());
  CHECK_FALSE(fs::exists(folder / "file"));
  CHECK(fs::file_size(folder / "file.part") == 100'000);
  CHECK(fs::exists(folder / "file.part.json"));
}

TEST_CASE("download: a full disk keeps what was written and says so") {
  const TemporaryFolder folder;
  const std::string text = sample_text();
  const HttpServer server([&](const HttpRequest& request) { return serve_ranges(request, text); });
  const DownloadRequest request{
      .urls = {server.url("/file")}, .target = folder / "file", .size = {}};
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  std::string remedy;
  try {
    download_file(request, quick());
  } catch (const ResourceError& error) {
    remedy = error.remedy();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  CHECK_THAT(remedy, ContainsSubstring("free some space"));
  CHECK(fs::file_size(folder / "file.part") == 100'000);
  const auto file = download_file(request, quick());
  REQUIRE(file);
  CHECK(file->resumed);
  CHECK(read_file(folder / "file") == text);
}

TEST_CASE("download: a size that cannot fit is refused before the first byte") {
  const TemporaryFolder folder;
  const auto message = message_of([&] {
    download_file({.urls = {"http://127.0.0.1:1/file"},
                   .target = folder / "file",
                   .size = std::int64_t{1} << 60},
                  quick());
  });
  CHECK_THAT(message, ContainsSubstring("more bytes"));
}

TEST_CASE("download: a server that is not there is a data error that names it") {
  const Quiet quiet;
  const TemporaryFolder folder;
  CHECK_THAT(message_of([&] {
               download_file({.urls = {"http://127.0.0.1:1/file", "nonsense://x"},
                              .target = folder / "file",
                              .size = {}},
                             quick());
             }),
             ContainsSubstring("127.0.0.1:1"));
}
