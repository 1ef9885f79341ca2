// Which sequences of one direction a walk through history has shown: one bit each, from the first one shown to the
// last. Plain value, owned by its walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ledger::live {

class sequence_set {
 public:
  // False: it was there already.
  bool insert(std::uint32_t sequence) {
    const auto word = sequence / 64;
    if (words_.empty()) {
      first_word_ = word;
    }
    if (word < first_word_) {
      words_.insert(words_.begin(), first_word_ - word, 0);
      first_word_ = word;
    }
    if (word - first_word_ >= words_.size()) {
      words_.resize(word - first_word_ + 1);
    }
    auto& bits = words_[word - first_word_];
    const auto bit = std::uint64_t{1} << (sequence % 64);
    const bool fresh = (bits & bit) == 0;
    bits |= bit;
    return fresh;
  }

  bool contains(std::uint32_t sequence) const {
    const auto word = sequence / 64;
    return word >= first_word_ && word - first_word_ < words_.size() &&
           (words_[word - first_word_] >> (sequence % 64) & 1U) != 0;
  }

  std::size_t bytes() const { return words_.size() * sizeof(std::uint64_t); }

 private:
  std::uint32_t first_word_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace ledger::live
