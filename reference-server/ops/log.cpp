#include "reference-server/ops/log.hpp"

#include "reference-server/ops/line_output.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <memory>

namespace ops {
namespace {

// spdlog's side of the output: formats, never waits.
class line_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit line_sink(int fd) : output_(fd) {}
  std::uint64_t take_lost() { return output_.take_lost(); }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    output_.write({line.data(), line.size()});
  }
  void flush_() override {}

  line_output output_;
};

struct process_log {
  process_log(std::string_view process, int fd)
      : sink(std::make_shared<line_sink>(fd)), logger(std::make_unique<spdlog::logger>(std::string(process), sink)) {}

  std::shared_ptr<line_sink> sink;
  std::unique_ptr<spdlog::logger> logger;
};

process_log& current() {
  static process_log instance("rollcall", 2);
  return instance;
}

bool in_token(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

void append_quoted(std::string& line, std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  line += '"';
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (byte < 0x20) {
      line += "\\u00";
      line += hex[byte >> 4];
      line += hex[byte & 15];
    } else {
      line += c;
    }
  }
  line += '"';
}

void write(spdlog::level::level_enum level, std::string_view event, std::initializer_list<log_field> fields) {
  const process_log& log = current();
  if (!log.logger->should_log(level)) {
    return;
  }
  if (const std::uint64_t lost = log.sink->take_lost()) {
    log.logger->warn("\"log lines lost\",\"lines\":{}", lost);
  }
  std::string line;
  append_quoted(line, event);
  for (const auto& [name, value] : fields) {
    line += ',';
    append_quoted(line, name);
    line += ':';
    if (value.quoted()) {
      append_quoted(line, without_tokens(value.text()));
    } else {
      line += value.text();
    }
  }
  log.logger->log(level, line);
}

}  // namespace

void start_log(std::string_view process, std::string_view level, int fd) {
  current() = process_log(process, fd);
  current().logger->set_level(spdlog::level::from_str(std::string(level)));
  current().logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","process":"%n","event":%v})",
                                spdlog::pattern_time_type::utc);
}

void log_debug(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::debug, event, fields);
}
void log_info(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::info, event, fields);
}
void log_warn(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::warn, event, fields);
}
void log_error(std::string_view event, std::initializer_list<log_field> fields) {
  write(spdlog::level::err, event, fields);
}

std::string without_tokens(std::string_view text) {
  std::string result;
  for (auto start = text.find("eyJ"); start != text.npos; start = text.find("eyJ")) {
    result.append(text.substr(0, start)).append("[token]");
    text.remove_prefix(start);
    while (!text.empty() && in_token(text.front())) {
      text.remove_prefix(1);
    }
  }
  return result.append(text);
}

}  // namespace ops
