// SPDX-License-Identifier: MIT
#include "equigen/train/event_file.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstring>
#include <map>
#include <vector>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/train/metrics_log.h"
#include "paths.h"

using namespace equigen;
using equigen::testing::TemporaryFolder;
using google::protobuf::io::CodedInputStream;
using Wire = google::protobuf::internal::WireFormatLite;

namespace {

/// Payloads of TFRecord frames, their checksums verified.
std::vector<std::string> records(const std::string& bytes) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < bytes.size();) {
    std::uint64_t length = 0;
    std::uint32_t check = 0;
    std::memcpy(&length, bytes.data() + at, 8);
    std::memcpy(&check, bytes.data() + at + 8, 4);
    REQUIRE(check == masked_crc32c(std::string_view(bytes).substr(at, 8)));
    const std::string payload = bytes.substr(at + 12, length);
    REQUIRE(payload.size() == length);
    std::memcpy(&check, bytes.data() + at + 12 + length, 4);
    REQUIRE(check == masked_crc32c(payload));
    found.push_back(payload);
    at += 16 + length;
  }
  return found;
}

/// Fields of one protobuf message as raw bytes (length-delimited) or 8-byte numbers.
std::multimap<int, std::string> fields(const std::string& message) {
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(message.data()),
                      static_cast<int>(message.size()));
  std::multimap<int, std::string> found;
  while (const std::uint32_t tag = in.ReadTag()) {
    std::uint64_t number = 0;
    std::uint32_t small = 0;
    std::string content(8, '\0');
    switch (Wire::GetTagWireType(tag)) {
      case Wire::WIRETYPE_VARINT:
        REQUIRE(in.ReadVarint64(&number));
        break;
      case Wire::WIRETYPE_FIXED64:
        REQUIRE(in.ReadLittleEndian64(&number));
        break;
      case Wire::WIRETYPE_FIXED32:
        REQUIRE(in.ReadLittleEndian32(&small));
        number = small;
        break;
      default:
        REQUIRE(in.ReadVarint32(&small));
        REQUIRE(in.ReadString(&content, static_cast<int>(small)));
        found.emplace(Wire::GetTagFieldNumber(tag), content);
        continue;
    }
    std::memcpy(content.data(), &number, 8);
    found.emplace(Wire::GetTagFieldNumber(tag), content);
  }
  return found;
}

std::uint64_t number(const std::string& bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), 8);
  return value;
}

}  // namespace

TEST_CASE("event file: the checksum is CRC-32C, masked") {
  // CRC-32C of "123456789" is 0xe3069283 (RFC 3720).
  const std::uint32_t crc = 0xe3069283U;
  CHECK(masked_crc32c("123456789") == ((crc >> 15 | crc << 17) + 0xa282ead8U));
}

TEST_CASE("event file: a version record, then scalars that read back") {
  const TemporaryFolder folder;
  EventFile events(folder.path(), 0);
  const std::vector<std::pair<std::string, double>> scalars{{"train/loss", 1.5},
                                                            {"learning_rate", 0.25}};
  events.add_scalars(300, scalars);
  const std::vector<std::string> read = records(read_file(events.path()));
  REQUIRE(read.size() == 2);
  CHECK(fields(read[0]).find(3)->second == "brain.Event:2");
  const auto event = fields(read[1]);
  CHECK(number(event.find(2)->second) == 300);
  const auto summary = fields(event.find(5)->second);
  REQUIRE(summary.count(1) == 2);
  const auto value = fields(summary.begin()->second);
  CHECK(value.find(1)->second == "train/loss");
  float stored = 0;
  std::memcpy(&stored, value.find(2)->second.data(), 4);
  CHECK(stored == 1.5F);
}

TEST_CASE("event file: a resumed run starts a new file that supersedes later steps") {
  const TemporaryFolder folder;
  const EventFile first(folder.path(), 0);
  const EventFile second(folder.path(), 40);
  CHECK(first.path() != second.path());
  const std::vector<std::string> read = records(read_file(second.path()));
  REQUIRE(read.size() == 2);
  const auto event = fields(read[1]);
  CHECK(number(event.find(2)->second) == 40);
  CHECK(number(fields(event.find(7)->second).find(1)->second) == 1);
}

TEST_CASE("metrics log: lines after the resumed step and cut-off lines go") {
  const TemporaryFolder folder;
  {
    MetricsLog log(folder.path(), 0);
    log.add(1, 0, 0.5, {{"train/loss", 2.0}, {"odd", std::numeric_limits<double>::infinity()}});
    log.add(2, 0, 0.6, {{"train/loss", 1.0}});
  }
  const auto file = folder / "metrics.jsonl";
  write_file_atomically(file, read_file(file) + R"({"step":3,"tra)");
  MetricsLog resumed(folder.path(), 1);
  CHECK(read_file(file) ==
        "{\"step\":1,\"epoch\":0,\"time\":0.5,\"train/loss\":2.0,\"odd\":null}\n");
}

TEST_CASE("metrics log: what cannot be written is written later, and training goes on") {
  const TemporaryFolder folder;
  const auto file = folder / "metrics.jsonl";
  MetricsLog log(folder.path(), 0);
  log.add(1, 0, 0.5, {});
  const std::string first = read_file(file);
  std::filesystem::remove(file);
  std::filesystem::create_symlink("/dev/full", file);
  CHECK_NOTHROW(log.add(2, 0, 0.6, {}));
  CHECK_NOTHROW(log.add(3, 0, 0.7, {}));
  std::filesystem::remove(file);
  log.add(4, 0, 0.8, {});
  CHECK(first == "{\"step\":1,\"epoch\":0,\"time\":0.5}\n");
  CHECK(read_file(file) ==
        "{\"step\":2,\"epoch\":0,\"time\":0.6}\n{\"step\":3,\"epoch\":0,\"time\":0.7}\n"
        "{\"step\":4,\"epoch\":0,\"time\":0.8}\n");
}
