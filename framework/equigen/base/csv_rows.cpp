// SPDX-License-Identifier: MIT
#include "equigen/base/csv_rows.h"

namespace equigen {
namespace {

class CsvSplitter {
 public:
  CsvSplitter(std::string_view text, char separator) : text_(text), separator_(separator) {}

  std::vector<CsvRow> split() {
    for (at_ = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (in_quotes_)
        take_quoted(c);
      else
        take_plain(c);
      if (c == '\n') ++line_;
    }
    end_row(line_);
    return std::move(rows_);
  }

 private:
  void take_quoted(char c) {
    if (c != '"') {
      field_ += c;
    } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      field_ += '"';
      ++at_;
    } else {
      in_quotes_ = false;
    }
  }

  void take_plain(char c) {
    if (c == '"' && field_.empty()) {
      in_quotes_ = was_quoted_ = true;
    } else if (c == separator_) {
      end_field();
    } else if (c == '\n') {
      end_row(line_ + 1);
    } else if (c != '\r') {
      field_ += c;
    }
  }

  void end_field() {
    row_.fields.push_back(std::move(field_));
    field_.clear();
    was_quoted_ = false;
  }

  void end_row(std::int64_t next_line) {
    const bool empty = row_.fields.empty() && field_.empty() && !was_quoted_;
    if (!empty) {
      end_field();
      rows_.push_back(std::move(row_));
    }
    row_ = {};
    row_.line = next_line;
  }

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  bool in_quotes_ = false;
  bool was_quoted_ = false;
  std::string field_;
  CsvRow row_{{}, 1};
  std::vector<CsvRow> rows_;
};

}  // namespace

std::vector<CsvRow> split_csv(std::string_view text, char separator) {
  return CsvSplitter(text, separator).split();
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",;\t\"\n\r") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace equigen
