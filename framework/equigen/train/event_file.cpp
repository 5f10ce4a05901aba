// SPDX-License-Identifier: MIT
#include "equigen/train/event_file.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <unistd.h>

#include <boost/crc.hpp>
#include <chrono>
#include <cstring>
#include <functional>

#include "equigen/base/file.h"

namespace equigen {
namespace {

using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;
using Wire = google::protobuf::internal::WireFormatLite;

// Field numbers of tensorflow/core/util/event.proto and framework/summary.proto.
enum EventField { kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7 };
enum SummaryField { kValue = 1 };
enum ValueField { kTag = 1, kSimpleValue = 2 };
enum SessionLogField { kStatus = 1 };
constexpr int kStatusStart = 1;

std::string message(const std::function<void(CodedOutputStream*)>& fields) {
  std::string bytes;
  {
    StringOutputStream stream(&bytes);
    CodedOutputStream coded(&stream);
    fields(&coded);
  }
  return bytes;
}

double wall_time() {
  using namespace std::chrono;
  return duration<double>(system_clock::now().time_since_epoch()).count();
}

std::string event(std::int64_t step, EventField field, const std::string& content) {
  return message([&](CodedOutputStream* out) {
    Wire::WriteDouble(kWallTime, wall_time(), out);
    Wire::WriteInt64(kStep, step, out);
    Wire::WriteBytes(field, content, out);
  });
}

std::string scalar(const std::string& tag, double value) {
  return message([&](CodedOutputStream* out) {
    Wire::WriteString(kTag, tag, out);
    Wire::WriteFloat(kSimpleValue, static_cast<float>(value), out);
  });
}

template <typename Integer>
void append_little_endian(std::string& bytes, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    bytes.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::filesystem::path unused_name(const std::filesystem::path& folder) {
  const auto seconds = static_cast<std::int64_t>(wall_time());
  for (int number = 0;; ++number) {
    const auto path =
        folder / fmt::format("events.out.tfevents.{}.equigen.{}.{}", seconds, ::getpid(), number);
    if (!std::filesystem::exists(path)) return path;
  }
}

}  // namespace

std::uint32_t masked_crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  const auto value = static_cast<std::uint32_t>(crc.checksum());
  return ((value >> 15) | (value << 17)) + 0xa282ead8U;
}

EventFile::EventFile(const std::filesystem::path& folder, std::int64_t first_step)
    : file_(unused_name(folder)) {
  make_folder(folder);
  write(event(0, kFileVersion, "brain.Event:2"));
  if (first_step > 0) {
    const std::string start =
        message([](CodedOutputStream* out) { Wire::WriteEnum(kStatus, kStatusStart, out); });
    write(event(first_step, kSessionLog, start));
  }
}

void EventFile::add_scalars(std::int64_t step,
                            std::span<const std::pair<std::string, double>> scalars) {
  const std::string summary = message([&](CodedOutputStream* out) {
    for (const auto& [tag, value] : scalars) Wire::WriteBytes(kValue, scalar(tag, value), out);
  });
  write(event(step, kSummary, summary));
}

void EventFile::write(std::string_view event) {
  std::string frame;
  append_little_endian(frame, static_cast<std::uint64_t>(event.size()));
  append_little_endian(frame, masked_crc32c(frame));
  frame += event;
  append_little_endian(frame, masked_crc32c(event));
  file_.append(frame);
}

}  // namespace equigen
