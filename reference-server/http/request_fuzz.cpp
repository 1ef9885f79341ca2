// libFuzzer target of the request parser: whatever comes, no crash; and the same requests however the bytes are cut, of
// which nothing is read twice or skipped.
#include "reference-server/http/request_parser.hpp"

#include <cstdlib>
#include <string>

namespace {

constexpr http::limits small{.target = 64, .head = 256, .body = 128};

// What was read from a buffer that grows by `step`, as a text.
std::string requests(const std::string& bytes, std::size_t step) {
  http::request_parser parser(small);
  std::string seen;
  std::size_t begin = 0;
  for (std::size_t end = 0; end < bytes.size();) {
    end = std::min(bytes.size(), end + step);
    for (;;) {
      const std::string received = bytes.substr(begin, end - begin);  // elsewhere each time, as a buffer that grows is
      const auto outcome = parser.parse(received);
      if (outcome == http::request_parser::outcome::refused) {
        // Where several limits are broken, how much has arrived decides which is told.
        return seen + "refused";
      }
      if (outcome == http::request_parser::outcome::need_more) break;
      const http::request& got = parser.request();
      if (parser.consumed() == 0 || parser.consumed() > received.size()) std::abort();
      if (got.body.size() > small.body || got.target.size() > small.target) std::abort();
      seen += std::to_string(static_cast<int>(got.method)) + ' ' + std::string(got.path) + '?' +
              std::string(got.query) + ' ' + std::string(got.body) + ' ' + (got.keep_alive ? "k" : "c") + ' ';
      for (const http::field& field : got.fields)
        seen += std::string(field.name) + ':' + std::string(field.value) + ',';
      begin += parser.consumed();
      parser.reset();
      if (begin == end) break;
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (requests(bytes, 1u + data[0] % 32u) != requests(bytes, bytes.size() + 1)) std::abort();
  return 0;
}
