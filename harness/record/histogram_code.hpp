// HdrHistogram's "V2" encoding, in which .hlog files and other tools keep histograms. Pure.
//
// Plain: a head of 40 bytes, big-endian (cookie 0x1c849313, length of what follows the head, an offset that is always
// 0, significant digits, lowest and highest value, factor 1.0), then the counts from slot 0 to the highest in use as
// ZigZag LEB128 of at most nine bytes, where -n stands for n empty slots. Compressed: cookie 0x1c849314, length, the
// plain form in zlib's format. Text: the compressed form in base64; it begins with HISTFAAA. Source of the format:
// HdrHistogram's AbstractHistogram.encodeIntoByteBuffer and ZigZagEncoding, version 2.
#pragma once

#include "harness/record/histogram.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace record {

std::string encode(const histogram& value);
std::string encode_compressed(const histogram& value);
std::string encode_text(const histogram& value);

// Exactly one of the two is set. Histograms with another unit or other digits than ours are refused, and so is whatever
// would not fit: nothing that comes in makes it use more than a megabyte.
struct decoded_histogram {
  std::optional<histogram> value;
  std::string problem;
};
decoded_histogram decode(std::string_view bytes);  // plain or compressed
decoded_histogram decode_text(std::string_view base64);

}  // namespace record
