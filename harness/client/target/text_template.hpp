// A text with places for variables, taken apart once when the target file is read: "/chats/${chat.id}/messages",
// {"to": ["${peer.number}"]}. Filling it in is a walk over its pieces. Each place knows what stands around it, so that
// what is put there is quoted, escaped or percent-encoded as it must be: JSON is never pasted together. Plain data.
#pragma once

#include "harness/client/target/problem.hpp"
#include "harness/client/target/variables.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace client {

// Where a variable is looked for.
enum class space : std::uint8_t { own, self, peer, chat };

// Applied to a variable's text in order: ${x|url}, ${x|base64}; `text` makes JSON text of a number, `number` a number
// of text.
enum class filter : std::uint8_t { url, base64, text, number };

// What stands around a place.
enum class encoding : std::uint8_t {
  plain,        // nothing: as it is
  path,         // the path of a request: what cannot stand there is percent-encoded
  query,        // a query or a form: everything but letters, digits, -._~ is percent-encoded
  json_string,  // inside of a JSON string
  json_value,   // a JSON value of its own: keeps its type
};

struct slot {
  space from = space::own;
  std::string name = {};
  std::vector<filter> filters = {};
  encoding around = encoding::plain;

  std::string written() const;  // "${peer.name|url}"
};

class text_template {
 public:
  text_template() = default;  // the empty text
  explicit text_template(std::string literal) : tail_(std::move(literal)) {}

  void add_literal(std::string_view text) { tail_ += text; }
  void add(slot place);
  void append(const text_template& other);

  // Fails with "needs ${peer.name}, which has no value" when a variable is missing or null where text must stand.
  checked<std::string> fill(const scope& from) const;
  checked<void> fill(const scope& from, std::string& onto) const;

  // Nothing when it is exactly one variable and that is absent or null: a query without that name.
  checked<std::optional<std::string>> fill_unless_null(const scope& from) const;

  bool empty() const noexcept { return pieces_.empty() && tail_.empty(); }
  bool constant() const noexcept { return pieces_.empty(); }
  bool uses(space from) const noexcept;
  std::vector<slot> slots() const;

 private:
  struct piece {
    std::string before;
    slot place;
  };
  std::vector<piece> pieces_;
  std::string tail_;
};

// Percent-encodes everything but letters, digits and -._~ (RFC 3986).
std::string percent_encoded(std::string_view text);
// The same for a path: what may stand in one stays, slashes and %XX too.
void append_path_encoded(std::string& onto, std::string_view text);
// The inside of a JSON string.
void append_json_escaped(std::string& onto, std::string_view text);

}  // namespace client
