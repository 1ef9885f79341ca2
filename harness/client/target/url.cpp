#include "harness/client/target/url.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>

#include <array>
#include <utility>

namespace client {

namespace {

std::uint16_t default_port(std::string_view scheme) {
  constexpr std::array<std::pair<std::string_view, std::uint16_t>, 4> ports{
      {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}}};
  for (const auto& [name, port] : ports) {
    if (name == scheme) return port;
  }
  return 0;
}

bool has_control_or_space(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F) return true;
  }
  return false;
}

}  // namespace

std::string url::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  std::string text = v6 ? "[" + host + "]" : host;
  if (port != default_port(scheme)) text += fmt::format(":{}", port);
  return text;
}

std::string url::text() const {
  return scheme + "://" + authority() + path;
}

std::string_view base_path(const url& base) noexcept {
  std::string_view path = base.path;
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

checked<url> parse_url(std::string_view text) {
  if (has_control_or_space(text)) return reason{"holds a blank or a control character"};
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
  if (!parsed) return reason{"is not a URL with scheme and host"};
  const auto& view = *parsed;

  url out;
  out.scheme = view.scheme();
  for (char& c : out.scheme) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  out.port = default_port(out.scheme);
  if (out.port == 0) return reason{fmt::format("has the scheme '{}'", out.scheme)};
  if (view.has_userinfo()) return reason{"carries a user or a password"};
  if (view.has_fragment()) return reason{"has a fragment (#)"};
  out.host = view.host_type() == boost::urls::host_type::ipv6 ? view.host_ipv6_address().to_string()
                                                              : std::string(view.host());
  if (out.host.empty()) return reason{"has no host"};
  if (view.has_port()) {
    if (view.port_number() == 0) return reason{"has no valid port"};
    out.port = view.port_number();
  }
  out.path = view.encoded_path();
  if (out.path.empty()) out.path = "/";
  if (view.has_query()) out.path += "?" + std::string(view.encoded_query());
  return out;
}

}  // namespace client
