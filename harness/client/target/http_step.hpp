// One HTTP request as a target file describes it. Compiled; whoever runs it fills templates only. Plain data.
#pragma once

#include "harness/client/target/capture.hpp"
#include "harness/client/target/text_template.hpp"
#include "harness/client/target/tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace client {

struct http_step {
  enum class content : std::uint8_t { none, json, form, text };
  struct field {
    text_template name;  // encoded
    text_template
        value;  // encoded; JSON when the file has a map or a list; exactly one variable that is null: left out
    bool is_json = false;
  };

  place at;           // in the file, for people
  std::string where;  // "rest.send"
  std::string method;
  text_template path;
  std::vector<field> query;
  std::vector<std::pair<std::string, std::optional<text_template>>> headers;  // nothing: left out for this request
  content has = content::none;
  text_template body;       // json, text
  std::vector<field> form;  // form
  std::vector<int> expect;  // empty: any 2xx
  bool follow_redirects = false;
  bool as_peer = false;
  captures takes;

  bool accepts(int status) const noexcept;
  std::vector<slot> slots() const;  // all of its variables
};

using http_steps = std::vector<http_step>;

}  // namespace client
