// libFuzzer target of what the api makes of a request target: path and query, the route with its ids, the page asked
// for.
#include "reference-server/api/page.hpp"
#include "reference-server/api/routes.hpp"
#include "reference-server/http/request_parser.hpp"

#include <cstdlib>
#include <string>

namespace {

constexpr std::int64_t highest_id = (std::int64_t{1} << 53) - 1;

void expect(bool holds) {
  if (!holds) std::abort();
}

// A path has one reading: what the route and its ids say is the path, but for the last slash.
void check_route(const api::matched& found, std::string path) {
  if (found.hit == nullptr) return;
  std::string meant(found.hit->pattern);
  for (const auto& [name, id] : {std::pair("{chat}", found.chat), std::pair("{message}", found.message)}) {
    const auto at = meant.find(name);
    if (at == meant.npos) continue;
    expect(id >= 1 && id <= highest_id);
    meant.replace(at, std::string_view(name).size(), std::to_string(id));
  }
  if (!path.ends_with('/')) path += '/';
  expect(path == meant);
}

void check_page(std::string_view query, bool both_ways) {
  const auto page = api::parse_page(query, both_ways);
  if (!page) return expect(!page.error().empty());
  expect(page->limit >= 1 && page->limit <= 200);
  expect(!(page->after && page->before) && (both_ways || !page->before));
  expect(page->after.value_or(0) >= 0 && page->before.value_or(0) >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static constexpr http::limits bounds;
  const std::string target(reinterpret_cast<const char*>(data), size);
  const std::string bytes = "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
  http::request_parser parser(bounds);
  if (parser.parse(bytes) != http::request_parser::outcome::complete) return 0;
  const http::request& asked = parser.request();
  if (asked.target != target) return 0;  // the input held a request of its own
  expect(target.ends_with(asked.query) && (target.find(asked.path) != target.npos || asked.path == "/"));
  for (const auto method : {http::method::get, http::method::head, http::method::post, http::method::put}) {
    check_route(api::match(method, asked.path), std::string(asked.path));
  }
  check_page(asked.query, true);
  check_page(asked.query, false);
  return 0;
}
