#include "reference-server/ops/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <memory>

namespace ops {
namespace {

std::shared_ptr<spdlog::logger>& logger() {
  static std::shared_ptr<spdlog::logger> instance =
      std::make_shared<spdlog::logger>("rollcall", std::make_shared<spdlog::sinks::stderr_sink_st>());
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
  if (!logger()->should_log(level)) {
    return;
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
  logger()->log(level, line);
}

}  // namespace

void start_log(std::string_view process, std::string_view level) {
  logger() = std::make_shared<spdlog::logger>(std::string(process), std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger()->set_level(spdlog::level::from_str(std::string(level)));
  logger()->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","process":"%n","event":%v})",
                        spdlog::pattern_time_type::utc);
  logger()->flush_on(spdlog::level::debug);
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
