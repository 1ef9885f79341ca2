// Reads values out of a tree and keeps the first problem it meets; after that every reading gives a default, so that
// the code which reads stays straight. One per file read.
#pragma once

#include "harness/client/target/load.hpp"
#include "harness/client/target/text_template.hpp"
#include "harness/client/target/tree.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace client {

class reader {
 public:
  explicit reader(const environment& env, std::optional<std::string> printed = {})
      : env_(env), printed_(std::move(printed)) {}

  // What users.command printed, when it has run.
  const std::optional<std::string>& printed() const { return printed_; }

  // By block ("rest.send"): the keys that it may have, and those that it had. For what must know every key.
  struct vocabulary {
    std::map<std::string, std::set<std::string>> known;
    std::map<std::string, std::set<std::string>> used;
  };
  void note_keys(vocabulary& into) { keys_ = &into; }

  struct key {
    std::string_view name;
    std::function<void(const tree&)> read;
    bool required = false;
  };

  // A map with these keys and no others, read in the order of the file. `where` is "the file" or "allow", for people.
  void map(const tree& node, std::string_view where, const std::vector<key>& keys);
  // A map whose keys are names that the file chose.
  void entries(const tree& node, std::string_view where, const std::function<void(const tree::entry&)>& read);
  // A list (or, with `or_one`, a single value), each item given to `read`.
  void list(const tree& node, std::string_view where, const std::function<void(const tree&)>& read,
            bool or_one = false);
  // A scalar with ${env.NAME} filled in.
  std::string text(const tree& node, std::string_view where);
  // One of `words`; the index, 0 after a failure.
  std::size_t word(const tree& node, std::string_view where, const std::vector<std::string_view>& words);
  bool boolean(const tree& node, std::string_view where);
  bool is_scalar(const tree& node, std::string_view where);  // fails when it is none
  // The variable `name` of `inside`, which is what stands between ${ and }.
  std::string from_environment(const tree& node, std::string_view inside, std::string_view name,
                               std::string_view where);

  // A template uses this variable: judged when the whole file was read and it is known what there is.
  struct use {
    place at;
    std::string where;
    slot variable;
  };
  void uses(const place& at, std::string_view where, const slot& variable);
  // Something sets this variable: a column, a capture, a tracked value.
  void sets(std::string_view name);
  const std::vector<std::string>& all_set() const { return set_; }
  const std::vector<use>& all_uses() const { return uses_; }
  // Values of the environment that went into templates and secrets.
  const std::vector<std::string>& secrets() const { return secrets_; }
  void keep_secret(std::string value);

  void fail(const place& at, std::string what, std::string expected = {}, std::string mend = {});
  const std::optional<client::problem>& problem() const { return problem_; }

 private:
  const environment& env_;
  std::optional<std::string> printed_;
  std::optional<client::problem> problem_;
  vocabulary* keys_ = nullptr;
  std::vector<use> uses_;
  std::vector<std::string> set_;
  std::vector<std::string> secrets_;
};

// "a, b and c"; for sentences.
std::string enumerate(const std::vector<std::string_view>& words);
// "did you mean x?", or nothing when no word is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace client
