// Keeps secrets out of everything that goes into a run directory.
//
// Knows the run's own secrets by value, and what tokens look like: Authorization and cookie header values, token and
// password parameters of URLs, JSON Web Tokens. What is found becomes `***`. Owner: the run; one thread. Masking text
// twice changes nothing more.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace record {

class masking {
 public:
  // A secret shorter than this is not looked for by value: it would hit ordinary text.
  static constexpr std::size_t shortest = 4;

  // Also finds it as it stands inside JSON text and inside URLs.
  void add(std::string_view secret);

  std::string mask(std::string_view text) const;

  // The command line as one would type it, with masked values of flags and `--set` keys that speak of a secret, token
  // or password.
  std::string mask_command(const std::vector<std::string>& arguments) const;

 private:
  std::vector<std::string> secrets_;  // longest first, so that one inside another does not break it
};

}  // namespace record
