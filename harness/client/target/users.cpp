#include "harness/client/target/login_description.hpp"

#include <algorithm>
#include <array>

namespace client {

bool http_step::accepts(int status) const noexcept {
  if (expect.empty()) return status >= 200 && status < 300;
  return std::find(expect.begin(), expect.end(), status) != expect.end();
}

std::vector<slot> http_step::slots() const {
  std::vector<slot> out;
  const auto take = [&](const text_template& from) {
    for (slot& each : from.slots()) out.push_back(std::move(each));
  };
  take(path);
  take(body);
  for (const auto* fields : {&query, &form}) {
    for (const field& each : *fields) {
      take(each.name);
      take(each.value);
    }
  }
  for (const auto& [name, value] : headers) {
    if (value) take(*value);
  }
  return out;
}

variables users_description::row(std::uint64_t index, std::string_view given) const {
  variables out;
  out.set("name", {std::string(given), false});
  out.set("n", {std::to_string(first + index), true});
  for (std::size_t i = 0; i < names.size() && index < values.size(); ++i) out.set(names[i], {values[index][i], false});
  const std::string n = std::to_string(first + index);
  const std::array<local_variable, 2> call{{{"n", n, true}, {"name", given}}};
  for (const auto& [name, value] : columns) {
    if (auto filled = value.fill({.call = call})) out.set(name, {std::move(*filled), false});
  }
  return out;
}

}  // namespace client
