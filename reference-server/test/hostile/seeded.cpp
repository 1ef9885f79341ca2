#include "reference-server/test/hostile/seeded.hpp"

#include <algorithm>

namespace hostile {

std::string seeded::bytes(std::size_t count) {
  std::string made(count, '\0');
  std::generate(made.begin(), made.end(), [this] { return byte(); });
  return made;
}

std::size_t seeded::size() {
  if (!once_in(4)) return below(40);
  const std::size_t power = std::size_t{1} << below(18);
  return power - 1 + below(3);
}

std::string seeded::changed(std::string text, std::span<const std::string_view> dictionary) {
  for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t some = std::min(text.size() - at, 1 + below(16));
    switch (below(8)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 1:
        if (at < text.size()) text[at] = byte();
        break;
      case 2:
        text.insert(at, bytes(1 + below(4)));
        break;
      case 3:
        text.erase(at, some);
        break;
      case 4:
        text.insert(at, text.substr(at, some));
        break;
      case 5:
        if (once_in(3)) text.erase(at);
        break;
      default:
        text.insert(at, among(dictionary));
        break;
    }
  }
  return text;
}

}  // namespace hostile
