#include "harness/client/transport/options.hpp"

#include "harness/client/jwt/base64url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/json.hpp>
#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <charconv>

namespace client::transport {

namespace {

namespace json = boost::json;

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

std::string without_brackets(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

// Takes "user:password@" out of a proxy's address; what stands there is percent-encoded.
checked<void> take_login(std::string& address, std::string& authorization) {
  const std::size_t begin = address.find("://") + 3;
  const std::size_t at = address.substr(0, address.find('/', begin)).rfind('@');
  if (at == std::string::npos || at < begin) return {};
  const auto login = boost::urls::make_pct_string_view(std::string_view(address).substr(begin, at - begin));
  if (!login) return reason{"has a user or a password that is not percent-encoded"};
  authorization = "Basic " + jwt::base64(login->decode());
  address.erase(begin, at + 1 - begin);
  return {};
}

// "example.com" and ".example.com" are for the domain and everything below it.
bool covers(std::string_view domain, std::string_view host) {
  if (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.empty() || !host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

std::optional<std::string> first_of(const std::function<std::optional<std::string>(const std::string&)>& read,
                                    const char* upper, const char* lower) {
  for (const char* name : {upper, lower}) {
    if (auto value = read(name); value && !value->empty()) return value;
  }
  return std::nullopt;
}

}  // namespace

checked<fixed_address> parse_fixed_address(std::string_view text) {
  const auto host_end = text.find(':', text.starts_with('[') ? text.find(']') : 0);
  const auto port_end = host_end == std::string_view::npos ? host_end : text.find(':', host_end + 1);
  if (port_end == std::string_view::npos || host_end == 0) return reason{"is not HOST:PORT:ADDRESS"};
  fixed_address out;
  out.host = without_brackets(text.substr(0, host_end));
  const std::string_view port = text.substr(host_end + 1, port_end - host_end - 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc() || end != port.data() + port.size() || out.port == 0) return reason{"has no valid port"};
  out.address = without_brackets(text.substr(port_end + 1));
  boost::system::error_code bad;
  boost::asio::ip::make_address(out.address, bad);
  if (bad) return reason{"has no numeric address"};
  return out;
}

checked<void> add_environment(options& onto,
                              const std::function<std::optional<std::string>(const std::string&)>& read) {
  if (auto text = first_of(read, "HTTPS_PROXY", "https_proxy")) {
    if (text->find("://") == std::string::npos) *text = "http://" + *text;
    if (const auto taken = take_login(*text, onto.proxy_authorization); !taken) {
      return reason{"HTTPS_PROXY " + taken.error().clause};
    }
    const auto parsed = parse_url(*text);
    if (!parsed) return reason{"HTTPS_PROXY " + parsed.error().clause};
    if (parsed->scheme != "http") return reason{"HTTPS_PROXY has the scheme '" + parsed->scheme + "', not http"};
    onto.proxy = *parsed;
  }
  if (const auto text = first_of(read, "NO_PROXY", "no_proxy")) {
    std::string_view rest = *text;
    while (!rest.empty()) {
      std::string_view one = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
      while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
      if (!one.empty()) onto.no_proxy.emplace_back(one);
    }
  }
  return {};
}

const url* proxy_for(const options& by, const url& where) {
  if (!by.proxy || !where.secure() || is_loopback(where.host)) return nullptr;
  const bool excepted = std::any_of(by.no_proxy.begin(), by.no_proxy.end(),
                                    [&](const std::string& each) { return each == "*" || covers(each, where.host); });
  return excepted ? nullptr : &*by.proxy;
}

const fixed_address* fixed_for(const options& by, const url& where) {
  if (by.fixed.empty() || proxy_for(by, where) != nullptr) return nullptr;
  const auto found = std::find_if(by.fixed.begin(), by.fixed.end(), [&](const fixed_address& each) {
    return each.host == where.host && each.port == where.port;
  });
  return found == by.fixed.end() ? nullptr : &*found;
}

std::string to_json(const options& from) {
  json::array fixed;
  for (const fixed_address& each : from.fixed) fixed.push_back({each.host, each.port, each.address});
  json::object out{{"ca_file", from.ca_file},
                   {"certificate_file", from.certificate_file},
                   {"key_file", from.key_file},
                   {"insecure", from.insecure},
                   {"fixed", std::move(fixed)},
                   {"proxy", from.proxy ? from.proxy->text() : ""},
                   {"proxy_authorization", from.proxy_authorization},
                   {"no_proxy", json::value_from(from.no_proxy)}};
  return json::serialize(out);
}

options options_from_json(std::string_view text) {
  options out;
  if (text.empty()) return out;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
  const json::object& in = parsed.as_object();
  const auto words = [&](const char* name) { return std::string(in.at(name).as_string()); };
  out.ca_file = words("ca_file");
  out.certificate_file = words("certificate_file");
  out.key_file = words("key_file");
  out.insecure = in.at("insecure").as_bool();
  for (const json::value& each : in.at("fixed").as_array()) {
    const json::array& parts = each.as_array();
    out.fixed.push_back({std::string(parts.at(0).as_string()), parts.at(1).to_number<std::uint16_t>(),
                         std::string(parts.at(2).as_string())});
  }
  if (const std::string proxy = words("proxy"); !proxy.empty()) out.proxy = parse_url(proxy).value();
  out.proxy_authorization = words("proxy_authorization");
  out.no_proxy = json::value_to<std::vector<std::string>>(in.at("no_proxy"));
  return out;
}

}  // namespace client::transport
