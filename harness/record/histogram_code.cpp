#include "harness/record/histogram_code.hpp"

#include "harness/record/base64.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <bit>
#include <limits>

namespace record {
namespace {

constexpr std::uint32_t plain_cookie = 0x1c849313;
constexpr std::uint32_t compressed_cookie = 0x1c849314;
constexpr std::uint32_t word_size_bits = 0xf0;  // of a cookie; without a meaning in version 2
constexpr std::size_t head_size = 40;
constexpr std::size_t largest_plain = 1U << 20;  // every slot at its longest takes 212 kB

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) {
    out += static_cast<char>(value >> (8 * i));
  }
}

std::uint64_t get(std::string_view in, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (const char c : in.substr(at, bytes)) {
    value = (value << 8) | static_cast<unsigned char>(c);
  }
  return value;
}

// Seven bits a byte, the lowest first; the ninth byte carries eight.
void put_zigzag(std::string& out, std::int64_t value) {
  auto bits = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int i = 0; i < 8 && bits > 0x7f; ++i) {
    out += static_cast<char>((bits & 0x7f) | 0x80);
    bits >>= 7;
  }
  out += static_cast<char>(bits);
}

std::optional<std::int64_t> take_zigzag(std::string_view& in) {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 9 && i < in.size(); ++i) {
    const auto byte = static_cast<unsigned char>(in[i]);
    const bool last = i == 8 || byte < 0x80;
    bits |= static_cast<std::uint64_t>(i == 8 ? byte : byte & 0x7f) << (7 * i);
    if (last) {
      in.remove_prefix(i + 1);
      return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
    }
  }
  return std::nullopt;
}

decoded_histogram refuse(std::string problem) {
  return {std::nullopt, std::move(problem)};
}

decoded_histogram decode_counts(std::string_view in) {
  histogram out;
  std::size_t slot = 0;
  while (!in.empty()) {
    const auto word = take_zigzag(in);
    if (!word) {
      return refuse("the counts are cut off");
    }
    if (*word < 0) {
      const auto empty = ~static_cast<std::uint64_t>(*word) + 1;
      slot += static_cast<std::size_t>(std::min<std::uint64_t>(empty, histogram::slot_of(histogram::longest) + 1));
      continue;
    }
    if (*word > 0) {
      if (slot > histogram::slot_of(histogram::longest)) {
        return refuse("holds values above an hour");
      }
      const auto count = static_cast<std::uint64_t>(*word);
      if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - out.count()) {
        return refuse("the counts are too large");
      }
      out.record(histogram::lowest_in(slot), count);
    }
    ++slot;
  }
  return {std::move(out), {}};
}

decoded_histogram decode_plain(std::string_view in) {
  if (in.size() < head_size) {
    return refuse("the head is cut off");
  }
  const auto digits = get(in, 12, 4);
  const auto lowest = get(in, 16, 8);
  if (digits != histogram::significant_digits || lowest != 1) {
    return refuse(fmt::format("has {} significant digits from {} up, not {} from 1 up", digits, lowest,
                              histogram::significant_digits));
  }
  if (get(in, 4, 4) != in.size() - head_size) {
    return refuse("the length in its head is not its length");
  }
  return decode_counts(in.substr(head_size));
}

std::optional<std::string> inflated(std::string_view in) {
  std::string out(largest_plain, '\0');
  auto size = static_cast<uLongf>(out.size());
  if (::uncompress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(in.data()),
                   static_cast<uLong>(in.size())) != Z_OK) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

}  // namespace

std::string encode(const histogram& value) {
  std::string counts;
  for (std::size_t slot = 0; slot < value.slots_in_use();) {
    std::size_t empty = 0;
    while (slot + empty < value.slots_in_use() && value.count_in(slot + empty) == 0) {
      ++empty;
    }
    if (empty > 1) {
      put_zigzag(counts, -static_cast<std::int64_t>(empty));
      slot += empty;
    } else {
      put_zigzag(counts, static_cast<std::int64_t>(value.count_in(slot++)));
    }
  }
  std::string out;
  put(out, plain_cookie, 4);
  put(out, counts.size(), 4);
  put(out, 0, 4);
  put(out, histogram::significant_digits, 4);
  put(out, 1, 8);
  put(out, histogram::longest, 8);
  put(out, std::bit_cast<std::uint64_t>(1.0), 8);
  return out + counts;
}

std::string encode_compressed(const histogram& value) {
  const auto plain = encode(value);
  auto size = ::compressBound(static_cast<uLong>(plain.size()));
  std::string packed(size, '\0');
  ::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
              static_cast<uLong>(plain.size()), Z_DEFAULT_COMPRESSION);  // fails only for want of room or memory
  packed.resize(size);
  std::string out;
  put(out, compressed_cookie, 4);
  put(out, packed.size(), 4);
  return out + packed;
}

std::string encode_text(const histogram& value) {
  return to_base64(encode_compressed(value));
}

decoded_histogram decode(std::string_view bytes) {
  const auto cookie = bytes.size() < 8 ? 0 : get(bytes, 0, 4) & ~std::uint64_t{word_size_bits};
  if (cookie == (plain_cookie & ~word_size_bits)) {
    return decode_plain(bytes);
  }
  if (cookie != (compressed_cookie & ~word_size_bits)) {
    return refuse("not a histogram in HdrHistogram's version 2 encoding");
  }
  if (get(bytes, 4, 4) != bytes.size() - 8) {
    return refuse("the length in its head is not its length");
  }
  const auto plain = inflated(bytes.substr(8));
  if (!plain) {
    return refuse("cannot be decompressed");
  }
  if (plain->size() < 8 || (get(*plain, 0, 4) & ~std::uint64_t{word_size_bits}) != (plain_cookie & ~word_size_bits)) {
    return refuse("holds something else than a histogram in HdrHistogram's version 2 encoding");
  }
  return decode_plain(*plain);
}

decoded_histogram decode_text(std::string_view base64) {
  const auto bytes = from_base64(base64);
  return bytes ? decode(*bytes) : refuse("not base64");
}

}  // namespace record
